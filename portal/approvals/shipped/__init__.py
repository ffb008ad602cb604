"""The kinds of papers that the portal and its modules ship, as data: a form, a route, words. A release that changes one publishes a new version of it."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from portal.approvals.definitions.forms import digest
from portal.approvals.shipped.assessment import ASSESSMENT, AUDIT_BASIS, FINANCE_BASIS, REPLY
from portal.approvals.shipped.other import OTHER
from portal.approvals.shipped.plans import MATERIAL_NEEDS, PLAN_REPORT, PURCHASE_PLAN, SALES_PLAN
from portal.approvals.shipped.prices import CEILINGS, PRICE_CONTROL, PRICE_REVIEW
from portal.approvals.shipped.quality import FEEDBACK, INSPECTION

SHIPPED_KINDS: tuple[dict[str, Any], ...] = (
    OTHER,
    SALES_PLAN,
    MATERIAL_NEEDS,
    PURCHASE_PLAN,
    PLAN_REPORT,
    PRICE_REVIEW,
    CEILINGS,
    PRICE_CONTROL,
    INSPECTION,
    FEEDBACK,
    FINANCE_BASIS,
    AUDIT_BASIS,
    ASSESSMENT,
    REPLY,
)
_of_modules: dict[str, dict[str, Any]] = {}


@dataclass(frozen=True, slots=True)
class Shipped:
    """One of them. `sha256` is of all that it says; `begun_by` are codes of departments, everybody where there are none."""

    code: str
    words: dict[str, Any]
    fields: list[dict[str, Any]]
    steps: list[dict[str, Any]]
    tables: list[dict[str, Any]]
    begun_by: list[str]
    sha256: str


def register_shipped(raw: dict[str, Any]) -> None:
    """A kind that a module ships."""
    _of_modules[raw["code"]] = raw
    shipped_kinds.cache_clear()


@cache
def shipped_kinds() -> tuple[Shipped, ...]:
    words = ("name", "name_en", "note", "note_en", "icon", "number_prefix", "numbered_at", "order")
    return tuple(
        Shipped(
            one["code"],
            {name: one[name] for name in words} | {"follow_up": one.get("follow_up", {})},
            one["fields"],
            one["steps"],
            one.get("tables", []),
            one.get("begun_by", []),
            digest(one),
        )
        for one in (*SHIPPED_KINDS, *_of_modules.values())
    )
