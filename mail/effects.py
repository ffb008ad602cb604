"""What waits goes when it is due; who is away is stood in for."""

from collections.abc import Sequence

from mail.services.absences import ANSWER, answer_for_absent
from mail.services.sending import RELEASE, release
from portal.outbox.registry import Payload, handler


@handler(RELEASE)
def release_draft(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        release(payload["draft"], payload["version"])


@handler(ANSWER)
def stand_in(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        answer_for_absent(payload["message"])
