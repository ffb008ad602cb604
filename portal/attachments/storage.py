"""Where content is, and the lock that keeps it there."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db import connection

# Held shared by whoever needs that no content goes meanwhile (taking a file in, a backup), alone by the sweeper. Until the transaction ends.
FILES_LOCK = 482211
DRAWING_LOCK = 482212  # the class of the locks under which renditions are drawn
PIECE = 2**20


def content_storage() -> Storage:
    return storages["attachments"]


def rendition_storage() -> Storage:
    """Pictures that can be drawn again at any time; no backup needs them."""
    return storages["renditions"]


def storage_name(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def hold_files() -> None:
    """No content is deleted before this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [FILES_LOCK])


def try_to_sweep() -> bool:
    """Whether this transaction may delete content: nobody holds the files."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [FILES_LOCK])
        return bool(cursor.fetchone()[0])


class Arrived(File):
    """A file on our disk that the storage may take by moving it."""

    def __init__(self, file: IO[bytes], path: Path) -> None:
        super().__init__(file, name=path.name)
        self.path = path

    def temporary_file_path(self) -> str:
        return str(self.path)


def put_content(path: Path, sha256: str) -> str:
    """Move a whole file into the storage unless the content is there; its name. What is there already takes as long as what is new."""
    name, storage = storage_name(sha256), content_storage()
    with path.open("rb") as file:
        os.fsync(file.fileno())
        saved = name if storage.exists(name) else storage.save(name, Arrived(file, path))
    if saved != name:  # another one put the same there at the same time
        storage.delete(saved)
    return name


def incoming_folder() -> Path:
    """Beside the storage, on the same disk, so that a whole file is moved and not copied."""
    folder = Path(settings.DATA_DIR) / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def set_aside(content: Any) -> Iterator[Path]:
    """The content as a file of its own on our disk, gone afterwards unless it was moved. What lies there already is not copied."""
    own = getattr(content, "temporary_file_path", None)
    if own is not None:
        content.flush()
        yield Path(own())
        return
    with NamedTemporaryFile(dir=incoming_folder(), delete=False) as copy:
        path = Path(copy.name)
    try:
        with path.open("wb") as copy:
            while piece := content.read(PIECE):
                copy.write(piece)
        yield path
    finally:
        path.unlink(missing_ok=True)


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
