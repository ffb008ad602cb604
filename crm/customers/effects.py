"""What happens after commit."""

from collections.abc import Sequence

from crm.customers.services.many import UNDO, carry_out_undo
from portal.outbox.registry import Payload, handler


@handler(UNDO)
def take_out(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        carry_out_undo(payload["intake_id"])
