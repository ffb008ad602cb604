"""What happens at its time."""

from collections.abc import Sequence

from bulletin.services.notices import EXPIRE_DUE, PUBLISH_DUE, expire_due, publish_due
from portal.outbox.registry import Payload, handler


@handler(PUBLISH_DUE)
def publish(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        publish_due(payload["revision"])


@handler(EXPIRE_DUE)
def expire(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        expire_due(payload["notice"])
