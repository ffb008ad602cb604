"""What happens at its time."""

from collections.abc import Sequence

from portal.outbox.registry import Payload, handler
from portal.pages.lifecycle import EXPIRE_DUE, PUBLISH_DUE
from portal.pages.services import expire_due, publish_due


@handler(PUBLISH_DUE)
def publish(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        publish_due(payload["revision"])


@handler(EXPIRE_DUE)
def expire(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        expire_due(payload["page"])
