"""What happens after an act on a paper, and at its time."""

from collections.abc import Sequence

from portal.approvals.notifications import ASKED, URGED, WAITS
from portal.approvals.services.ending import FOLLOW_UP
from portal.approvals.services.following import begin_follow_up
from portal.approvals.services.kinds import bring_in_step
from portal.approvals.services.moving import CALENDAR, LATE, RESEAT, move_stranded, renew_dues, tell_due
from portal.approvals.services.telling import DUE, QUIET
from portal.notifications.services import withdraw_all
from portal.outbox.registry import Payload, handler

MANY = 500


@handler(QUIET, batch=MANY)
def take_back_bells(payloads: Sequence[Payload]) -> None:
    withdraw_all({payload["url"] for payload in payloads}, kinds=[WAITS, ASKED, URGED])


@handler(RESEAT, batch=MANY)
def move(_payloads: Sequence[Payload]) -> None:
    """Once for many changes of the plant. With its first departments it gets the kinds that the release ships."""
    bring_in_step()
    move_stranded()


@handler(CALENDAR, batch=MANY)
def reckon_dues(_payloads: Sequence[Payload]) -> None:
    renew_dues()


@handler(FOLLOW_UP)
def follow_up(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        begin_follow_up(payload["paper_id"])


@handler(DUE)
def due(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        tell_due(payload["step"], payload["due_at"], is_late=False)


@handler(LATE)
def late(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        tell_due(payload["step"], payload["due_at"], is_late=True)
