"""Where a message can go on from a mailbox: apps above add a line to its menu."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mail.models import Placement
from portal.foundation.navigation import Words


@dataclass(frozen=True, slots=True)
class Hand:
    """`address` takes the key of a placement; whoever opens it there asks again whether the message may be read."""

    code: str
    label: Words
    icon: str
    address: Callable[[int], str]
    is_allowed: Callable[[Any], bool]


_hands: dict[str, Hand] = {}


def register_hand(hand: Hand) -> None:
    """Refuses a second one of the same code."""
    if hand.code in _hands:
        raise ValueError(f"two hands {hand.code!r}")
    _hands[hand.code] = hand


def hands_of(user: Any, placement: Placement) -> list[tuple[Hand, str]]:
    """Of a message that was opened."""
    return [(one, one.address(placement.pk)) for one in _hands.values() if placement.is_told and one.is_allowed(user)]
