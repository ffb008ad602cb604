"""What the pages about people and departments ask, each in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from django.db import connection
from django.db.models import Count

from portal.directory.tree import Head
from portal.foundation.language import is_chinese
from portal.organization.models import Department, Deputyship, Employment
from portal.organization.places import SMALL_KINDS, place_words, read_places
from portal.organization.querysets import today

FIRST_DEPARTMENTS = """
    SELECT id, path, name, name_en FROM organization_department
    WHERE (closed_on IS NULL OR closed_on > %(day)s) AND (path NOT LIKE '%%/%%/%%/' OR id = %(chosen)s) ORDER BY path
"""


def department_options() -> list[tuple[int, str]]:
    """Open departments for a list to choose from, in the order of the tree: (id, its place)."""
    places = read_places()
    return [(pk, places.labels[pk]) for pk, place in places.all.items() if not place.is_closed]


def first_department_options(chosen: Department | None = None) -> list[tuple[int, str]]:
    """Those of the first two levels, with the one that was chosen; the others are found by their names."""
    with connection.cursor() as cursor:
        cursor.execute(FIRST_DEPARTMENTS, {"day": today(), "chosen": chosen.pk if chosen else 0})
        return _indented(cursor.fetchall())


def _indented(rows: Iterable[tuple[int, str, str, str]]) -> list[tuple[int, str]]:
    own_name = is_chinese()
    return [(pk, f"{'　' * (path.count('/') - 1)}{name if own_name or not name_en else name_en}") for pk, path, name, name_en in rows]


def asked_department(text: str) -> Department | None:
    """The department that an address or a form names by its id; None for anything else."""
    return Department.objects.filter(pk=int(text)).first() if text.isdecimal() and len(text) < 18 else None


def place_label(department: Department) -> str:
    """The name of a department as lists show it."""
    above = department.parent if department.kind in SMALL_KINDS else None
    return place_words(above.label if above is not None else "", department.label)


def head_counts(day: date, top: Department) -> dict[int, int]:
    """How many people belong to a department, and to each below it, with those below that, each counted once in a department."""
    counts: dict[int, int] = defaultdict(int)
    direct = (
        Employment.objects.on(day)
        .filter(is_primary=True, department__path__startswith=top.path)
        .values_list("department__path")
        .annotate(count=Count("person"))
    )
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
