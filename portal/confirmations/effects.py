"""What happens at the time until when something had to be confirmed, and before it."""

from collections.abc import Sequence

from portal.confirmations.services import OVERDUE_DUE, REMIND_DUE, remind_due, tell_overdue
from portal.outbox.registry import Payload, handler


@handler(REMIND_DUE)
def remind(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        remind_due(model=payload["model"], pk=payload["id"], number=payload["number"], by=payload["by"])


@handler(OVERDUE_DUE)
def overdue(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        tell_overdue(model=payload["model"], pk=payload["id"], number=payload["number"], by=payload["by"])
