"""What may be measured of customers, so that a warning is raised (R137): apps above register their measures, service has the rules."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

Reading = tuple[int, int]  # the file of a customer (root), and how much


@dataclass(frozen=True, slots=True)
class WarningMeasure:
    """`read(day, least)` gives, by one statement, every customer of whom it is `least` or more on a day; `is_money` says that it is counted in fen."""

    code: str
    label: str | Promise
    read: Callable[[date, int], Iterable[Reading]]
    is_money: bool = False


_measures: dict[str, WarningMeasure] = {}


def register_warning_measure(measure: WarningMeasure) -> WarningMeasure:
    """Refuses a second one of the same code."""
    if measure.code in _measures:
        raise ValueError(f"two measures {measure.code!r}")
    _measures[measure.code] = measure
    return measure


def warning_measures() -> dict[str, WarningMeasure]:
    return dict(_measures)
