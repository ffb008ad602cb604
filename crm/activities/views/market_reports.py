"""Market reports: called for, written beside the facts of the period, sent back, graded."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from crm.activities.market_facts import facts_of
from crm.activities.market_figures import FIGURES, cells_of, figures_by_person, figures_of
from crm.activities.market_forms import BackForm, GradeForm, MarketCallForm, MarketReportForm
from crm.activities.market_report_lists import owed_by, said_of, speed_of, with_holder, with_standing
from crm.activities.models import MarketCall, MarketReport
from crm.activities.models.market_reports import question
from crm.activities.policies import FOR_CALLERS, callable_departments, may_call_for_reports, works_with_market
from crm.activities.services.market_reports import call_for_reports, grade_report, hand_in, said_in, send_back
from crm.activities.views.guards import FOR_VISITORS
from crm.activities.views.measures import PeriodForm
from portal.access.decorators import employee_required
from portal.access.policies import can, get_permitted, visible_to
from portal.foundation.errors import PortalError
from portal.foundation.form_pages import Crumb, FormPage
from portal.lists.pages import ListPage
from portal.organization.querysets import today

MOST_SHOWN = 60
USUAL_TIME = timedelta(days=7)


def crumbs() -> list[Crumb]:
    return [(_("Visits"), reverse("crm:visit_week")), (_("Market reports"), reverse("crm:market_report_list"))]


def load_report(request: HttpRequest, pk: int, action: str = "view") -> Any:
    rows = MarketReport.objects.select_related("call__called_by", "portfolio__department", "writer", "graded_by")
    return get_permitted(MarketReport, user=request.user, action=action, rows=with_standing(rows, request.user).annotate(**with_holder()), pk=pk)


def answers_of(report: MarketReport) -> list[tuple[str, str]]:
    """Question and answer, in order."""
    return [(question(name), text) for name, text in said_in(report).items()]


class MarketListPage(ListPage):
    """Of reports or of calls; with a button for whoever may call."""

    def context(self, asked: Any, arranged: Any) -> dict[str, Any]:
        return super().context(asked, arranged) | {"may_call": may_call_for_reports(self.request.user)}


@require_safe
@employee_required
def market_report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    report = load_report(request, pk)
    returns = [(one, [(question(name), text) for name, text in one.said.items()]) for one in report.returns.select_related("by", "writer")]
    is_graded = report.state == MarketReport.State.GRADED
    context = {
        "report": report,
        "call": report.call,
        "said": said_of(report),
        "speed": speed_of(report),
        "owed_by": owed_by(report),
        "answers": answers_of(report) if not report.is_owed else [],
        "returns": returns,
        "facts": facts_of(report, request.user),
        "may_write": not is_graded and can(request.user, "write", report),
        "may_judge": report.state == MarketReport.State.HANDED_IN and can(request.user, "judge", report),
        "crumbs": crumbs(),
    }
    return render(request, "crm/activities/market_report_detail.html", context)


class ReportPage(FormPage):
    """A form about a report, beside the facts of its period."""

    template_name = "crm/activities/market_report_form.html"
    action = "judge"

    def load(self, request: HttpRequest, **kwargs: Any) -> MarketReport:
        found: MarketReport = load_report(request, kwargs["pk"], self.action)
        return found

    def crumbs(self) -> list[Crumb]:
        return [*crumbs(), (self.subject.portfolio.name, self.back_url())]

    def back_url(self) -> str:
        return str(self.subject.get_absolute_url())

    def more_context(self) -> dict[str, Any]:
        report = self.subject
        context = {"report": report, "call": report.call, "facts": facts_of(report, self.request.user), "speed": speed_of(report)}
        return context | {"answers": answers_of(report) if self.action == "judge" else [], "last_return": report.returns.last()}


@method_decorator(employee_required, name="dispatch")
class MarketReportWrite(ReportPage):
    """Handed in; or changed, until it is graded."""

    form_class = MarketReportForm
    action = "write"
    submit = pgettext_lazy("a market report", "Hand in")
    note = gettext_lazy("Answer each question; write “none” where there is nothing. It may be changed until it is graded.")

    def get_heading(self) -> str:
        return _("Market report: %(kind)s · %(portfolio)s") % {"kind": self.subject.call.get_kind_display(), "portfolio": self.subject.portfolio.name}

    def form_arguments(self) -> dict[str, Any]:
        return {"kind": self.subject.call.kind}

    def initial(self) -> dict[str, Any]:
        return said_in(self.subject)

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        held = hand_in(self.subject, actor=request.user, answers=values)
        return _("The report of %(portfolio)s is handed in.") % {"portfolio": held.portfolio.name}


class JudgePage(ReportPage):
    """What is judged is the wording that was read."""

    def initial(self) -> dict[str, Any]:
        return {"seen": self.subject.wording}

    def refused(self, request: HttpRequest, form: Any, error: PortalError) -> Any:
        """The page shows what it says now."""
        form = super().refused(request, form, error)
        form.data = form.data.copy()
        form.data["seen"] = self.subject.wording
        return form


@method_decorator(employee_required, name="dispatch")
class MarketReportBack(JudgePage):
    form_class = BackForm
    heading = gettext_lazy("Send the report back for more")
    submit = gettext_lazy("Send back")
    note = gettext_lazy("It is owed again, and its time runs on from the same due day.")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        send_back(self.subject, actor=request.user, **values)
        return _("Sent back; whoever holds the portfolio is told.")


@method_decorator(employee_required, name="dispatch")
class MarketReportGrade(JudgePage):
    form_class = GradeForm
    heading = gettext_lazy("Grade the report")
    submit = pgettext_lazy("a market report", "Grade")
    note = gettext_lazy("Afterwards neither the report nor its grade is changed.")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        grade_report(self.subject, actor=request.user, **values)
        return _("Graded.")


@method_decorator(employee_required, name="dispatch")
class MarketCallOpen(FormPage):
    form_class = MarketCallForm
    heading = gettext_lazy("Call for market reports")
    submit = pgettext_lazy("for market reports", "Call")
    is_new_thing = True
    made: MarketCall | None = None

    def load(self, request: HttpRequest, **kwargs: Any) -> None:
        if not may_call_for_reports(request.user):
            raise PermissionDenied(FOR_CALLERS)

    def form_arguments(self) -> dict[str, Any]:
        return {"departments": callable_departments(self.request.user)}

    def initial(self) -> dict[str, Any]:
        """The month before."""
        last = today().replace(day=1) - timedelta(days=1)
        return {"first_day": last.replace(day=1), "last_day": last, "due_on": today() + USUAL_TIME}

    def crumbs(self) -> list[Crumb]:
        return crumbs()

    def back_url(self) -> str:
        return self.made.get_absolute_url() if self.made else reverse("crm:market_report_list")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        self.made = call_for_reports(actor=request.user, **values)
        return _("%(number)s reports are called for; whoever owes one is told.") % {"number": self.made.reports.count()}


@require_safe
@employee_required
def market_call_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What has come in of those that one may see."""
    rows = MarketCall.objects.select_related("department", "called_by")
    call = get_permitted(MarketCall, user=request.user, rows=rows, pk=pk)
    seen = visible_to(MarketReport, request.user).filter(call=call)
    found = figures_of(seen)
    shown = with_standing(seen, request.user).annotate(**with_holder()).select_related("call", "portfolio", "writer").order_by("portfolio__name_pinyin", "pk")
    context = {
        "call": call,
        "found": found,
        "figures": cells_of(found, call=str(call.pk)),
        "address": f"{reverse('crm:market_report_list')}?call={call.pk}",
        "rows": [(one, owed_by(one), said_of(one), speed_of(one)) for one in shown[:MOST_SHOWN]],
        "is_more": found.counts["all"] > MOST_SHOWN,
        "crumbs": [*crumbs(), (_("Calls for market reports"), reverse("crm:market_call_list"))],
    }
    return render(request, "crm/activities/market_call_detail.html", context)


@require_safe
@employee_required
def market_figures(request: HttpRequest) -> HttpResponse:
    """By person, of reports due in a period; this year where nothing is asked."""
    if not works_with_market(request.user):
        raise PermissionDenied(FOR_VISITORS)
    given = {"first": today().replace(month=1, day=1).isoformat(), "last": today().isoformat()}
    given |= {key: request.GET[key] for key in given if key in request.GET}
    form = PeriodForm(given)
    context: dict[str, Any] = {"form": form, "crumbs": crumbs()}
    if not form.is_valid():
        return render(request, "crm/activities/market_figures.html", context, status=422)
    first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    whole, parts = figures_by_person(request.user, first, last)
    asked = _due(first, last)
    context |= {
        "headings": [one.label for one in FIGURES],
        "whole": _line(_("all"), whole, asked),
        "lines": [_line(name, found, asked | {"person": str(pk)} if pk is not None else None) for pk, name, found in parts],
        "first": first,
        "last": last,
    }
    return render(request, "crm/activities/market_figures.html", context)


def _due(first: date, last: date) -> dict[str, str]:
    return {"due_from": first.isoformat(), "due_to": last.isoformat()}


def _line(label: str, found: Any, asked: dict[str, str] | None) -> dict[str, Any]:
    """`cells` without an address where the list has no filter for it: of what nobody holds."""
    cells = [(one, number, url if asked is not None else "") for one, number, url in cells_of(found, **(asked or {}))]
    urls = {one.key: url for one, _number, url in cells}
    return {"label": label, "cells": cells, "found": found, "in_time": urls["in_time"], "graded": urls["graded"]}
