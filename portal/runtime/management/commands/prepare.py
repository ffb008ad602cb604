"""Tables, rights, translations and static files in step with the code: what a larger site runs before its units start."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from portal.runtime import at_start, preparation
from portal.runtime.guards import StartRefused
from portal.runtime.pooling import check_database

MOST_NAMED = 5


class Command(BaseCommand):
    help = "Run due migrations as the owner of the tables, grant the application's role its rights, compile translations, collect static files."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if settings.ENVIRONMENT.database_url:
                check_database()
            done = preparation.migrate_database()
        except OperationalError as error:
            raise CommandError(f"The database cannot be used: {str(error).strip().splitlines()[-1]}") from error
        except StartRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write("tables: " + ("brought up to date" if done.has_migrated else "up to date"))
        self.stdout.write(f"rights: {_named(done.rights)}")
        if settings.ENVIRONMENT.database_url and not settings.ENVIRONMENT.database_owner_url:
            self.stdout.write("DATABASE_OWNER_URL is not set: the application owns its tables, so only triggers keep the record from being changed.")
        at_start.bring_in_step()
        self.stdout.write("translations: " + ("compiled" if preparation.compile_translations() else "up to date"))
        self.stdout.write("static files: " + ("collected" if preparation.collect_static() else "up to date"))


def _named(rights: list[str]) -> str:
    """On which tables they were put right."""
    if not rights:
        return "as they should be"
    return f"put right on {', '.join(rights[:MOST_NAMED])}" + (f" and {len(rights) - MOST_NAMED} more" if len(rights) > MOST_NAMED else "")
