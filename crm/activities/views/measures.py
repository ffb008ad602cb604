"""The heads' page of the known measures: by result, or also by process; every figure leads to its list."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_http_methods

from crm.activities.performance import CUTS, Performance, Rate, Table, address_of, measure, rates
from crm.activities.services.taking import note_measures_taken
from crm.activities.views.guards import refuse_others
from portal.access.decorators import employee_required
from portal.foundation.charts import gauge_chart
from portal.foundation.moments import DayField, refuse_turned
from portal.foundation.spreadsheets import table_response
from portal.organization.querysets import today

MOST_DRAWN = 12


class PeriodForm(forms.Form):
    first = DayField(label=gettext_lazy("From"))
    last = DayField(label=pgettext_lazy("of a period", "To"))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        refuse_turned(self, values, "first", "last")
        return values


@require_http_methods(["GET", "HEAD", "POST"])
@employee_required
def known_measures(request: HttpRequest) -> HttpResponseBase:
    """GET shows, POST takes the table away as a file. `?by=` person or department, `?of=process` also by process; this month where nothing is asked."""
    refuse_others(request.user)
    given = {"first": today().replace(day=1).isoformat(), "last": today().isoformat()}
    given |= {key: request.GET[key] for key in given if key in request.GET}
    form = PeriodForm(given)
    by = request.GET.get("by", "") if request.GET.get("by", "") in CUTS else "person"
    with_process = request.GET.get("of", "process") != "result"
    asked = {"form": form, "by": by, "with_process": with_process, "cuts": [("person", _("by person")), ("department", _("by department"))]}
    context = asked | {"crumbs": [(_("Visits"), reverse("crm:visit_week"))]}
    if not form.is_valid():
        return render(request, "crm/activities/measures.html", context, status=422)
    first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    table = measure(request.user, first=first, last=last, by=by, with_process=with_process)
    shown = rates([one.code for one in table.measures], with_process=with_process)
    if request.method == "POST":
        note_measures_taken(actor=request.user, first=first, last=last, by=by)
        return _file(table, shown)
    columns = [(one, address_of(one, first, last), table.sums[one.code]) for one in table.measures]
    rows = [(label, _cells(table, first, last, by, part), [_percent(table.share(rate, part)) for rate in shown]) for part, label in table.parts]
    context |= {
        "columns": columns,
        "rates": [(rate, _percent(table.share_of_all(rate))) for rate in shown],
        "rows": rows,
        "chart": _chart(table),
        "first": first,
        "last": last,
    }
    return render(request, "crm/activities/measures.html", context)


def _cells(table: Table, first: date, last: date, by: str, part: int | None) -> list[tuple[Performance, int, str]]:
    return [(one, table.counts[one.code].get(part, 0), address_of(one, first, last, by, part) if part is not None else "") for one in table.measures]


def _chart(table: Table) -> str:
    """What was kept of what was promised, by part: visits, or appointments where only results are asked."""
    done, of = ("targets_kept", "targets") if "targets" in table.counts else ("appointments_kept", "appointments")
    if of not in table.counts:
        return ""
    drawn = [(label, table.counts[done].get(part, 0), table.counts[of].get(part, 0)) for part, label in table.parts if table.counts[of].get(part)][:MOST_DRAWN]
    title = _("Completion of visits") if of == "targets" else _("Success of appointments")
    return gauge_chart(title, [one[0] for one in drawn], [one[1] for one in drawn], [one[2] for one in drawn]) if drawn else ""


def _file(table: Table, shown: list[Rate]) -> HttpResponseBase:
    headings = [pgettext("of a cut", "What"), *(str(one.label) for one in table.measures), *(str(rate.label) for rate in shown)]
    rows: list[list[Any]] = [[_("all"), *(table.sums[one.code] for one in table.measures), *(_percent(table.share_of_all(rate)) for rate in shown)]]
    for part, label in table.parts:
        counts = [table.counts[one.code].get(part, 0) for one in table.measures]
        rows.append([label, *counts, *(_percent(table.share(rate, part)) for rate in shown)])
    return table_response("xlsx", f"{_('Measures')}-{today():%Y%m%d}", _("Measures"), headings, rows)


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share * 100:.1f} %"
