"""What the pages about people and departments ask, each in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import get_language

from portal.accounts.models import User
from portal.organization.models import Absence, Department, Deputyship, Employment
from portal.organization.querysets import today

SMALL_KINDS = (Department.Kind.SHIFT, Department.Kind.SECTION)
COLUMNS = ("pk", "name", "employee_number", "profile__phone", "profile__mobile", "profile__room")


@dataclass(slots=True)
class PersonRow:
    """A person as lists show them: the primary post today, the card's phones, and why they are away (empty when they are not)."""

    pk: int
    name: str
    number: str
    phone: str = ""
    mobile: str = ""
    room: str = ""
    department_id: int | None = None
    place: str = ""
    position: str = ""
    away: str = ""


def find_people(words: str, *, department: Department | None = None, heads_only: bool = False, left: bool = False) -> QuerySet[User]:
    """People who work here today (or `left`), by pinyin. Each word fits the name, its spellings, the number, a phone or the department."""
    held = Employment.objects.current().filter(person=OuterRef("pk"))
    if department is not None:
        held = held.filter(department__path__startswith=department.path)
    if heads_only:
        held = held.filter(position__is_head=True)
    people = User.objects.employees()
    people = people.filter(~Exists(held), is_superuser=False) if left else people.active().filter(Exists(held))
    for word in words.split()[:6]:
        people = people.filter(_fits(word))
    return people.order_by("name_pinyin", "name", "pk")


def rows_of(people: Iterable[tuple[Any, ...]], *, day: date | None = None) -> list[PersonRow]:
    """Rows for a page of people (given by COLUMNS), in two queries however long the page is. Plain values: a list is asked for most of all pages."""
    day = day or today()
    rows = {pk: PersonRow(pk, name, number, phone or "", mobile or "", room or "") for pk, name, number, phone, mobile, room in people}
    is_chinese = (get_language() or "zh").startswith("zh")
    name, above, post = ("name", "parent__name", "name") if is_chinese else ("name_en", "parent__name_en", "name_en")
    fields = (
        "person",
        "department",
        "department__kind",
        f"department__{name}",
        f"department__{above}",
        f"position__{post}",
        "department__name",
        "position__name",
    )
    for held in Employment.objects.on(day).filter(person__in=rows).order_by("is_primary", "-pk").values_list(*fields):
        row = rows[held[0]]
        row.department_id, row.position = held[1], held[5] or held[7]
        label = held[3] or held[6]
        row.place = f"{held[4]} {label}" if held[2] in SMALL_KINDS and held[4] else label
    for person_id, kind in Absence.objects.on(day).filter(person__in=rows).values_list("person", "kind"):
        rows[person_id].away = str(Absence.Kind(kind).label)
    return list(rows.values())


def department_options() -> list[tuple[int, str]]:
    """Open departments for a list to choose from: (id, name indented by depth)."""
    is_chinese = (get_language() or "zh").startswith("zh")
    rows = Department.objects.open().in_tree_order().values_list("pk", "path", "name", "name_en")
    return [(pk, f"{'　' * (path.count('/') - 1)}{name if is_chinese or not name_en else name_en}") for pk, path, name, name_en in rows]


def asked_department(text: str) -> Department | None:
    """The department that an address or a form names by its id; None for anything else."""
    return Department.objects.filter(pk=int(text)).first() if text.isdecimal() and len(text) < 18 else None


def place_label(department: Department) -> str:
    """The name with the one above where it says little by itself: 卷包车间 甲班."""
    if department.kind in SMALL_KINDS and department.parent is not None:
        return f"{department.parent.label} {department.label}"
    return department.label


def head_counts(day: date) -> dict[int, int]:
    """How many people belong to each department with those below it, each counted once in a department."""
    counts: dict[int, int] = defaultdict(int)
    direct = Employment.objects.on(day).filter(is_primary=True).values_list("department__path").annotate(count=Count("person"))
    for path, count in direct.order_by():
        for part in path.split("/"):
            if part:
                counts[int(part)] += count
    return counts


def heads_on(day: date, department_ids: Collection[int] | None = None) -> dict[int, list[Employment]]:
    """Who heads each department on a day."""
    heads = Employment.objects.on(day).filter(position__is_head=True).select_related("person", "position").order_by("-is_primary", "pk")
    if department_ids is not None:
        heads = heads.filter(department__in=department_ids)
    by_department: dict[int, list[Employment]] = defaultdict(list)
    for employment in heads:
        by_department[employment.department_id].append(employment)
    return by_department


@dataclass(frozen=True, slots=True)
class Head:
    """Who heads a department, as trees show it."""

    person_id: int
    name: str


def head_names(day: date, department_ids: Collection[int] | None = None) -> dict[int, list[Head]]:
    """`heads_on` in plain values, for a whole tree."""
    heads = Employment.objects.on(day).filter(position__is_head=True).order_by("-is_primary", "pk")
    if department_ids is not None:
        heads = heads.filter(department__in=department_ids)
    by_department: dict[int, list[Head]] = defaultdict(list)
    for department_id, person_id, name in heads.values_list("department", "person", "person__name"):
        by_department[department_id].append(Head(person_id, name))
    return by_department


def deputies_on(day: date, employments: Collection[Employment]) -> dict[int, list[Deputyship]]:
    """Who stands in for each of these posts on a day, by the employment's id."""
    by_employment: dict[int, list[Deputyship]] = defaultdict(list)
    for deputyship in Deputyship.objects.on(day).filter(employment__in=employments).select_related("deputy"):
        by_employment[deputyship.employment_id].append(deputyship)
    return by_employment


def trail_of(department: Department) -> list[Department]:
    """The departments above, from the plant down."""
    above = {row.pk: row for row in Department.objects.filter(pk__in=department.ancestor_ids)}
    return [above[pk] for pk in department.ancestor_ids]


def _fits(word: str) -> Q:
    fits = Q(pk__in=User.objects.matching(word).order_by().values("pk"))
    digits = word.replace("-", "")
    if digits.isdigit() and len(digits) >= 3:
        fits |= Q(profile__mobile__contains=digits) | Q(profile__phone__contains=word)
    elif not word.isdigit():
        departments = _departments(word)
        if departments:
            held = Employment.objects.current().filter(person=OuterRef("pk"))
            below = Q()
            for path in departments:
                below |= Q(department__path__startswith=path)
            fits |= Q(Exists(held.filter(below)))
    return fits


def _departments(word: str) -> list[Any]:
    found = Q(name__icontains=word) | Q(name_en__icontains=word)
    if word.isascii() and word.isalpha() and len(word) > 2:
        found |= Q(name_pinyin__regex=r"(^| )" + " ?".join(word.lower()))
    return list(Department.objects.open().exclude(parent=None).filter(found).values_list("path", flat=True)[:12])
