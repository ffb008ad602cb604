"""What follows from services of activities."""

from collections.abc import Sequence
from datetime import date

from crm.activities.papers import AID, CODE
from crm.activities.services.aid import ENDED, settle_aid
from crm.activities.services.cares import LAY_CARE, lay_care
from crm.activities.services.months import LAY, lay_on
from portal.approvals.endings import register_ending
from portal.approvals.shipped import register_shipped
from portal.outbox.registry import Payload, handler


@handler(LAY)
def lay_next(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        lay_on(payload["laying"])


@handler(LAY_CARE)
def lay_visits_of_care(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        lay_care(payload["portfolio"], date.fromisoformat(payload["until"]))


@handler(ENDED)
def aid_ended(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        settle_aid(payload["paper_id"])


register_shipped(AID)
register_ending(CODE, ENDED)
