"""D10 on two nodes: the database of the last release is migrated, killed half-way, and migrated again; one node serves it before the other."""

import lzma
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.runtime.addresses import DATABASE_NAME, OWNER_ROLE
from tests.bulletin.whole_portal import Desk
from tests.cast import PASSWORD
from tests.nodes.last_release import CHANGED_SINCE, DUMP, NOTICES
from tests.nodes.people import CLEAR_ANSWERS, READER, at_work, is_told_once, wait_for_more
from tests.nodes.rig import NGINX, PGBOUNCER, Rig, rig
from tests.runtime.portal_process import SERVE_WITHIN, wait_until

pytestmark = [
    pytest.mark.drill,
    pytest.mark.skipif(not (Path(NGINX).exists() and Path(PGBOUNCER).exists()), reason="nginx or pgBouncer is not installed"),
]

RUN = "SELECT count(*) FROM django_migrations"
KEPT = "SELECT count(*), count(*) FILTER (WHERE is_shown) FROM bulletin_notice JOIN wagtailcore_page ON id = page_ptr_id WHERE title LIKE '上个版本的通知 %'"
TOLD = "SELECT url, recipient_id FROM notifications_notification ORDER BY id"
WAITS = "SELECT 1 FROM pg_locks WHERE relation = %s::regclass AND NOT granted"


@pytest.fixture
def old_plant() -> Iterator[Rig]:
    with rig() as parts:
        server = parts.postgresql
        command = [server.programs / "psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", f"--host={server.sockets}", f"--port={server.port}"]
        laid = b"SET search_path = ''; SET check_function_bodies = off;\n" + lzma.decompress(DUMP.read_bytes())
        subprocess.run([*command, "-U", OWNER_ROLE, "-d", DATABASE_NAME], input=laid, check=True, stdout=subprocess.DEVNULL, env=os.environ)
        yield parts


def test_the_last_releases_database_is_migrated_after_a_kill_half_way_and_served_by_one_node_before_the_other(old_plant: Rig) -> None:
    first, second = old_plant.nodes
    before, told = old_plant.ask(RUN)[0][0], old_plant.ask(TOLD)
    with old_plant.postgresql.connect(DATABASE_NAME, OWNER_ROLE) as gate:
        gate.execute(f"BEGIN; LOCK TABLE {CHANGED_SINCE} IN ACCESS SHARE MODE")
        begun = old_plant.manage(second, "prepare")
        wait_until(lambda: begun.poll() is not None or gate.execute(WAITS, [CHANGED_SINCE]).fetchone(), SERVE_WITHIN, every=0.2)
        begun.send_signal(signal.SIGKILL)
        begun.communicate()
    half = old_plant.ask(RUN)[0][0]
    said = old_plant.managed(second, "prepare")
    assert "tables: brought up to date" in said
    assert before < half < old_plant.ask(RUN)[0][0]
    assert (old_plant.ask(KEPT), old_plant.ask(TOLD)) == ([(NOTICES, NOTICES)], told)
    second.start("--no-demo")
    with at_work(old_plant) as people:
        wait_for_more(people)
        first.start("--no-demo")
        wait_for_more(people)
    for person in people:
        assert set(person.answers) <= CLEAR_ANSWERS, person.answers
    is_told_once(old_plant, people)
    old = old_plant.ask("SELECT min(page_ptr_id) FROM bulletin_notice")[0][0]
    assert [Desk(node, READER, PASSWORD).get(f"/bulletin/notices/{old}/") for node in old_plant.nodes] == [200, 200]
    assert "records verify" in old_plant.managed(first, "audit", "verify")
