"""What fills the demo plant besides its people: a module registers its builders in `demo/content.py`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from random import Random

from portal.accounts.models import User
from portal.organization.models import Department, Position

DEMO_PASSWORD = "gongfang-2026"  # noqa: S105  # of a plant that is shown to everyone


@dataclass(frozen=True, slots=True)
class Outsider:
    """Somebody of a customer who may sign in on the customers' site, for whoever starts the portal."""

    login: str
    name: str
    role: str
    role_en: str


@dataclass(slots=True)
class Plant:
    """The plant that was built: departments and positions by code, the cast by key, heads by the department's code.

    `places` tells in which departments people of a position work.
    """

    day: date
    random: Random
    departments: dict[str, Department] = field(default_factory=dict)
    positions: dict[str, Position] = field(default_factory=dict)
    people: list[User] = field(default_factory=list)
    cast: dict[str, User] = field(default_factory=dict)
    heads: dict[str, User] = field(default_factory=dict)
    places: dict[str, list[str]] = field(default_factory=dict)
    outsiders: list[Outsider] = field(default_factory=list)


Builder = Callable[[Plant], None]

_builders: list[tuple[int, Builder]] = []


def register_content(order: int, builder: Builder) -> None:
    """`builder(plant)` is called in the transaction of the plant; lower orders first. It must draw chance from `plant.random` only."""
    if (order, builder) not in _builders:
        _builders.append((order, builder))


def builders() -> list[Builder]:
    return [builder for _order, builder in sorted(_builders, key=lambda entry: entry[0])]
