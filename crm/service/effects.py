"""What follows from changes of the calendar and of the plant."""

from collections.abc import Sequence

from crm.service.services.keeping import CALENDAR, LEAVERS, hand_on_leavers, renew_dues
from portal.outbox.registry import Payload, handler


@handler(CALENDAR, batch=500)
def calendar_changed(_payloads: Sequence[Payload]) -> None:
    renew_dues()


@handler(LEAVERS, batch=500)
def plant_changed(_payloads: Sequence[Payload]) -> None:
    hand_on_leavers()
