"""What waits for a person: the open tasks of the seats that they hold today."""

from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from portal.access.rules import split_token
from portal.accounts.models import User
from portal.approvals.models import Step, Task
from portal.approvals.seats import gives, seats_of
from portal.organization.models import Deputyship, DutyHolding, Employment


def waiting_for(user: Any) -> QuerySet[Task]:
    """Nobody finds their own paper here but to change it. The statement has the same length for everybody."""
    rows = Task.objects.filter(state=Task.State.OPEN, seat__among=seats_of(user))
    return rows.exclude(Q(paper__originator=user) & ~Q(step__kind=Step.Kind.REVISE))


def count_waiting(user: Any) -> int:
    """How many papers wait for a person; asked once a request."""
    known: int | None = getattr(user, "_waiting_papers", None)
    if known is None:
        known = user._waiting_papers = waiting_for(user).values("paper").distinct().count()
    return known


def note_waiting(user: Any, count: int) -> None:
    """For a page that has read them all: they need not be counted again."""
    user._waiting_papers = count


def in_order(rows: QuerySet[Task]) -> QuerySet[Task]:
    """What is due first, then what came first."""
    related = ("step", "paper__kind", "paper__originator", "paper__department")
    return rows.select_related(*related).order_by(F("step__due_at").asc(nulls_last=True), "opened_at", "pk")


def ends_of_today() -> tuple[datetime, datetime]:
    """Now, and the end of this day."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    return timezone.now(), timezone.make_aware(datetime.combine(tomorrow, time.min))


def principals(user: Any, seats: Collection[str]) -> dict[str, User]:
    """For whom a person holds seats that they do not hold in their own right. One statement for those who stand in for nobody."""
    deputyships = list(Deputyship.objects.current().filter(deputy=user).select_related("employment__person", "employment__position"))
    if not deputyships:
        return {}
    own = list(Employment.objects.current().filter(person=user).select_related("position"))
    duties = set(DutyHolding.objects.current().filter(person__in=[user.pk, *(one.employment.person_id for one in deputyships)]).values_list("person", "duty"))
    found = {}
    for seat in seats:
        if any(gives(post, seat) for post in own) or _has_duty(seat, user.pk, duties):
            continue
        for deputyship in deputyships:
            if gives(deputyship.employment, seat) or _has_duty(seat, deputyship.employment.person_id, duties):
                found[seat] = deputyship.employment.person
    return found


def _has_duty(seat: str, person_id: int, duties: Collection[tuple[int, int]]) -> bool:
    kind, key, _below = split_token(seat)
    return kind == "duty" and (person_id, key) in duties


def tasks_on(paper: Any, user: Any) -> Sequence[Task]:
    """What is asked of this person on one paper, the decisions before the opinions."""
    return sorted(waiting_for(user).filter(paper=paper).select_related("step", "given_by"), key=lambda task: (task.place == Task.Place.OPINION, task.pk))
