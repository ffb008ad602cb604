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
    return statistics.median(timed(act) for _round in range(ROUNDS))


def timed(work: Callable[[], object]) -> float:
    """Once, in milliseconds."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95) - 1] if times else 0.0
