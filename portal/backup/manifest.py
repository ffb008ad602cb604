"""What a backup says of itself."""

import hashlib
import hmac
import json
import os
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from portal.backup.errors import BackupError

NAME = "manifest.json"
FORMAT = 1
DATABASE = "database.dump"
FILES = "files.tsv"
CONTENTS = "files"
MEDIA = "media"
CHECKPOINTS = "record/checkpoints.jsonl"
PIECE = 2**20


@dataclass(frozen=True, slots=True)
class Part:
    """A file of the backup, its size in bytes and its sha256."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table as of the moment: its rows, and a sum over them that does not depend on their order."""

    rows: int
    fingerprint: str


@dataclass(slots=True)
class Manifest:
    begun_at: str
    finished_at: str
    portal: str
    postgresql: str
    python: str
    tables: dict[str, Table]
    migrations: list[str]
    record_position: int
    record_digest: str
    file_count: int
    file_bytes: int
    missing: list[str]
    key_fingerprint: str
    parts: dict[str, Part] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def finished(self) -> datetime:
        return datetime.fromisoformat(self.finished_at)

    def write(self, folder: Path) -> None:
        """Whole or not at all; signed, so that with the key at hand a manifest that was written anew is noticed."""
        content = asdict(self)
        content["signature"] = _signature(content)
        draft = folder / f".{NAME}"
        with draft.open("w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(folder / NAME)


def read_manifest(folder: Path) -> tuple[Manifest, bool | None]:
    """The manifest, and whether its signature is ours; None where it was made under another key. Refuses what is no backup."""
    try:
        content: dict[str, Any] = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BackupError(f"{folder} is no whole backup: it has no {NAME}. It was interrupted, or it is another folder.") from error
    except (OSError, ValueError) as error:
        raise BackupError(f"The {NAME} of {folder} cannot be read: {error}.") from error
    signature = content.pop("signature", "")
    if content.get("format") != FORMAT:
        raise BackupError(f"The backup in {folder} has format {content.get('format')!r}; this release reads {FORMAT}.")
    is_ours = hmac.compare_digest(signature, _signature(content)) if content.get("key_fingerprint") == key_fingerprint() else None
    try:
        content["parts"] = {name: Part(**part) for name, part in content["parts"].items()}
        content["tables"] = {name: Table(**table) for name, table in content["tables"].items()}
        return Manifest(**content), is_ours
    except (KeyError, TypeError, AttributeError) as error:
        raise BackupError(f"The {NAME} of {folder} is not whole: {error}.") from error


def key_fingerprint() -> str:
    """Tells one secret key from another, and nothing else of it."""
    return hmac.new(settings.SECRET_KEY.encode(), b"backup:key", "sha256").hexdigest()[:16]


def part_of(path: Path) -> Part:
    with path.open("rb") as file:
        return Part(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def _signature(content: dict[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hmac.new(settings.SECRET_KEY.encode(), f"backup:{text}".encode(), "sha256").hexdigest()
