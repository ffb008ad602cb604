"""The column of a paper: what was done, who has it now and why, and what is to come."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.approvals.foreseeing import Coming, Foreseen, branch_words
from portal.approvals.inbox import asked_of_me, read_tasks_on
from portal.approvals.models import Event, Paper, Step, Task, Vote
from portal.approvals.seats import Seating, Way
from portal.approvals.services.opening import case_of
from portal.approvals.services.trail import events_of
from portal.approvals.words import Wording, said_person, way_words
from portal.calendar.working_time import WorkingCalendar

GONE = (Step.State.RETURNED, Step.State.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody did within a step."""

    who: str
    verdict: str
    tone: str
    opinion: str
    at: datetime | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked now: by name, as what, and why."""

    people: str
    seat: str
    reasons: tuple[str, ...]
    is_me: bool
    what: str
    note: str = ""


@dataclass(slots=True)
class Entry:
    """One step of the column. `kind` is done, now, later or ended; `folded` are earlier openings that do not count any more."""

    kind: str
    label: str
    pk: int = 0
    at: datetime | None = None
    lines: list[Line] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    branch: str = ""
    due_at: datetime | None = None
    is_late: bool = False
    left: str = ""
    limit: str = ""
    people: str = ""
    reasons: Sequence[str] = ()
    folded: list["Entry"] = field(default_factory=list)
    is_nobody: bool = False


class Column:
    """All of it for one paper and one reader, read at once."""

    def __init__(self, paper: Paper, user: Any) -> None:
        self.paper, self.user = paper, user
        self.steps = list(Step.objects.filter(paper=paper).order_by("pk"))
        votes = Vote.objects.filter(paper=paper).select_related("person", "principal", "content").defer("content__values", "content__chosen").order_by("pk")
        self.votes = {vote.task_id: vote for vote in votes}
        self.by_vote = {vote.pk: vote for vote in self.votes.values()}
        self.tasks: dict[int, list[Task]] = {}
        every_task = read_tasks_on(paper, user)
        self.mine = asked_of_me(every_task)
        for task in every_task:
            self.tasks.setdefault(task.step_id, []).append(task)
        self.seating = Seating()
        self.opened = next((step for step in self.steps if step.state == Step.State.OPEN), None)
        self.resumed = next((step for step in self.steps if self.opened and step.pk == self.opened.resumes_id), None)
        asked = [task for task in self.tasks.get(self.opened.pk, []) if task.state in ("open", "waiting")] if self.opened else []
        seats = {task.seat for task in asked}
        self.coming = self._coming(seats)
        ways = [way for seat in seats for way in self.seating.ways(seat)]
        people = {pk for way in ways for pk in (way.person_id, way.principal_id) if pk}
        reasons = [reason for task in asked for reason in task.because]
        if self.coming is not None:
            seats, reasons, people = seats | self.coming.seats, reasons + self.coming.reasons, people | self.coming.people
        self.wording = Wording(seats, reasons, people)

    def _coming(self, seats: set[str]) -> Coming | None:
        """What follows the open step, asked for together with who has it now."""
        if self.opened is None or self.paper.content is None:
            return None
        after = self.resumed.key if self.resumed else None if self.opened.kind == Step.Kind.REVISE else self.opened.key
        return Coming(case_of(self.paper), self.paper.route.plan, after=after, seating=self.seating, besides=seats)

    @property
    def last_seen(self) -> int | None:
        """The number of the content on which this person decided last."""
        own = [vote for vote in self.votes.values() if vote.person_id == self.user.pk]
        return own[-1].content.number if own else None

    def entries(self, calendar: WorkingCalendar | None = None) -> list[Entry]:
        """From the submission to the end, what was given back folded between."""
        found: list[Entry] = [self._begun()]
        for is_folded, steps in groupby(self.steps, key=self._is_folded):
            drawn = [self._step(step, calendar) for step in steps]
            if is_folded:
                found.append(Entry("folded", self._folded_words(drawn), folded=drawn))
            else:
                found += drawn
        return [*found, *self._to_come(), *self._end()]

    def _is_folded(self, step: Step) -> bool:
        return step.state in GONE or (step.kind == Step.Kind.REVISE and step.state == Step.State.PASSED)

    def _folded_words(self, drawn: Sequence[Entry]) -> str:
        """Round and who gave it back."""
        line = next((line for entry in drawn for line in entry.lines if line.tone == "back"), None)
        if line is None:
            return _("Decided again")
        return _("%(person)s returned it") % {"person": line.who}

    def _begun(self) -> Entry:
        entry = Entry("done", _("Begun"), at=self.paper.submitted_at)
        entry.lines.append(Line(f"{self.paper.originator.name} · {self.paper.department.label}", "", "", "", None))
        return entry

    def _step(self, step: Step, calendar: WorkingCalendar | None) -> Entry:
        tasks = self.tasks.get(step.pk, [])
        kind = "now" if step.state == Step.State.OPEN else "refused" if step.state == Step.State.REFUSED else "done"
        entry = Entry(kind, step.label, pk=step.pk, at=step.closed_at or step.opened_at, branch=branch_words(step.because, self.paper.form.plan))
        entry.lines = [line for task in tasks for line in self._lines(task)]
        if step.kind == Step.Kind.TELL:
            entry.lines.append(Line(_("told"), "", "", "", None))
        if step.state == Step.State.OPEN:
            entry.at = step.opened_at
            entry.asked = [self._asked(step, task) for task in tasks if task.state in ("open", "waiting")]
            entry.due_at, now = step.due_at, timezone.now()
            entry.is_late = step.due_at is not None and step.due_at < now
            if step.due_at is not None and calendar is not None:
                entry.left = left_words(calendar, now, step.due_at)
        return entry

    def _lines(self, task: Task) -> Iterable[Line]:
        vote = self.votes.get(task.pk)
        if vote is not None:
            older = _("on version %(number)s") % {"number": vote.content.number} if vote.content_id != self.paper.content_id else ""
            yield Line(said_person(vote), vote.get_decision_display(), _tone(vote.decision), vote.opinion, vote.at, older)
        elif task.state == Task.State.COUNTED and task.counts_id in self.by_vote:
            earlier = self.by_vote[task.counts_id]
            yield Line(said_person(earlier), _("approved already"), "good", "", earlier.at)
        elif task.state == Task.State.TRANSFERRED:
            yield Line(task_giver(self.tasks.get(task.step_id, []), task), _("handed it on"), "", "", task.closed_at)

    def _asked(self, step: Step, task: Task) -> Asked:
        barred = () if step.kind == Step.Kind.REVISE else (self.paper.originator_id,)
        ways = [way for way in self.seating.ways(task.seat) if not way.is_barred(barred)]
        own = [way for way in ways if way.principal_id is None]
        shown = own or ways
        people = _(" or ").join(self._name(way) for way in shown[:3])
        deputies = [self._name(way) for way in ways if way.principal_id is not None and own]
        if deputies:
            people += _(" (or %(people)s)") % {"people": _(", ").join(deputies[:3])}
        is_me = any(way.person_id == self.user.pk for way in ways)
        what = "" if task.state == Task.State.OPEN and task.place == Task.Place.CORE else task.get_place_display()
        if task.state == Task.State.WAITING:
            what = _("afterwards")
        note = f"{task.given_by.name}: {task.note}" if task.given_by and task.note else ""
        seat = "" if task.seat.startswith("user:") else self.wording.seat(task.seat)
        return Asked(people, seat, tuple(self.wording.reasons(task.because)), is_me, what, note)

    def _to_come(self) -> list[Entry]:
        later = [_later(one) for one in self.coming.in_words(self.wording)] if self.coming is not None else []
        if self.resumed is not None:
            return [Entry("later", self.resumed.label, people=_("straight back to whoever returned it")), *later]
        return later

    def _end(self) -> list[Entry]:
        if self.paper.is_open:
            return [Entry("later", _("End"))]
        return [Entry("ended", self.paper.get_state_display(), at=self.paper.finished_at)]

    def _name(self, way: Way) -> str:
        words = way_words(way, self.wording.people)
        return _("%(person)s (you)") % {"person": words} if way.person_id == self.user.pk else words


def _later(one: Foreseen) -> Entry:
    people = _("nobody can be found") if one.is_nobody else one.people
    return Entry("later", one.label, branch=one.branch, people=people, reasons=one.reasons, limit=one.limit, is_nobody=one.is_nobody)


def task_giver(tasks: Sequence[Task], task: Task) -> str:
    """Who handed a task on."""
    given = next((one for one in tasks if one.parent_id == task.pk), None)
    return given.given_by.name if given is not None and given.given_by else ""


def _tone(decision: str) -> str:
    return {Vote.Decision.APPROVE: "good", Vote.Decision.RETURN: "back", Vote.Decision.REFUSE: "bad"}.get(Vote.Decision(decision), "")


def left_words(calendar: WorkingCalendar, now: datetime, due_at: datetime) -> str:
    """How much working time is left, in days of eight hours."""
    hours = calendar.between(now, due_at).total_seconds() / 3600
    if hours < 0:
        days = int(-hours // 8)
        return _("overdue by %(count)s working days") % {"count": days} if days else _("overdue")
    if hours >= 8:
        return _("%(count)s working days left") % {"count": round(hours / 8)}
    return _("%(count)s working hours left") % {"count": max(1, round(hours))}


BESIDE = ("copied", "urged", "moved", "overdue", "taken_back", "void_asked", "void_declined", "voided")


def other_events(paper: Paper) -> list[Event]:
    """What happened beside deciding: copies, urging, what moved, what was taken back or voided."""
    return [event for event in events_of(paper) if event.verb in BESIDE]
