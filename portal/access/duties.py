"""What duties add to what people stand for."""

from collections.abc import Collection, Iterator
from datetime import date

from portal.access.holdings import tokens_of_holdings
from portal.access.rules import duty_token
from portal.access.sources import DatedToken
from portal.organization.models import DutyHolding


def duties_of(user_ids: Collection[int], day: date) -> Iterator[DatedToken]:
    """Their own, and those of the people for whose primary post they stand in."""
    return tokens_of_holdings(DutyHolding, "duty", duty_token, user_ids, day)
