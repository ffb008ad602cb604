"""What waits for a person: the open tasks of the seats that they hold today."""

from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from django.db.models import BooleanField, Case, ExpressionWrapper, F, Q, QuerySet, When
from django.db.models.expressions import Combinable
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.rules import split_token
from portal.accounts.models import User
from portal.approvals.models import Step, Task
from portal.approvals.seats import gives, seats_of
from portal.foundation.language import is_chinese
from portal.organization.models import Deputyship, DutyHolding, Employment


def waits_for(user: Any) -> Q:
    """Of tasks: those that wait for this person. Nobody finds their own paper here but to change it. It has the same length for everybody."""
    is_theirs = Q(state=Task.State.OPEN, seat__among=seats_of(user))
    return is_theirs & (~Q(paper__originator=user) | Q(step__kind=Step.Kind.REVISE))


def waiting_for(user: Any) -> QuerySet[Task]:
    return Task.objects.filter(waits_for(user))


def count_waiting(user: Any) -> int:
    """How many papers wait for a person; asked once a request."""
    known: int | None = getattr(user, "_waiting_papers", None)
    if known is None:
        known = user._waiting_papers = waiting_for(user).values("paper").distinct().count()
    return known


def note_waiting(user: Any, count: int) -> None:
    """For a page that has read them all: they need not be counted again."""
    user._waiting_papers = count


class Waiting(NamedTuple):
    """As much of a paper that waits as its place in the list and what stands above it need."""

    task_id: int
    paper_id: int
    seat: str
    is_late: bool | None  # None where it is never due
    is_today: bool | None
    kind_id: int
    kind_order: int
    kind: str

    @property
    def group(self) -> str:
        return "late" if self.is_late else "today" if self.is_today else "later"


class WaitingRow(NamedTuple):
    """What a row of the list shows of it."""

    task_id: int
    paper_id: int
    seat: str
    place: str
    opened_at: datetime
    step_kind: str
    asks: str
    step_in: dict[str, str]
    due_at: datetime | None
    title: str
    number: str
    amount: int | None
    kind: str
    originator: str
    department: str

    @property
    def asked(self) -> str:
        """What is asked of me: a decision, an opinion, a change."""
        if self.step_kind == Step.Kind.REVISE:
            return _("change")
        return _("opinion") if self.place == Task.Place.OPINION else str(Step.Asks(self.asks).label)


OF_WAITING = ("pk", "paper", "seat", "is_late", "is_today", "paper__kind", "paper__kind__order", "kind")
OF_TASK = ("pk", "paper", "seat", "place", "opened_at", "step__kind", "step__asks", "step__label_in", "step__due_at")
OF_PAPER = ("paper__title", "paper__number", "paper__amount", "kind", "paper__originator__name", "department")


def in_order(rows: QuerySet[Task]) -> QuerySet[Task]:
    """What is due first, then what came first."""
    return rows.order_by(F("step__due_at").asc(nulls_last=True), "opened_at", "pk")


def read_waiting(user: Any) -> list[Waiting]:
    """All that waits for a person, in order; a paper once, by its first task."""
    now, tomorrow = ends_of_today()
    told = {"is_late": _is_due(before=now), "is_today": _is_due(before=tomorrow), "kind": own_name("paper__kind")}
    found: dict[int, Waiting] = {}
    for row in map(Waiting._make, in_order(waiting_for(user)).annotate(**told).values_list(*OF_WAITING)):
        found.setdefault(row.paper_id, row)
    note_waiting(user, len(found))
    return list(found.values())


def read_rows(waiting: Sequence[Waiting]) -> list[WaitingRow]:
    """What is shown of some of them, in their order."""
    names = {"kind": own_name("paper__kind"), "department": own_name("paper__department")}
    tasks = Task.objects.filter(pk__in=[one.task_id for one in waiting]).annotate(**names).values_list(*OF_TASK, *OF_PAPER)
    rows = {row.task_id: row for row in map(WaitingRow._make, tasks)}
    return [rows[one.task_id] for one in waiting if one.task_id in rows]


def _is_due(*, before: datetime) -> ExpressionWrapper:
    return ExpressionWrapper(Q(step__due_at__lt=before), output_field=BooleanField())


def own_name(path: str) -> Combinable:
    """Of what has a name in both languages, the reader's; the Chinese one where there is no other."""
    return F(f"{path}__name") if is_chinese() else Case(When(**{f"{path}__name_en": ""}, then=F(f"{path}__name")), default=F(f"{path}__name_en"))


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


def read_tasks_on(paper: Any, user: Any) -> list[Task]:
    """All tasks of a paper in the order of their making, each with `is_mine`: whether it waits for this person."""
    mine = ExpressionWrapper(waits_for(user), output_field=BooleanField())
    return list(Task.objects.filter(paper=paper).select_related("step", "given_by").annotate(is_mine=mine).order_by("pk"))


def asked_of_me(tasks: Sequence[Task]) -> list[Task]:
    """Of such tasks what is asked of this person, the decisions before the opinions."""
    return sorted((task for task in tasks if task.is_mine), key=lambda task: (task.place == Task.Place.OPINION, task.pk))  # type: ignore[attr-defined]
