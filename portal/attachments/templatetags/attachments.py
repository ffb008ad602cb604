"""Showing what hangs on a thing."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from portal.attachments.kinds import Kind
from portal.attachments.models import Attachment, StoredFile
from portal.attachments.renditions import has_thumbnail as has_small_picture
from portal.attachments.views.files import preview_context

register = template.Library()

ICONS = {
    Kind.PICTURE: "file-image",
    Kind.PDF: "file-text",
    Kind.DOCUMENT: "file-text",
    Kind.SHEET: "file-spreadsheet",
    Kind.SLIDES: "presentation",
    Kind.TEXT: "file-type",
    Kind.MARKUP: "file-code",
    Kind.ARCHIVE: "file-archive",
    Kind.AUDIO: "file-music",
    Kind.VIDEO: "file-video-camera",
}
PREVIEWED = (Kind.PICTURE, Kind.PDF, Kind.DOCUMENT, Kind.SHEET, Kind.SLIDES, Kind.TEXT, Kind.MARKUP, Kind.AUDIO, Kind.VIDEO)
OPENED_AT_ONCE = (Kind.PICTURE, Kind.PDF)
MOST_OPENED = 3


@register.simple_tag
def attachment_list(attachments: Iterable[Attachment]) -> SafeString:
    """Icon, name, kind and size of each, with a preview in place and the download. Nothing where there are none."""
    return render_to_string("attachments/_list.html", {"attachments": list(attachments)})


@register.simple_tag
def attachment_previews(attachments: Iterable[Attachment]) -> SafeString:
    """The first pictures and PDFs opened in place; the others are in the list."""
    shown = [row for row in attachments if row.file.is_open and row.file.kind in OPENED_AT_ONCE][:MOST_OPENED]
    return render_to_string("attachments/_previews.html", {"previews": [preview_context(row) for row in shown]})


@register.filter
def file_icon(file: StoredFile) -> str:
    return ICONS.get(Kind(file.kind), "file")


@register.filter
def kind_word(attachment: Attachment) -> str:
    """The extension as people know it, else the kind."""
    _stem, dot, extension = attachment.name.rpartition(".")
    return extension.upper() if dot and len(extension) <= 5 and extension.isalnum() else str(attachment.file.get_kind_display())


@register.filter
def cells(text: str) -> list[list[str]]:
    """The lines of a spreadsheet's text, each with its cells."""
    return [line.split("\t") for line in text.splitlines()]


@register.filter
def can_preview(file: StoredFile) -> bool:
    if not file.is_open or file.kind not in PREVIEWED:
        return False
    return file.text_state in (StoredFile.Text.DONE, StoredFile.Text.WAITING) or file.kind in (Kind.PICTURE, Kind.PDF, Kind.AUDIO, Kind.VIDEO)


@register.filter
def has_thumbnail(file: StoredFile) -> bool:
    return file.is_open and has_small_picture(file)


@register.filter
def file_size(size: int) -> Any:
    """In the units of file managers: kB of 1000 bytes."""
    amount, unit = float(size), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if amount < 1000:
            break
        amount, unit = amount / 1000, larger
    return f"{amount:.1f}\u00a0{unit}" if unit != "B" and amount < 10 else f"{amount:.0f}\u00a0{unit}"
