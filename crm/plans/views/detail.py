"""A plan with its lines, held against what was sold as of any day, and cut as one likes."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from crm.plans.actual import CUTS, Ledger, Part
from crm.plans.models import Plan, PlanLine, PlanVersion
from crm.plans.policies import departments_planned_by, keeps, sees_line
from crm.plans.services.plans import not_adding_up
from crm.plans.units import plain_number, say_amount, say_number, unit_of
from crm.plans.views.plans import crumbs, load_plan
from portal.access.decorators import employee_required
from portal.access.policies import can
from portal.foundation.asking import read_number
from portal.foundation.charts import Series, bar_chart, gauge_chart
from portal.foundation.moments import DayField
from portal.foundation.spreadsheets import table_response
from portal.lists.asked import Asked
from portal.lists.pages import ListPage
from portal.organization.querysets import today

MOST_DEVIATIONS = 50


class PlanListPage(ListPage):
    """With a button for who plans for somebody."""

    def context(self, asked: Asked, arranged: Any) -> dict[str, Any]:
        return super().context(asked, arranged) | {"may_plan": departments_planned_by(self.request.user).exists()}


@dataclass(slots=True)
class Row:
    """A line as it is shown; without a line what was sold below and is planned for nobody."""

    line: PlanLine | None
    depth: int
    label: str
    planned: int
    held_back: int
    actual: int
    query: str = ""
    may_split: bool = False
    is_off: bool = False
    so_far: int = 0

    @property
    def share(self) -> str:
        return f"{100 * self.actual / self.planned:.1f} %" if self.planned else ""


def version_on(plan: Plan, day: date, user: Any, number: int) -> PlanVersion | None:
    """The one that was in force at the end of a day; to who keeps the plan the newest where none was yet, or the one that is asked for."""
    versions = list(plan.versions.select_related("author", "paper"))
    published = [one for one in versions if one.state == PlanVersion.State.PUBLISHED]
    seen = versions if keeps(user, plan.department) or not published else published
    if number:
        return next((one for one in seen if one.number == number), None)
    held = [one for one in published if one.published_at is not None and timezone.localdate(one.published_at) <= day]
    return next(iter(held or published or seen), None)


def rows_of(version: PlanVersion, user: Any, ledger: Ledger, last: date) -> list[Row]:
    """The lines that a person sees, parts below their whole."""
    plan = version.plan
    lines = list(version.lines.select_related("department", "person", "version").order_by("pk"))
    off = {line.pk for line in not_adding_up(version)} if version.state == PlanVersion.State.DRAFT else set()
    sums = ledger.by_line(lines, plan.starts_on, last)
    below: dict[int | None, list[PlanLine]] = {}
    for line in lines:
        below.setdefault(line.parent_id, []).append(line)
    days = (min(last, plan.ends_on) - plan.starts_on).days + 1
    whole = (plan.ends_on - plan.starts_on).days + 1
    found: list[Row] = []

    def walk(line: PlanLine, depth: int) -> None:
        seen = sees_line(user, line)
        if seen:
            query = ledger.query(plan.starts_on, last, line).urlencode()
            may = version.state == PlanVersion.State.DRAFT and line.person_id is None and keeps(user, line.department)
            so_far = line.amount * max(0, days) // whole // plan.step * plan.step
            found.append(Row(line, depth, line.label, line.amount, line.held_back, sums[line.pk], query, may, line.pk in off, so_far))
        parts = below.get(line.pk, [])
        for part in parts:
            walk(part, depth + seen)
        rest = sums[line.pk] - sum(sums[part.pk] for part in parts)
        if seen and parts and rest:
            found.append(Row(None, depth + 1, _("planned for nobody here"), 0, 0, rest))

    for line in below.get(None, []):
        walk(line, 0)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@employee_required
def plan_detail(request: HttpRequest, pk: int) -> HttpResponseBase:
    """`?on=` as of which day, `?version=`, `?line=` whose figures are cut, `?by=` how. GET shows, POST takes the table away as a file."""
    plan = load_plan(request, pk)
    day, wrong = _day(request)
    last = max(plan.starts_on, min(day, plan.ends_on))
    version = version_on(plan, day, request.user, read_number(request.GET, "version", 0) or 0)
    ledger = Ledger(plan, request.user)
    rows = rows_of(version, request.user, ledger, last) if version is not None else []
    asked = read_number(request.GET, "line", 0)
    shown = next((row for row in rows if row.line is not None and row.line.pk == asked), rows[0] if rows else None)
    by = str(request.GET.get("by") if request.GET.get("by") in CUTS else "month")
    parts = ledger.cut(by, shown.line, plan.starts_on, last) if shown is not None and shown.line is not None else []
    if request.method == "POST":
        return _file(plan, rows, parts)
    may_keep = can(request.user, "keep", plan)
    versions = list(plan.versions.select_related("author", "paper")) if may_keep else []
    context = {
        "plan": plan,
        "version": version,
        "versions": versions,
        "draft": next((one for one in versions if one.state == PlanVersion.State.DRAFT), None),
        "under_way": any(one.state in (PlanVersion.State.DRAFT, PlanVersion.State.ASKED) for one in versions),
        "sees_paper": version is not None and version.paper is not None and can(request.user, "view", version.paper),
        "day": day,
        "last": last,
        "wrong": wrong,
        "unit": unit_of(plan),
        "rows": [(row, *_said(plan, row)) for row in rows],
        "shown": shown,
        "by": by,
        "cuts": _cut_names(),
        "parts": [(part, say_number(plan, part.actual), say_number(plan, part.before)) for part in parts],
        "adds_up": say_amount(plan, sum(part.actual for part in parts)),
        "list": ledger.address,
        "is_of_seen": ledger.is_won,
        "chart": _chart(plan, rows),
        "months": _month_chart(plan, parts) if by == "month" and parts else "",
        "deviations": _deviations(plan, request.user, rows),
        "may_keep": may_keep,
        "crumbs": crumbs(),
    }
    return render(request, "crm/plans/plan_detail.html", context, status=422 if wrong else 200)


def _day(request: HttpRequest) -> tuple[date, str]:
    text = request.GET.get("on", "")
    if not text:
        return today(), ""
    try:
        return DayField().clean(text), ""
    except ValidationError as error:
        return today(), " ".join(error.messages)


def _said(plan: Plan, row: Row) -> tuple[str, ...]:
    return say_number(plan, row.planned), say_number(plan, row.held_back), say_number(plan, row.actual), say_number(plan, row.so_far)


def _cut_names() -> list[tuple[str, str]]:
    return [
        ("month", _("by month")), ("person", _("by person")), ("department", _("by department")), ("product", _("by product")), ("district", _("by district")),
    ]  # fmt: skip


def _chart(plan: Plan, rows: list[Row]) -> str:
    """What is reached of each line."""
    lines = [row for row in rows if row.line is not None and row.planned][:12]
    if not lines:
        return ""
    factor = plan.step
    return gauge_chart(
        pgettext("of a plan", "Reached"), [row.label for row in lines], [row.actual // factor for row in lines], [row.planned // factor for row in lines]
    )


def _month_chart(plan: Plan, parts: list[Part]) -> str:
    factor = plan.step
    series = [Series(_("actual"), [part.actual // factor for part in parts]), Series(_("a year before"), [part.before // factor for part in parts])]
    return bar_chart(_("Month by month"), [part.label for part in parts], series)


def _deviations(plan: Plan, user: Any, rows: list[Row]) -> list[Any]:
    seen = {(row.line.department_id, row.line.person_id) for row in rows if row.line is not None}
    found = plan.deviations.select_related("department", "person", "author")[: 4 * MOST_DEVIATIONS]
    return [
        (one, one.person.name if one.person else one.department.label, say_number(plan, one.planned), say_number(plan, one.actual))
        for one in found
        if (one.department_id, one.person_id) in seen
    ][:MOST_DEVIATIONS]


def _file(plan: Plan, rows: list[Row], parts: list[Part]) -> HttpResponseBase:
    headings = [_("Department or person"), _("Plan"), _("Held back"), _("Actual"), _("Reached, %"), _("A year before")]
    cells: list[list[Any]] = [
        [
            "　" * row.depth + row.label,
            plain_number(plan, row.planned),
            plain_number(plan, row.held_back),
            plain_number(plan, row.actual),
            round(100 * row.actual / row.planned, 1) if row.planned else None,
            None,
        ]
        for row in rows
    ]
    cells += [[part.label, None, None, plain_number(plan, part.actual), None, plain_number(plan, part.before)] for part in parts]
    return table_response("xlsx", f"{_('Plan of sales')}-{plan.period_said}-{today():%Y%m%d}", _("Plan of sales"), headings, cells)
