"""How a department has published. Who has confirmed what is `portal.confirmations`."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bulletin.capabilities import OVERSEE
from bulletin.models import Notice
from bulletin.publishing import publishing_departments
from bulletin.reporting.periods import PeriodReport
from portal.access.decorators import employee_required
from portal.access.registry import has_capability
from portal.foundation.charts import Series, line_chart
from portal.foundation.moments import read_day
from portal.foundation.spreadsheets import table_response
from portal.organization.models import Department
from portal.organization.places import placed


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


def reported_departments(user: Any) -> list[Department]:
    """The departments of which this person may read reports: where they publish, or all that have published."""
    if has_capability(user, OVERSEE):
        return list(Department.objects.filter(pk__in=Notice.objects.filter(version_number__gt=0).values("department")).in_tree_order())
    return list(Department.objects.filter(pk__in=publishing_departments(user)).in_tree_order())


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
    heading = _("Notices")
    name = f"{heading}-{department.name}-{report.starts_on:%Y%m%d}-{report.ends_on:%Y%m%d}"
    return table_response(kind, name, heading, headings, rows)
