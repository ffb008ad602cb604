"""What happens at its time."""

from collections.abc import Sequence

from bulletin.services.topics import TOPIC_END_DUE, tell_unclosed
from portal.outbox.registry import Payload, handler


@handler(TOPIC_END_DUE)
def end_topic(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        tell_unclosed(payload["notice"], payload["closes_on"])
