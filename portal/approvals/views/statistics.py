"""Statistics over lines: what is asked stands in the address; a chart, a table, a file."""

import re
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.access.decorators import employee_required
from portal.approvals.models import PaperKind
from portal.approvals.statistics import BY, Asked, Summed, counted_tables, dimensions, first_month, last_month, sums_for
from portal.foundation.asking import read_words
from portal.foundation.charts import Series, bar_chart, line_chart
from portal.foundation.spreadsheets import table_response

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
MOST_BARS = 12
FILES = ("xlsx", "csv")


@require_safe
@employee_required
def statistics(request: HttpRequest) -> HttpResponseBase:
    """`kind` is the code of a kind with `.table` where it has several tables, `by` what is summed by."""
    tables = counted_tables(list(PaperKind.objects.filter(form__isnull=False).select_related("form").order_by("order", "pk")))
    asked = _asked(request, tables)
    context: dict[str, Any] = {"tables": [(f"{kind.code}.{table.key}", kind.label) for kind, table in tables], "asked": asked}
    if asked is None:
        return render(request, "approvals/statistics.html", context)
    rows = sums_for(request.user, asked)
    heads = _heads(asked)
    if (file := read_words(request.GET, "export")) in FILES:
        cells = [[row.label, row.lines, *([row.quantity, row.price] if asked.by == "item" else []), row.amount][: len(heads)] for row in rows]
        name = f"{asked.kind.label} {asked.first}–{asked.last}.{file}"
        return table_response(file, name, asked.kind.label, heads, cells)
    context |= {
        "rows": rows,
        "heads": heads,
        "by": [(code, BY[code]) for code in dimensions(asked.table)],
        "chosen": f"{asked.kind.code}.{asked.table.key}",
        "chart": _chart(asked, rows),
        "has_amount": "amount" in asked.table.facts,
        "total": sum((row.amount for row in rows if row.amount is not None), start=0) if "amount" in asked.table.facts else None,
    }
    return render(request, "approvals/statistics.html", context)


def _asked(request: HttpRequest, tables: list[Any]) -> Asked | None:
    """Anything that is not there, or no month, is the default."""
    code = read_words(request.GET, "kind")
    found = next(((kind, table) for kind, table in tables if f"{kind.code}.{table.key}" == code), tables[0] if tables else None)
    if found is None:
        return None
    kind, table = found
    by = read_words(request.GET, "by")
    first, last = read_words(request.GET, "first"), read_words(request.GET, "last")
    return Asked(
        kind,
        table,
        by if by in dimensions(table) else "month",
        first if MONTH.fullmatch(first) else first_month(),
        last if MONTH.fullmatch(last) else last_month(),
    )


def _heads(asked: Asked) -> list[str]:
    heads = [str(BY[asked.by]), _("Lines")]
    if asked.by == "item":
        heads += [_("Quantity"), _("Price on average")]
    return [*heads, _("Amount (yuan)")] if "amount" in asked.table.facts else heads


def _chart(asked: Asked, rows: list[Summed]) -> Any:
    """Amounts, or where there are none quantities by item, else lines; the greatest of them."""
    if not rows:
        return ""
    shown = rows if asked.by == "month" else rows[:MOST_BARS]
    has_amount = "amount" in asked.table.facts
    label = _("Amount (yuan)") if has_amount else _("Quantity") if asked.by == "item" else _("Lines")
    values = [row.amount if has_amount else row.quantity if asked.by == "item" else row.lines for row in shown]
    series = [Series(label, [None if value is None else float(value) for value in values])]
    draw = line_chart if asked.by == "month" and len(shown) > 1 else bar_chart
    return draw(f"{asked.kind.label} · {label}", [row.label for row in shown], series)
