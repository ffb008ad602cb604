"""What follows from services of activities."""

from collections.abc import Sequence

from crm.activities.services.months import LAY, lay_on
from portal.outbox.registry import Payload, handler


@handler(LAY)
def lay_next(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        lay_on(payload["laying"])
