"""The keys of masks, one file for each month in `DATA_DIR/keys`: outside the database, in no backup, destroyed when no mask needs them any more."""

import hashlib
import hmac
import os
import secrets
from collections.abc import Collection
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings

from portal.organization.querysets import today

KEPT = timedelta(days=90)  # after the month has ended
KEPT_DAY = timedelta(days=2)
TAG_BYTES = 16


def folder() -> Path:
    """Where several nodes serve, on a disk that they share."""
    return Path(settings.DATA_DIR) / "keys"


def current_month() -> str:
    return f"{today():%Y-%m}"


def tag_of(month: str, thread: UUID, person_id: int) -> bytes | None:
    """Whose mask it is in a thread, under the key of a month; None where that key was destroyed."""
    key = _read(f"month-{month}.key")
    return None if key is None else _hash(key, thread.bytes + person_id.to_bytes(8))


def new_tag(thread: UUID, person_id: int) -> tuple[str, bytes]:
    """Month and tag of a mask that is put on today; the month's key is made where there is none yet."""
    month = current_month()
    return month, _hash(_made(f"month-{month}.key"), thread.bytes + person_id.to_bytes(8))


def tags_under(months: Collection[str], thread: UUID, person_id: int) -> set[bytes]:
    """All tags of a person in a thread that can still be computed."""
    tags = (tag_of(month, thread, person_id) for month in set(months))
    return {tag for tag in tags if tag is not None}


def name_of_day(person_id: int) -> str:
    """Under which attempts of a person are counted today; nobody's tomorrow."""
    return _hash(_made(f"day-{today():%Y-%m-%d}.key"), person_id.to_bytes(8)).hex()


def destroy_old_keys() -> list[str]:
    """Remove keys that are no longer needed; their names. What was posted under them is then under the seals of the two roles alone."""
    gone = []
    for path in sorted(folder().glob("*.key")):
        kind, _dash, word = path.stem.partition("-")
        if (kind == "month" and _end_of(word) + KEPT < today()) or (kind == "day" and date.fromisoformat(word) + KEPT_DAY < today()):
            with suppress(FileNotFoundError):
                path.write_bytes(secrets.token_bytes(32))
                path.unlink()
            gone.append(path.name)
    return gone


def _end_of(month: str) -> date:
    begun = date.fromisoformat(f"{month}-01")
    return (begun + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _hash(key: bytes, content: bytes) -> bytes:
    return hmac.new(key, content, hashlib.sha256).digest()[:TAG_BYTES]


def _read(name: str) -> bytes | None:
    try:
        return (folder() / name).read_bytes()
    except FileNotFoundError:
        return None


def _made(name: str) -> bytes:
    """Of several processes the first one's is everybody's."""
    known = _read(name)
    if known is not None:
        return known
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder() / f".{secrets.token_hex(8)}"
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_bytes(32))
    try:
        with suppress(FileExistsError):
            os.link(draft, folder() / name)
    finally:
        draft.unlink()
    return (folder() / name).read_bytes()
