"""The rows of a list, drawn without a template for each, for there are many."""

from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from portal.lists.asked import Asked, ListedPage


def draw_rows(asked: Asked, page: ListedPage, *, may_select: bool) -> SafeString:
    """The body of the table in `lists/_list.html`. The first cell names the row and leads to it."""
    first, *others = asked.shown
    labels = [escape(str(column.label)) for column in others]
    pick = escape(_("Choose this row"))
    drawn = []
    for row in page.rows:
        url, name = asked.definition.row_url(row), first.cell(row) or "–"
        box = f'<td class="pick"><input type="checkbox" name="row" value="{row.pk}" aria-label="{pick}"></td>' if may_select else ""
        head = f'<a class="title" href="{escape(url)}">{name}</a>' if url else name
        cells = "".join(
            f'<td{" class=num" if column.is_number else ""} data-label="{label}">{column.cell(row)}</td>' for column, label in zip(others, labels, strict=True)
        )
        drawn.append(f'<tr>{box}<th scope="row">{head}</th>{cells}</tr>')
    return mark_safe("".join(drawn))  # every cell is escaped by its column
