"""The "new" menu: modules register what can be created from anywhere, in `creation.py` or `navigation.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portal.foundation.navigation import Words


@dataclass(frozen=True, slots=True)
class CreationItem:
    label: Words
    icon: str
    url_name: str
    order: int
    is_allowed: Callable[[Any], bool]


_items: list[CreationItem] = []


def register_creation(item: CreationItem) -> None:
    """Make something creatable known. Refuses a second entry for the same address."""
    if any(other.url_name == item.url_name for other in _items):
        raise ValueError(f"two entries of the new menu for {item.url_name!r}")
    _items.append(item)
    _items.sort(key=lambda known: known.order)


def all_creations() -> list[CreationItem]:
    """Every entry, in the order of the menu."""
    return list(_items)


def allowed_creations(user: Any) -> list[CreationItem]:
    """What this person may create, in the order of the menu."""
    return [item for item in all_creations() if item.is_allowed(user)]
