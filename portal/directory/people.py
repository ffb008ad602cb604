"""What the pages about people and departments ask, each in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from portal.accounts.models import User
from portal.organization.models import Absence, Department, Deputyship, Employment
from portal.organization.querysets import today


@dataclass(slots=True)
class PersonRow:
    """A person as lists show them: posts today (the primary one first), the card's phones, and whether they are away."""

    person: User
    posts: list[Employment] = field(default_factory=list)
    absence: Absence | None = None

    @property
    def post(self) -> Employment | None:
        return self.posts[0] if self.posts else None


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


def rows_of(people: Iterable[User], *, day: date | None = None) -> list[PersonRow]:
    """Rows for a page of people, in two queries however long the page is."""
    day = day or today()
    rows = {person.pk: PersonRow(person) for person in people}
    posts = Employment.objects.on(day).filter(person__in=rows).select_related("department__parent", "position").order_by("-is_primary", "pk")
    for employment in posts:
        rows[employment.person_id].posts.append(employment)
    for absence in Absence.objects.on(day).filter(person__in=rows):
        rows[absence.person_id].absence = absence
    return list(rows.values())


def place_label(department: Department) -> str:
    """The name with the one above where it says little by itself: 卷包车间 甲班."""
    if department.kind in (Department.Kind.SHIFT, Department.Kind.SECTION) and department.parent is not None:
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
