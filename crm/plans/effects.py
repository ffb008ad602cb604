"""What follows from deliveries, returns, and papers of plans."""

from collections.abc import Sequence

from crm.orders.handled import register_handled
from crm.plans.papers import CODE, TARGET
from crm.plans.services.asking import ENDED, settle_version
from crm.plans.services.facts import note_sold
from portal.approvals.endings import register_ending
from portal.approvals.shipped import register_shipped
from portal.outbox.registry import Payload, handler


@handler(ENDED)
def plan_ended(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        settle_version(payload["paper_id"])


register_handled(note_sold)
register_shipped(TARGET)
register_ending(CODE, ENDED)
