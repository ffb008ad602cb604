"""Seats, and who holds them today.

A seat is a token of standings: `head:12`, `post:12-3` (a position in a department), `pos:3`, `duty:9`, `group:7`, `user:41`, `cap:approvals.keep`. Who holds
the token holds the seat; here it is found out in whose stead, because nobody decides their own, and the trail says 代.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q

from portal.access.models import Standing
from portal.access.registry import has_capability, tokens_of_holders
from portal.access.rules import split_token
from portal.access.standings import standing_of
from portal.approvals.capabilities import KEEP_PAPERS
from portal.foundation.kept import Kept
from portal.organization.models import Department, Deputyship, DutyHolding, Employment
from portal.organization.places import SMALL_KINDS

KEEPERS = f"cap:{KEEP_PAPERS}"


@dataclass(frozen=True, slots=True)
class Way:
    """How a person holds a seat: in their own right, or standing in for `principal_id`; `employment_id` is the post by which."""

    person_id: int
    principal_id: int | None = None
    employment_id: int | None = None

    def is_barred(self, barred: Collection[int]) -> bool:
        return self.person_id in barred or self.principal_id in barred


@dataclass(frozen=True, slots=True)
class DepartmentPlace:
    pk: int
    code: str
    is_small: bool  # a section or a shift
    ancestor_ids: tuple[int, ...]  # from the root down


def seats_of(user: Any) -> list[str]:
    """The seats that a person holds today."""
    tokens = standing_of(user).tokens
    return [*tokens, KEEPERS] if KEEPERS not in tokens and has_capability(user, KEEP_PAPERS) else list(tokens)


def tokens_for(seat: str) -> list[str]:
    """What the holders of a seat have in their standings."""
    return tokens_of_holders(KEEP_PAPERS) if seat == KEEPERS else [seat]


def position_of_post(seat: str) -> tuple[int, int] | None:
    """(department, position) of `post:12-3`."""
    kind, _, rest = seat.partition(":")
    department, _, position = rest.partition("-")
    return (int(department), int(position)) if kind == "post" else None


def gives(employment: Employment, seat: str) -> bool:
    """Whether a post gives its holder this seat."""
    kind, key, _below = split_token(seat)
    if kind == "head":
        return employment.department_id == key and employment.position.is_head
    if kind == "pos":
        return employment.position_id == key
    return position_of_post(seat) == (employment.department_id, employment.position_id)


def _read_departments() -> dict[int, DepartmentPlace]:
    rows = Department.objects.values_list("pk", "code", "kind", "path")
    return {pk: DepartmentPlace(pk, code, kind in SMALL_KINDS, tuple(int(part) for part in path.split("/") if part)[:-1]) for pk, code, kind, path in rows}


_departments = Kept(_read_departments, "organization_department department", "department")


class Seating:
    """Who holds which seat, as of now; each seat is asked once."""

    def __init__(self) -> None:
        self._ways: dict[str, tuple[Way, ...]] = {}

    @cached_property
    def departments(self) -> dict[int, DepartmentPlace]:
        return _departments.get()

    @cached_property
    def by_code(self) -> dict[str, DepartmentPlace]:
        return {place.code: place for place in self.departments.values()}

    @property
    def root_id(self) -> int | None:
        return next((place.pk for place in self.departments.values() if not place.ancestor_ids), None)

    def ways(self, seat: str) -> tuple[Way, ...]:
        self.load([seat])
        return self._ways[seat]

    def load(self, seats: Iterable[str]) -> None:
        """Ask for several at once."""
        missing = {seat for seat in seats if seat not in self._ways}
        if missing:
            self._ways |= read_ways(missing)

    def way_of(self, user_id: int, seat: str, barred: Collection[int]) -> Way | None:
        """By which a person may act for a seat: in their own right first."""
        ways = [way for way in self.ways(seat) if way.person_id == user_id and not way.is_barred(barred)]
        return min(ways, key=lambda way: (way.principal_id is not None, way.principal_id or 0), default=None)


def read_ways(seats: Collection[str]) -> dict[str, tuple[Way, ...]]:
    """For each seat, how each of its holders holds it."""
    holders = _holders(seats)
    everyone = {person for people in holders.values() for person in people}
    own, primary = _in_own_right(seats, everyone)
    deputed = _as_deputies(seats, own, everyone) if everyone else {}
    found = {}
    for seat in seats:
        ways: list[Way] = []
        for person in sorted(holders[seat]):
            mine = [Way(person, None, employment or primary.get(person)) for employment in own[seat].get(person, ())]
            mine += [Way(person, principal, employment) for principal, employment in deputed.get((seat, person), ())]
            ways += mine or [Way(person, None, primary.get(person))]
        found[seat] = tuple(ways)
    return found


def _holders(seats: Collection[str]) -> dict[str, set[int]]:
    """By what people stand for: the truth, of which the rest is the reason."""
    holders: dict[str, set[int]] = {seat: set() for seat in seats}
    seats_by_token: dict[str, list[str]] = defaultdict(list)
    for seat in seats:
        for token in tokens_for(seat):
            seats_by_token[token].append(seat)
    rows = Standing.objects.filter(user__is_active=True, tokens__overlap=list(seats_by_token)).values_list("user", "tokens")
    for user_id, tokens in rows:
        for token in tokens:
            for seat in seats_by_token.get(token, ()):
                holders[seat].add(user_id)
    return holders


def _in_own_right(seats: Collection[str], people: Collection[int]) -> tuple[dict[str, dict[int, list[int | None]]], dict[int, int]]:
    """By seat and person the posts by which they hold it, None where it is by no post; and the primary post of each of these people."""
    own: dict[str, dict[int, list[int | None]]] = {seat: {} for seat in seats}
    primary: dict[int, int] = {}
    asked = Q(person__in=people, is_primary=True) if people else Q()
    for seat in seats:
        asked |= _posts_that_give(seat)
    if asked:
        for employment in Employment.objects.current().filter(asked).select_related("position"):
            if employment.is_primary:
                primary[employment.person_id] = employment.pk
            for seat in seats:
                if gives(employment, seat):
                    own[seat].setdefault(employment.person_id, []).append(employment.pk)
    duties = {split_token(seat)[1]: seat for seat in seats if seat.startswith("duty:")}
    for duty_id, person_id in DutyHolding.objects.current().filter(duty__in=duties).values_list("duty", "person") if duties else ():
        own[duties[duty_id]].setdefault(person_id, []).append(None)
    return own, primary


def _as_deputies(seats: Collection[str], own: Mapping[str, Mapping[int, Any]], people: Collection[int]) -> dict[tuple[str, int], list[tuple[int, int]]]:
    """By seat and deputy, for whom and in which post."""
    found: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    lasting = Deputyship.objects.current().filter(deputy__in=people, employment__in=Employment.objects.current())  # no longer than the post itself
    for deputyship in lasting.select_related("employment__position"):
        employment = deputyship.employment
        for seat in seats:
            if gives(employment, seat) or (seat.startswith("duty:") and employment.is_primary and employment.person_id in own[seat]):
                found[(seat, deputyship.deputy_id)].append((employment.person_id, employment.pk))
    return found


def _posts_that_give(seat: str) -> Q:
    kind, key, _below = split_token(seat)
    if kind == "head":
        return Q(department=key, position__is_head=True)
    if kind == "pos":
        return Q(position=key)
    post = position_of_post(seat)
    return Q(department=post[0], position=post[1]) if post else Q()
