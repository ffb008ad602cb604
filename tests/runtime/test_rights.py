"""The application's role has exactly its rights after each preparation, whatever was interrupted before, and lacks none meanwhile."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from portal.runtime.addresses import APPLICATION_ROLE, OWNER_ROLE, POSTGRESQL_PORT, sockets_dir
from portal.runtime.roles import PREPARING_LOCK, SPECIAL, alone_at_preparing, give_rights
from tests.runtime.portal_process import ROOT, clean_environment, wait_until
from tests.search.indexing import another_session

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 60
WAITS = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted"
INTERRUPTED = f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {APPLICATION_ROLE}"


@pytest.fixture(autouse=True)
def as_owner():
    """As `prepare` runs; afterwards everything is as it was, whatever the test has found."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {OWNER_ROLE}")
    yield
    give_rights()
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {APPLICATION_ROLE}")


def may(table: str, right: str) -> bool:
    """Seen by another session, so what is not committed does not count."""
    with another_session() as session:
        return bool(session.execute("SELECT has_table_privilege(%s, %s, %s)", [APPLICATION_ROLE, table, right]).fetchone()[0])


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_what_is_right_is_not_touched_and_what_differs_is_put_right():
    with CaptureQueriesContext(connection) as asked:
        assert give_rights() == []
    assert not [query["sql"] for query in asked if query["sql"].startswith(("GRANT", "REVOKE", "ALTER"))]
    execute(INTERRUPTED)
    assert not may("accounts_user", "SELECT")
    assert {"accounts_user", "audit_record", "audit_link", "django_migrations", "outbox_effect"} <= set(give_rights())
    assert all(may("accounts_user", right) for right in ("SELECT", "INSERT", "UPDATE", "DELETE"))
    for table, rights in SPECIAL.items():
        assert {right for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE") if may(table, right)} == set(rights)
    execute(f"GRANT UPDATE, TRUNCATE ON audit_record TO {APPLICATION_ROLE}")
    execute(f"REVOKE USAGE ON SEQUENCE accounts_user_id_seq FROM {APPLICATION_ROLE}")
    assert give_rights() == ["accounts_user_id_seq", "audit_record"]
    assert not may("audit_record", "UPDATE")
    execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE INSERT ON TABLES FROM {APPLICATION_ROLE}")
    assert give_rights() == ["tables to come"]


def test_no_right_is_missing_for_a_moment():
    execute(f"GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO {APPLICATION_ROLE}")
    with transaction.atomic():
        assert "accounts_user" in give_rights()
        assert may("accounts_user", "SELECT"), "before it has committed"
        assert may("accounts_user", "TRUNCATE")
    assert may("accounts_user", "SELECT")
    assert not may("accounts_user", "TRUNCATE")


def test_two_at_once_wait_for_one_another():
    with another_session() as session, another_session() as watcher, ThreadPoolExecutor(1) as others:
        session.execute("SELECT pg_advisory_lock(%s)", [PREPARING_LOCK])
        second = others.submit(_prepare_alone)
        wait_until(lambda: watcher.execute(WAITS, [PREPARING_LOCK]).fetchone()[0], PATIENCE)
        assert not second.done()
        session.execute("SELECT pg_advisory_unlock(%s)", [PREPARING_LOCK])
        assert second.result(PATIENCE)


def _prepare_alone() -> bool:
    try:
        with alone_at_preparing():
            return True
    finally:
        connection.close()


def test_the_next_preparation_mends_one_that_was_interrupted(tmp_path: Path):
    execute(INTERRUPTED)
    place = f"{quote(connection.settings_dict['NAME'])}?host={quote(str(sockets_dir(Path(os.environ['TEST_DATA_DIR']))))}"

    def url(role: str) -> str:
        return f"postgresql://{role}@:{POSTGRESQL_PORT}/{place}"

    environment = clean_environment() | {"PORTAL_DATA_DIR": str(tmp_path), "DATABASE_URL": url(APPLICATION_ROLE), "DATABASE_OWNER_URL": url(OWNER_ROLE)}
    said = subprocess.run([sys.executable, "manage.py", "prepare"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert "tables: up to date" in said.stdout, said.stderr
    assert "rights: put right on access_audience" in said.stdout
    assert may("accounts_user", "SELECT")
    assert not may("audit_record", "DELETE")
