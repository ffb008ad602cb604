"""Behind a pooler in transaction mode: no page, worker or command may need a session of the database."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from portal.accounts.models import User
from portal.attachments.extraction import READERS_LOCK
from portal.foundation.locks import TakenError, alone, is_held
from portal.runtime.addresses import database_settings
from portal.runtime.pooling import FORGETS, UNTOLD, wrong_with_database
from tests.cast import PASSWORD, Cast, make_cast
from tests.runtime.pgbouncer import IS_THERE, pgbouncer, through
from tests.runtime.portal_process import ROOT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.skipif(not IS_THERE, reason="pgBouncer is not installed; on Debian: apt install pgbouncer")]
CLIENTS, TURNS = 8, 3
# What lives in a session: a lock, a setting, a cursor, a table, a listener.
OF_A_SESSION = re.compile(
    r"pg_(?:try_)?advisory_lock|pg_advisory_unlock|set_config\([^)]*false\)|\bLISTEN [a-z]|CREATE TEMP|\bWITH HOLD\b|"
    r"[\"']SET (?!LOCAL|TRANSACTION|ROLE)[a-z_]+ (?:=|TO) "
)


@pytest.fixture
def port() -> Iterator[int]:
    with pgbouncer() as port:
        yield port


def _plain() -> dict[str, Any]:
    values = database_settings("postgresql://somebody@localhost/anything", ROOT, pooler="plain")
    return {name: values[name] for name in ("DISABLE_SERVER_SIDE_CURSORS", "OPTIONS")}


def _sign_in(number: str) -> list[int]:
    """As one person after another: signing in, pages, the record as a file."""
    try:
        client = Client()
        codes = [client.post(reverse("account_login"), {"login": number, "password": PASSWORD}).status_code]
        for path in ("/", "/organization/people/", "/crm/customers/", "/notifications/"):
            codes.append(client.get(path).status_code)
        return codes
    finally:
        connection.close()


def test_people_sign_in_and_work_behind_a_pooler_that_keeps_nothing(port: int) -> None:
    cast = make_cast()
    numbers = [cast.salesperson.employee_number, cast.inspector.employee_number, cast.head.employee_number]
    with through(port, **_plain()), ThreadPoolExecutor(CLIENTS) as clients:
        found = list(clients.map(_sign_in, numbers * TURNS))
    assert {tuple(codes) for codes in found} <= {(302, 200, 200, 200, 200), (302, 200, 200, 403, 200)}


def test_the_record_is_taken_away_as_a_file(port: int, client_for: Callable[[User], Client], cast: Cast) -> None:
    client = client_for(cast.admin)
    with through(port, **_plain()):
        for kind in ("csv", "xlsx"):
            answer = client.post("/administration/record/", {"export": kind})
            assert answer.status_code == 200
            assert len(answer.getvalue()) > 100


def test_a_lock_goes_with_who_holds_it(port: int) -> None:
    with through(port, **_plain()):
        for _turn in range(2 * TURNS):
            with alone(READERS_LOCK):
                assert is_held(READERS_LOCK)
                with pytest.raises(TakenError), alone(READERS_LOCK):
                    pass
            assert not is_held(READERS_LOCK)


@pytest.mark.parametrize(("told", "said"), [("", UNTOLD), ("prepared", FORGETS), ("plain", "")])
def test_what_is_between_is_found_by_trying(port: int, settings: Settings, told: str, said: str) -> None:
    assert wrong_with_database() == ""
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"database_pooler": told})
    with through(port):
        assert wrong_with_database() == said


def test_no_source_of_ours_keeps_anything_in_a_session() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for module in ("portal", "bulletin", "crm", "forum", "knowledge", "mail")
        for path in Path(ROOT / module).rglob("*.py")
        if path.parent.name not in {"migrations", "backup"}  # which go to PostgreSQL itself
        for match in OF_A_SESSION.finditer(path.read_text())
    ]
    assert not found
