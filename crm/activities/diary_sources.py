"""From what a diary is drafted: what somebody did on a day. Apps above add theirs."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from crm.activities.models import Visit
from crm.customers.models import Dealing

MOST = 30
Source = Callable[[Any, date], Iterable[tuple[datetime, str]]]
_sources: list[Source] = []


def register_diary_source(source: Source) -> None:
    """`source(person, day)` gives moments and what was done at each, in a line."""
    if source not in _sources:
        _sources.append(source)


def bounds_of(day: date) -> tuple[datetime, datetime]:
    """The first moment of a day, and of the next, by the plant's clock."""
    first, after = (datetime.combine(day + timedelta(days=number), time.min) for number in (0, 1))
    return timezone.make_aware(first), timezone.make_aware(after)


def drafted(person: Any, day: date) -> str:
    """What the portal knows of the day, in order; the writer says the rest."""
    found = sorted({one for source in _sources for one in source(person, day)})
    return "\n".join(f"{timezone.localtime(at):%H:%M} {text}" for at, text in found[:MOST])


def dealings_of_day(person: Any, day: date) -> Iterable[tuple[datetime, str]]:
    first, after = bounds_of(day)
    rows = Dealing.objects.filter(author=person.pk, happened_at__gte=first, happened_at__lt=after).exclude(kind=Dealing.Kind.VISIT)
    for row in rows.select_related("customer__root")[:MOST]:
        yield row.happened_at, f"{row.get_kind_display()} {row.customer.root.name}：{_short(row.text)}"


def visits_of_day(person: Any, day: date) -> Iterable[tuple[datetime, str]]:
    first, after = bounds_of(day)
    rows = Visit.objects.filter(person=person.pk, arrived_at__gte=first, arrived_at__lt=after).select_related("customer__root")
    for row in rows[:MOST]:
        said = " ".join(part for part in (row.results, row.opinions) if part)
        yield row.arrived_at, f"{row.get_purpose_display()} {row.customer.root.name}：{_short(said or str(row.get_outcome_display()))}"


def _short(text: str) -> str:
    return " ".join(text.split())[:80]
