"""What each person and department spent against what they sold, in a period."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from crm.catalogue.units import say_yuan
from crm.plans.lists import SoldList, departments_of_sold
from crm.plans.spending import CUTS, Part, Spending, addresses
from portal.access.decorators import employee_required
from portal.audit.services import record
from portal.foundation.charts import Series, bar_chart
from portal.foundation.moments import DayField, refuse_turned
from portal.foundation.spreadsheets import table_response
from portal.organization.querysets import today

MOST_BARS = 12
MOST_DAYS = 1_100  # three years


class SpendingForm(forms.Form):
    first = DayField(label=gettext_lazy("From"))
    last = DayField(label=gettext_lazy("To day"))
    under = forms.ChoiceField(label=gettext_lazy("Department and below"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        under: Any = self.fields["under"]
        under.choices = [("", gettext_lazy("all")), *departments_of_sold()]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        refuse_turned(self, values, "first", "last")
        first, last = values.get("first"), values.get("last")
        if first and last and (last - first).days > MOST_DAYS:
            self.add_error("last", _("No more than three years at once."))
        return values


@require_http_methods(["GET", "HEAD", "POST"])
@employee_required
def expense_figures(request: HttpRequest) -> HttpResponseBase:
    """`?first=`, `?last=`, `?under=`, `?by=`. This year where the address says nothing. GET shows, POST takes the table away as a file."""
    usual = {"first": date(today().year, 1, 1).isoformat(), "last": today().isoformat(), "under": ""}
    form = SpendingForm({key: request.GET.get(key) or value for key, value in usual.items()})
    by = str(request.GET.get("by") if request.GET.get("by") in CUTS else "person")
    whole, parts = None, []
    if form.is_valid():
        spending = Spending(request.user, form.cleaned_data["first"], form.cleaned_data["last"], form.cleaned_data["under"])
        whole, parts = spending.whole(), spending.cut(by)
        if request.method == "POST":
            record(request.user, "list.exported", after={"list": SoldList.code, "kind": "xlsx", "rows": len(parts)} | spending.query().dict())
            return _file([*parts, whole])
    spent_list, sold_list = addresses()
    context = {
        "form": form,
        "by": by,
        "cuts": [("person", _("by person")), ("department", _("by department")), ("month", _("by month")), ("kind", _("by kind of expense"))],
        "whole": _said(whole) if whole is not None else None,
        "parts": [_said(part) for part in parts],
        "has_sold": by != "kind",
        "chart": _chart(parts),
        "spent_list": spent_list,
        "sold_list": sold_list,
        "crumbs": [(_("Sales"), reverse("crm:opportunity_board")), (_("Expenses"), spent_list)],
    }
    return render(request, "crm/plans/expense_figures.html", context, status=200 if form.is_valid() else 422)


def _said(part: Part) -> tuple[Part, str, str, str]:
    return part, say_yuan(part.spent), say_yuan(part.waiting) if part.waiting else "", "" if part.sold is None else say_yuan(part.sold)


def _chart(parts: list[Part]) -> str:
    shown = [part for part in parts if part.spent][:MOST_BARS]
    return bar_chart(_("Spent, yuan"), [part.label for part in shown], [Series(_("spent"), [part.spent // 100 for part in shown])]) if shown else ""


def _file(parts: list[Part]) -> HttpResponseBase:
    headings = [_("What"), _("How many"), _("Spent, yuan"), _("Not confirmed yet, yuan"), _("Sold, yuan"), _("Of what was sold, %")]
    cells: list[list[Any]] = [
        [
            part.label,
            part.count,
            part.spent / 100,
            part.waiting / 100,
            None if part.sold is None else part.sold / 100,
            round(100 * part.spent / part.sold, 2) if part.sold and part.sold > 0 else None,
        ]
        for part in parts
    ]
    return table_response("xlsx", f"{_('Expenses')}-{today():%Y%m%d}", _("Expenses"), headings, cells)
