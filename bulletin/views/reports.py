"""Reports: who has confirmed a notice, and how a department has published."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from bulletin.capabilities import OVERSEE
from bulletin.models import Notice
from bulletin.publishing import publishing_departments
from bulletin.reporting.confirmations import ConfirmationReport, State
from bulletin.reporting.periods import PeriodReport
from bulletin.services.reminders import remind_unconfirmed
from portal.access.decorators import employee_required
from portal.access.policies import can, get_permitted
from portal.access.registry import has_capability
from portal.access.standings import standing_of
from portal.foundation.asking import read_number
from portal.foundation.charts import Series, line_chart
from portal.foundation.moments import read_day
from portal.foundation.pages import SlidingPaginator
from portal.foundation.spreadsheets import table_response
from portal.organization.models import Department
from portal.organization.places import placed
from portal.pages.errors import PageStateError

PEOPLE_PER_PAGE = 50
SUMMARY_LINES = 6
STATES: tuple[State, ...] = ("", "confirmed", "missing")


class _People:
    """People of a report, as a list for `SlidingPaginator`."""

    def __init__(self, report: ConfirmationReport, state: State, department_id: int | None) -> None:
        self.report, self.state, self.department_id = report, state, department_id
        self.total: int | None = None

    def __getitem__(self, part: slice) -> list[Any]:
        start = part.start or 0
        lines, self.total = self.report.people(state=self.state, department_id=self.department_id, limit=part.stop - start, offset=start)
        return lines


@require_GET
@employee_required
def confirmation_summary(request: HttpRequest, pk: int) -> HttpResponse:
    """The panel beside a notice."""
    notice = get_permitted(Notice, user=request.user, action="report", pk=pk)
    report = ConfirmationReport(notice)
    lines = report.departments()
    context = {"notice": notice, "lines": sorted(lines, key=lambda line: -line.missing)[:SUMMARY_LINES], **_totals(lines), "now": timezone.now()}
    return render(request, "bulletin/_confirmation_summary.html", context)


@require_GET
@employee_required
def confirmation_report(request: HttpRequest, pk: int) -> HttpResponseBase:
    """By department and by person, as of now or the end of a past day (`day`); `export=xlsx` or `csv` for everyone in it.

    For its publishers the whole of it; for other heads their own people.
    """
    notice = get_permitted(Notice, user=request.user, action="report_own", rows=Notice.objects.select_related("department"), pk=pk)
    is_whole = can(request.user, "report", notice)
    report = ConfirmationReport(notice, read_day(request.GET.get("day", "")), within=None if is_whole else headed_departments(request.user))
    state: State = next((known for known in STATES if known == request.GET.get("state", "")), "")
    department_id = read_number(request.GET, "department") or None
    if request.GET.get("export") in {"xlsx", "csv"}:
        return _export(request.GET["export"], notice, report, state, department_id)
    lines = report.departments()
    page = SlidingPaginator(_People(report, state, department_id), PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "notice": notice,
        "report": report,
        "lines": lines,
        **_totals(lines),
        "state": state,
        "department_id": department_id,
        "page": page,
        "people": page.object_list,
        "is_whole": is_whole,
        "is_today": report.day == timezone.localdate(),
        "today": timezone.localdate(),
    }
    return render(request, "bulletin/confirmation_report.html", context)


@require_POST
@employee_required
def confirmation_reminder(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind those who have not."""
    notice = get_permitted(Notice, user=request.user, action="report", pk=pk)
    try:
        number = remind_unconfirmed(notice, actor=request.user)
    except PageStateError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, ngettext("%(number)s person is reminded.", "%(number)s people are reminded.", number) % {"number": number})
    return redirect("bulletin:confirmation_report", pk=pk)


@require_GET
@employee_required
def department_report(request: HttpRequest) -> HttpResponseBase:
    """A department's notices in a period; for its publishers, and those who watch over the boards."""
    departments = reported_departments(request.user)
    if not departments:
        raise PermissionDenied(_("Reports are for those who publish for a department."))
    text = request.GET.get("department", "")
    department = next((one for one in departments if str(one.pk) == text), None)
    if department is None and text:
        raise Http404
    department = department or departments[0]
    today = timezone.localdate()
    ends_on = min(read_day(request.GET.get("to", "")) or today, today)
    starts_on = min(read_day(request.GET.get("from", "")) or today.replace(day=1), ends_on)
    report = PeriodReport(department.pk, starts_on, ends_on)
    notices = report.notices()
    if request.GET.get("export") in {"xlsx", "csv"}:
        return _export_period(request.GET["export"], department, report)
    days = report.days()
    labels = [f"{line.day:%m-%d}" for line in days]
    chart = line_chart(
        _("Read and confirmed by day"), labels, [Series(_("read"), [line.read for line in days]), Series(_("confirmed"), [line.confirmed for line in days])]
    )
    context = {
        "departments": placed(departments) if len(departments) > 1 else departments,
        "department": department,
        "report": report,
        "notices": notices,
        "chart": chart,
        "slowest": report.slowest(),
        "totals": {"notices": len(notices), "reach": sum(line.reach for line in notices), "read": sum(line.read for line in notices)},
        "kinds": dict(Notice.Kind.choices),
    }
    return render(request, "bulletin/department_report.html", context)


def headed_departments(user: Any) -> list[int]:
    """The departments that this person heads today, with all below them."""
    headed = Department.objects.filter(pk__in=standing_of(user).headed_department_ids)
    return [pk for department in headed for pk in Department.objects.below(department).values_list("pk", flat=True)]


def reported_departments(user: Any) -> list[Department]:
    """The departments of which this person may read reports: where they publish, or all that have published."""
    if has_capability(user, OVERSEE):
        return list(Department.objects.filter(pk__in=Notice.objects.filter(version_number__gt=0).values("department")).in_tree_order())
    return list(Department.objects.filter(pk__in=publishing_departments(user)).in_tree_order())


def _totals(lines: list[Any]) -> dict[str, int]:
    expected, confirmed = sum(line.expected for line in lines), sum(line.confirmed for line in lines)
    return {"expected": expected, "confirmed": confirmed, "missing": expected - confirmed}


def _export(kind: str, notice: Notice, report: ConfirmationReport, state: State, department_id: int | None) -> HttpResponseBase:
    people, _total = report.people(state=state, department_id=department_id)
    headings = [_("Department"), _("Name"), _("Employee number"), _("Opened"), _("Confirmed at")]
    rows = [(line.department, line.name, line.number, line.read_at, line.confirmed_at) for line in people]
    name = f"{_('Confirmations')}-{notice.number or notice.pk}-{report.day:%Y%m%d}"
    return table_response(kind, name, _("Confirmations"), headings, rows)


def _export_period(kind: str, department: Department, report: PeriodReport) -> HttpResponseBase:
    headings = [_("Published at"), _("Kind"), _("Document number"), _("Title"), _("Reach"), _("Read"), _("Confirmed"), _("Retracted")]
    kinds = dict(Notice.Kind.choices)
    rows = [
        (
            line.published_at,
            str(kinds[line.kind]),
            line.number,
            line.title,
            line.reach,
            line.read,
            line.confirmed if line.asks_confirmation else None,
            _("yes") if line.is_retracted else "",
        )
        for line in report.notices()
    ]
    name = f"{_('Notices')}-{department.name}-{report.starts_on:%Y%m%d}-{report.ends_on:%Y%m%d}"
    return table_response(kind, name, _("Notices"), headings, rows)
