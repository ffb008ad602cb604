"""What several areas time alike."""

import statistics
import time
from collections.abc import Callable
from typing import Any

from portal.accounts.models import User

ROUNDS = 15


def fresh(person: User) -> User:
    """As in a new request: nothing is remembered."""
    return User.objects.select_related("stored_standing").get(pk=person.pk)


def median(act: Callable[[], Any]) -> float:
    act()
    times = []
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        act()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)
