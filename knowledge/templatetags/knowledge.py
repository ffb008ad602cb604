"""The front of the base, whose cells and lines are so many that they have no template of their own."""

from collections.abc import Iterable
from datetime import date
from html import escape

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from knowledge.counting import Cell, Column, Line, Map, Shown
from portal.foundation.templatetags.foundation import day, when
from portal.lists.definition import around_key

register = template.Library()
NONE = '<td class="num shade-0"><span class="none" aria-hidden="true">·</span></td>'


@register.simple_tag
def map_rows(drawn: Map) -> SafeString:
    """The body of its table: a line for each category, a cell for each department, and the sums."""
    base = reverse("knowledge:article_list")
    overdue = escape(_("some of them overdue for review"))
    late = f'<i class="late" title="{overdue}"></i>'
    lines = "".join(_line(line, base, late) for line in drawn.lines)
    sums = "".join(f'<td class="num">{cell.number:,}</td>' for cell in drawn.totals)
    together = escape(_("Together"))
    foot = f'<tfoot><tr><th scope="row">{together}</th>{sums}<td class="num total">{drawn.total.number:,}</td></tr></tfoot>'
    return mark_safe(f"<tbody>{lines}</tbody>{foot}")  # every part is escaped


def _line(line: Line, base: str, late: str) -> str:
    label, address = escape(line.category.label), f"{base}?category={line.category.pk}"
    cells = "".join(_cell(cell, column, label, address, late) for column, cell in line.cells)
    return f'<tr><th scope="row"><a href="{address}">{label}</a></th>{cells}<td class="num total">{line.total.number:,}</td></tr>'


def _cell(cell: Cell, column: Column, label: str, address: str, late: str) -> str:
    if not cell.number:
        return NONE
    said = f"{label}, {escape(column.label)}: {cell.number}"
    link = f'<a href="{address}&amp;department={column.pk}" aria-label="{said}">{late if cell.overdue else ""}{cell.number:,}</a>'
    return f'<td class="num shade-{cell.shade}">{link}</td>'


@register.simple_tag
def newest_rows(rows: Iterable[Shown]) -> SafeString:
    return _rows((row, f"{row.category} · {row.department}", _quiet(when(row.published_at))) for row in rows)


@register.simple_tag
def due_rows(rows: Iterable[Shown], today: date) -> SafeString:
    overdue = escape(_("overdue"))
    return _rows(
        (row, row.answers, f'<span class="tag warning">{overdue} {day(row.review_due_on)}</span>' if row.is_overdue(today) else _quiet(day(row.review_due_on)))
        for row in rows
    )


@register.simple_tag
def useful_rows(rows: Iterable[Shown]) -> SafeString:
    return _rows(
        (
            row,
            ngettext("%(number)s person said so", "%(number)s people said so", row.said) % {"number": row.said},
            _quiet(escape(_("%(percent)s%% useful") % {"percent": row.percent})),
        )
        for row in rows
    )


def _rows(rows: Iterable[tuple[Shown, str, str]]) -> SafeString:
    """Each article with what is said of it, and what stands at the end of its line as safe markup."""
    before, after = around_key("knowledge:article_detail")
    lines = (
        f'<li><a class="grow" href="{before}{row.pk}{after}">{escape(row.title)} <span class="small faint">{escape(said)}</span></a>{end}</li>'
        for row, said, end in rows
    )
    return mark_safe("".join(lines))  # every part is escaped


def _quiet(words: str) -> str:
    return f'<span class="small faint">{words}</span>'
