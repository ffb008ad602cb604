"""Who has read a mass mail, by department, for who sent it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Subquery

from mail.models import Message, Placement
from portal.organization.models import Employment
from portal.organization.places import read_places

LOW = 0.75


@dataclass(frozen=True, slots=True)
class DepartmentLine:
    """Of the people of a department of today: to how many it went, who have read it, from whom it was recalled."""

    department_id: int | None
    label: str
    sent: int
    read: int
    recalled: int

    @property
    def unread(self) -> int:
        return self.sent - self.read - self.recalled

    @property
    def is_low(self) -> bool:
        return self.read < LOW * (self.sent - self.recalled)


def department_today(owner: str) -> Any:
    """The department in which somebody works today; `owner` is the path to the person."""
    return Subquery(Employment.objects.current().primary().filter(person=OuterRef(owner)).values("department")[:1])


def by_department(message: Message) -> list[DepartmentLine]:
    """In the order of the tree; those who are in none today come last."""
    rows = Placement.objects.filter(message=message, side="received").order_by().annotate(department=department_today("mailbox__owner"))
    counted = rows.values_list("department").annotate(Count("pk"), Count("read_at"), Count("recalled_at"))
    places = read_places()
    lines = [DepartmentLine(pk, places.labels.get(pk, ""), sent, read, recalled) for pk, sent, read, recalled in counted]
    order = {pk: number for number, pk in enumerate(places.all)}
    return sorted(lines, key=lambda line: order.get(line.department_id, len(order)))
