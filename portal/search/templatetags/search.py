"""Marked passages, icons of results, and where a result comes from."""

from collections.abc import Iterable, Mapping

from django import template
from django.template.loader import get_template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from portal.foundation.icons import icon_svg
from portal.foundation.templatetags.foundation import when
from portal.search.finding import Result
from portal.search.offers import Facet
from portal.search.snippets import Piece
from portal.search.sources import kind_for

FILE_ICONS = {"pdf": "file-text", "document": "file-text", "sheet": "file-spreadsheet", "slides": "presentation", "picture": "image", "archive": "file-archive"}

# What else has text is read in stretches, which are nobody's pages.
PAGED = {"pdf", "slides"}

register = template.Library()


@register.filter
def marked(pieces: Iterable[Piece]) -> SafeString:
    """The original text, escaped, with what was looked for marked."""
    return mark_safe("".join(f"<mark>{escape(piece.text)}</mark>" if piece.is_marked else str(escape(piece.text)) for piece in pieces))


@register.filter
def kind_icon(result: Result) -> SafeString:
    kind = kind_for(result.kind)
    return icon_svg(FILE_ICONS.get(result.file_type, "paperclip") if result.part else kind.icon if kind else "file")


@register.simple_tag(takes_context=True)
def result_rows(context: template.Context, results: Iterable[Result], *, is_pinned: bool = False) -> SafeString:
    """The rows of a list of results. Drawn here and not by a template, which would take longer than finding them."""
    departments, last_look = context["departments"], context.get("last_look")
    words = context.get("pin_for") or context["asked"].plain
    pin = get_template("search/_pin.html") if context.get("may_pin") and words and not is_pinned else None
    rows = []
    for result in results:
        is_new = last_look is not None and result.dated_at is not None and result.dated_at > last_look
        passage = f'<p class="passage">{marked(result.snippet)}</p>' if result.snippet else ""
        dated = f" · {when(result.dated_at)}" if result.dated_at else ""
        marks = _tag("pin", _("recommended")) if is_pinned else ""
        if is_new:
            newly = escape(_("new"))
            marks += f' <span class="tag notice">{newly}</span>'
        button = pin.render({"entry_id": result.entry_id, "words": words}, context["request"]) if pin is not None else ""
        rows.append(
            f'<li class="result{" pinned" if is_pinned else ""}"><span class="result-icon">{kind_icon(result)}</span><div>'
            f'<a class="title" href="{escape(result.url)}">{marked(result.title)}</a>{marks}{passage}'
            f'<p class="small faint">{origin(result, departments)}{dated}</p></div>{button}</li>'
        )
    return mark_safe("".join(rows))


@register.simple_tag
def facet_lists(facets: Iterable[Facet]) -> SafeString:
    """What the results can be narrowed down to, a list for each facet but the kind, which is chosen by tabs. Beside the results, or folded above them."""
    return mark_safe("".join(_facet_list(facet) for facet in facets if facet.name != "kind"))


def _facet_list(facet: Facet) -> str:
    here = ' aria-current="true"'
    rows = "".join(
        f'<li><a href="{escape(value.query)}"{here if value.is_chosen else ""}><span>{escape(value.label)}</span>'
        f'<small class="faint">{value.count:,}</small></a></li>'
        for value in facet.values
    )
    return f'<section class="panel facet"><h2>{escape(facet.label)}</h2><ul>{rows}</ul></section>'


def _tag(icon: str, words: str) -> str:
    return f' <span class="tag">{icon_svg(icon)}{escape(words)}</span>'


def origin(result: Result, departments: Mapping[int, str]) -> SafeString:
    """The kind, the number, the department, the page and what a file hangs on, as one quiet line says them."""
    kind = kind_for(result.kind)
    department = departments.get(result.department_id or 0, "") if result.kind != "department" else ""
    words = [str(kind.label) if kind and not result.part else "", result.number, department]
    pieces: list[str] = [escape(word) for word in [*words, _page(result)] if word]
    if result.about:
        about = format_html('<a href="{}">{}</a>', result.about_url, result.about)
        pieces.append(escape(_("with “%(title)s”")) % {"title": about})
    return mark_safe(" · ".join(pieces))


@register.filter
def page_of(result: Result) -> str:
    """The page of a file on which the passage stands, before something else; nothing where the file is one page."""
    page = _page(result)
    return f"{page} · " if page else ""


def _page(result: Result) -> str:
    if result.part and result.page and result.file_type in PAGED:
        return _("page %(number)s") % {"number": result.page}
    return ""
