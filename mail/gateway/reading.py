"""Raw mail as what is shown of it: read in the limited process, several at once, and alone where one of them spoils it for the others."""

import json
from collections.abc import Sequence
from typing import Any

from mail.gateway.decoding import LONGEST_TEXT
from mail.gateway.words import decode, header_text
from portal.foundation.limited import LimitedError, run_limited
from portal.foundation.storable import storable_json

MEMORY, PROCESSOR, PATIENCE = 1 << 30, 20, 40
NOTHING: dict[str, Any] = {
    "subject": "", "name": "", "address": "", "reply_to": "", "to": "", "cc": "", "addressed": "", "message_id": "", "answers": [], "date": "",
    "is_automatic": True, "text": "", "html": "", "has_remote": False, "parts": [], "status": "", "note": "unread",
}  # fmt: skip


def read_raw(mails: Sequence[bytes]) -> list[dict[str, Any]]:
    """One answer for each, in their order. What no reader manages is shown as its first lines."""
    if not mails:
        return []
    payload = b"".join(len(raw).to_bytes(8, "big") + raw for raw in mails)
    try:
        answer = run_limited(
            "mail.gateway.decoding:read_all",
            payload,
            memory_bytes=MEMORY,
            cpu_seconds=PROCESSOR,
            wall_seconds=PATIENCE,
            output_bytes=len(mails) * 16 * LONGEST_TEXT,
        )
    except LimitedError:
        if len(mails) > 1:
            return [found for raw in mails for found in read_raw([raw])]
        head = mails[0][:20_000].partition(b"\r\n\r\n")[0]
        subject = next((line[8:] for line in head.split(b"\r\n") if line[:8].lower() == b"subject:"), b"")
        return [storable_json(NOTHING | {"subject": header_text(subject), "text": decode(head)})]
    found: list[dict[str, Any]] = storable_json(json.loads(answer))
    return found


def read_part(raw: bytes, number: int) -> bytes:
    """The content of one file. Raises LimitedError where it cannot be taken out."""
    return run_limited(
        "mail.gateway.decoding:take_part",
        raw,
        arguments=(str(number),),
        memory_bytes=MEMORY,
        cpu_seconds=PROCESSOR,
        wall_seconds=PATIENCE,
        output_bytes=len(raw) + 1_000_000,
    )
