"""What happens at its time."""

from collections.abc import Sequence

from bulletin.services.notices import OVERDUE_DUE, REMIND_DUE
from bulletin.services.reminders import remind_due, tell_overdue
from bulletin.services.topics import TOPIC_END_DUE, tell_unclosed
from portal.outbox.registry import Payload, handler


@handler(REMIND_DUE)
def remind(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        remind_due(payload["notice"], payload["binding"], payload["by"])


@handler(OVERDUE_DUE)
def overdue(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        tell_overdue(payload["notice"], payload["binding"], payload["by"])


@handler(TOPIC_END_DUE)
def end_topic(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        tell_unclosed(payload["notice"], payload["closes_on"])
