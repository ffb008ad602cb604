"""The funnel of what was opened in a period, cut as one likes. Its filters are those of the list of opportunities, and so is what it counts."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from crm.catalogue.units import say_yuan
from crm.sales.funnel import CUTS, Funnel, Part, Tally, cut, funnel_of
from crm.sales.lists import OpportunityList
from crm.sales.models import SaleKind
from crm.sales.views.guards import refuse_others
from portal.access.decorators import employee_required
from portal.foundation.charts import Piece, stacked_chart
from portal.foundation.spreadsheets import table_response
from portal.lists.asked import Asked
from portal.lists.definition import list_of
from portal.lists.services import note_export
from portal.organization.querysets import today

FILTERS = ("kind", "opened_from", "opened_to", "department", "owner", "product")


def quarter_of(day: date) -> tuple[date, date]:
    """Its first and last day."""
    first = date(day.year, day.month - (day.month - 1) % 3, 1)
    after = date(first.year + (first.month == 10), (first.month + 2) % 12 + 1, 1)
    return first, after - timedelta(days=1)


def asked_of(request: HttpRequest) -> QueryDict:
    """What the address asks of the list; this quarter and relationship selling where it says nothing."""
    values = QueryDict(mutable=True)
    first, last = quarter_of(today())
    if not request.GET.get("opened_from") and not request.GET.get("opened_to"):
        values.update({"opened_from": first.isoformat(), "opened_to": last.isoformat()})
    for key in FILTERS:
        if request.GET.get(key):
            values[key] = request.GET[key]
    if values.get("kind") not in SaleKind.values:
        values["kind"] = str(SaleKind.RELATIONSHIP)
    return values


@require_http_methods(["GET", "HEAD", "POST"])
@employee_required
def sales_funnel(request: HttpRequest) -> HttpResponseBase:
    """GET shows, POST takes the table away as a file."""
    refuse_others(request.user)
    values = asked_of(request)
    definition = list_of(OpportunityList.code)
    assert definition is not None
    asked = Asked(definition, request.user, values, all_filters=True)
    by = request.GET.get("by") if request.GET.get("by") in CUTS else "owner"
    by_sum = request.GET.get("of") == "sum"
    kind = str(values["kind"])
    funnel = funnel_of(asked.rows, kind)
    parts = cut(asked.rows, kind, str(by))
    if request.method == "POST" and asked.is_valid:
        note_export(asked, actor=request.user, kind="xlsx", count=funnel.all.count)
        return _file(funnel, parts)
    address = f"{reverse('crm:opportunity_list')}?{values.urlencode()}"
    context = {
        "asked": asked,
        "fields": [asked.form[key] for key in FILTERS],
        "funnel": funnel,
        "cuts": _cut_names(),
        "by": by,
        "by_sum": by_sum,
        "query": values.urlencode(),
        "address": address,
        "chart": _chart(funnel, address, by_sum=by_sum),
        "layers": [(layer, _percent(layer.share), _days(layer.days)) for layer in funnel.layers],
        "parts": [(part, _percent(part.win_rate), say_yuan(part.all.fen), say_yuan(part.won.fen)) for part in parts],
        "adds_up": by != "rival",
        "sums": [(label, tally.count, say_yuan(tally.fen), query) for label, tally, query in _sums(funnel)],
        "win_rate": _percent(funnel.win_rate),
        "cycle": _days(funnel.cycle),
        "first": values.get("opened_from", ""),
        "last": values.get("opened_to", ""),
        "crumbs": [(_("Sales"), reverse("crm:opportunity_board"))],
    }
    return render(request, "crm/sales/funnel.html", context, status=200 if asked.is_valid else 422)


def _sums(funnel: Funnel) -> list[tuple[str, Tally, str]]:
    return [
        (pgettext("of opportunities", "Opened"), funnel.all, ""),
        (pgettext("of opportunities", "Won"), funnel.won, "&state=won"),
        (pgettext("of opportunities", "Open"), funnel.open, "&state=open"),
        (pgettext("of opportunities", "Lost"), funnel.lost, "&state=lost"),
    ]


def _cut_names() -> list[tuple[str, str]]:
    return [("owner", _("by person")), ("department", _("by department")), ("product", _("by product")), ("cause", _("by cause")), ("rival", _("by rival"))]


def _chart(funnel: Funnel, address: str, *, by_sum: bool) -> str:
    def size(tally: Tally) -> float:
        return tally.fen / 100 if by_sum else tally.count

    rows = []
    for layer in funnel.layers:
        at = f"{address}&furthest={layer.stage.pk}&state="
        after = [one for one in funnel.layers if one.stage.place > layer.stage.place]
        on = f"{address}&reached={after[0].stage.pk}" if after else f"{at}won"
        pieces = [Piece(size(layer.gone_on) + size(layer.won), on), Piece(size(layer.open), f"{at}open"), Piece(size(layer.lost), f"{at}lost")]
        rows.append((layer.stage.label, pieces))
    names = [_("went on or was won"), pgettext("of opportunities", "Open"), pgettext("of opportunities", "Lost")]
    return stacked_chart(_("Where it got to"), names, rows)


def _file(funnel: Funnel, parts: list[Part]) -> HttpResponseBase:
    headings = [pgettext("of a cut", "What"), _("Reached"), _("Went on"), pgettext("of opportunities", "Open"), pgettext("of opportunities", "Lost")]
    headings += [pgettext("of opportunities", "Won"), _("Sum, yuan"), _("Days in the stage")]
    rows: list[list[Any]] = [
        [one.stage.label, one.reached.count, one.gone_on.count, one.open.count, one.lost.count, one.won.count, one.reached.fen / 100, one.days]
        for one in funnel.layers
    ]
    rows += [[part.label, part.all.count, None, part.open.count, part.lost.count, part.won.count, part.all.fen / 100, None] for part in parts]
    return table_response("xlsx", f"{_('Funnel')}-{today():%Y%m%d}", _("Funnel"), headings, rows)


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share * 100:.1f} %"


def _days(days: float | None) -> str:
    return "" if days is None else f"{days:.1f}"
