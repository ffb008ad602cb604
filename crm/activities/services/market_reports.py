"""Market reports: called for by a head, handed in by whoever holds the portfolio, sent back for more, graded by another than the writer."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.activities.errors import ActivitiesError
from crm.activities.market_clock import DAY, LONGEST, clock_of
from crm.activities.models import MarketCall, MarketReport, MarketReturn
from crm.activities.models.market_reports import LEAST, MOST, QUESTIONS, question
from crm.activities.notifications import MARKET_CALLED, MARKET_DUE, MARKET_GRADED, MARKET_HANDED_IN, MARKET_SENT_BACK
from crm.activities.policies import FOR_CALLERS, callable_departments, line_of
from crm.customers.models import Portfolio
from portal.access.policies import decide
from portal.access.standings import people_holding
from portal.audit.services import record
from portal.calendar.queries import read_calendar
from portal.foundation.locking import lock_row
from portal.notifications.registry import NotificationKind
from portal.notifications.services import notify
from portal.organization.models import Department
from portal.organization.querysets import today

LONGEST_PERIOD = timedelta(days=366)
LATEST_DUE = timedelta(days=366)
AT_ONCE = 200
State = MarketReport.State


@transaction.atomic
def call_for_reports(*, actor: Any, kind: str, department: Department, first_day: date, last_day: date, due_on: date, words: str = "") -> MarketCall:
    """One report for each open portfolio of the department and below; whoever holds it is told."""
    if not callable_departments(actor).filter(pk=department.pk).exists():
        raise ActivitiesError(str(FOR_CALLERS))
    _check_days(first_day, last_day, due_on)
    said = {"department": department, "kind": kind, "first_day": first_day, "last_day": last_day}
    portfolios = list(Portfolio.objects.filter(closed_on__isnull=True, department__path__startswith=department.path).order_by("pk"))
    made, is_new = MarketCall.objects.get_or_create(
        **said, defaults={"due_on": due_on, **clock_of(read_calendar(), due_on), "words": words.strip(), "called_by": actor}
    )
    if not is_new:
        raise ActivitiesError(_("These reports were called for already, until %(day)s.") % {"day": f"{made.due_on:%Y-%m-%d}"})
    reports = MarketReport.objects.bulk_create([MarketReport(call=made, portfolio=one) for one in portfolios], batch_size=AT_ONCE)
    record(actor, "market.called", made, after={"period": made.period, "due": due_on.isoformat(), "reports": len(reports)})
    for report in reports:
        _tell_holders(MARKET_CALLED, report, actor=actor)
    return made


@transaction.atomic
def hand_in(report: MarketReport, *, actor: Any, answers: Mapping[str, str]) -> MarketReport:
    """Every question of its kind answered. Until it is graded its writer may change it; when it was handed in stays."""
    held = _lock(report, actor, "write")
    if held.state == State.GRADED:
        raise ActivitiesError(_("It is graded already, and stays as it is."))
    said = _answers(held, answers)
    is_first, before = held.is_owed, said_in(held)
    if not is_first and said == before:
        return held
    for name, text in said.items():
        setattr(held, name, text)
    now = timezone.now()
    if is_first:
        held.state, held.writer, held.handed_in_at, held.handed_in_on = State.HANDED_IN, actor, now, timezone.localdate(now)
    else:
        held.changed_at = now
    held.save()
    if is_first:
        record(actor, "market.handed_in", held, after={"period": held.call.period})
        _tell_judges(held, actor)
    else:
        changed = [name for name, text in said.items() if text != before[name]]
        record(actor, "market.changed", held, before={name: before[name] for name in changed}, after={name: said[name] for name in changed})
    return held


@transaction.atomic
def send_back(report: MarketReport, *, actor: Any, reason: str, seen: str = "") -> MarketReturn:
    """It is owed again by whoever holds the portfolio now, against the same due day. What it said is kept."""
    held = _lock(report, actor, "judge")
    if held.state != State.HANDED_IN:
        raise ActivitiesError(_("Only what is handed in is sent back; this one is “%(state)s”.") % {"state": held.get_state_display()})
    _refuse_unread(held, seen)
    if not reason.strip():
        raise ActivitiesError(_("Say what is missing."))
    assert held.writer is not None
    assert held.handed_in_at is not None
    made = MarketReturn.objects.create(report=held, reason=reason.strip(), by=actor, writer=held.writer, handed_in_at=held.handed_in_at, said=said_in(held))
    held.state, held.writer, held.handed_in_at, held.handed_in_on, held.changed_at = State.OWED, None, None, None, None
    held.save()
    record(actor, "market.sent_back", held, after={"reason": made.reason})
    _tell_holders(MARKET_SENT_BACK, held, actor=actor, text=made.reason[:80])
    return made


@transaction.atomic
def grade_report(report: MarketReport, *, actor: Any, accuracy: int, verdict: str, seen: str = "") -> MarketReport:
    """How accurate it is, from 1 to 5, with a word of why. Speed is reckoned, not graded by hand. `seen` is the wording that was read."""
    held = _lock(report, actor, "judge")
    if held.state != State.HANDED_IN:
        raise ActivitiesError(_("Only what is handed in is graded; this one is “%(state)s”.") % {"state": held.get_state_display()})
    _refuse_unread(held, seen)
    if not LEAST <= accuracy <= MOST:
        raise ActivitiesError(_("Grade from %(least)s to %(most)s.") % {"least": LEAST, "most": MOST})
    if not verdict.strip():
        raise ActivitiesError(_("Say why it has this grade."))
    held.state, held.accuracy, held.verdict, held.graded_by, held.graded_at = State.GRADED, accuracy, verdict.strip(), actor, timezone.now()
    held.save()
    record(actor, "market.graded", held, after={"accuracy": accuracy, "verdict": held.verdict})
    assert held.writer_id is not None
    words = _words_of(held) | {"grade": accuracy, "text": held.verdict[:80]}
    notify(MARKET_GRADED, words=words, about=held, recipients=[held.writer_id], url=held.get_absolute_url(), actor=actor)
    return held


def remind_of_due(day: date | None = None) -> int:
    """Whoever owes a report whose due day has come is told once. How many there were."""
    told = 0
    while found := _remind_some(day or today()):
        told += found
    return told


@transaction.atomic
def _remind_some(day: date) -> int:
    due = MarketCall.objects.filter(due_on__lte=day).values("pk")
    rows = MarketReport.objects.filter(call__in=due, state=State.OWED, reminded_at__isnull=True).order_by("pk")
    keys = list(rows.select_for_update(skip_locked=True, of=("self",), no_key=True).values_list("pk", flat=True)[:AT_ONCE])
    MarketReport.objects.filter(pk__in=keys).update(reminded_at=timezone.now())
    for report in MarketReport.objects.filter(pk__in=keys).select_related("call", "portfolio"):
        _tell_holders(MARKET_DUE, report)
    return len(keys)


def renew_clocks(first_day: date, last_day: date) -> None:
    """A corrected calendar moves from when reports are late, and by how much."""
    calendar, changed = read_calendar(), []
    for call in MarketCall.objects.filter(due_on__lt=last_day, due_on__gte=first_day - LONGEST * DAY).order_by("pk"):
        clock = clock_of(calendar, call.due_on)
        if call.late_days != clock["late_days"]:
            call.late_from, call.late_days = clock["late_from"], clock["late_days"]
            changed.append(call)
    MarketCall.objects.bulk_update(changed, ["late_from", "late_days"], batch_size=AT_ONCE)


def said_in(report: MarketReport) -> dict[str, str]:
    """The answers, by question."""
    return {name: getattr(report, name) for name in QUESTIONS[report.call.kind]}


def _answers(report: MarketReport, answers: Mapping[str, str]) -> dict[str, str]:
    said = {name: answers.get(name, "").strip() for name in QUESTIONS[report.call.kind]}
    missing = [question(name) for name, text in said.items() if not text]
    if missing:
        raise ActivitiesError(_("Answer each question; write “none” where there is nothing. Missing: %(questions)s.") % {"questions": "、".join(missing)})
    return said


def _refuse_unread(report: MarketReport, seen: str) -> None:
    if seen and seen != report.wording:
        raise ActivitiesError(_("It was changed meanwhile. Read it once more below, then send this again."))


def _check_days(first_day: date, last_day: date, due_on: date) -> None:
    if last_day < first_day:
        raise ActivitiesError(_("The last day is before the first. Exchange them."))
    if last_day - first_day > LONGEST_PERIOD:
        raise ActivitiesError(_("A report is on a year at most."))
    if due_on < today():
        raise ActivitiesError(_("%(day)s is past. Let the reports be due from today on.") % {"day": f"{due_on:%Y-%m-%d}"})
    if due_on < last_day:
        raise ActivitiesError(_("Reports are due once their period has ended, from %(day)s on.") % {"day": f"{last_day:%Y-%m-%d}"})
    if due_on - today() > LATEST_DUE:
        raise ActivitiesError(_("Let the reports be due within a year."))


def _words_of(report: MarketReport) -> dict[str, Any]:
    return {"portfolio": report.portfolio.name, "period": report.call.period}


def _tell_holders(kind: NotificationKind, report: MarketReport, *, actor: Any = None, **words: Any) -> None:
    """Whoever holds the portfolio now."""
    said = _words_of(report) | {"day": f"{report.call.due_on:%Y-%m-%d}"} | words
    holders = list(people_holding([report.portfolio.token]).values_list("pk", flat=True))
    notify(kind, words=said, recipients=holders, url=report.get_absolute_url(), actor=actor, needs=[report.portfolio.token])


def _tell_judges(report: MarketReport, actor: Any) -> None:
    """The nearest who head the portfolio's line, so that one is asked, not all."""
    for token in line_of(report.portfolio.department):
        people = [pk for pk in people_holding([token]).values_list("pk", flat=True) if pk != actor.pk]
        if people:
            words = _words_of(report) | {"who": actor.name}
            notify(MARKET_HANDED_IN, words=words, about=report, recipients=people, url=report.get_absolute_url(), actor=actor)
            return


def _lock(report: MarketReport, actor: Any, action: str) -> MarketReport:
    held = lock_row(MarketReport.objects.select_related("call", "portfolio__department", "writer"), report.pk, no_key=True)
    decision = decide(actor, action, held)
    if not decision:
        raise ActivitiesError(str(decision.rule))
    return held
