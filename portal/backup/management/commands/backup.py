"""manage.py backup TARGET | --nightly | --verify SOURCE"""

import signal
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.backup.database import database_server
from portal.backup.errors import BackupError
from portal.backup.keeping import make_nightly
from portal.backup.making import make_backup, verify_backup
from portal.backup.management.bars import Bars
from portal.backup.manifest import Manifest

MISSING = 2


class Command(BaseCommand):
    help = "Backs up the database and all files as of one moment, also while people work (TARGET), or proves a backup (--verify SOURCE)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", nargs="?", type=Path, help="a folder that is not there yet, or empty")
        parser.add_argument("--verify", metavar="SOURCE", type=Path, help="prove that the backup there is what it was")
        parser.add_argument("--nightly", action="store_true", help="what happens each night: into PORTAL_BACKUP_DIR, and the old ones thinned out")

    def handle(self, *args: Any, target: Path | None, verify: Path | None, nightly: bool, **options: Any) -> None:
        if sum((target is not None, verify is not None, nightly)) != 1:
            raise CommandError("Name a TARGET, or --verify SOURCE, or --nightly.")
        before = signal.signal(signal.SIGTERM, interrupt)
        try:
            if verify is not None:
                self._verify(verify)
                return
            with Bars() as bars, database_server():
                manifest = make_nightly(bars) if target is None else make_backup(target, bars)
        except BackupError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt as error:
            said = "The backup was interrupted; nothing was kept of it." if verify is None else "The proof was interrupted; the backup is untouched."
            raise CommandError(said, returncode=130) from error
        finally:
            signal.signal(signal.SIGTERM, before)
        if manifest is None:
            raise CommandError("PORTAL_BACKUP_DIR is not set.")
        self.stdout.write(describe(manifest))
        if manifest.missing:
            raise CommandError(
                f"The backup is whole but for {len(manifest.missing)} files that the portal itself has lost, e.g. {manifest.missing[0]}.", returncode=MISSING
            )

    def _verify(self, source: Path) -> None:
        with Bars() as bars:
            manifest, wrong = verify_backup(source, bars)
        if wrong:
            raise CommandError(f"The backup is not what it was. Wrong or missing: {', '.join(wrong[:20])}{' …' if len(wrong) > 20 else ''}.")
        self.stdout.write(f"{describe(manifest)} Every part is what it was.")


def describe(manifest: Manifest) -> str:
    begun_at = timezone.localtime(datetime.fromisoformat(manifest.begun_at))
    rows = sum(table.rows for table in manifest.tables.values())
    return (
        f"Backup of {begun_at:%Y-%m-%d %H:%M}: {len(manifest.tables)} tables with {rows:,} rows, {manifest.file_count:,} files"
        f" with {manifest.file_bytes / 10**6:,.1f} MB, the record up to link {manifest.record_position}."
    )


def interrupt(number: int, frame: Any) -> None:
    raise KeyboardInterrupt
