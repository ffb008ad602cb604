"""Bringing others in: handing a task on, asking for an opinion, adding signers. Whoever is brought in is a person, never whoever began the paper."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.access.rules import person_token
from portal.approvals.counting import ASKED
from portal.approvals.errors import PaperError
from portal.approvals.models import Step, Task
from portal.approvals.moments import moment
from portal.approvals.services.deciding import Held, hold_task, way_to
from portal.approvals.services.telling import ring, tell_of_tasks
from portal.approvals.services.trail import note
from portal.audit.services import record
from portal.foundation.storable import storable

LONGEST_NOTE = 500
MOST_SIGNERS = 5


@transaction.atomic
def transfer_task(task_id: int, *, to: Any, actor: Any, reason: str = "") -> Task:
    """Hand the task on for good. Refuses whoever had it already, so that it never comes round."""
    held = _checked(task_id, actor, to)
    if held.task.place == Task.Place.OPINION:
        raise PaperError(_("You were asked yourself. Answer that somebody else knows."))
    had = _chain(held.task)
    if to.pk == actor.pk or person_token(to.pk) in had:
        raise PaperError(_("%(person)s had it already.") % {"person": to.name})
    held.task.state, held.task.closed_at = Task.State.TRANSFERRED, moment()
    held.task.save(update_fields=["state", "closed_at"])
    task = _brought_in(held, to, actor, place=held.task.place, state=Task.State.OPEN, words=reason)
    note(held.paper, "transferred", actor=actor, principal_id=held.way.principal_id, task=held.task.pk, to=task.pk, person=to.pk, seat=task.seat)
    record(actor, "paper.transferred", held.paper, after={"to": to.name}, reason=reason)
    tell_of_tasks(held.paper, held.step, [task], actor=actor)
    ring(held.paper, [held.task.seat, task.seat])
    return task


@transaction.atomic
def ask_person(task_id: int, *, whom: Any, question: str, actor: Any) -> Task:
    """Ask somebody for an opinion. The task stays where it is; who asked may decide before the answer comes."""
    held = _checked(task_id, actor, whom)
    if held.task.place == Task.Place.OPINION:
        raise PaperError(_("You were asked yourself. Answer that somebody else knows."))
    if person_token(whom.pk) == held.task.seat:
        raise PaperError(_("%(person)s is asked in this step already.") % {"person": whom.name})
    if not question.strip():
        raise PaperError(_("Write what you want to know."))
    task = _brought_in(held, whom, actor, place=Task.Place.OPINION, state=Task.State.OPEN, words=question)
    note(held.paper, "asked", actor=actor, principal_id=held.way.principal_id, task=held.task.pk, to=task.pk, person=whom.pk, seat=task.seat)
    record(actor, "paper.asked", held.paper, after={"whom": whom.name}, reason=question)
    tell_of_tasks(held.paper, held.step, [task], actor=actor)
    ring(held.paper, [task.seat])
    return task


@transaction.atomic
def add_signer(task_id: int, *, whom: Any, is_before: bool, actor: Any, reason: str = "") -> Task:
    """Let somebody else sign too: before, then the task waits for them; or after, then they are asked once this one is approved. One level, no further."""
    held = _checked(task_id, actor, whom)
    if held.task.place != Task.Place.CORE or held.step.kind == Step.Kind.REVISE:
        raise PaperError(_("Whoever was added or asked adds nobody else."))
    if person_token(whom.pk) == held.task.seat or whom.pk == actor.pk:
        raise PaperError(_("You decide here yourself."))
    in_slot = Task.objects.filter(step=held.step, group=held.task.group, slot=held.task.slot)
    if in_slot.filter(place__in=[Task.Place.BEFORE, Task.Place.AFTER]).count() >= MOST_SIGNERS:
        raise PaperError(_("Up to %(most)s people can be added.") % {"most": MOST_SIGNERS})
    place, state = (Task.Place.BEFORE, Task.State.OPEN) if is_before else (Task.Place.AFTER, Task.State.WAITING)
    task = _brought_in(held, whom, actor, place=place, state=state, words=reason)
    note(
        held.paper, "signer_added", actor=actor, principal_id=held.way.principal_id, task=held.task.pk, to=task.pk, person=whom.pk, seat=task.seat, place=place
    )
    if is_before:
        in_slot.filter(place=Task.Place.CORE, state=Task.State.OPEN).update(state=Task.State.WAITING)
        tell_of_tasks(held.paper, held.step, [task], actor=actor)
    record(actor, "paper.signer_added", held.paper, after={"whom": whom.name, "place": str(place)}, reason=reason)
    ring(held.paper, [held.task.seat, task.seat])
    return task


def _checked(task_id: int, actor: Any, other: Any) -> Held:
    """Refuses whom a form must not name (S11): who began it, who is not at work, who is asked in this step already."""
    held = hold_task(task_id, actor=actor)
    if held.step.kind == Step.Kind.REVISE:
        raise PaperError(_("A paper that was returned is changed by whoever began it."))
    if other.pk == held.paper.originator_id:
        raise PaperError(_("%(person)s began this paper. Return it to them, or write a remark.") % {"person": other.name})
    if not other.is_active or not other.is_employee or way_to(held.paper, held.step, person_token(other.pk), other) is None:
        raise PaperError(_("%(person)s does not work here today.") % {"person": other.name})
    if Task.objects.filter(step=held.step, seat=person_token(other.pk), state__in=ASKED).exclude(pk=held.task.pk).exists():
        raise PaperError(_("%(person)s is asked in this step already.") % {"person": other.name})
    return held


def _brought_in(held: Held, person: Any, actor: Any, *, place: str, state: str, words: str) -> Task:
    if len(words) > LONGEST_NOTE:
        raise PaperError(_("Write up to %(most)s characters here.") % {"most": LONGEST_NOTE})
    return Task.objects.create(
        paper=held.paper,
        step=held.step,
        group=held.task.group,
        slot=held.task.slot,
        seat=person_token(person.pk),
        place=place,
        state=state,
        because=[{"code": "person"}],
        parent=held.task,
        given_by=actor,
        note=storable(words.strip()),
        opened_at=moment() if state == Task.State.OPEN else None,
    )


def _chain(task: Task) -> set[str]:
    """The seats through which a task came, the persons among them who handed it on too."""
    had: set[str] = {task.seat}
    while task.parent is not None and task.parent.state == Task.State.TRANSFERRED:
        had |= {task.parent.seat} | ({person_token(task.given_by_id)} if task.given_by_id else set())
        task = task.parent
    return had
