"""Deciding: approve, refuse, return, answer. One vote for a task, bound to the content that was read."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from portal.approvals.computing import is_wanted_of_requester, missing, place_words
from portal.approvals.definitions.fields import FieldPlan
from portal.approvals.definitions.forms import Values, digest
from portal.approvals.definitions.routes import REVISE, Found
from portal.approvals.errors import ChangedMeanwhileError, DecidedMeanwhileError, NotYoursError, PaperError
from portal.approvals.models import Paper, Step, Task, Vote
from portal.approvals.moments import moment
from portal.approvals.notifications import ANSWERED, REFUSED, RETURNED
from portal.approvals.placing import Placing
from portal.approvals.seats import Seating, Way
from portal.approvals.services.contents import MOST_TOLD, whole, with_filled, write_content
from portal.approvals.services.ending import finish
from portal.approvals.services.opening import case_of, close_step, open_revision, open_step, settle_step
from portal.approvals.services.telling import let_read, ring, tell
from portal.approvals.services.trail import lock_paper, note
from portal.approvals.words import who_decided
from portal.audit.services import record
from portal.foundation.storable import storable
from portal.search.services import touch

Decision = Vote.Decision
LONGEST_OPINION = 2_000
MOST_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Held:
    """A task that somebody is about to act on: the paper's row is locked, the task is open and theirs."""

    paper: Paper
    step: Step
    task: Task
    way: Way


def hold_task(task_id: int, *, actor: Any, paper: Paper | None = None) -> Held:
    """Lock the paper and see whether the task is still open and belongs to this person today.

    DecidedMeanwhileError where it is over, NotYoursError where they hold the seat no more, or the paper is their own.
    """
    paper = paper or lock_paper_of(task_id)
    task = Task.objects.select_for_update(of=("self",)).select_related("step").get(pk=task_id)
    step = task.step
    if task.state != Task.State.OPEN or step.state != Step.State.OPEN:
        raise DecidedMeanwhileError(who_decided(task))
    _look_ahead(paper, step, task.seat)
    way = way_to(paper, step, task.seat, actor, paper.seating)
    if way is None:
        if actor.pk == paper.originator_id:
            raise NotYoursError(_("Nobody decides on a paper that they began themselves."))
        raise NotYoursError(_("This is not yours to decide today: the post or duty that it belongs to is held by somebody else."))
    return Held(paper, step, task, way)


def _look_ahead(paper: Paper, step: Step, seat: str) -> None:
    """Ask at once who holds this seat and those that will most likely be asked next."""
    found = paper.route.plan.after(step.key, paper.form.plan, paper.content.values) if step.kind == Step.Kind.APPROVE and paper.content else None
    seats = Placing(case_of(paper), paper.seating).likely_seats(found.plan) if found is not None else []
    paper.seating.load([seat, *seats])


def way_to(paper: Paper, step: Step, seat: str, user: Any, seating: Seating | None = None) -> Way | None:
    """How a person may act for a seat in this step; their own paper is theirs alone where it is to be changed."""
    if step.kind == Step.Kind.REVISE:
        return (seating or Seating()).way_of(user.pk, seat, ())
    return Placing(case_of(paper), seating).may_act(user.pk, seat)


@transaction.atomic
def approve_task(task_id: int, *, actor: Any, seen: int, key: UUID, opinion: str = "", filled: Values | None = None) -> Vote:
    """Approve what was seen (the number of the content), with what this step has `filled` in: then the vote is on the content that says it.

    Refuses by name what the step does not write, and what it must write and is not there. Sent again with the same key it answers with the first vote.
    """
    paper = lock_paper_of(task_id)
    return sent_before(actor, key) or _decide(paper, task_id, Decision.APPROVE, actor=actor, seen=seen, key=key, opinion=opinion, filled=filled)


@transaction.atomic
def refuse_task(task_id: int, *, actor: Any, seen: int, key: UUID, opinion: str) -> Vote:
    """Refuse the paper; with that it is over, whoever else was asked. Needs a reason."""
    paper = lock_paper_of(task_id)
    return sent_before(actor, key) or _decide(paper, task_id, Decision.REFUSE, actor=actor, seen=seen, key=key, opinion=opinion)


@transaction.atomic
def return_task(task_id: int, *, actor: Any, seen: int, key: UUID, opinion: str, to: str = REVISE, is_straight: bool = False) -> Vote:
    """Return it to whoever began it, or to a step that it has passed; straight back here afterwards, or through all again. Needs a reason."""
    paper = lock_paper_of(task_id)
    if earlier := sent_before(actor, key):
        return earlier
    held = _checked(paper, task_id, actor=actor, seen=seen, opinion=opinion, needs_opinion=True)
    if held.step.kind == Step.Kind.REVISE:
        raise PaperError(_("It has been returned to you already."))
    if paper.round >= MOST_ROUNDS:
        raise PaperError(_("This paper was returned %(count)s times. Approve or refuse it, or speak with whoever began it.") % {"count": paper.round - 1})
    if to != REVISE and to not in {step.key for step in returnable_steps(paper, held.step)}:
        raise PaperError(_("It can be returned only to a step that it has passed."))
    vote = _vote(held, Decision.RETURN, actor=actor, key=key, opinion=opinion)
    close_step(paper, held.step, Step.State.RETURNED)
    paper.round += 1
    paper.state = Paper.State.RETURNED if to == REVISE else Paper.State.RUNNING
    paper.save(update_fields=["round", "state"])
    supersede(paper, from_key=None if to == REVISE else to, only_it=is_straight and to != REVISE, is_kept=is_straight and to == REVISE)
    if to == REVISE:
        open_revision(paper, held.step, is_straight=is_straight, actor=actor)
    else:
        plan = paper.route.plan.step(to)
        assert plan is not None
        open_step(paper, Found(plan), actor=actor, resumes=held.step if is_straight else None, is_returned=True)
    tell(RETURNED, paper, [paper.originator_id], actor=actor, note=opinion)
    record(actor, "paper.returned", paper, after={"to": to, "straight": is_straight}, reason=opinion)
    _touched(held)
    return vote


@transaction.atomic
def answer_task(task_id: int, *, actor: Any, key: UUID, opinion: str) -> Vote:
    """Say one's opinion where somebody asked for it. It decides nothing."""
    paper = lock_paper_of(task_id)
    if earlier := sent_before(actor, key):
        return earlier
    held = _checked(paper, task_id, actor=actor, seen=None, opinion=opinion, needs_opinion=True)
    if held.task.place != Task.Place.OPINION:
        raise PaperError(_("You are asked to decide here, not only for an opinion."))
    vote = _vote(held, Decision.OPINION, actor=actor, key=key, opinion=opinion)
    if held.task.given_by_id:
        tell(ANSWERED, held.paper, [held.task.given_by_id], actor=actor, note=opinion)
    record(actor, "paper.answered", held.paper, reason=opinion)
    _touched(held)
    return vote


def returnable_steps(paper: Paper, step: Step) -> list[Step]:
    """The steps to which a paper may be returned from here: those that it has passed and that still count, the last opening of each."""
    passed = Step.objects.filter(paper=paper, state=Step.State.PASSED, kind=Step.Kind.APPROVE).exclude(key=step.key).order_by("pk")
    return sorted({one.key: one for one in passed}.values(), key=lambda one: one.pk)


def supersede(paper: Paper, *, from_key: str | None, only_it: bool = False, is_kept: bool = False) -> None:
    """What was decided is to be decided again: all of it, from a step on, or in this step alone. Nothing is erased."""
    if is_kept:
        return
    rows = Step.objects.filter(paper=paper, state=Step.State.PASSED)
    if from_key is not None:
        first = rows.filter(key=from_key).order_by("-pk").values_list("pk", flat=True).first()
        rows = rows.filter(key=from_key) if only_it else rows.filter(pk__gte=first or 0)
    rows.update(state=Step.State.SUPERSEDED)


def _decide(paper: Paper, task_id: int, decision: str, *, actor: Any, seen: int, key: UUID, opinion: str, filled: Values | None = None) -> Vote:
    held = _checked(paper, task_id, actor=actor, seen=seen, opinion=opinion, needs_opinion=decision == Decision.REFUSE)
    if held.task.place == Task.Place.OPINION or held.step.kind == Step.Kind.REVISE:
        raise PaperError(_("You are not asked to decide here."))
    if decision == Decision.APPROVE:
        _fill(held, filled or {}, actor=actor)
    vote = _vote(held, decision, actor=actor, key=key, opinion=opinion)
    record(actor, "paper.approved" if decision == Decision.APPROVE else "paper.refused", held.paper, after={"step": held.step.label_in["zh"]}, reason=opinion)
    if decision == Decision.APPROVE:
        settle_step(held.paper, held.step, actor=actor)
    else:
        close_step(held.paper, held.step, Step.State.REFUSED)
        finish(held.paper, Paper.State.REFUSED, actor=actor)
        tell(REFUSED, held.paper, [held.paper.originator_id], actor=actor, note=opinion)
    _touched(held)
    return vote


def written_in(paper: Paper, step: Step) -> dict[str, bool]:
    """What a step writes, by path, and whether it must."""
    plan = paper.route.plan.step(step.key)
    return dict(plan.writes) if plan is not None and step.kind == Step.Kind.APPROVE else {}


def _fill(held: Held, filled: Values, *, actor: Any) -> None:
    """What the step writes becomes a new content, on which it then votes."""
    paper, writes = held.paper, written_in(held.paper, held.step)
    assert paper.content is not None
    if not writes and not filled:
        return
    if held.task.place != Task.Place.CORE:
        writes = {}
    plan, before = paper.form.plan, paper.content.values
    values = whole(plan, with_filled(plan, before, filled, writes), paper.kind)

    def is_wanted(path: str, field: FieldPlan) -> bool:
        return writes.get(path, False) or is_wanted_of_requester(path, field)

    if digest(values) != digest(before):
        write_content(paper, values, paper.content.chosen, actor=actor, wanted=is_wanted, writes=writes)
        note(paper, "filled", actor=actor, principal_id=held.way.principal_id, task=held.task.pk, content=paper.content_id)
    elif lacking := missing(plan, values, is_wanted):
        raise PaperError(_("Fill in first: %(places)s.") % {"places": _(", ").join(place_words(plan, one) for one in lacking[:MOST_TOLD])})


def lock_paper_of(task_id: int) -> Paper:
    return lock_paper(tasks=task_id)


def sent_before(actor: Any, key: UUID) -> Vote | None:
    """What the same press did before. The paper is locked first, so that the second of two at one moment waits for the first."""
    return Vote.objects.filter(person=actor, request_key=key).select_related("paper").first()


def _checked(paper: Paper, task_id: int, *, actor: Any, seen: int | None, opinion: str, needs_opinion: bool) -> Held:
    held = hold_task(task_id, actor=actor, paper=paper)
    assert held.paper.content is not None
    if needs_opinion and not opinion.strip():
        raise PaperError(_("Write why: whoever began it has to know what to do."))
    if len(opinion) > LONGEST_OPINION:
        raise PaperError(_("An opinion has up to %(most)s characters; put what is longer into a file.") % {"most": LONGEST_OPINION})
    if seen is not None and seen != held.paper.content.number:
        raise ChangedMeanwhileError(_("It has changed since you opened it. What changed is shown below; read it and decide anew."))
    return held


def _vote(held: Held, decision: str, *, actor: Any, key: UUID, opinion: str) -> Vote:
    assert held.paper.content is not None
    opinion = storable(opinion.strip())
    vote = Vote.objects.create(
        task=held.task,
        step=held.step,
        paper=held.paper,
        content=held.paper.content,
        person=actor,
        principal_id=held.way.principal_id,
        employment_id=held.way.employment_id,
        decision=decision,
        opinion=opinion,
        request_key=key,
        at=moment(),
    )
    held.task.state, held.task.closed_at = Task.State.DONE, moment()
    held.task.save(update_fields=["state", "closed_at"])
    note(held.paper, decision, actor=actor, principal_id=held.way.principal_id, task=held.task.pk, step=held.step.pk, vote=vote.pk)
    let_read(held.paper, [f"user:{actor.pk}"], "decided", actor=actor)
    return vote


def _touched(held: Held) -> None:
    touch(Paper, [held.paper.pk])
    ring(held.paper, Task.objects.filter(step=held.step).values_list("seat", flat=True))
