"""The plant as an import compares with it: people, posts, departments and positions on one day."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from portal.accounts.models import User
from portal.organization.models import Department, Employment, Position, Profile

CARD_FIELDS = ("mobile", "phone", "room")
PERSON_FIELDS = ("name", "name_en", "email")


@dataclass(frozen=True, slots=True)
class DepartmentNow:
    id: int
    code: str
    name: str
    name_en: str
    parent_id: int | None
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class PositionNow:
    id: int
    code: str
    name: str
    name_en: str
    clearance: int = 1
    is_head: bool = False


@dataclass(frozen=True, slots=True)
class PostNow:
    """A primary post. `id` is the employment's."""

    id: int
    department_id: int
    position_id: int
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class PersonNow:
    """Someone who has an account: what is stored (by field), today's primary post, those to come, and the last that ended."""

    id: int
    employee_number: str
    values: dict[str, str]
    is_employee: bool = True
    is_superuser: bool = False
    current: PostNow | None = None
    planned: tuple[PostNow, ...] = ()
    last_day: date | None = None


@dataclass(slots=True)
class Present:
    day: date
    plant_name: str = ""
    departments: dict[int, DepartmentNow] = field(default_factory=dict)
    positions: dict[int, PositionNow] = field(default_factory=dict)
    people: dict[str, PersonNow] = field(default_factory=dict)


def read_present(day: date, plant_name: str) -> Present:
    """The plant on a day, in a handful of queries however large it is."""
    present = Present(day, plant_name)
    for department in Department.objects.order_by("path"):
        is_closed = department.closed_on is not None and department.closed_on <= day
        present.departments[department.pk] = DepartmentNow(department.pk, department.code, department.name, department.name_en, department.parent_id, is_closed)
    for position in Position.objects.order_by("order", "pk"):
        present.positions[position.pk] = PositionNow(position.pk, position.code, position.name, position.name_en, position.clearance, position.is_head)
    cards = {card["person_id"]: card for card in Profile.objects.values("person_id", *CARD_FIELDS)}
    posts: dict[int, list[PostNow]] = defaultdict(list)
    last_days: dict[int, date] = {}
    for row in (
        Employment.objects.filter(is_primary=True).order_by("starts_on").values("pk", "person_id", "department_id", "position_id", "starts_on", "ends_on")
    ):
        if row["ends_on"] is not None and row["ends_on"] < day:
            last_days[row["person_id"]] = row["ends_on"]
        else:
            posts[row["person_id"]].append(PostNow(row["pk"], row["department_id"], row["position_id"], row["starts_on"], row["ends_on"]))
    for person in User.objects.order_by("pk").values("pk", "employee_number", "kind", "is_superuser", *PERSON_FIELDS):
        card = cards.get(person["pk"], {})
        held = posts.get(person["pk"], [])
        present.people[person["employee_number"]] = PersonNow(
            id=person["pk"],
            employee_number=person["employee_number"],
            values={name: person[name] for name in PERSON_FIELDS} | {name: card.get(name, "") for name in CARD_FIELDS},
            is_employee=person["kind"] == User.Kind.EMPLOYEE,
            is_superuser=person["is_superuser"],
            current=next((post for post in held if post.starts_on <= day), None),
            planned=tuple(post for post in held if post.starts_on > day),
            last_day=last_days.get(person["pk"]),
        )
    return present
