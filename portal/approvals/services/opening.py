"""Opening steps, one after the other, until somebody has to decide or the paper has come to its end."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from portal.access.rules import person_token
from portal.approvals.counting import GONE, is_step_satisfied, not_needed, to_open
from portal.approvals.definitions.routes import REVISE, Found, StepPlan
from portal.approvals.errors import NobodyError
from portal.approvals.models import Paper, Step, Task, Vote
from portal.approvals.moments import moment
from portal.approvals.notifications import TOLD
from portal.approvals.placing import Case, PlacedGroup, Placing, Slot
from portal.approvals.seats import tokens_for
from portal.approvals.services.ending import finish
from portal.approvals.services.telling import holders_of, let_read, plan_due, quiet, step_url, tell, tell_of_tasks
from portal.approvals.services.trail import note, tasks_of
from portal.calendar.queries import add_working_time

APPROVE = Vote.Decision.APPROVE
REVISION = {"zh": "发起人修改", "en": "Changes by the requester"}


def case_of(paper: Paper) -> Case:
    """What the way of a submitted paper depends on, as it is now."""
    assert paper.content is not None
    return Case(paper.originator_id, paper.department_id, paper.form.plan, paper.content.values, paper.content.chosen, paper.kind.keeper)


def go_on(paper: Paper, after: Step | None, *, actor: Any) -> None:
    """Open what follows a step that has passed: the step that had returned the paper, else the next of the route (the first where there was none).

    The paper is finished where nothing follows.
    """
    step = after
    while True:
        step = _next(paper, step, actor=actor)
        if step is None:
            finish(paper, Paper.State.APPROVED, actor=actor)
            return
        if step.state == Step.State.OPEN:
            return


def _next(paper: Paper, step: Step | None, *, actor: Any) -> Step | None:
    assert paper.content is not None
    if step is not None and step.resumes_id is not None:
        return reopen_step(paper, Step.objects.get(pk=step.resumes_id), actor=actor)
    form, values, route = paper.form.plan, paper.content.values, paper.route.plan
    found = route.first(form, values) if step is None or step.kind == Step.Kind.REVISE else route.after(step.key, form, values)
    return open_step(paper, found, actor=actor) if found is not None else None


def open_step(paper: Paper, found: Found, *, actor: Any, resumes: Step | None = None, is_returned: bool = False) -> Step:
    """Open a step of the route: its tasks, its time limit, bells and readers. A step to which the paper is returned asks everybody anew.

    Comes back passed where everybody who is asked has decided on this very content before, or where the step only tells.
    """
    plan = found.plan
    placing = Placing(case_of(paper), paper.seating)
    groups = placing.place(plan)
    step = _new_step(paper, plan, found.because, [group.mode for group in groups], resumes)
    if plan.kind == Step.Kind.TELL:
        _tell(paper, step, groups, actor=actor)
        close_step(paper, step, Step.State.PASSED)
        return step
    tasks = [_task(step, number, place, slot, seat) for number, group in enumerate(groups) for place, slot in enumerate(group.slots) for seat in slot.seats]
    return _begin(paper, step, tasks, placing if plan.counts_earlier and not is_returned else None, actor=actor)


def reopen_step(paper: Paper, earlier: Step, *, actor: Any, besides: Vote | None = None) -> Step:
    """Straight back to a step that had returned the paper, to those who were asked there: whoever had approved is not asked again, `besides` one vote."""
    plan = paper.route.plan.step(earlier.key)
    assert plan is not None
    placing = Placing(case_of(paper), paper.seating)
    step = _new_step(paper, plan, earlier.because, earlier.modes, earlier.resumes)
    tasks: list[Task] = []
    asked = Task.objects.filter(step=earlier).exclude(state__in=GONE).exclude(place=Task.Place.OPINION).select_related("vote", "counts")
    for old in asked.order_by("group", "slot", "pk"):
        vote = old.counts if old.state == Task.State.COUNTED else old.vote if old.state == Task.State.DONE and old.vote.decision == APPROVE else None
        vote = None if vote == besides else vote
        slot = Slot((old.seat,), tuple(old.because)) if vote is not None else placing.settle(old.seat, tuple(old.because))
        for seat in slot.seats:
            if vote is None and any(task.seat == seat and task.counts is None for task in tasks):
                continue
            task = _task(step, old.group, old.slot, slot, seat)
            task.place, task.given_by_id, task.note, task.counts = old.place, old.given_by_id, old.note, vote
            tasks.append(task)
    return _begin(paper, step, tasks, None, actor=actor)


def open_revision(paper: Paper, returning: Step, *, is_straight: bool, actor: Any) -> Step:
    """The requester's turn to change a paper that was returned; somebody above them where they are not here any more."""
    step = Step.objects.create(
        paper=paper,
        round=paper.round,
        key=REVISE,
        kind=Step.Kind.REVISE,
        label_in=REVISION,
        modes=["any"],
        resumes=returning if is_straight else None,
        opened_at=moment(),
    )
    slot = placing_for(paper, step).settle(person_token(paper.originator_id))
    return _begin(paper, step, [_task(step, 0, 0, slot, seat) for seat in slot.seats], None, actor=actor)


def placing_for(paper: Paper, step: Step) -> Placing:
    """Nobody decides their own paper, but a paper that was returned is theirs to change."""
    case = case_of(paper)
    return Placing(replace(case, originator_id=0) if step.kind == Step.Kind.REVISE else case, paper.seating)


def advance_tasks(paper: Paper, step: Step, tasks: list[Task], *, actor: Any) -> None:
    """Open those whose turn has come and tell them, and close those who are not needed any more because others have decided.

    Whose seat nobody can decide from by now is not opened: whoever it goes to is added to `tasks` and opened instead.
    """
    placing, opened = placing_for(paper, step), []
    while waiting := to_open(tasks, step.modes):
        for task in waiting:
            if (moved := move_task(paper, step, task, tasks, placing)) is not None:
                tasks += moved
                continue
            task.state, task.opened_at = Task.State.OPEN, moment()
            task.save(update_fields=["state", "opened_at"])
            opened.append(task)
    for task in not_needed(tasks, step.modes):
        task.state, task.closed_at = Task.State.NOT_NEEDED, moment()
        task.save(update_fields=["state", "closed_at"])
    if opened:
        tell_of_tasks(paper, step, opened, actor=actor)


def move_task(paper: Paper, step: Step, task: Task, tasks: Sequence[Task], placing: Placing) -> list[Task] | None:
    """Where the seat of a task cannot decide any more: void it, and give what it asked to those to whom it goes, who are returned, waiting.

    None where it can, or where nobody in the plant could: then it stays as it is. A task that was handed on goes back to the seat from which it came;
    signers that were added and whoever was asked for an opinion are not replaced, and a seat that is asked in the step already is not asked again.
    """
    slot = placing.settle(task.seat, tuple(task.because))
    if not slot.seats or slot.seats == (task.seat,):
        return None
    if task.place != Task.Place.CORE:
        slot = Slot((), ())
    elif task.parent is not None and task.parent.state == Task.State.TRANSFERRED:
        slot = placing.settle(task.parent.seat, (*task.because, {"code": "given_back", "seat": task.seat}))
    task.state, task.closed_at = Task.State.VOID, moment()
    task.save(update_fields=["state", "closed_at"])
    asked = {one.seat for one in tasks if one.state not in GONE and one.place != Task.Place.OPINION}
    new = [_task(step, task.group, task.slot, slot, seat) for seat in slot.seats if seat not in asked]
    Task.objects.bulk_create(new)
    note(paper, "moved", task=task.pk, seat=task.seat, tasks=[_as_data(one) for one in new])
    return new


def close_step(paper: Paper, step: Step, state: str) -> None:
    """The step is over; whoever was still asked is not any more."""
    step.state, step.closed_at = state, moment()
    step.save(update_fields=["state", "closed_at"])
    Task.objects.filter(step=step, state__in=[Task.State.OPEN, Task.State.WAITING]).update(state=Task.State.NOT_NEEDED, closed_at=moment())
    note(paper, "closed", step=step.pk, key=step.key, state=state)
    quiet(paper, step)


def settle_step(paper: Paper, step: Step, *, actor: Any) -> None:
    """After a decision: whose turn it is in the step now, or what follows it."""
    tasks = tasks_of(step)
    advance_tasks(paper, step, tasks, actor=actor)
    if is_step_satisfied(tasks, step.modes):
        close_step(paper, step, Step.State.PASSED)
        go_on(paper, step, actor=actor)


def due_of(due: Mapping[str, Any], start: datetime) -> datetime | None:
    """By the plant's working time, at the same time of day for a limit of days."""
    if not due:
        return None
    return add_working_time(start, hours=due["hours"]) if "hours" in due else add_working_time(start, days=int(due["days"]), keeps_time=True)


def _new_step(paper: Paper, plan: StepPlan, because: Sequence[Any], modes: Sequence[str], resumes: Step | None) -> Step:
    now = moment()
    return Step.objects.create(
        paper=paper,
        round=paper.round,
        key=plan.key,
        kind=plan.kind,
        asks=Step.Asks.APPROVE if plan.type == "tell" else plan.type,
        label_in=dict(plan.label_in),
        modes=list(modes),
        because=list(because),
        resumes=resumes,
        due=dict(plan.due),
        opened_at=now,
        due_at=due_of(plan.due, now),
    )


def _begin(paper: Paper, step: Step, tasks: list[Task], counting: Placing | None, *, actor: Any) -> Step:
    """Write the tasks of a new step, count what was decided before, and open those whose turn it is."""
    if not tasks:
        raise NobodyError(_("Nobody in the plant could decide on “%(step)s”. Tell an administrator, who can say who keeps papers.") % {"step": step.label})
    for task in tasks:
        if task.counts_id is not None:
            _count(task, task.counts)
    Task.objects.bulk_create(tasks)
    asked = [_as_data(task) for task in tasks]
    note(paper, "opened", step=step.pk, key=step.key, kind=step.kind, modes=step.modes, round=step.round, tasks=asked)
    if counting is not None:
        _count_earlier(paper, tasks, counting)
    for task in tasks:
        if task.counts_id is not None:
            note(paper, "counted", task=task.pk, vote=task.counts_id)
    advance_tasks(paper, step, tasks, actor=actor)
    if is_step_satisfied(tasks, step.modes):
        close_step(paper, step, Step.State.PASSED)
    else:
        plan_due(step)
    return step


def _as_data(task: Task) -> dict[str, Any]:
    return {"task": task.pk, "group": task.group, "slot": task.slot, "seat": task.seat, "place": task.place}


def _task(step: Step, group: int, place: int, slot: Slot, seat: str) -> Task:
    return Task(paper=step.paper, step=step, group=group, slot=place, seat=seat, state=Task.State.WAITING, because=list(slot.because))


def _tell(paper: Paper, step: Step, groups: Sequence[PlacedGroup], *, actor: Any) -> None:
    seats = sorted({seat for group in groups for slot in group.slots for seat in slot.seats})
    let_read(paper, {token for seat in seats for token in tokens_for(seat)}, "told", actor=actor)
    note(paper, "told", step=step.pk, key=step.key, seats=seats)
    people = [pk for pk in holders_of(seats) if pk != paper.originator_id]
    tell(TOLD, paper, people, url=step_url(paper, step), person=paper.originator.name, step=step.label_in["zh"], step_en=step.label_in["en"])


def _count_earlier(paper: Paper, tasks: Sequence[Task], placing: Placing) -> None:
    """A seat whose only holder has approved this very content already is not asked again."""
    approvals = Vote.objects.filter(paper=paper, content=paper.content, decision=APPROVE, principal__isnull=True)
    votes = {vote.person_id: vote for vote in approvals.filter(step__state__in=[Step.State.OPEN, Step.State.PASSED]).order_by("-pk")}
    for task in tasks if votes else ():
        holders = {way.person_id for way in placing.seating.ways(task.seat) if not way.is_barred(placing.case.barred)}
        earlier = votes.get(next(iter(holders))) if len(holders) == 1 else None
        if earlier is not None:
            _count(task, earlier)
            task.save(update_fields=["state", "counts", "opened_at", "closed_at"])


def _count(task: Task, vote: Vote | None) -> None:
    task.state, task.counts, task.opened_at, task.closed_at = Task.State.COUNTED, vote, moment(), moment()
