"""The copy of each night, and which of the old ones stay."""

import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from portal.backup import database
from portal.backup.errors import BackupError
from portal.backup.making import PARTIAL, make_backup
from portal.backup.manifest import Manifest, read_manifest
from portal.backup.progress import Progress

NAME = "%Y-%m-%dT%H%M%S"
GOING = ".going"


def make_nightly(progress: Progress | None = None) -> Manifest | None:
    """Tonight's backup beside the others, which are then thinned out. None where no folder is set."""
    root = backup_root()
    if root is None:
        return None
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BackupError(f"The folder of the backups, {root}, cannot be used: {error.strerror or error}.") from error
    _clear_leftovers(root)
    kept = kept_backups(root)
    manifest = make_backup(root / timezone.localtime().strftime(NAME), progress, previous=kept[-1][1] if kept else None)
    thin_out(root)
    return manifest


def _clear_leftovers(root: Path) -> None:
    """What nights left behind that were killed, or whose machine lost its power; each may be as large as a backup. Refuses while one is being made."""
    with database.connect() as session:
        database.hold_alone(session)
        for folder in list(root.iterdir()):
            name, dot, ending = folder.name.rpartition(".")
            if f"{dot}{ending}" in (PARTIAL, GOING) and _moment_of(name) is not None:
                shutil.rmtree(folder, ignore_errors=True)


def thin_out(root: Path) -> list[Path]:
    """Keep the newest of each of the last days, weeks and months that PORTAL_BACKUP_KEEP names; the folders that went."""
    kept = kept_backups(root)
    stay = chosen([at for at, _ in kept], *numbers_kept())
    gone = [folder for at, folder in kept if at not in stay]
    for folder in gone:
        going = folder.with_name(folder.name + GOING)
        folder.rename(going)
        shutil.rmtree(going, ignore_errors=True)
    return gone


def chosen(moments: list[datetime], days: int, weeks: int, months: int) -> set[datetime]:
    """Of these moments the newest of each of the last days, weeks and months that have one; the newest of all in any case."""
    stay: set[datetime] = set(sorted(moments)[-1:])
    for count, period in ((days, "%Y-%m-%d"), (weeks, "%G-%V"), (months, "%Y-%m")):
        newest: dict[str, datetime] = {}
        for moment in sorted(moments):
            newest[moment.strftime(period)] = moment
        stay.update([newest[name] for name in sorted(newest)][-count:] if count else [])
    return stay


def kept_backups(root: Path) -> list[tuple[datetime, Path]]:
    """The whole backups of the nights, the oldest first. What has another name is not ours."""
    found = []
    for folder in root.iterdir() if root.is_dir() else ():
        if folder.name.endswith((PARTIAL, GOING)) or not folder.is_dir():
            continue
        moment = _moment_of(folder.name)
        if moment is not None:
            with suppress(BackupError):
                read_manifest(folder)
                found.append((moment, folder))
    return sorted(found)


def backup_root() -> Path | None:
    named = settings.ENVIRONMENT.backup_dir
    return Path(named).absolute() if named else None


def _moment_of(name: str) -> datetime | None:
    """When a night's backup of this name was begun, in the plant's own time; None where the name is not ours."""
    try:
        return datetime.strptime(name, NAME)
    except ValueError:
        return None


def numbers_kept() -> tuple[int, int, int]:
    days, weeks, months = (int(number) for number in settings.ENVIRONMENT.backup_keep.split(","))
    return days, weeks, months
