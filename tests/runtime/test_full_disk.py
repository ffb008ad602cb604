"""Drill D4: the disk full, on a small file system of its own. Needs the right to mount one."""

import logging
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from portal.runtime.addresses import DATABASE_NAME, OWNER_ROLE, POSTGRESQL_PORT, sockets_dir
from tests.runtime.portal_process import PATIENCE, PortalProcess, portal_process, wait_until
from tests.runtime.test_outages import PASSWORD, Switching

logger = logging.getLogger(__name__)
pytestmark = pytest.mark.drill

SIZE_MB = 640  # twice what a plant has after its first start
NUMBER = "10003"


@pytest.fixture
def portal() -> Iterator[PortalProcess]:
    with on_small_disk() as process:
        yield process


@contextmanager
def on_small_disk(**environment: str) -> Iterator[PortalProcess]:
    """A portal, not started yet, whose data directory is a file system of `SIZE_MB`."""
    with portal_process(PORTAL_MINIMUM_FREE_DISK_MB="20", **environment) as process:
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "none", process.data_dir], capture_output=True)
        if mounted.returncode != 0:
            pytest.skip("this machine does not let us mount a small file system")
        try:
            yield process
        except Exception:
            taken = subprocess.run(["du", "-am", "--threshold=2M", process.data_dir], capture_output=True, text=True)
            logger.warning("what the room went to:\n%s", taken.stdout)
            raise
        finally:
            if process.process is not None:
                process.end()
            subprocess.run(["umount", "-l", process.data_dir], check=False)


def test_full_disk_is_a_clear_answer_loses_nothing_and_is_recovered_from(portal: PortalProcess) -> None:
    portal.start()
    browser = portal.browser()
    browser.sign_in(NUMBER, PASSWORD)
    switching = Switching(browser)
    switching.start()
    wait_until(lambda: len(switching.acknowledged) > 5, PATIENCE)

    filler = portal.data_dir / "filler"
    fill_disk(filler)
    assert portal.readiness()[0] == 503
    wait_until(lambda: _is_database_full(portal), PATIENCE)
    wait_until(lambda: _sign_in_once(portal) == 507, PATIENCE)  # each sign-in grows the record, so the room in its table ends soon
    done = len(switching.acknowledged)

    filler.unlink()
    wait_until(lambda: len(switching.acknowledged) > done + 5, PATIENCE)
    switching.finish()
    assert set(switching.answers) <= {0, 200, 503, 507}, switching.answers
    wait_until(lambda: portal.readiness()[0] == 200, PATIENCE)
    with _look(portal.data_dir) as connection:
        query = "SELECT theme FROM accounts_preferences JOIN accounts_user ON id = user_id WHERE employee_number = %s"
        assert connection.execute(query, [NUMBER]).fetchone() == (switching.acknowledged[-1],)


def test_start_on_a_full_disk_is_refused_with_a_sentence(portal: PortalProcess) -> None:
    fill_disk(portal.data_dir / "filler")
    portal.is_prepared = False
    portal.start_unready()
    assert portal.process is not None
    assert portal.process.wait(PATIENCE) == 1
    assert "is nearly full" in portal.said() or "No space left on device" in portal.said()
    assert len(portal.said().strip().splitlines()) == 1


def fill_disk(path: Path) -> None:
    """Write until there is no room."""
    with path.open("wb", buffering=0) as file:  # what were left in a buffer would fail once more at its end
        try:
            while True:
                file.write(b"\0" * 2**16)
        except OSError:
            os.truncate(path, path.stat().st_size // 4096 * 4096)


def _is_database_full(portal: PortalProcess) -> bool:
    """Grow a table until the database has no room for it."""
    try:
        with _look(portal.data_dir) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS filler (text text)")
            connection.execute("INSERT INTO filler SELECT repeat(md5(random()::text), 1000) FROM generate_series(1, 200)")
    except psycopg.errors.DiskFull:
        return True
    return False


def _sign_in_once(portal: PortalProcess) -> int:
    browser = portal.browser()
    browser.get("/accounts/sign-in/")
    return browser.post("/accounts/sign-in/", login="10004", password=PASSWORD)[0]


def _look(data_dir: Path) -> psycopg.Connection:
    return psycopg.connect(host=str(sockets_dir(data_dir)), port=POSTGRESQL_PORT, user=OWNER_ROLE, dbname=DATABASE_NAME, autocommit=True)
