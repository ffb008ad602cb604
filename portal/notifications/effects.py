"""Delivery, after commit."""

from collections.abc import Sequence

from portal.notifications.services import DELIVERY, deliver
from portal.outbox.registry import Payload, handler


@handler(DELIVERY)
def deliver_notifications(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        deliver(payload)
