"""What follows from the end of a paper about an expense."""

from collections.abc import Sequence

from crm.sales.papers import CODE, SPENDING
from crm.sales.services.expense_papers import ENDED, settle_expense
from portal.approvals.endings import register_ending
from portal.approvals.shipped import register_shipped
from portal.outbox.registry import Payload, handler


@handler(ENDED)
def expense_ended(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        settle_expense(payload["paper_id"])


register_shipped(SPENDING)
register_ending(CODE, ENDED)
