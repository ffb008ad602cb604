"""Clearing away: loose files whose day is over, abandoned uploads, and content that nothing points to (S7). Never during a backup."""

import logging
import time
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from portal.attachments.models import FILES, Attachment, StoredFile, Upload
from portal.attachments.renditions import forget_renditions
from portal.attachments.storage import content_storage, incoming_folder, try_to_sweep
from portal.attachments.uploads import KEPT, part_path
from portal.outbox.troubles import apart, forget_trouble, not_now

logger = logging.getLogger(__name__)

SWEEPING = "sweeping"  # the queue, as operators see it
BATCH = 500
ROUND = 1800  # seconds between two, see CELERY_BEAT_SCHEDULE
GRACE = timedelta(hours=1)  # of content between two things, e.g. while a notice is written anew


def sweep_files() -> int:
    """One round; how many contents went. None where somebody holds the files: the next round is soon."""
    _forget_uploads()
    with transaction.atomic():
        if not try_to_sweep():
            return 0
        too_old = timezone.now() - timedelta(hours=settings.ENVIRONMENT.loose_files_hours)
        loose = Attachment.objects.filter(standing=Attachment.Standing.LOOSE, created_at__lt=too_old)
        Attachment.objects.filter(pk__in=loose.values("pk")[:BATCH]).delete()
        forget_strays(prefix=f"{int(time.time() / ROUND) % 256:02x}")
        return _forget_contents()


def _forget_contents() -> int:
    """Under the lock, and the content before its row: where the row stays after all, taking the file in anew heals it."""
    orphans = StoredFile.objects.filter(attachments__isnull=True, created_at__lt=timezone.now() - GRACE).select_for_update(of=["self"])
    files = {file.pk: file for file in orphans.exclude(pk__in=not_now(SWEEPING)).order_by("pk")[:BATCH]}

    def clear_away(ids: Sequence[int]) -> None:
        gone = {files[pk].sha256 for pk in ids}
        needed = set(StoredFile.objects.filter(sha256__in=gone).exclude(pk__in=ids).values_list("sha256", flat=True))
        for file in (files[pk] for pk in ids if files[pk].sha256 not in needed):
            content_storage().delete(file.storage_name)
            forget_renditions(file.sha256)
        StoredFile.objects.filter(pk__in=ids).delete()
        for queue in (FILES, SWEEPING):
            forget_trouble(queue, ids)

    return len(files) - len(apart(SWEEPING, list(files), clear_away))


def forget_strays(prefix: str) -> None:
    """Content without a row, from a transaction that failed after it was moved in; a part of the storage in each round, all of it in some days."""
    storage = content_storage()
    try:
        folders, _files = storage.listdir(prefix)
    except FileNotFoundError:
        return
    for folder in folders:
        names = set(storage.listdir(f"{prefix}/{folder}")[1])
        for name in names - set(StoredFile.objects.filter(sha256__in=names).values_list("sha256", flat=True)):
            try:
                if storage.get_modified_time(f"{prefix}/{folder}/{name}") < timezone.now() - GRACE:
                    storage.delete(f"{prefix}/{folder}/{name}")
            except OSError as error:  # of this one alone
                logger.error("%s/%s/%s cannot be cleared away: %s", prefix, folder, name, error)


def _forget_uploads() -> None:
    too_old = timezone.now() - KEPT
    old = list(Upload.objects.filter(touched_at__lt=too_old).values_list("pk", flat=True)[:BATCH])
    Upload.objects.filter(pk__in=old).delete()
    given_up = {part_path(pk).name for pk in old}
    known = {part_path(pk).name for pk in Upload.objects.values_list("pk", flat=True)}
    for path in incoming_folder().iterdir():
        try:
            if path.name in given_up or (path.name not in known and path.is_file() and path.stat().st_mtime < too_old.timestamp()):
                path.unlink(missing_ok=True)
        except OSError as error:  # of this one alone
            logger.error("%s cannot be cleared away: %s", path, error)
