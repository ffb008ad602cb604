"""The pages of confirming, the same for every module: "I have read this", the report, its panel, and reminding.

`confirmation_urls(Notice)` are the four addresses below that of a thing.
"""

from collections.abc import Callable
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View
from django.views.decorators.http import require_GET, require_POST

from portal.access.decorators import employee_required
from portal.access.policies import can, get_permitted
from portal.confirmations.registry import Confirmable, confirmable_for
from portal.confirmations.reports import STATES, ConfirmationReport, DepartmentLine, State, headed_departments
from portal.confirmations.services import confirm, remind_unconfirmed
from portal.foundation.asking import read_number
from portal.foundation.form_pages import ActPage
from portal.foundation.moments import read_day
from portal.foundation.pages import SlidingPaginator
from portal.foundation.spreadsheets import table_response

PEOPLE_PER_PAGE = 50
SUMMARY_LINES = 6


def confirmation_urls(model: type[models.Model]) -> list[URLPattern]:
    """The addresses of a registered model, to be included below `<int:pk>/`."""
    confirmable = confirmable_for(model)
    pages: list[tuple[str, str, Callable[..., HttpResponseBase]]] = [
        ("confirmation/", "confirmation", require_POST(employee_required(Confirming.as_view(confirmable=confirmable)))),
        ("confirmations/", "confirmation_report", require_GET(employee_required(ReportPage.as_view(confirmable=confirmable)))),
        ("confirmations/summary/", "confirmation_summary", require_GET(employee_required(SummaryPart.as_view(confirmable=confirmable)))),
        ("confirmations/reminder/", "confirmation_reminder", require_POST(employee_required(Reminding.as_view(confirmable=confirmable)))),
    ]
    return [path(address, view, name=f"{confirmable.noun}_{name}") for address, name, view in pages]


class Confirming(ActPage):
    """ "I have read this version." """

    confirmable: Confirmable = None  # type: ignore[assignment]  # given by `confirmation_urls`, here and below

    def load(self, request: HttpRequest, **kwargs: Any) -> models.Model:
        return get_permitted(self.confirmable.model, user=request.user, pk=kwargs["pk"])

    def act(self, request: HttpRequest) -> str:
        confirm(actor=request.user, about=self.subject, number=read_number(request.POST, "version"))
        return _("Noted: you have read it.")

    def back_url(self) -> str:
        return self.confirmable.url(self.subject)


class Reminding(ActPage):
    """Remind those who have not."""

    confirmable: Confirmable = None  # type: ignore[assignment]

    def load(self, request: HttpRequest, **kwargs: Any) -> models.Model:
        return get_permitted(self.confirmable.model, user=request.user, action="report", pk=kwargs["pk"])

    def act(self, request: HttpRequest) -> str:
        number = remind_unconfirmed(actor=request.user, about=self.subject)
        return ngettext("%(number)s person is reminded.", "%(number)s people are reminded.", number) % {"number": number}

    def back_url(self) -> str:
        return self.confirmable.address("confirmation_report", self.subject)


class SummaryPart(View):
    """The panel beside a thing, for those who may see the whole report."""

    confirmable: Confirmable = None  # type: ignore[assignment]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        about = get_permitted(self.confirmable.model, user=request.user, action="report", pk=pk)
        lines = ConfirmationReport(about).departments()
        context = _context(self.confirmable, about, lines) | {"lines": sorted(lines, key=lambda line: -line.missing)[:SUMMARY_LINES]}
        return render(request, "confirmations/_summary.html", context)


class ReportPage(View):
    """By department and by person, as of now or the end of a past day (`day`); `export=xlsx` or `csv` for everyone in it.

    For those who may `report` the whole of it; for heads who may `report_own` their own people.
    """

    confirmable: Confirmable = None  # type: ignore[assignment]

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        about = get_permitted(self.confirmable.model, user=request.user, action="report_own", pk=pk)
        is_whole = can(request.user, "report", about)
        report = ConfirmationReport(about, read_day(request.GET.get("day", "")), within=None if is_whole else headed_departments(request.user))
        state: State = next((known for known in STATES if known == request.GET.get("state", "")), "")
        department_id = read_number(request.GET, "department") or None
        if request.GET.get("export") in {"xlsx", "csv"}:
            return _export(request.GET["export"], report, state, department_id)
        lines = report.departments()
        page = SlidingPaginator(_People(report, state, department_id), PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
        context = _context(self.confirmable, about, lines) | {
            "number": self.confirmable.number(about),
            "crumbs": [*self.confirmable.crumbs(about), (self.confirmable.label(about), self.confirmable.url(about))],
            "report": report,
            "state": state,
            "department_id": department_id,
            "page": page,
            "people": page.object_list,
            "is_whole": is_whole,
            "is_today": report.day == timezone.localdate(),
            "today": timezone.localdate(),
        }
        return render(request, "confirmations/report.html", context)


class _People:
    """People of a report, as a list for `SlidingPaginator`."""

    def __init__(self, report: ConfirmationReport, state: State, department_id: int | None) -> None:
        self.report, self.state, self.department_id = report, state, department_id
        self.total: int | None = None

    def __getitem__(self, part: slice) -> list[Any]:
        start = part.start or 0
        lines, self.total = self.report.people(state=self.state, department_id=self.department_id, limit=part.stop - start, offset=start)
        return lines


def _context(confirmable: Confirmable, about: Any, lines: list[DepartmentLine]) -> dict[str, Any]:
    expected, confirmed = sum(line.expected for line in lines), sum(line.confirmed for line in lines)
    return {
        "about": about,
        "label": confirmable.label(about),
        "lines": lines,
        "expected": expected,
        "confirmed": confirmed,
        "missing": expected - confirmed,
        "asks": confirmable.asks(about) is not None,
        "report_url": confirmable.address("confirmation_report", about),
        "reminder_url": confirmable.address("confirmation_reminder", about),
    }


def _export(kind: str, report: ConfirmationReport, state: State, department_id: int | None) -> HttpResponseBase:
    people, _total = report.people(state=state, department_id=department_id)
    headings = [_("Department"), _("Name"), _("Employee number"), _("Opened"), _("Confirmed at")]
    rows = [(line.department, line.name, line.number, line.read_at, line.confirmed_at) for line in people]
    heading = _("Confirmations")
    name = f"{heading}-{report.confirmable.number(report.about) or report.about.pk}-{report.day:%Y%m%d}"
    return table_response(kind, name, heading, headings, rows)
