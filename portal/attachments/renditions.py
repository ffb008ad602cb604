"""Smaller pictures of files, drawn when they are first asked for and kept until the content goes."""

from datetime import timedelta
from typing import IO

from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.utils import timezone

from portal.attachments.kinds import RENDERED_PICTURES, Kind
from portal.attachments.models import StoredFile
from portal.attachments.office import has_page_pictures, open_pdf_of
from portal.attachments.storage import DRAWING_LOCK, content_storage, rendition_storage, storage_name
from portal.foundation.limited import LimitedError, run_limited

THUMBNAIL, READING, PAGE = 320, 1600, 1200  # pixels
TRIED_AGAIN = timedelta(days=1)
DRAWN_AT_ONCE = 4  # over all processes, so that a crowd before a new notice does not fill the machine


def has_thumbnail(file: StoredFile) -> bool:
    return file.media_type in RENDERED_PICTURES or has_page_pictures(file)


def open_thumbnail(file: StoredFile) -> IO[bytes] | None:
    """The picture, or the first page, in small; None where there is none."""
    return _picture(file, THUMBNAIL) if file.kind == Kind.PICTURE else _page(file, 1, THUMBNAIL)


def open_reading_picture(file: StoredFile) -> IO[bytes] | None:
    """The picture in the width of a page."""
    return _picture(file, READING)


def open_page(file: StoredFile, number: int) -> IO[bytes] | None:
    """A page, counted from 1."""
    return _page(file, number, PAGE)


def forget_renditions(sha256: str) -> None:
    """Called when the content goes."""
    storage, folder = rendition_storage(), storage_name(sha256)
    try:
        _folders, names = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        storage.delete(f"{folder}/{name}")
    storage.delete(folder)


def _picture(file: StoredFile, longest: int) -> IO[bytes] | None:
    if file.media_type not in RENDERED_PICTURES:
        return None
    return _drawn(file, f"picture-{longest}.webp", "portal.attachments.reading.pictures:reduced", [str(longest)], is_page=False)


def _page(file: StoredFile, number: int, width: int) -> IO[bytes] | None:
    if not has_page_pictures(file) or not 1 <= number <= (file.page_count or 1):
        return None
    return _drawn(file, f"page-{number}-{width}.webp", "portal.attachments.reading.pdf:picture", [str(number), str(width)], is_page=True)


def _drawn(file: StoredFile, name: str, work: str, arguments: list[str], *, is_page: bool) -> IO[bytes] | None:
    storage, path = rendition_storage(), f"{storage_name(file.sha256)}/{name}"
    if _is_to_be_drawn(path):
        with transaction.atomic():
            _take_turn(file)
            if _is_to_be_drawn(path):
                storage.delete(path)
                saved = storage.save(path, ContentFile(_draw(file, work, arguments, is_page=is_page)))
                if saved != path:
                    storage.delete(saved)
    return storage.open(path) if storage.size(path) else None


def _is_to_be_drawn(path: str) -> bool:
    """Not there yet; or it could not be drawn some time ago, when the machine may have had too much to do."""
    storage = rendition_storage()
    return not storage.exists(path) or (not storage.size(path) and storage.get_modified_time(path) < timezone.now() - TRIED_AGAIN)


def _draw(file: StoredFile, work: str, arguments: list[str], *, is_page: bool) -> bytes:
    """Nothing where it cannot be drawn; that is kept too, so that not everybody who looks tries again."""
    try:
        with open_pdf_of(file) if is_page else content_storage().open(file.storage_name) as content:
            return run_limited(work, content, arguments=arguments, memory_bytes=1024 * 2**20, cpu_seconds=15, wall_seconds=30, output_bytes=16 * 2**20)
    except (LimitedError, FileNotFoundError):
        return b""


def _take_turn(file: StoredFile) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [DRAWING_LOCK, file.pk % DRAWN_AT_ONCE])
