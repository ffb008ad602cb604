"""Write the tables that a new plant begins with: all migrations are run in a database of its own, which is thrown away."""

import tempfile
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from portal.runtime.addresses import owner_settings
from portal.runtime.baseline import BASELINE, write_baseline
from portal.runtime.embedded.postgresql import EmbeddedPostgreSQL
from portal.runtime.roles import as_role


class Command(BaseCommand):
    help = "Make portal/runtime/baseline.sql.xz anew from the migrations."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        with tempfile.TemporaryDirectory(prefix="gongfang-baseline-") as directory:
            database = EmbeddedPostgreSQL(Path(directory), is_durable=False)
            database.start()
            try:
                access = owner_settings("", "", Path(directory))
                assert access is not None
                with as_role(access):
                    call_command("migrate", interactive=False, verbosity=0)
                write_baseline(access)
            finally:
                database.stop()
        self.stdout.write(f"{BASELINE.name}: {BASELINE.stat().st_size:,} bytes")
