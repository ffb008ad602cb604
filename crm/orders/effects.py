"""What follows from papers of releases."""

from collections.abc import Sequence

from crm.orders.papers import CODE, RELEASE
from crm.orders.services.releases import ENDED, settle_release
from portal.approvals.endings import register_ending
from portal.approvals.shipped import register_shipped
from portal.outbox.registry import Payload, handler


@handler(ENDED)
def release_ended(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        settle_release(payload["paper_id"])


register_shipped(RELEASE)
register_ending(CODE, ENDED)
