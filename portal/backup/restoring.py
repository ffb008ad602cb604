"""Restoring a backup into an empty place."""

import errno
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.storage import FileSystemStorage
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from portal.attachments.storage import content_storage
from portal.audit.chain import Verdict, checkpoint_path, verify_chain
from portal.audit.services import record
from portal.backup import database
from portal.backup.after_restore import works_after_restore
from portal.backup.contents import copy_file, put_contents, read_list
from portal.backup.errors import BackupError
from portal.backup.making import verify_backup
from portal.backup.manifest import CHECKPOINTS, DATABASE, FILES, MEDIA, Manifest, key_fingerprint
from portal.backup.progress import Progress, Silent
from portal.runtime.preparation import migrate_database
from portal.runtime.roles import as_role, give_rights

AGAIN = "Empty the database and the data directory (secret.key may stay), and restore again."


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, and what the operator must know of it."""

    manifest: Manifest
    verdict: Verdict
    is_same_key: bool
    has_migrated: bool


def restore_backup(source: Path, progress: Progress | None = None, say: Callable[[str], None] = lambda text: None) -> Restored:
    """Put database and files back as they were, and prove it. Refuses a backup that is not sound, and a place that is not empty.

    Everybody must sign in anew: a session that has ended since the backup does not come back to life.
    """
    progress = progress or Silent()
    _refuse_full_folders()
    with database.connect() as session:
        database.hold_alone(session)
        _refuse_full_database(session)
        manifest, wrong = verify_backup(source, progress)  # last of what is asked, because it takes longest
        if wrong:
            raise BackupError(f"The backup is not what it was: {', '.join(wrong[:10])}{' …' if len(wrong) > 10 else ''}. Nothing was restored.")
        _refuse_newer(manifest)
        database.restore(source / DATABASE, session.info.server_version, len(manifest.tables), progress)
        found = database.tables_of(session, progress)
        differing = sorted(name for name in {*found, *manifest.tables} if found.get(name) != manifest.tables.get(name))
        if differing:
            raise BackupError(f"After the restore these tables are not what they were: {', '.join(differing[:10])}. {AGAIN}")
        try:
            _put_files(source, manifest, progress)
        except OSError as error:
            reason = "the disk is full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else str(error)
            raise BackupError(f"The files could not be restored: {reason}. {AGAIN}") from error
    _grant()
    has_migrated = migrate_database().has_migrated
    verdict = verify_chain()
    with transaction.atomic():
        Session.objects.all().delete()
        record(None, "backup.restored", after={"finished_at": manifest.finished_at, "files": manifest.file_count})
    for label, work in works_after_restore():
        say(label)
        work()
    return Restored(manifest, verdict, manifest.key_fingerprint == key_fingerprint(), has_migrated)


def _refuse_newer(manifest: Manifest) -> None:
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    unknown = sorted(set(manifest.migrations) - known)
    if unknown:
        raise BackupError(f"The backup was made by a newer release (it knows {unknown[0]}); restore it with that one. Nothing was restored.")


def _refuse_full_database(session: database.psycopg.Connection) -> None:
    names = [name for (name,) in session.execute(database.OWN_TABLES)]
    if names:
        raise BackupError(f"The database {session.info.dbname} is not empty (it has {len(names)} tables, e.g. {names[0]}). Nothing was restored.")


def _refuse_full_folders() -> None:
    storage = content_storage()
    folders = [Path(settings.MEDIA_ROOT)] + ([Path(storage.location)] if isinstance(storage, FileSystemStorage) else [])
    for folder in folders:
        if folder.is_dir() and any(path.is_file() for path in folder.rglob("*")):
            raise BackupError(f"The folder {folder} is not empty. Nothing was restored.")
    if checkpoint_path().exists():
        raise BackupError(f"There are checkpoints of another record in {checkpoint_path()}. Nothing was restored.")


def _put_files(source: Path, manifest: Manifest, progress: Progress) -> None:
    free = shutil.disk_usage(settings.DATA_DIR).free
    if isinstance(content_storage(), FileSystemStorage) and free < manifest.file_bytes:
        raise OSError(errno.ENOSPC, "no room")
    progress.begin("files", manifest.file_bytes)
    put_contents(source, read_list(source / FILES), set(manifest.missing), progress)
    for name in manifest.parts:
        if name.startswith(f"{MEDIA}/"):
            copy_file(source / name, Path(settings.MEDIA_ROOT) / name.removeprefix(f"{MEDIA}/"))
    if CHECKPOINTS in manifest.parts:
        copy_file(source / CHECKPOINTS, checkpoint_path())


def _grant() -> None:
    """The application's role gets its rights on tables that belong to the owner."""
    role, owner = connection.settings_dict["USER"], database.owner_access()
    if owner["USER"] != role:
        with as_role(owner):
            give_rights(role)
