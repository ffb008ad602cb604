"""The addresses of a file. Each asks the right to the thing that it hangs on, by `get_permitted`."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.access.policies import get_permitted
from portal.attachments.kinds import Kind
from portal.attachments.models import Attachment, FileText, StoredFile
from portal.attachments.office import has_page_pictures
from portal.attachments.renditions import RENDERED_PICTURES, open_page, open_reading_picture, open_thumbnail
from portal.attachments.serving import SHOWN_INLINE, serve_file, serve_rendition, serve_text

PAGES_AT_ONCE = 10
TEXTS_AT_ONCE = 1
TEXTS_IN_MEMORY = 20


def _load(request: HttpRequest, pk: UUID) -> Attachment:
    rows = Attachment.objects.filter(pk=pk).select_related("file", "uploaded_by")
    return get_permitted(Attachment, user=request.user, rows=rows, pk=pk)


def _opens(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view of a file that this person may see, given the attachment; in place of one that is being checked, or infected, a page that says so."""

    @require_safe
    @login_required
    @wraps(view)
    def opened(request: HttpRequest, pk: UUID, **kwargs: Any) -> HttpResponseBase:
        attachment = _load(request, pk)
        return view(request, attachment, **kwargs) if attachment.file.is_open else _closed(request, attachment)

    return opened


def _closed(request: HttpRequest, attachment: Attachment) -> HttpResponse:
    sentence = (
        _("This file is infected and cannot be opened.")
        if attachment.file.scan == StoredFile.Scan.INFECTED
        else _("This file is still being checked. Try again in a few minutes.")
    )
    return render(request, "attachments/closed.html", {"attachment": attachment, "sentence": sentence}, status=409)


@_opens
def file(request: HttpRequest, attachment: Attachment) -> HttpResponseBase:
    """The content: shown where that is safe, else downloaded; with `?download` always."""
    return serve_file(request, attachment.file, attachment.name, as_download="download" in request.GET)


@_opens
def thumbnail(request: HttpRequest, attachment: Attachment) -> HttpResponseBase:
    return _rendition(request, attachment, "thumbnail", open_thumbnail(attachment.file))


@_opens
def picture(request: HttpRequest, attachment: Attachment) -> HttpResponseBase:
    """A picture in the width of a page, as it stands inside a text."""
    return _rendition(request, attachment, "picture", open_reading_picture(attachment.file))


@_opens
def page_picture(request: HttpRequest, attachment: Attachment, number: int) -> HttpResponseBase:
    """A page as a picture, counted from 1."""
    return _rendition(request, attachment, f"page-{number}", open_page(attachment.file, number))


@_opens
def text(request: HttpRequest, attachment: Attachment) -> HttpResponseBase:
    """The text that was read out of the file; with `?page=3` of one page."""
    if attachment.file.text_state != StoredFile.Text.DONE:
        raise Http404
    rows = FileText.objects.filter(file=attachment.file)
    number = request.GET.get("page", "")
    if number.isdecimal():
        rows = rows.filter(number=int(number[:8]))
    if not rows.exists():
        raise Http404
    return serve_text(rows.values_list("text", flat=True).iterator(chunk_size=TEXTS_IN_MEMORY))


@_opens
def preview(request: HttpRequest, attachment: Attachment) -> HttpResponse:
    """The file in the page: picture, pages, sound, film or text. htmx gets the part alone."""
    first = request.GET.get("from", "1")
    context = preview_context(attachment, first=max(int(first[:8]), 1) if first.isdecimal() else 1)
    is_part = bool(request.headers.get("HX-Request")) and not request.headers.get("HX-Boosted")
    return render(request, "attachments/_preview.html" if is_part else "attachments/preview.html", context)


def preview_context(attachment: Attachment, *, first: int = 1) -> dict[str, Any]:
    """What `attachments/_preview.html` draws: `shape` is picture, pages, sound, film, text, waiting, failed or none."""
    file, pages = attachment.file, []
    shape, next_first, total = "none", 0, 0
    if file.media_type in RENDERED_PICTURES:
        shape = "picture"
    elif file.text_state == StoredFile.Text.FAILED and not file.page_count:
        shape = "failed"
    elif has_page_pictures(file):
        shape, total = "pages", file.page_count or 1
        pages = list(range(first, min(first + PAGES_AT_ONCE, total + 1)))
        next_first = first + PAGES_AT_ONCE if first + PAGES_AT_ONCE <= total else 0
    elif file.media_type in SHOWN_INLINE:
        shape = "sound" if file.kind == Kind.AUDIO else "film"
    elif file.text_state == StoredFile.Text.DONE:
        shape = "text"
    elif file.text_state == StoredFile.Text.WAITING:
        shape = "waiting"
    texts: list[FileText] = []
    if shape == "text":
        numbers = list(FileText.objects.filter(file=file, number__gte=first).values_list("number", flat=True)[: TEXTS_AT_ONCE + 1])
        texts = list(FileText.objects.filter(file=file, number__in=numbers[:TEXTS_AT_ONCE]))
        next_first = numbers[TEXTS_AT_ONCE] if len(numbers) > TEXTS_AT_ONCE else 0
    return {"attachment": attachment, "file": file, "shape": shape, "pages": pages, "total": total, "texts": texts, "first": first, "next_first": next_first}


def _rendition(request: HttpRequest, attachment: Attachment, name: str, content: Any) -> HttpResponseBase:
    if content is None:
        raise Http404
    return serve_rendition(request, content, quote_etag(f"{attachment.file.sha256[:32]}-{name}"))
