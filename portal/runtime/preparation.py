"""Bringing tables, static files and translations in step with the code; quick when nothing has changed."""

import hashlib
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from portal.runtime.addresses import owner_settings
from portal.runtime.baseline import lay_baseline
from portal.runtime.messages import compile_messages
from portal.runtime.roles import alone_at_preparing, as_role, give_rights

# The scripts of htmx are part of js/portal.js; its extensions name modules that only a bundler finds.
JOINED_ALREADY = ["django_htmx"]


class Prepared(NamedTuple):
    """Whether migrations ran, and on which tables rights were put right."""

    has_migrated: bool
    rights: list[str]


def migrate_database() -> Prepared:
    """Run what migrations are due, as the owner of the tables, and see that the application's role has its rights; two at once wait for one another.

    Where only the application's role is known it owns the tables itself, and the record is guarded by its triggers alone.
    Interrupted anywhere, the next one goes on: rights are compared each time, also where no migration is due.
    """
    environment = settings.ENVIRONMENT
    owner = owner_settings(environment.database_url, environment.database_owner_url, environment.data_dir)
    application_role = connection.settings_dict["USER"]
    with as_role(owner), alone_at_preparing():
        has_migrated = bool(pending_migrations())
        if has_migrated:
            make_tables()
        return Prepared(has_migrated, give_rights(application_role) if owner is not None else [])


def make_tables() -> None:
    """Run the migrations that are due; in an empty database those of the baseline are laid first, at once."""
    lay_baseline()
    call_command("migrate", interactive=False, verbosity=0)


def pending_migrations() -> list[str]:
    """Migrations in the code that the database has not had, as `app.name`."""
    loader = MigrationLoader(connection)
    return sorted(f"{app}.{name}" for app, name in set(loader.disk_migrations) - set(loader.applied_migrations))


def collect_static() -> bool:
    """Gather the static files under their far-future names if any has changed; return whether they were."""
    root = Path(settings.STATIC_ROOT)
    stamp = root.with_name("static.stamp")
    present = _static_fingerprint()
    if root.is_dir() and stamp.exists() and stamp.read_text() == present:
        return False
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=JOINED_ALREADY)
    stamp.write_text(present)
    return True


def compile_translations() -> bool:
    return any([compile_messages(Path(directory)) for directory in settings.LOCALE_PATHS])


def _static_fingerprint() -> str:
    digest = hashlib.sha256(str(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            digest.update(f"{path} {storage.size(path)} {storage.get_modified_time(path).timestamp()}\n".encode())
    return digest.hexdigest()
