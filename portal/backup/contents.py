"""The files of a backup: contents under their sha256, shared with the backup before where both are on one disk."""

import hashlib
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from django.conf import settings
from django.core.files import File

from portal.attachments.storage import content_storage, storage_name
from portal.backup.manifest import CONTENTS, MEDIA, PIECE
from portal.backup.progress import Progress

logger = logging.getLogger(__name__)


class UnreadableError(Exception):
    """A file of the portal cannot be read; the others can."""


class Listed(NamedTuple):
    """One line of `files.tsv`."""

    sha256: str
    size: int
    stored_as: str


def write_list(target: Path, rows: Iterator[tuple[str, int, str]]) -> tuple[int, int]:
    """How many contents there are, and their bytes."""
    count = total = 0
    with target.open("w", encoding="utf-8") as file:
        for sha256, size, stored_as in rows:
            file.write(f"{sha256}\t{size}\t{stored_as}\n")
            count, total = count + 1, total + size
    return count, total


def read_list(source: Path) -> Iterator[Listed]:
    with source.open(encoding="utf-8") as file:
        for line in file:
            sha256, size, stored_as = line.rstrip("\n").split("\t")
            yield Listed(sha256, int(size), stored_as)


def copy_contents(folder: Path, listed: Iterator[Listed], previous: Path | None, progress: Progress) -> list[str]:
    """Bring every content into the backup; the sha256 of those that are missing, cannot be read or are not what they should be."""
    missing = []
    for entry in listed:
        target = folder / CONTENTS / storage_name(entry.sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        if not _share(previous, entry, target) and not _copy(entry, target):
            missing.append(entry.sha256)
        progress.advance(entry.size)
    return missing


def check_contents(folder: Path, listed: Iterator[Listed], missing: set[str], progress: Progress) -> Iterator[str]:
    """The names of contents that are not there or not what they were."""
    for entry in listed:
        path = folder / CONTENTS / storage_name(entry.sha256)
        if entry.sha256 not in missing and not (path.is_file() and path.stat().st_size == entry.size and _digest(path) == entry.sha256):
            yield f"{CONTENTS}/{storage_name(entry.sha256)}"
        progress.advance(entry.size)


def put_contents(folder: Path, listed: Iterator[Listed], missing: set[str], progress: Progress) -> None:
    """Into the portal's storage, under the names that the rows give."""
    storage = content_storage()
    for entry in listed:
        if entry.sha256 not in missing and not storage.exists(entry.stored_as):
            with (folder / CONTENTS / storage_name(entry.sha256)).open("rb") as file:
                storage.save(entry.stored_as, File(file))
        progress.advance(entry.size)


def other_media() -> Iterator[tuple[str, Path]]:
    """Files of the portal that no row of the attachments names, by their name in the backup."""
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*")) if root.is_dir() else ():
        if path.is_file():
            yield f"{MEDIA}/{path.relative_to(root).as_posix()}", path


def copy_file(source: Path, target: Path) -> None:
    """Raises FileNotFoundError for a source that is gone, and UnreadableError for one that cannot be read; then nothing is left of it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        opened = source.open("rb")
    except FileNotFoundError:
        raise
    except OSError as error:
        raise UnreadableError(error.strerror or str(error)) from error
    try:
        with opened as read, target.open("wb") as written:
            _pour(read, written)
    except UnreadableError:
        target.unlink(missing_ok=True)
        raise


def _share(previous: Path | None, entry: Listed, target: Path) -> bool:
    if previous is None:
        return False
    before = previous / CONTENTS / storage_name(entry.sha256)
    try:
        if before.stat().st_size != entry.size:
            return False
        os.link(before, target)
    except OSError:
        return False
    return True


def _copy(entry: Listed, target: Path) -> bool:
    try:
        with _opened(entry.stored_as) as source, target.open("wb") as written:
            if _pour(source, written) == entry.sha256:
                return True
    except UnreadableError as error:
        logger.error("%s is left out of the backup: %s", entry.stored_as, error)
    target.unlink(missing_ok=True)
    return False


def _opened(name: str) -> File:  # type: ignore[type-arg]
    try:
        return content_storage().open(name)
    except OSError as error:
        raise UnreadableError(error.strerror or str(error)) from error


def _pour(source: IO[bytes] | File, target: IO[bytes]) -> str:  # type: ignore[type-arg]
    """Raises UnreadableError for the source alone; the backup's own disk fails for all of them."""
    digest = hashlib.sha256()
    while piece := _read(source):
        digest.update(piece)
        target.write(piece)
    return digest.hexdigest()


def _read(source: IO[bytes] | File) -> bytes:  # type: ignore[type-arg]
    try:
        return bytes(source.read(PIECE))
    except OSError as error:
        raise UnreadableError(error.strerror or str(error)) from error


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
