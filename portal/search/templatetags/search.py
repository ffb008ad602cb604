"""Marked passages, icons of results, and where a result comes from."""

from collections.abc import Iterable, Mapping

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from portal.foundation.icons import icon_svg
from portal.search.finding import Result
from portal.search.snippets import Piece
from portal.search.sources import kind_for

FILE_ICONS = {"pdf": "file-text", "document": "file-text", "sheet": "file-spreadsheet", "slides": "presentation", "picture": "image", "archive": "file-archive"}

register = template.Library()


@register.filter
def marked(pieces: Iterable[Piece]) -> SafeString:
    """The original text, escaped, with what was looked for marked."""
    return mark_safe("".join(f"<mark>{escape(piece.text)}</mark>" if piece.is_marked else str(escape(piece.text)) for piece in pieces))


@register.filter
def kind_icon(result: Result) -> SafeString:
    kind = kind_for(result.kind)
    return icon_svg(FILE_ICONS.get(result.file_type, "paperclip") if result.part else kind.icon if kind else "file")


@register.filter
def origin(result: Result, departments: Mapping[int, str]) -> str:
    """The kind, the department and the page, as one quiet line says them."""
    kind = kind_for(result.kind)
    words = [str(kind.label) if kind and not result.part else "", departments.get(result.department_id or 0, "") if result.kind != "department" else ""]
    if result.part and result.page and (result.page > 1 or result.file_type == "pdf"):
        words.append(_("page %(number)s") % {"number": result.page})
    if result.about:
        words.append(_("with “%(title)s”") % {"title": result.about})
    return " · ".join(word for word in words if word)
