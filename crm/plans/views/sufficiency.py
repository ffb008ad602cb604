"""Whether what is open is enough for what is left of a plan, by department and person, and where it leaks."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.catalogue.units import say_yuan
from crm.plans.actual import Ledger
from crm.plans.models.plans import Measure
from crm.plans.sufficiency import Leak, Pipeline, Sufficiency
from crm.plans.units import say_number
from crm.plans.views.detail import Row, rows_of, version_on
from crm.plans.views.plans import crumbs, load_plan
from portal.access.decorators import employee_required
from portal.audit.services import record
from portal.foundation.spreadsheets import table_response
from portal.organization.querysets import today

ENOUGH, NEARLY = 1.0, 0.7


@dataclass(slots=True)
class Cover:
    row: Row
    left: int
    pipeline: Pipeline
    query: str
    leak: Leak | None = None
    leak_query: str = ""

    @property
    def share(self) -> float | None:
        return self.pipeline.weighted / self.left if self.left > 0 else None

    @property
    def tone(self) -> str:
        share = self.share
        if share is None or share >= ENOUGH:
            return "good"
        return "warning" if share >= NEARLY else "danger"

    @property
    def said(self) -> str:
        return _("reached") if self.share is None else f"{100 * self.share:.0f} %"


@require_http_methods(["GET", "HEAD", "POST"])
@employee_required
def plan_sufficiency(request: HttpRequest, pk: int) -> HttpResponseBase:
    """As of today. GET shows, POST takes the table away as a file."""
    plan = load_plan(request, pk)
    version = version_on(plan, today(), request.user, 0)
    if version is None or plan.measure == Measure.QUANTITY:
        raise Http404
    last = max(plan.starts_on, min(today(), plan.ends_on))
    rows = [row for row in rows_of(version, request.user, Ledger(plan, request.user), last) if row.line is not None]
    counted = Sufficiency(plan, request.user, today())
    covers = _covers(counted, rows)
    if request.method == "POST":
        record(request.user, "list.exported", after={"list": counted.definition.code, "kind": "xlsx", "rows": len(covers)})
        return _file(covers)
    context = {
        "plan": plan,
        "covers": [(one, say_number(plan, one.row.planned), say_number(plan, one.left), *_said(one)) for one in covers],
        "weights": [(one, f"{one.permille / 10:.1f} %") for one in counted.weights if one.stage.ended_on is None],
        "list": reverse("crm:opportunity_list"),
        "crumbs": [*crumbs(), (str(plan), plan.get_absolute_url())],
    }
    return render(request, "crm/plans/plan_sufficiency.html", context)


def _covers(counted: Sufficiency, rows: list[Row]) -> list[Cover]:
    lines = [row.line for row in rows if row.line is not None]
    pipelines, leaks, found = counted.pipelines(lines), counted.leaks(lines), []
    for row in rows:
        if (line := row.line) is None:
            continue
        made = Cover(row, max(0, row.planned - row.actual), pipelines[line.pk], counted.open_query(line).urlencode(), leaks.get(line.pk))
        if made.leak is not None:
            made.leak_query = counted.lost_query(line, furthest=made.leak.stage.pk).urlencode()
        found.append(made)
    return found


def _said(one: Cover) -> tuple[str, str, str]:
    return say_yuan(one.pipeline.fen), say_yuan(one.pipeline.weighted), say_yuan(one.leak.fen) if one.leak is not None else ""


def _file(covers: list[Cover]) -> HttpResponseBase:
    headings = [_("Department or person"), _("Plan"), _("Left"), _("Open opportunities"), _("Open, yuan"), _("Weighed, yuan"), _("Sufficiency, %")]
    headings.append(_("Most is lost at"))
    cells: list[list[Any]] = [
        [
            "　" * one.row.depth + one.row.label,
            one.row.planned / 100,
            one.left / 100,
            one.pipeline.count,
            one.pipeline.fen / 100,
            one.pipeline.weighted / 100,
            None if one.share is None else round(100 * one.share, 1),
            one.leak.stage.label if one.leak is not None else "",
        ]
        for one in covers
    ]
    return table_response("xlsx", f"{_('Sufficiency')}-{today():%Y%m%d}", _("Sufficiency"), headings, cells)
