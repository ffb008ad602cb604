"""Bells, topics and the search: what follows from an act once it has committed."""

from collections.abc import Collection, Iterable
from typing import Any

from portal.access.participation import add_readers
from portal.access.standings import people_holding
from portal.approvals.models import Paper, Step, Task
from portal.approvals.moments import is_history
from portal.approvals.notifications import ASKED, WAITS
from portal.approvals.seats import tokens_for
from portal.live.services import ring_topics
from portal.notifications.registry import NotificationKind
from portal.notifications.services import notify
from portal.outbox.services import enqueue

QUIET = "approvals.quiet"
DUE = "approvals.due"
MOST_RUNG = 200


def step_url(paper: Paper, step: Step) -> str:
    """One address for each opening of a step, so that what was told of it can be taken back."""
    return f"{paper.get_absolute_url()}#step-{step.pk}"


def holders_of(seats: Iterable[str]) -> list[int]:
    """Who holds one of these seats today."""
    tokens = sorted({token for seat in seats for token in tokens_for(seat)})
    return sorted(people_holding(tokens).values_list("pk", flat=True)) if tokens else []


def holders_on(paper: Paper, seats: Iterable[str]) -> list[int]:
    """The same by what the act has asked already."""
    if paper.seating is None:
        return holders_of(seats)
    seats = set(seats)
    paper.seating.load(seats)
    return sorted({way.person_id for seat in seats for way in paper.seating.ways(seat)})


def tell(kind: NotificationKind, paper: Paper, people: Iterable[int], *, actor: Any = None, url: str = "", person: str = "", **words: str) -> None:
    """A bell about a paper; whoever may not see it any more when it is sent is not told."""
    people = [pk for pk in set(people) if actor is None or pk != actor.pk]
    if not people or is_history():
        return
    said = {"title": paper.title, "person": person or (actor.name if actor is not None else paper.originator.name), **words}
    notify(kind, words=said, about=paper, recipients=people, url=url or paper.get_absolute_url(), actor=actor)


def tell_of_tasks(paper: Paper, step: Step, tasks: Collection[Task], *, actor: Any) -> None:
    """Those who hold the seats that are asked from now on; they take part from now on."""
    let_read(paper, {token for task in tasks for token in tokens_for(task.seat)}, "asked", actor=actor)
    if is_history():
        return
    for task in tasks:
        people = holders_on(paper, [task.seat])
        if task.place == Task.Place.OPINION:
            tell(ASKED, paper, people, actor=actor, url=step_url(paper, step), note=task.note)
        else:
            people = [pk for pk in people if pk != paper.originator_id or step.kind == Step.Kind.REVISE]
            step_words = {"step": step.label_in["zh"], "step_en": step.label_in["en"]}
            tell(WAITS, paper, people, actor=actor, url=step_url(paper, step), person=paper.originator.name, **step_words)


def let_read(paper: Paper, tokens: Iterable[str], reason: str, *, actor: Any) -> None:
    """Those who hold these tokens take part; who does already stays."""
    if wanted := set(tokens):
        add_readers(paper, wanted, actor=actor, reason=reason)


def plan_due(step: Step) -> None:
    """Look at the step again when its time is over."""
    if step.due_at is not None:
        enqueue(DUE, {"step": step.pk, "due_at": step.due_at.isoformat()}, due_at=step.due_at)


def quiet(paper: Paper, step: Step) -> None:
    """Bells that ask for something which is not asked any more are taken back."""
    if not is_history():
        enqueue(QUIET, {"url": step_url(paper, step)})


def ring(paper: Paper, seats: Iterable[str] = ()) -> None:
    """Open pages of the paper, and the lists of those whose seats were touched, ask anew."""
    if is_history():
        return
    people = holders_on(paper, seats)[:MOST_RUNG]
    ring_topics({f"paper:{paper.pk}": paper.last_event} | {f"papers:{pk}": paper.last_event for pk in {*people, paper.originator_id}})
