"""What the plant releases to its customers: notices and knowledge, with their files; found by words."""

import re
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from crm.extranet.guards import account_required
from portal.access.visibility import audience_ids_of_customers
from portal.attachments.renditions import open_reading_picture
from portal.attachments.serving import serve_file, serve_rendition
from portal.foundation.asking import read_number, read_words
from portal.foundation.rich_text.cleaning import PICTURE
from portal.pages.released import Released, find_released, find_released_file, released_files, released_kinds

PER_PAGE, AT_FIRST = 20, 8
MOST_PAGES = 100
INSIDE = re.compile(r'<a\b[^>]*\shref="/[^"]*"[^>]*>(.*?)</a>', re.DOTALL)


@require_safe
@account_required
def readings(request: Any) -> HttpResponse:
    """The newest of each kind; with `?kind=` all of one, by pages."""
    words = read_words(request.GET)
    kinds = released_kinds()
    chosen = next((kind for kind in kinds if kind.code == request.GET.get("kind")), None)
    page = min(max(1, read_number(request.GET, "page", 1)), MOST_PAGES) if chosen is not None else 1
    audiences = audience_ids_of_customers()
    parts = [_part(kind, words, audiences, page, PER_PAGE if chosen is not None else AT_FIRST) for kind in kinds if chosen in (None, kind)]
    context = {
        "words": words,
        "chosen": chosen,
        "parts": parts,
        "before": page - 1 if chosen is not None else 0,
        "after": page + 1 if chosen is not None and parts[0]["has_more"] else 0,
    }
    return render(request, "readings.html", context)


def _part(kind: Released, words: str, audiences: list[int], page: int, size: int) -> dict[str, Any]:
    rows = kind.found(words, audiences) if words else kind.rows(audiences)
    brief = (kind.brief,) if kind.brief else ()
    start = (page - 1) * size
    found = list(rows.values("translation_key", "title", "published_at", *brief)[start : start + size + 1])
    return {"kind": kind, "rows": [row | {"brief": row.get(kind.brief, "")} for row in found[:size]], "has_more": len(found) > size}


@require_safe
@account_required
def reading(request: Any, key: UUID) -> HttpResponse:
    found = find_released(key)
    if found is None:
        raise Http404
    kind, page = found
    context = {
        "page": page,
        "kind": kind,
        "brief": getattr(page, kind.brief) if kind.brief else "",
        "body": body_outside(page.body),
        "files": released_files(page),
    }
    return render(request, "reading.html", context)


def body_outside(body: str) -> str:
    """The text with its pictures at addresses of this site, and without links to pages of the intranet, which nobody here can open."""
    return PICTURE.sub(lambda found: reverse("extranet:reading_file", args=[found[1]]), INSIDE.sub(r"\1", body))


@require_safe
@account_required
def reading_file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """A file of what was released; a picture of a text in the width of a page."""
    attachment = find_released_file(pk)
    if attachment is None or not attachment.file.is_open:
        raise Http404
    if attachment.is_in_text and (picture := open_reading_picture(attachment.file)) is not None:
        return serve_rendition(request, picture, quote_etag(f"{attachment.file.sha256[:32]}-picture"))
    return serve_file(request, attachment.file, attachment.name, as_download=False)
