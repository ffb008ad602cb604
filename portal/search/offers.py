"""What the search page offers beside the results: the values of facets in words, and the addresses that choose them."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.attachments.kinds import Kind as FileKind
from portal.foundation.asking import number_of
from portal.foundation.language import is_chinese
from portal.organization.models import Department
from portal.organization.places import person_label, posts_of, read_places
from portal.search.finding import Chosen, Findings, Result
from portal.search.question import Order
from portal.search.sources import kind_for

MOST_VALUES = 8
PARAMETERS = {"kind": "kind", "department": "department", "author": "author", "file_type": "type", "year": "year"}


@dataclass(frozen=True, slots=True)
class Value:
    """`query` leads there: to this value, or away from it where it is chosen."""

    code: str
    label: str
    count: int
    query: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    label: str
    values: list[Value]
    query_without: str
    is_chosen: bool


def read_chosen(query: QueryDict) -> Chosen:
    """From the address. What does not fit is as if it were not there."""
    order = query.get("order", "")
    kind, file_type = query.get("kind", ""), query.get("type", "")
    return Chosen(
        kind=kind if kind_for(kind) else "",
        department=number_of(query.get("department", "")),
        author=number_of(query.get("author", "")),
        file_type=file_type if file_type in FileKind.values else "",
        year=year if 1970 <= (year := number_of(query.get("year", ""))) <= 9998 else 0,
        order=Order(order) if order in ("newest", "relevance") else Order.RELEVANCE,
        page=max(1, min(number_of(query.get("page", "")), 10_000)),
    )


def facets_of(found: Findings, chosen: Chosen, query: QueryDict) -> list[Facet]:
    """Kinds first; each with the values that have the most, and the chosen one in any case."""
    labels: dict[str, tuple[str, Callable[[list[str]], dict[str, str]]]] = {
        "kind": (_("Kind"), _kind_labels),
        "department": (_("Department"), _department_labels),
        "year": (_("Year"), lambda codes: {code: code for code in codes}),
        "author": (_("Published by"), _author_labels),
        "file_type": (_("File type"), _type_labels),
    }
    return [facet for name, (label, name_values) in labels.items() if (facet := _facet(name, label, name_values, found, chosen, query)).values]


def department_names(ids: Iterable[int]) -> dict[int, str]:
    """The names of departments in the reader's language, in one query."""
    wanted = {pk for pk in ids if pk}
    if not wanted:
        return {}
    own = is_chinese()
    rows = Department.objects.filter(pk__in=wanted).values_list("pk", "name", "name_en")
    return {pk: name if own or not name_en else name_en for pk, name, name_en in rows}


def tell_apart(results: Sequence[Result]) -> None:
    """What has the title of another says its number, or the department where it has none; the date stands there already."""
    titled = Counter(result.whole_title for result in results)
    alike = [result for result in results if titled[result.whole_title] > 1]
    names = department_names(result.department_id or 0 for result in alike)
    for result in alike:
        told = (result.number, names.get(result.department_id or 0, ""))
        result.told_by = " · ".join(filter(None, told)) if result.dated_at is None else told[0] or told[1]


def with_query(query: QueryDict, **changes: Any) -> str:
    """The query string with these parameters set (or gone, where empty), from the first page."""
    changed = query.copy()
    changed.pop("page", None)
    for name, value in changes.items():
        changed.pop(name, None)
        if value:
            changed[name] = str(value)
    return f"?{changed.urlencode()}"


def _facet(name: str, label: str, name_values: Callable[[list[str]], dict[str, str]], found: Findings, chosen: Chosen, query: QueryDict) -> Facet:
    parameter = PARAMETERS[name]
    picked = str(getattr(chosen, name) or "")
    counted = found.facets.get(name, [])
    if name == "year":
        counted = sorted(counted, reverse=True)
    shown = counted[: MOST_VALUES if name != "kind" else None]
    if picked and picked not in dict(shown):
        shown = [*shown[: MOST_VALUES - 1], (picked, dict(counted).get(picked, 0))]
    names = name_values([code for code, _count in shown])
    values = [
        Value(code, names.get(code, code), count, with_query(query, **{parameter: "" if code == picked else code}), code == picked) for code, count in shown
    ]
    return Facet(name, label, values, with_query(query, **{parameter: ""}), bool(picked))


def _kind_labels(codes: list[str]) -> dict[str, str]:
    return {code: str(kind.plural) for code in codes if (kind := kind_for(code))}


def _department_labels(codes: list[str]) -> dict[str, str]:
    if not codes:
        return {}
    places = read_places()
    return {code: places.label(int(code)) or code for code in codes}


def _author_labels(codes: list[str]) -> dict[str, str]:
    people = list(User.objects.filter(pk__in=codes))
    same = Counter(person.name for person in people)
    posts = posts_of([person for person in people if same[person.name] > 1])
    return {str(person.pk): person.name if same[person.name] == 1 else person_label(person, posts) for person in people}


def _type_labels(codes: list[str]) -> dict[str, str]:
    return {code: str(FileKind(code).label) for code in codes if code in FileKind.values}
