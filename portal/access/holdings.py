"""What is held from day to day, a duty or a portfolio, as tokens of its holders and of who stands in for them."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import F, Model, Q

from portal.access.sources import DatedToken
from portal.organization.models import Deputyship


def tokens_of_holdings(holdings: type[Model], thing: str, token: Callable[[int], str], user_ids: Collection[int], day: date) -> Iterator[DatedToken]:
    """Their own, and those of the people for whose primary post they stand in, for as long as both last. `holdings` has a person, days and `thing`."""
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gte=day)
    field: Any = holdings._meta.get_field("person")
    held = f"employment__person__{field.remote_field.related_name}"
    for person_id, thing_id, starts_on, ends_on in holdings._default_manager.filter(lasting, person__in=user_ids).values_list(
        "person", thing, "starts_on", "ends_on"
    ):
        yield DatedToken(person_id, token(thing_id), starts_on, ends_on)
    standing_in = (
        Deputyship.objects.filter(lasting, deputy__in=user_ids, employment__is_primary=True)
        .filter(Q(employment__ends_on__isnull=True) | Q(employment__ends_on__gte=day))
        .annotate(held=F(f"{held}__{thing}"), held_from=F(f"{held}__starts_on"), held_to=F(f"{held}__ends_on"))
        .filter(Q(held_to__isnull=True) | Q(held_to__gte=day), held__isnull=False)
        .values_list("deputy", "held", "starts_on", "ends_on", "employment__starts_on", "employment__ends_on", "held_from", "held_to")
    )
    for deputy_id, thing_id, *days in standing_in:
        both = while_all_last(days[0::2], days[1::2])
        if both is not None:
            yield DatedToken(deputy_id, token(thing_id), *both)


def while_all_last(starts: Sequence[date], ends: Sequence[date | None]) -> tuple[date, date | None] | None:
    """The days on which all of several last; None where there is none."""
    starts_on = max(starts)
    ends_on = min((last for last in ends if last is not None), default=None)
    return (starts_on, ends_on) if ends_on is None or starts_on <= ends_on else None
