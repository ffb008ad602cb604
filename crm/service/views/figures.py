"""The heads' page of service: its filters are those of the list of requests, and so is what it counts."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from crm.service.figures import CUTS, Part, cut, whole_of
from crm.service.lists import RequestList
from crm.service.views.guards import refuse_others
from crm.service.views.requests import crumbs
from portal.access.decorators import employee_required
from portal.foundation.charts import Piece, stacked_chart
from portal.foundation.spreadsheets import table_response
from portal.lists.asked import Asked
from portal.lists.definition import list_of
from portal.lists.services import note_export
from portal.organization.querysets import today

FILTERS = ("noted_from", "noted_to", "kind", "channel", "department", "owner")


def month_of(day: date) -> tuple[date, date]:
    """Its first and last day."""
    after = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return day.replace(day=1), after - timedelta(days=1)


def asked_of(request: HttpRequest) -> QueryDict:
    """What the address asks of the list; this month where it says no period."""
    values = QueryDict(mutable=True)
    if not request.GET.get("noted_from") and not request.GET.get("noted_to"):
        first, last = month_of(today())
        values.update({"noted_from": first.isoformat(), "noted_to": last.isoformat()})
    for key in FILTERS:
        if request.GET.get(key):
            values[key] = request.GET[key]
    return values


@require_http_methods(["GET", "HEAD", "POST"])
@employee_required
def service_figures(request: HttpRequest) -> HttpResponseBase:
    """GET shows, POST takes the table away as a file. `?by=` kind, owner or department."""
    refuse_others(request.user)
    values = asked_of(request)
    definition = list_of(RequestList.code)
    assert definition is not None
    asked = Asked(definition, request.user, values, all_filters=True)
    by = request.GET.get("by", "")
    by = by if by in CUTS else "kind"
    whole, parts = whole_of(asked.rows), cut(asked.rows, by)
    if request.method == "POST" and asked.is_valid:
        note_export(asked, actor=request.user, kind="xlsx", count=whole.all)
        return _file([whole, *parts])
    address = f"{reverse('crm:request_list')}?{values.urlencode()}"
    context = {
        "asked": asked,
        "fields": [asked.form[key] for key in FILTERS],
        "by": by,
        "cuts": _cut_names(),
        "address": address,
        "chart": _chart(parts, address, by),
        "whole": (whole, _percent(whole.share_answered), _percent(whole.share_solved)),
        "parts": [(part, _percent(part.share_answered), _percent(part.share_solved)) for part in parts],
        "first": values.get("noted_from", ""),
        "last": values.get("noted_to", ""),
        "crumbs": crumbs(),
    }
    return render(request, "crm/service/figures.html", context, status=200 if asked.is_valid else 422)


def _cut_names() -> list[tuple[str, str]]:
    return [("kind", _("by kind")), ("owner", _("by person")), ("department", _("by department"))]


def _chart(parts: list[Part], address: str, by: str) -> str:
    rows = []
    for part in parts[:12]:
        at = f"{address}&{by}={part.code}&solved="
        rows.append((part.label, [Piece(number, f"{at}{code}") for number, code in zip(part.solved, ("yes", "no", "running"), strict=True)]))
    return stacked_chart(_("Solved in time"), [_("in time"), _("late"), _("still running")], rows)


def _file(parts: list[Part]) -> HttpResponseBase:
    headings = [pgettext("of a cut", "What"), _("Requests")]
    for what in (_("First answer"), pgettext("of a request", "Solution")):
        headings += [f"{what} · {how}" for how in (_("in time"), _("late"), _("still running"))]
    rows: list[list[Any]] = [[part.label, part.all, *part.answered, *part.solved] for part in parts]
    return table_response("xlsx", f"{_('Figures of service')}-{today():%Y%m%d}", _("Figures of service"), headings, rows)


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share * 100:.1f} %"
