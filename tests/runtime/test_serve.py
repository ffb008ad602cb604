"""Drills with the whole portal: one command up, children killed, ended without remainder, refused with a sentence."""

import json
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import quote

import psutil
import pytest

from tests.runtime.portal_process import PATIENCE, SERVE_WITHIN, Browser, PortalProcess, free_ports, look, portal_process, run_serve, wait_until
from tests.search.whole_index import equals_feed

pytestmark = pytest.mark.drill

BUSY_SESSIONS = 3
WORK = b"SELECT count(*) FROM generate_series(1, 300000000)"
NUMBER, CUSTOMER, PASSWORD = "10003", "13807310001", "gongfang-2026"


@pytest.fixture(scope="module")
def portal() -> Iterator[PortalProcess]:
    with portal_process(is_prepared=False) as process:
        process.start()
        yield process


def test_one_command_brings_everything_up_and_tells_who_may_sign_in(portal: PortalProcess) -> None:
    wait_until(lambda: '"ready"' in portal.readiness()[1], SERVE_WITHIN)  # all of the plant has been read for the search
    status, body = portal.readiness()
    states = {name: check["state"] for name, check in json.loads(body)["checks"].items()}
    assert (status, states) == (
        200,
        {
            "database": "ok",
            "pooler": "not configured",
            "migrations": "ok",
            "disk": "ok",
            "broker": "ok",
            "worker": "ok",
            "queues": "ok",
            "search": "ok",
            "scanner": "not configured",
            "backup": "not configured",
            "mail": "not configured",
            "ledgers": "ok",
        },
    )
    assert portal.address in portal.said()
    assert f"The customers' site: http://127.0.0.1:{portal.port + 2}/" in portal.said()
    assert f"{NUMBER}   {PASSWORD}" in portal.said()
    portal.browser().sign_in(NUMBER, PASSWORD)


def test_a_first_start_finds_the_plant_without_a_hand(portal: PortalProcess) -> None:
    wait_until(lambda: equals_feed(portal), SERVE_WITHIN, every=0.2)
    browser = portal.browser()
    browser.sign_in(NUMBER, PASSWORD)
    assert all("王伟" in browser.get(f"{address}?q={quote('王伟')}")[1] for address in ("/search/", "/search/typing/"))


@pytest.mark.parametrize("words", [("wsgi",), ("asginl",), ("celery", "worker"), ("celery", "beat"), ("postgres",), ("valkey-server",)], ids=" ".join)
def test_killed_child_is_restarted_and_said_so(portal: PortalProcess, words: tuple[str, ...]) -> None:
    before = portal.child(*words)
    told = portal.said().count("is started again")
    before.kill()
    wait_until(lambda: portal.said().count("is started again") > told, PATIENCE)
    wait_until(lambda: _has_child(portal, *words), PATIENCE)
    wait_until(lambda: portal.readiness()[0] == 200, PATIENCE)
    assert portal.child(*words).pid != before.pid
    portal.browser().sign_in(NUMBER, PASSWORD)


def test_the_customers_site_is_another_face_and_is_restarted_too(portal: PortalProcess) -> None:
    address = f"http://127.0.0.1:{portal.port + 2}/"
    customer = Browser(address)
    assert customer.get("/healthz")[0] == 200
    assert [customer.get(path)[0] for path in ("/readyz", "/accounts/sign-in/", "/crm/customers/", "/live/")] == [404] * 4
    assert portal.browser().get("/join/x/")[0] == 404
    customer.get("/sign-in/")
    status, page = customer.post("/sign-in/", login=CUSTOMER, password=PASSWORD)
    assert (status, "gongfang_customers" in {cookie.name for cookie in customer.cookies}, "/orders/" in page) == (200, True, True)
    before = portal.child("wsgi", str(portal.port + 2))
    before.kill()
    wait_until(lambda: _has_child(portal, "wsgi", str(portal.port + 2)) and customer.get("/healthz")[0] == 200, PATIENCE)
    assert portal.child("wsgi", str(portal.port + 2)).pid != before.pid
    assert portal.readiness()[0] == 200


def test_a_database_killed_in_the_middle_of_work_starts_at_the_first_try(portal: PortalProcess) -> None:
    told = portal.said()
    with ExitStack() as stack:
        for _ in range(BUSY_SESSIONS):
            session = stack.enter_context(closing(look(portal)))
            session.pgconn.send_query(WORK)
        portal.child("postgres").kill()
        wait_until(lambda: portal.said() != told, PATIENCE)
        wait_until(lambda: portal.readiness()[0] == 200, PATIENCE)
    said = portal.said().removeprefix(told)
    assert said.count("PostgreSQL ended and is started again") == 1, said
    assert "does not start" not in said


def test_ctrl_c_ends_all_and_leaves_no_process_and_the_next_start_goes_on_with_the_data() -> None:
    with portal_process() as portal:
        portal.start("--no-demo")
        assert len(portal.processes()) > 6
        assert portal.end(signal.SIGINT) == 0
        assert portal.processes() == []
        assert portal.said().rstrip().endswith("Ended.")
        portal.start("--no-demo")
        assert portal.readiness()[0] == 200
        assert portal.end(signal.SIGTERM) == 0
        assert portal.processes() == []


def test_when_serve_itself_is_killed_its_children_end_and_the_next_start_recovers() -> None:
    with portal_process() as portal:
        portal.start()
        portal.end(signal.SIGKILL)
        wait_until(lambda: portal.processes() == [], PATIENCE)
        portal.start()
        portal.browser().sign_in(NUMBER, PASSWORD)


def test_second_start_on_the_same_data_is_refused_and_harms_nothing(portal: PortalProcess) -> None:
    refused = run_serve(PORTAL_DATA_DIR=portal.data_dir, PORT=free_ports())
    assert refused.returncode == 1
    assert refused.stderr.strip() == f"The data directory {portal.data_dir} is in use by a portal that runs already (process {portal.process.pid})."  # type: ignore[union-attr]
    assert portal.readiness()[0] == 200


def test_taken_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = run_serve(PORTAL_DATA_DIR=tmp_path, PORT=port)
    assert refused.returncode == 1
    assert refused.stderr.strip() == f"The port {port} on 127.0.0.1 cannot be had (Address already in use); start with another one, e.g. PORT={port + 100}."


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"PORTAL_LANGUGE": "en"}, "The setting PORTAL_LANGUGE is not known; did you mean PORTAL_LANGUAGE?"),
        ({"PORT": "eighty"}, "The setting PORT='eighty' cannot be used"),
        ({"PORTAL_TIME_ZONE": "Mars/Olympus"}, "is not a time zone such as Asia/Shanghai"),
        ({"DATABASE_URL": "mysql://somewhere/plant"}, "must begin with postgresql://"),
        ({"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/plant"}, "The database cannot be used"),
        ({"PORTAL_DATA_DIR": "/proc/plant"}, "The data directory /proc/plant cannot be used"),
        ({"PORTAL_MINIMUM_FREE_DISK_MB": "999999999"}, "is nearly full"),
        ({"PORTAL_FACE": "extranet"}, "serve starts both sites"),
        ({"PORTAL_HOST": "192.0.2.7"}, "on 192.0.2.7 cannot be had"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, dict) else "",
)
def test_wrong_setting_is_one_sentence(tmp_path: Path, settings: dict[str, str], sentence: str) -> None:
    refused = run_serve(**{"PORTAL_DATA_DIR": str(tmp_path), "PORT": str(free_ports())} | settings)
    assert refused.returncode == 1
    assert sentence in refused.stderr
    assert "Traceback" not in refused.stdout + refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1


def _has_child(portal: PortalProcess, *words: str) -> bool:
    try:
        return portal.child(*words).is_running()
    except (AssertionError, psutil.Error):
        return False
