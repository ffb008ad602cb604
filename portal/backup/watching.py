"""Administrators learn of backups that were not made; whoever asks /readyz, how old the last good one is."""

import logging
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.urls import reverse

from portal.access.rules import ADMINISTRATORS
from portal.accounts.models import User
from portal.backup.errors import AnotherBackupError, BackupError
from portal.backup.keeping import backup_root, kept_backups, make_nightly
from portal.backup.manifest import read_manifest
from portal.backup.notifications import BACKUP_FAILED, BACKUP_MISSING
from portal.notifications.registry import NotificationKind
from portal.notifications.services import notify

logger = logging.getLogger(__name__)

TOO_OLD = timedelta(hours=30)
LONGEST_REASON = 300


def back_up_tonight() -> None:
    """Make tonight's backup; tell administrators where it cannot be made, or is not whole."""
    try:
        manifest = make_nightly()
    except AnotherBackupError as error:  # of another machine; in the morning it is looked for
        logger.info("%s", error)
    except BackupError as error:
        logger.error("%s", error)
        _tell(BACKUP_FAILED, reason=str(error))
    except Exception as error:  # whatever it is, there is no backup
        logger.exception("the backup failed")
        _tell(BACKUP_FAILED, reason=f"{type(error).__name__}: {error}")
    else:
        if manifest is not None and manifest.missing:
            _tell(BACKUP_FAILED, reason=f"{len(manifest.missing)} files were missing, e.g. {manifest.missing[0]}")


def tell_of_missing() -> None:
    """In the morning: tell administrators where no good backup is young enough, also when the one of the night died without a word."""
    if backup_root() is not None and (age_of_last() or TOO_OLD) >= TOO_OLD:
        _tell(BACKUP_MISSING, hours=round(TOO_OLD.total_seconds() / 3600))


def age_of_last() -> timedelta | None:
    """How long ago the last whole backup was finished; None where there is none."""
    root = backup_root()
    kept = kept_backups(root) if root is not None else []
    return datetime.now(UTC) - read_manifest(kept[-1][1])[0].finished if kept else None


@transaction.atomic
def _tell(kind: NotificationKind, *, reason: str = "", hours: int = 0) -> None:
    words = {"reason": " ".join(reason.split())[:LONGEST_REASON], "hours": hours}
    administrators = list(User.objects.active().filter(is_superuser=True).values_list("pk", flat=True))
    notify(kind, words=words, recipients=administrators, needs=[ADMINISTRATORS], url=reverse("administration:operation"))
