"""Proving that nothing in the record was altered or removed.

Each link holds sha256(digest of the link before || the record's row as text). Who can alter the tables could compute the
whole chain anew, so checkpoints (position and digest, signed with the secret key) are kept outside the database.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from portal.audit.models import AuditLink

START = b"\x00" * 32


@dataclass(frozen=True, slots=True)
class Fault:
    """The first place where the chain does not hold. `what`: altered, removed, unlinked, cut off or rewritten."""

    what: str
    position: int | None
    record_id: int | None
    detail: str


@dataclass(frozen=True, slots=True)
class Verdict:
    checked: int
    checkpoints: int
    fault: Fault | None


def verify_chain(on_progress: Callable[[int], None] | None = None) -> Verdict:
    """Walk the chain from its beginning. Reads one consistent state, in memory bounded by a page of rows."""
    checkpoints = dict(read_checkpoints())
    confirmed = checked = 0
    digest, expected = START, 1
    for position, record_id, stored, canonical in _links():
        if position != expected:
            return Verdict(checked, confirmed, Fault("removed", expected, None, f"links {expected} to {position - 1} are missing"))
        if canonical is None:
            return Verdict(checked, confirmed, Fault("removed", position, record_id, f"record {record_id} is missing"))
        digest = hashlib.sha256(digest + canonical.encode()).digest()
        if digest != stored:
            return Verdict(checked, confirmed, Fault("altered", position, record_id, f"record {record_id} is not what it was: {canonical[:200]}"))
        if position in checkpoints:
            if checkpoints[position] != digest.hex():
                return Verdict(checked, confirmed, Fault("rewritten", position, record_id, f"the chain up to {position} is not the one of the checkpoint"))
            confirmed += 1
        checked, expected = checked + 1, position + 1
        if on_progress and checked % 1_000 == 0:
            on_progress(checked)
    last = max(checkpoints, default=0)
    if last >= expected:
        return Verdict(checked, confirmed, Fault("cut off", last, None, f"a checkpoint knows {last} links, there are {expected - 1}"))
    stray = _first_unlinked()
    if stray is not None:
        return Verdict(checked, confirmed, Fault("unlinked", None, stray, f"record {stray} was put in past the chain"))
    return Verdict(checked, confirmed, None)


def write_checkpoint() -> int | None:
    """Keep the chain's present end outside the database; return its position, or None where there is nothing new."""
    link = AuditLink.objects.order_by("-position").first()
    if link is None or link.position in dict(read_checkpoints()):
        return None
    digest = bytes(link.digest).hex()
    entry = {"position": link.position, "digest": digest, "at": timezone.now().isoformat(), "signature": _sign(link.position, digest)}
    path = checkpoint_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry) + "\n")
    return link.position


def read_checkpoints() -> Iterator[tuple[int, str]]:
    """Checkpoints whose signature is ours, as (position, digest in hex). A line that was forged counts for nothing."""
    path = checkpoint_path()
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            entry = json.loads(line)
            position, digest, signature = int(entry["position"]), str(entry["digest"]), str(entry["signature"])
        except (ValueError, KeyError, TypeError):
            continue
        if hmac.compare_digest(signature, _sign(position, digest)):
            yield position, digest


def checkpoint_path() -> Path:
    return settings.DATA_DIR / "audit" / "checkpoints.jsonl"


def _sign(position: int, digest: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"audit:{position}:{digest}".encode(), "sha256").hexdigest()


def _links() -> Iterator[tuple[int, int, bytes, str | None]]:
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(
            "SELECT link.position, link.record_id, link.digest, CASE WHEN row.id IS NOT NULL THEN audit_canonical(row) END"
            " FROM audit_link link LEFT JOIN audit_record row ON row.id = link.record_id ORDER BY link.position"
        )
        while page := cursor.fetchmany(2_000):
            for position, record_id, digest, canonical in page:
                yield position, record_id, bytes(digest), canonical


def _first_unlinked() -> int | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(row.id) FROM audit_record row WHERE NOT EXISTS (SELECT 1 FROM audit_link link WHERE link.record_id = row.id)")
        return cursor.fetchone()[0]
