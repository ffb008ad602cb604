"""Figures of service: of what was noted in a period, how much was answered and solved in time. Each is the count of a list with the same filters."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from crm.service.lists import answered_in_time, solved_in_time
from crm.service.models import Request, RequestKind

KEPT = ("yes", "no", "running")
CUTS = {"kind": ("kind",), "owner": ("owner", "owner__name"), "department": ("department", "department__name")}


@dataclass(frozen=True, slots=True)
class Part:
    """`code` is what the filter of the list is given; `answered` and `solved` are in time, late, still running, and add up to `all`."""

    code: str
    label: str
    all: int
    answered: tuple[int, int, int]
    solved: tuple[int, int, int]

    @property
    def share_answered(self) -> float | None:
        done = self.answered[0] + self.answered[1]
        return self.answered[0] / done if done else None

    @property
    def share_solved(self) -> float | None:
        done = self.solved[0] + self.solved[1]
        return self.solved[0] / done if done else None


def _counts() -> dict[str, Count]:
    found: dict[str, Count] = {"number": Count("pk")}
    for code in KEPT:
        found[f"answered_{code}"] = Count("pk", filter=answered_in_time(code))
        found[f"solved_{code}"] = Count("pk", filter=solved_in_time(code))
    return found


def _part(code: str, label: str, one: dict[str, Any]) -> Part:
    answered, solved = ((one[f"{what}_yes"], one[f"{what}_no"], one[f"{what}_running"]) for what in ("answered", "solved"))
    return Part(code, label, one["number"], answered, solved)


def whole_of(rows: QuerySet[Request]) -> Part:
    return _part("", _("all"), rows.order_by().aggregate(**_counts()))


def cut(rows: QuerySet[Request], by: str) -> list[Part]:
    """One statement; the parts add up to the whole."""
    path = CUTS[by]
    kinds = dict(RequestKind.choices)
    parts = []
    for one in rows.order_by().values(*path).annotate(**_counts()):
        key = one[path[0]]
        label = str(kinds[key]) if by == "kind" else one[path[1]] or _("none")
        parts.append(_part("" if key is None else str(key), label, one))
    return sorted(parts, key=lambda part: (-part.all, part.label))
