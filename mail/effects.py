"""What waits goes when it is due."""

from collections.abc import Sequence

from mail.services.sending import RELEASE, release
from portal.outbox.registry import Payload, handler


@handler(RELEASE)
def release_draft(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        release(payload["draft"], payload["version"])
