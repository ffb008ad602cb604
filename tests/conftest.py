"""One PostgreSQL and one Valkey for the whole run, one database for each worker, and the cast.

Tests run under the application's role, so that a right that is missing, or one too many, shows everywhere.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client, TransactionTestCase
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from portal.accounts.models import User
from portal.runtime.addresses import APPLICATION_ROLE, OWNER_ROLE
from portal.runtime.embedded.postgresql import EmbeddedPostgreSQL
from portal.runtime.embedded.valkey import EmbeddedValkey
from portal.runtime.messages import compile_messages
from portal.runtime.roles import give_rights
from tests.cast import Cast, make_cast
from tests.cluster import start_migrated

pytest_plugins = ["tests.timing"]

# The same examples at every run, however busy the machine: what fails, fails for all. `HYPOTHESIS_PROFILE=search` looks for new ones.
hypothesis_settings.register_profile("search", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.register_profile("suite", hypothesis_settings.get_profile("search"), derandomize=True)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))

KEPT_TABLES = {"django_content_type", "auth_permission", "django_migrations"}
FEW = 50  # rows of a table; each is looked for in all that may refer to it
SERVERS = pytest.StashKey[list[EmbeddedPostgreSQL | EmbeddedValkey]]()


def pytest_configure(config: pytest.Config) -> None:
    """The controller (or the only process) starts the servers before any worker needs them."""
    if hasattr(config, "workerinput") or config.option.collectonly or config.option.version or config.option.help:
        return
    for directory in settings.LOCALE_PATHS:
        compile_messages(directory)
    data_dir = Path(os.environ["TEST_DATA_DIR"])
    database, valkey = EmbeddedPostgreSQL(data_dir, is_durable=False), EmbeddedValkey(data_dir)
    config.stash[SERVERS] = [database, valkey]
    start_migrated(database)
    valkey.start()
    with database.connect() as session:
        session.execute(f"GRANT {APPLICATION_ROLE} TO {OWNER_ROLE}")


def pytest_unconfigure(config: pytest.Config) -> None:
    for server in config.stash.get(SERVERS, []):
        server.stop()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """After the owner has made the worker's database, every connection acts as the application's role."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        give_rights()
        _act_as(APPLICATION_ROLE)
    with pytest.MonkeyPatch.context() as patch:
        _flush_as_owner(patch)
        yield
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        _act_as(None)


def _act_as(role: str | None) -> None:
    connection.close()
    options = connection.settings_dict["OPTIONS"]
    options.pop("options", None)
    if role is not None:
        options["options"] = f"-c role={role}"


def _flush_as_owner(patch: pytest.MonkeyPatch) -> None:
    """Emptying tables after a test of real transactions is the owner's business. What Django itself put there stays."""

    def flush(_self: TransactionTestCase) -> None:
        tables = sorted(set(connection.introspection.django_table_names(only_existing=True)) - KEPT_TABLES)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {OWNER_ROLE}")
            # A server may still be writing; it comes to its end first.
            cursor.execute(f"LOCK TABLE {_listed(tables)} IN SHARE ROW EXCLUSIVE MODE")
            cursor.execute(" UNION ALL ".join(f"SELECT '{table}', count(*) FROM (SELECT FROM \"{table}\" LIMIT {FEW + 1}) AS rows" for table in tables))
            counts = {table: count for table, count in cursor.fetchall() if count}
            cursor.execute("SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal AND tgtype & 8 <> 0")
            unalterable = {table for (table,) in cursor.fetchall()}
            # Few rows are gone sooner by DELETE, where no trigger forbids it: TRUNCATE makes new files for all that refers to a table.
            truncated = [table for table, count in counts.items() if count > FEW or table in unalterable]
            if truncated:
                cursor.execute(f"TRUNCATE {_listed(truncated)} CASCADE")
            for table in counts.keys() - set(truncated):
                cursor.execute(f'DELETE FROM "{table}"')

    patch.setattr(TransactionTestCase, "_fixture_teardown", flush)


def _listed(tables: list[str]) -> str:
    return ", ".join(f'"{table}"' for table in tables)


@pytest.fixture(autouse=True)
def plants_language() -> Iterator[None]:
    """A page that was shown in English leaves its language to the thread; each test begins in the plant's."""
    translation.activate(settings.LANGUAGE_CODE)
    yield
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def cast(db: None) -> Cast:
    """A small plant with its people; see tests/cast.py."""
    cache.clear()
    return make_cast()


@pytest.fixture
def client_for() -> Callable[[User], Client]:
    """A browser in which this person has signed in."""

    def sign_in(person: User) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return sign_in
