"""Making a backup, and proving one."""

import errno
import logging
import os
import platform
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import psycopg
from django.db import DatabaseError, transaction

from portal.audit.chain import checkpoint_path, write_checkpoint
from portal.audit.services import record
from portal.backup import database
from portal.backup.contents import UnreadableError, check_contents, copy_contents, copy_file, other_media, read_list, write_list
from portal.backup.errors import BackupError, failure_of_database
from portal.backup.manifest import CHECKPOINTS, DATABASE, FILES, NAME, Manifest, key_fingerprint, part_of, read_manifest
from portal.backup.progress import Progress, Silent

logger = logging.getLogger(__name__)

PARTIAL = ".partial"


def make_backup(target: Path, progress: Progress | None = None, previous: Path | None = None) -> Manifest:
    """Database and files as of one moment, in a folder that gets its name when it is whole. Whatever happens before, nothing is left.

    Contents that the backup `previous` holds already are shared with it. Refuses a folder that is there and not empty.
    """
    progress = progress or Silent()
    target = target.absolute()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise BackupError(f"{target} is there already and not empty; name a folder that is not.")
    with database.connect() as session:
        database.hold_alone(session)  # before anything is touched: the folder of another one that is being made is not ours to clear
        manifest = _make_whole(session, target, previous, progress)
    with transaction.atomic():
        record(None, "backup.made", after={"folder": target.name, "files": manifest.file_count, "missing": len(manifest.missing)})
    return manifest


def verify_backup(folder: Path, progress: Progress | None = None) -> tuple[Manifest, list[str]]:
    """The manifest and the names of the parts that are not what they were. Asks no database. Refuses what is no backup."""
    progress = progress or Silent()
    manifest, is_ours = read_manifest(folder)
    wrong = [] if is_ours is not False else [NAME]
    progress.begin("parts", sum(part.size for part in manifest.parts.values()))
    for name, part in manifest.parts.items():
        path = folder / name
        if not path.is_file() or part_of(path) != part:
            wrong.append(name)
        progress.advance(part.size)
    if DATABASE not in wrong and not database.can_be_listed(folder / DATABASE):
        wrong.append(DATABASE)
    if FILES not in wrong:
        progress.begin("files", manifest.file_bytes)
        wrong.extend(check_contents(folder, read_list(folder / FILES), set(manifest.missing), progress))
    return manifest, wrong


def _make_whole(session: psycopg.Connection, target: Path, previous: Path | None, progress: Progress) -> Manifest:
    partial = target.with_name(target.name + PARTIAL)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(mode=0o700)
        manifest = _make(session, partial, previous, progress)
        os.sync()
        manifest.write(partial)
        if target.exists():
            target.rmdir()
        partial.rename(target)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        reason = "its disk is full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else f"{error.strerror or error} ({error.filename or partial})"
        raise BackupError(f"The backup could not be written to {target}: {reason}. Nothing was kept of it.") from error
    except (BackupError, psycopg.Error, DatabaseError) as error:
        shutil.rmtree(partial, ignore_errors=True)
        reason = str(error) if isinstance(error, BackupError) else failure_of_database(error)
        raise BackupError(f"{reason} Nothing was kept of the backup.") from error
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return manifest


def _make(session: psycopg.Connection, folder: Path, previous: Path | None, progress: Progress) -> Manifest:
    begun_at = datetime.now(UTC).isoformat(timespec="seconds")
    write_checkpoint()
    session.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    snapshot = session.execute("SELECT pg_export_snapshot()").fetchone()[0]  # type: ignore[index]
    tables = database.tables_of(session, progress)
    migrations = [f"{app}.{name}" for app, name in session.execute("SELECT app, name FROM django_migrations ORDER BY app, name")]
    link = session.execute("SELECT position, encode(digest, 'hex') FROM audit_link ORDER BY position DESC LIMIT 1").fetchone() or (0, "")
    with session.cursor("contents") as rows:
        rows.execute("SELECT DISTINCT sha256, size, storage_name FROM attachments_storedfile ORDER BY sha256")
        count, total = write_list(folder / FILES, iter(rows))
    version = session.info.server_version
    database.dump(folder / DATABASE, snapshot, version, len(tables), progress)
    # The moment is on disk; only the contents must stay where they are until they are copied.
    session.execute("COMMIT")
    progress.begin("files", total)
    missing = copy_contents(folder, read_list(folder / FILES), previous, progress)
    session.execute("SELECT 1")  # whoever lost the session has lost the hold on the contents with it
    names = [DATABASE, FILES, *_copy_others(folder, missing)]
    progress.begin("checksums", len(names))
    parts = {}
    for name in names:
        parts[name] = part_of(folder / name)
        progress.advance()
    return Manifest(
        begun_at=begun_at,
        finished_at=datetime.now(UTC).isoformat(timespec="seconds"),
        portal=_version(),
        postgresql=f"{version // 10_000}.{version % 10_000}",
        python=platform.python_version(),
        tables=tables,
        migrations=migrations,
        record_position=link[0],
        record_digest=link[1],
        file_count=count,
        file_bytes=total,
        missing=missing,
        key_fingerprint=key_fingerprint(),
        parts=parts,
    )


def _copy_others(folder: Path, missing: list[str]) -> Iterator[str]:
    for name, source in other_media():
        try:
            copy_file(source, folder / name)
        except FileNotFoundError:  # a file that went meanwhile is not in the backup
            continue
        except UnreadableError as error:
            logger.error("%s is left out of the backup: %s", source, error)
            missing.append(name)
            continue
        yield name
    if checkpoint_path().exists():
        copy_file(checkpoint_path(), folder / CHECKPOINTS)
        yield CHECKPOINTS


def _version() -> str:
    try:
        return metadata.version("gongfang")
    except metadata.PackageNotFoundError:
        return ""
