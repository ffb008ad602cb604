"""The tables that a new plant begins with are those that the migrations make, one after another."""

import re
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from portal.runtime.addresses import owner_settings
from portal.runtime.baseline import dumped, lay_baseline
from portal.runtime.embedded.postgresql import EmbeddedPostgreSQL
from portal.runtime.preparation import make_tables
from portal.runtime.roles import as_role

STAMP = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[^']*")
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
CAST = re.compile(r"::(?:character varying|text)(?:\[\])?")
NOT_COMPARED = ["--exclude-table-data=django_migrations"]  # tells in which order they ran
BARE = str.maketrans("", "", "();,")


@pytest.fixture
def empty_database(tmp_path: Path, django_db_blocker: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
    database = EmbeddedPostgreSQL(tmp_path, is_durable=False)
    database.start()
    try:
        access = owner_settings("", "", tmp_path)
        assert access is not None
        with django_db_blocker.unblock(), as_role(access):  # type: ignore[attr-defined]
            yield access
    finally:
        database.stop()


def test_a_database_that_holds_a_table_is_left_alone(empty_database: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE ours (id int)")
        assert not lay_baseline()
        cursor.execute("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace")
        assert cursor.fetchall() == [("ours",)]


@pytest.mark.drill
def test_the_baseline_is_what_the_migrations_make(empty_database: dict[str, Any]) -> None:
    """But for the identities that each plant has for itself, and the days on which migrations ran."""
    make_tables()
    laid = dumped(empty_database, *NOT_COMPARED)
    with connection.cursor() as cursor:
        cursor.execute("DROP OWNED BY CURRENT_USER CASCADE")
    call_command("migrate", interactive=False, verbosity=0)
    migrated = dumped(empty_database, *NOT_COMPARED)
    assert "\n".join(unified_diff(_compared(laid), _compared(migrated), "laid", "migrated", n=0, lineterm="")) == ""
    assert set(UUID.findall(laid)).isdisjoint(UUID.findall(migrated))


def _compared(dump: str) -> list[str]:
    """Its lines without what differs from plant to plant, and without casts, which a server that reads its own spelling spells otherwise."""
    alike = CAST.sub("", UUID.sub("its own", STAMP.sub("then", dump)))
    return sorted(line.translate(BARE).strip() for line in alike.splitlines())
