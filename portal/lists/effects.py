"""What happens after commit."""

from collections.abc import Sequence

from portal.lists.exports import make_export
from portal.lists.services import EXPORT
from portal.outbox.registry import Payload, handler


@handler(EXPORT)
def make_exports(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        make_export(payload["export_id"])
