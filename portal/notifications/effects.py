"""Delivery, after commit."""

from collections.abc import Sequence

from portal.notifications.services import DELIVERY, RINGING, deliver, ring_bells
from portal.outbox.registry import Payload, handler


@handler(DELIVERY)
def deliver_notifications(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        deliver(payload)


@handler(RINGING)
def ring(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        ring_bells(payload["recipients"])
