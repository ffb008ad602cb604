"""Several machines (D1-D3): each part killed once under load, and what was acknowledged is there once; what nodes share, and what they do not."""

import hashlib
import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
from websockets.sync.client import connect
from websockets.typing import Origin

from tests.attachments.test_drills import Sender
from tests.bulletin.whole_portal import Desk
from tests.cast import PASSWORD
from tests.nodes.people import CLEAR_ANSWERS, DEPUTY, HEAD, READER, at_work, is_told_once, wait_for_more
from tests.nodes.rig import NGINX, PGBOUNCER, Rig, kill_node, rig
from tests.runtime.portal_process import PATIENCE, SERVE_WITHIN, PortalProcess, wait_until

pytestmark = [
    pytest.mark.drill,
    pytest.mark.skipif(not (Path(NGINX).exists() and Path(PGBOUNCER).exists()), reason="nginx or pgBouncer is not installed"),
]

CAST = "from tests.cast import make_cast; from bulletin.services.boards import board_of; board_of(make_cast().quality)"
PART, PIECE = 5 * 2**20, 10**6


@pytest.fixture(scope="module")
def plant() -> Iterator[Rig]:
    """Both nodes up, and a small plant in the database."""
    with rig() as parts:
        first, second = parts.nodes
        first.start("--no-demo")
        parts.managed(first, "shell", "-c", CAST)
        second.start("--no-demo")
        yield parts


def test_two_prepare_at_once_under_load_and_one_is_killed_and_nobody_is_refused(plant: Rig) -> None:
    with at_work(plant) as people:
        wait_for_more(people)
        killed, other = (plant.manage(node, "prepare") for node in plant.nodes)
        wait_until(lambda: plant.ask("SELECT 1 FROM pg_stat_activity WHERE usename = 'gongfang_owner' AND pid <> pg_backend_pid()"), SERVE_WITHIN, every=0.2)
        killed.send_signal(signal.SIGKILL)
        killed.communicate()
        said = other.communicate(timeout=SERVE_WITHIN)[0]
        assert other.returncode == 0, said
        assert "rights: as they should be" in plant.managed(plant.nodes[0], "prepare")
        wait_for_more(people)
    for person in people:
        assert set(person.answers) <= {200, 302}, person.answers
    is_told_once(plant, people)


def test_each_part_is_killed_once_and_what_was_acknowledged_is_there_once(plant: Rig) -> None:
    first, second = plant.nodes
    with at_work(plant) as people:
        wait_for_more(people)
        kill_node(first)
        wait_for_more(people)
        first.start("--no-demo")
        workers = [node.child("celery", "worker").pid for node in plant.nodes]

        plant.pgbouncer.kill()
        plant.pgbouncer.start()
        wait_for_more(people)

        plant.valkey.kill()
        wait_for_more(people)
        plant.valkey.start()
        wait_for_more(people)

        assert plant.postgresql.process is not None
        plant.postgresql.process.kill()
        plant.postgresql.process.wait(PATIENCE)
        plant.postgresql.start()
        wait_for_more(people)
    for person in people:
        assert set(person.answers) <= CLEAR_ANSWERS, person.answers
    is_told_once(plant, people)
    with redis.Redis(port=plant.valkey.port) as valkey:
        wait_until(lambda: sum(client["cmd"] == "brpop" for client in valkey.client_list()) == len(plant.nodes), PATIENCE)
    assert [node.child("celery", "worker").pid for node in plant.nodes] == workers, [node.said() for node in plant.nodes]
    for node in plant.nodes:
        wait_until(lambda node=node: '"ready"' in node.readiness()[1], PATIENCE)
    assert "records verify" in plant.managed(second, "audit", "verify")


def test_what_one_node_does_is_heard_on_the_other(plant: Rig) -> None:
    first, second = plant.nodes
    person = plant.ask("SELECT id FROM accounts_user WHERE employee_number = %s", READER)[0][0]
    reader, head = Desk(first, READER, PASSWORD), Desk(second, HEAD, PASSWORD)
    department = plant.ask("SELECT id FROM organization_department WHERE code = 'QUALITY'")[0][0]
    origin, cookies = Origin(f"http://127.0.0.1:{first.port + 1}"), "; ".join(f"{cookie.name}={cookie.value}" for cookie in reader.browser.cookies)
    with connect(f"ws://127.0.0.1:{first.port + 1}/live/", origin=origin, additional_headers={"Cookie": cookies}) as socket:
        socket.send(json.dumps({"listen": [f"bell:{person}"]}))
        assert json.loads(socket.recv(timeout=PATIENCE))["listening"] == [f"bell:{person}"]
        assert head.publish(department, "另一台机器上的通知") is not None
        assert json.loads(socket.recv(timeout=PATIENCE))["topic"] == f"bell:{person}"


def test_an_upload_is_begun_on_one_node_and_finished_on_the_other(plant: Rig) -> None:
    content = bytes(range(256)) * 25_000
    here, there = _senders(plant)
    url = _begin(here, content)
    status, _headers, answer = there.send(url, PART, content[PART:], hashlib.sha256(content).digest())
    assert status == 200, answer
    assert _get(here, answer) == content


def test_without_the_shared_folders_an_upload_and_a_file_are_refused_with_a_sentence(plant: Rig) -> None:
    content = b"".join(number.to_bytes(4) for number in range(1_600_000))
    here, there = _senders(plant)
    url = _begin(here, content)
    with _apart(plant.nodes[1], "incoming", "files"):
        status, _headers, answer = there.send(url, PART, content[PART:], hashlib.sha256(content).digest())
        assert (status, json.loads(answer)["anew"]) == (410, True), answer
        assert "film.bin" in json.loads(answer)["error"]
        url = _begin(here, content)
        status, _headers, answer = here.send(url, PART, content[PART:], hashlib.sha256(content).digest())
        assert status == 200, answer
        status, _headers, page = there.ask("GET", f"/files/{json.loads(answer)['id']}/")
        assert (status, "磁盘上现在没有这个文件" in page.decode()) == (503, True)
    assert _get(there, answer) == content


def _senders(plant: Rig) -> list[Sender]:
    """The same session at both nodes."""
    here, there = (Sender(node, DEPUTY, PASSWORD) for node in plant.nodes)
    there.headers = here.headers
    return [here, there]


def _begin(sender: Sender, content: bytes) -> str:
    status, upload = sender.start("film.bin", len(content))
    assert status == 201, upload
    assert sender.send(upload["url"], 0, content[:PART])[0] == 204
    return str(upload["url"])


def _get(sender: Sender, answer: bytes) -> bytes:
    made = json.loads(answer)
    pieces = [sender.ask("GET", f"/files/{made['id']}/", Range=f"bytes={start}-{start + PIECE - 1}") for start in range(0, made["size"], PIECE)]
    assert {status for status, _headers, _piece in pieces} == {206}
    return b"".join(piece for _status, _headers, piece in pieces)


@contextmanager
def _apart(node: PortalProcess, *folders: str) -> Iterator[None]:
    """These are on its own disk meanwhile."""
    led_to = {folder: (node.data_dir / folder).readlink() for folder in folders}
    for folder in folders:
        (node.data_dir / folder).unlink()
        (node.data_dir / folder).mkdir()
    try:
        yield
    finally:
        for folder, place in led_to.items():
            (node.data_dir / folder).rename(node.data_dir / f"{folder}.own")
            (node.data_dir / folder).symlink_to(place)
