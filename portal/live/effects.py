"""When rights change or sessions end, sockets follow."""

from collections.abc import Sequence

from portal.live.services import ring_rights
from portal.outbox.registry import Payload, handler


@handler("standings.changed", batch=50)
def standings_changed(payloads: Sequence[Payload]) -> None:
    if any(payload["user_ids"] is None for payload in payloads):
        ring_rights(None)
    else:
        ring_rights({user_id for payload in payloads for user_id in payload["user_ids"]})


@handler("sessions.ended", batch=50)
def sessions_ended(payloads: Sequence[Payload]) -> None:
    ring_rights({payload["user_id"] for payload in payloads})
