"""The kinds of papers that the portal ships, as data: a form, a route, words. A release that changes one publishes a new version of it."""

from dataclasses import dataclass
from typing import Any

from portal.approvals.definitions.forms import digest
from portal.approvals.shipped.other import OTHER

SHIPPED_KINDS: tuple[dict[str, Any], ...] = (OTHER,)


@dataclass(frozen=True, slots=True)
class Shipped:
    """One of them. `sha256` is of all that it says."""

    code: str
    words: dict[str, Any]
    fields: list[dict[str, Any]]
    steps: list[dict[str, Any]]
    tables: list[dict[str, Any]]
    sha256: str


def shipped_kinds() -> list[Shipped]:
    words = ("name", "name_en", "note", "note_en", "icon", "number_prefix", "numbered_at", "order")
    return [Shipped(one["code"], {name: one[name] for name in words}, one["fields"], one["steps"], one.get("tables", []), digest(one)) for one in SHIPPED_KINDS]
