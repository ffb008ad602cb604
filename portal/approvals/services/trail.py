"""The paper's row as the one lock of all acts, and the trail."""

from collections.abc import Collection
from typing import Any

from django.db import transaction

from portal.approvals.models import Event, Paper, Step, Task
from portal.approvals.moments import moment
from portal.approvals.seats import Seating


def lock_paper(pk: int | None = None, **lookup: Any) -> Paper:
    """The paper as it is, by its key or by what leads to it, read as the only writer.

    Whoever acts on it at the same moment comes afterwards and sees what this one did.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("an act on a paper is one transaction")
    locked = Paper.objects.select_for_update(of=("self",)).only("pk").get(**lookup if pk is None else {"pk": pk})
    paper = Paper.objects.whole().get(pk=locked.pk)
    paper.seating = Seating()
    return paper


def open_step_of(paper: Paper) -> Step | None:
    return Step.objects.select_for_update(of=("self",)).filter(paper=paper, state=Step.State.OPEN).first()


def tasks_of(step: Step) -> list[Task]:
    return list(Task.objects.select_for_update(of=("self",)).filter(step=step).select_related("vote").order_by("pk"))


def note(paper: Paper, verb: str, *, actor: Any = None, principal_id: int | None = None, **details: Any) -> Event:
    """Add to the trail. The paper's row must be locked; PostgreSQL writes there which event is the last."""
    paper.last_event += 1
    return Event.objects.create(paper=paper, seq=paper.last_event, verb=verb, actor=actor, principal_id=principal_id, details=details, at=moment())


def events_of(paper: Paper) -> list[Event]:
    """The trail, in order; read once for each state of a paper, as each act adds to it."""
    known: tuple[int, list[Event]] | None = getattr(paper, "_events", None)
    if known is None or known[0] != paper.last_event:
        known = paper._events = (paper.last_event, list(Event.objects.filter(paper=paper).select_related("actor").order_by("seq")))  # type: ignore[attr-defined]
    return known[1]


def last_event_of(paper: Paper, verbs: Collection[str]) -> Event | None:
    """The last of the trail that is one of these."""
    return next((event for event in reversed(events_of(paper)) if event.verb in verbs), None)
