"""What happens after commit, or on a later day."""

from collections.abc import Sequence

from portal.organization.services.people import DEPARTURE, depart
from portal.organization.services.photos import FORGOTTEN, forget_photo
from portal.outbox.registry import Payload, handler


@handler(DEPARTURE)
def carry_out_departures(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        depart(payload["person_id"])


@handler(FORGOTTEN)
def delete_photos(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        forget_photo(payload["name"])
