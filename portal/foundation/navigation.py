"""The rail: modules register where they stand in it, in `navigation.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.functional import Promise

Words = str | Promise
Group = Literal["main", "work", "admin"]
GROUPS: tuple[Group, ...] = ("main", "work", "admin")


def _anyone(user: Any) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One place. `key` is pressed after `g`; `badge` says how many things wait there, 0 for none.

    It is kept for some seconds; an act of the person, a ring of their bell, mailbox or papers makes it be counted anew. `moved_by` are the kinds of
    topics of which any ring may move it for anybody.
    """

    code: str
    label: Words
    icon: str
    url_name: str
    order: int = 100
    is_allowed: Callable[[Any], bool] = _anyone
    key: str = ""
    group: Group = "work"
    badge: Callable[[HttpRequest], int] | None = None
    moved_by: tuple[str, ...] = ()


_items: dict[str, NavigationItem] = {}


def register_navigation(item: NavigationItem) -> None:
    """Make a place known. Refuses a second one of the same code or key."""
    for other in _items.values():
        if other.code == item.code or (item.key and other.key == item.key):
            raise ValueError(f"the place {item.code!r} ({item.key!r}) collides with {other.code!r} ({other.key!r})")
    in_order = sorted([*_items.values(), item], key=lambda known: (GROUPS.index(known.group), known.order, known.code))
    _items.clear()
    _items.update((known.code, known) for known in in_order)


def all_navigation() -> list[NavigationItem]:
    """Every place, in the order of the rail."""
    return list(_items.values())


def allowed_navigation(user: Any) -> list[NavigationItem]:
    """The places that this person may use, in the order of the rail."""
    return [item for item in all_navigation() if item.is_allowed(user)]
