"""manage.py restore SOURCE"""

import signal
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from portal.backup.database import database_server
from portal.backup.errors import BackupError, failure_of_database
from portal.backup.management.bars import Bars
from portal.backup.management.commands.backup import describe, interrupt
from portal.backup.restoring import AGAIN, restore_backup


class Command(BaseCommand):
    help = "Restores a backup into an empty database and an empty data directory, and proves that all is what it was."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", type=Path)

    def handle(self, *args: Any, source: Path, **options: Any) -> None:
        before = signal.signal(signal.SIGTERM, interrupt)
        try:
            with database_server(), Bars() as bars:
                restored = restore_backup(source, bars, bars.say)
        except BackupError as error:
            raise CommandError(str(error)) from error
        except (psycopg.Error, DatabaseError) as error:
            raise CommandError(f"{failure_of_database(error)} {AGAIN}") from error
        except KeyboardInterrupt as error:
            raise CommandError(f"The restore was interrupted, and what it had restored by then is not whole. {AGAIN}", returncode=130) from error
        finally:
            signal.signal(signal.SIGTERM, before)
        self.stdout.write(f"{describe(restored.manifest)} Every table and every file is what it was.")
        if restored.has_migrated:
            self.stdout.write("The backup is of an older release; its tables were brought up to date.")
        if not restored.is_same_key:
            self.stdout.write(
                "The secret key is another one than that of the backup: put the old secret.key (or PORTAL_SECRET_KEY) back before you start the portal,"
                " or the record's checkpoints count for nothing and second factors must be set up anew."
            )
        if restored.verdict.fault is not None:
            raise CommandError(f"The record does not verify: {restored.verdict.fault.what}; {restored.verdict.fault.detail}")
        self.stdout.write(f"{restored.verdict.checked} records verify, {restored.verdict.checkpoints} checkpoints agree.")
        self.stdout.write("Next: start the portal (manage.py serve), sign in, and look at Operation. Everybody signs in anew.")
