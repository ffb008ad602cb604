"""What the pages about people and departments ask, each in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import get_language

from portal.accounts.models import User
from portal.organization.models import Absence, Department, Deputyship, Employment
from portal.organization.querysets import today

SMALL_KINDS = (Department.Kind.SHIFT, Department.Kind.SECTION)

# Lists of people are asked for most of all pages, and to build a statement anew costs several times what asking does.
ROWS = """
    SELECT person.id, person.name, person.employee_number, card.phone, card.mobile, card.room, card.photo,
        department.id, department.kind, department.name, department.name_en, above.name, above.name_en, post.name, post.name_en,
        (SELECT kind FROM organization_absence WHERE person_id = person.id AND starts_on <= %(day)s AND ends_on >= %(day)s
            ORDER BY starts_on DESC, id DESC LIMIT 1)
    FROM ({people}) AS asked (id, place)
    JOIN accounts_user person ON person.id = asked.id
    LEFT JOIN organization_profile card ON card.person_id = person.id
    LEFT JOIN LATERAL (
        SELECT department_id, position_id FROM organization_employment
        WHERE person_id = person.id AND starts_on <= %(day)s AND (ends_on IS NULL OR ends_on >= %(day)s)
        ORDER BY is_primary DESC, id LIMIT 1
    ) held ON true
    LEFT JOIN organization_department department ON department.id = held.department_id
    LEFT JOIN organization_department above ON above.id = department.parent_id
    LEFT JOIN organization_position post ON post.id = held.position_id
    ORDER BY asked.place
"""
THESE = "SELECT * FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY"
EVERYONE = """
    SELECT id, row_number() OVER (ORDER BY name_pinyin, name, id) FROM accounts_user
    WHERE kind = 'employee' AND is_active AND EXISTS (
        SELECT 1 FROM organization_employment
        WHERE person_id = accounts_user.id AND starts_on <= %(day)s AND (ends_on IS NULL OR ends_on >= %(day)s)
    )
    ORDER BY name_pinyin, name, id LIMIT %(limit)s OFFSET %(offset)s
"""
FIRST_DEPARTMENTS = """
    SELECT id, path, name, name_en FROM organization_department
    WHERE (closed_on IS NULL OR closed_on > %(day)s) AND (path NOT LIKE '%%/%%/%%/' OR id = %(chosen)s) ORDER BY path
"""


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
    photo: str = ""


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


def rows_of(people: Iterable[int], *, day: date | None = None) -> list[PersonRow]:
    """Rows for a page of people (given by their ids), in one query however long the page is."""
    ids = list(people)
    return _rows(THESE, {"ids": ids, "day": day or today()}) if ids else []


class EveryoneToday:
    """The rows of all whom `find_people("")` finds, in its order; a slice of them is one query."""

    def __getitem__(self, part: slice) -> list[PersonRow]:
        return _rows(EVERYONE, {"day": today(), "offset": part.start, "limit": part.stop - part.start})


def _rows(people: str, parameters: dict[str, Any]) -> list[PersonRow]:
    with connection.cursor() as cursor:
        cursor.execute(ROWS.format(people=people), parameters)
        found = cursor.fetchall()
    is_chinese = _is_chinese()
    rows = []
    for pk, name, number, phone, mobile, room, photo, department_id, kind, place, place_en, above, above_en, post, post_en, away in found:
        label = place if is_chinese else place_en or place
        label_above = above if is_chinese else above_en or above
        row = PersonRow(pk, name, number, phone or "", mobile or "", room or "", department_id, photo=photo or "")
        row.place = f"{label_above} {label}" if kind in SMALL_KINDS and label_above else label or ""
        row.position = (post if is_chinese else post_en or post) or ""
        row.away = str(Absence.Kind(away).label) if away else ""
        rows.append(row)
    return rows


def department_options() -> list[tuple[int, str]]:
    """Open departments for a list to choose from: (id, name indented by depth)."""
    return _indented(Department.objects.open().in_tree_order().values_list("pk", "path", "name", "name_en"))


def first_department_options(chosen: Department | None = None) -> list[tuple[int, str]]:
    """Those of the first two levels, with the one that was chosen; the others are found by their names."""
    with connection.cursor() as cursor:
        cursor.execute(FIRST_DEPARTMENTS, {"day": today(), "chosen": chosen.pk if chosen else 0})
        return _indented(cursor.fetchall())


def _indented(rows: Iterable[tuple[int, str, str, str]]) -> list[tuple[int, str]]:
    is_chinese = _is_chinese()
    return [(pk, f"{'　' * (path.count('/') - 1)}{name if is_chinese or not name_en else name_en}") for pk, path, name, name_en in rows]


def _is_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


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
