"""What duties add to what people stand for."""

from collections.abc import Collection, Iterator
from datetime import date

from django.db.models import F, Q

from portal.access.rules import duty_token
from portal.access.sources import DatedToken
from portal.organization.models import Deputyship, DutyHolding


def duties_of(user_ids: Collection[int], day: date) -> Iterator[DatedToken]:
    """Their own, and those of the people for whose primary post they stand in, for as long as both last."""
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gte=day)
    for holding in DutyHolding.objects.filter(lasting, person__in=user_ids):
        yield DatedToken(holding.person_id, duty_token(holding.duty_id), holding.starts_on, holding.ends_on)
    standing_in = (
        Deputyship.objects.filter(lasting, deputy__in=user_ids, employment__is_primary=True)
        .filter(Q(employment__ends_on__isnull=True) | Q(employment__ends_on__gte=day))
        .annotate(
            duty=F("employment__person__duty_holdings__duty"),
            held_from=F("employment__person__duty_holdings__starts_on"),
            held_to=F("employment__person__duty_holdings__ends_on"),
        )
        .filter(Q(held_to__isnull=True) | Q(held_to__gte=day), duty__isnull=False)
        .values_list("deputy", "duty", "starts_on", "ends_on", "employment__starts_on", "employment__ends_on", "held_from", "held_to")
    )
    for deputy_id, duty_id, *days in standing_in:
        starts_on = max(days[0::2])
        ends_on = min((last for last in days[1::2] if last is not None), default=None)
        if ends_on is None or starts_on <= ends_on:
            yield DatedToken(deputy_id, duty_token(duty_id), starts_on, ends_on)
