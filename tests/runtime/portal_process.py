"""A whole portal in a process of its own, for drills: started by `manage.py serve` in a throw-away data directory."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPException
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import psutil
import psycopg

from portal.runtime.addresses import DATABASE_NAME, OWNER_ROLE, POSTGRESQL_PORT, sockets_dir
from tests.runtime.prepared_plant import copy_prepared

ROOT = Path(__file__).resolve().parent.parent.parent
SERVE_WITHIN = 600.0  # a first start where several start on a loaded machine
PATIENCE = 180.0  # with what comes within seconds on a machine that has nothing else to do


class Browser:
    """Cookies and forms over plain HTTP."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.cookies = CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> tuple[int, str]:
        return self._open(Request(self.address + path.lstrip("/")))

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        token = next((cookie.value for cookie in self.cookies if cookie.name.endswith("_csrf")), "") or ""
        body = urlencode(fields | {"csrfmiddlewaretoken": token}).encode()
        return self._open(Request(self.address + path.lstrip("/"), data=body, headers={"Referer": self.address}))

    def sign_in(self, number: str, password: str) -> None:
        self.get("/accounts/sign-in/")
        status, body = self.post("/accounts/sign-in/", login=number, password=password)
        assert status == 200, body[:500]
        assert "sign-in" not in self.get("/")[1][:200]

    def _open(self, request: Request) -> tuple[int, str]:
        try:
            with self.opener.open(request, timeout=15) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode(errors="replace")
        except (URLError, HTTPException, OSError):
            return 0, ""


class PortalProcess:
    """`is_prepared` spares the first start, which migrates and builds the demo plant: the data directory is filled with what one of them left."""

    def __init__(self, data_dir: Path, port: int, *, is_prepared: bool = True, **environment: str) -> None:
        self.data_dir, self.port, self.is_prepared = data_dir, port, is_prepared
        self.address = f"http://127.0.0.1:{port}/"
        self.environment = (
            clean_environment() | {"PORTAL_DATA_DIR": str(data_dir), "PORT": str(port), "PORTAL_WEB_WORKERS": "1", "PORTAL_WORKER_PROCESSES": "1"} | environment
        )
        self.output = data_dir.with_name(data_dir.name + ".out")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *arguments: str) -> float:
        """Start and wait until it says that it is ready; return the seconds that took."""
        if self.is_prepared and "--no-demo" not in arguments:
            self.fill()
        begun = time.monotonic()
        self.output.write_bytes(b"")
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", *arguments], cwd=ROOT, env=self.environment, stdout=output, stderr=subprocess.STDOUT
            )
        wait_until(lambda: "Ready in" in self.said() or self.process is None or self.process.poll() is not None, SERVE_WITHIN)
        assert "Ready in" in self.said(), self.said()
        return time.monotonic() - begun

    def start_unready(self, *arguments: str) -> None:
        """Start, and wait for nothing."""
        if self.is_prepared:
            self.fill()
        self.output.write_bytes(b"")
        with self.output.open("ab") as output:
            command = [sys.executable, ROOT / "manage.py", "serve", *arguments]
            self.process = subprocess.Popen(command, cwd="/", env=self.environment, stdout=output, stderr=subprocess.STDOUT)

    def said(self) -> str:
        return self.output.read_text(errors="replace")

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def processes(self) -> list[psutil.Process]:
        """Every process that belongs to this data directory, wherever it hangs in the tree."""
        found = []
        for process in psutil.process_iter():
            try:
                belongs = str(self.data_dir) in " ".join(process.cmdline()) or process.environ().get("PORTAL_DATA_DIR") == str(self.data_dir)
                if belongs and process.pid != os.getpid() and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
            except psutil.Error:
                continue
        return found

    def child(self, *words: str) -> psutil.Process:
        """The direct child of serve whose command line has these words."""
        assert self.process is not None
        for process in psutil.Process(self.process.pid).children():
            try:
                line = " ".join(process.cmdline())
            except psutil.Error:  # it has just ended
                continue
            if all(word in line for word in words):
                return process
        raise AssertionError(f"no child with {words}: {self.said()}")

    def browser(self) -> Browser:
        return Browser(self.address)

    def effects_due(self) -> int:
        """How many wait for a worker; what has its day still before it, like the deadline of a paper, does not count."""
        with look(self) as connection:
            row = connection.execute("SELECT count(*) FROM outbox_effect WHERE failed_at IS NULL AND due_at <= now()").fetchone()
            return row[0] if row else -1

    def fill(self) -> None:
        """With a plant that was started once, where there is none yet."""
        if not (self.data_dir / "postgresql").exists():
            copy_prepared(self.data_dir, _prepared)

    def readiness(self) -> tuple[int, str]:
        return self.browser().get("/readyz")


def look(portal: PortalProcess) -> psycopg.Connection:
    """A session of the owner of its tables."""
    return psycopg.connect(host=str(sockets_dir(portal.data_dir)), port=POSTGRESQL_PORT, user=OWNER_ROLE, dbname=DATABASE_NAME, autocommit=True)


@contextmanager
def portal_process(*, is_prepared: bool = True, **environment: str) -> Iterator[PortalProcess]:
    """Ends and removes everything afterwards, also after a failure."""
    data_dir = Path(tempfile.mkdtemp(prefix="gongfang-drill-", dir="/tmp"))
    portal = PortalProcess(data_dir, free_ports(), is_prepared=is_prepared, **environment)
    try:
        yield portal
    finally:
        if portal.process is not None and portal.process.poll() is None:
            portal.end()
        for process in portal.processes():
            process.kill()
        shutil.rmtree(data_dir, ignore_errors=True)
        portal.output.unlink(missing_ok=True)


@contextmanager
def _prepared() -> Iterator[Path]:
    """The directory of a demo plant that was started, has indexed all it holds, and was ended."""
    with portal_process(is_prepared=False) as portal:
        portal.start()
        wait_until(lambda: portal.effects_due() == 0 and '"ready"' in portal.readiness()[1], SERVE_WITHIN)
        portal.end()
        yield portal.data_dir


def clean_environment() -> dict[str, str]:
    hidden = ("PORTAL_", "DATABASE_", "VALKEY_", "DJANGO_", "TEST_", "PYTEST_")
    return {name: value for name, value in os.environ.items() if not name.startswith(hidden) and name != "PORT"} | {"TERM": "dumb", "COLUMNS": "200"}


def free_ports() -> int:
    """A port whose two neighbours are free too."""
    while True:
        with socket.socket() as first, socket.socket() as second, socket.socket() as third:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
                third.bind(("127.0.0.1", port + 2))
            except (OSError, OverflowError):
                continue
            return int(port)


def run_serve(**environment: Any) -> subprocess.CompletedProcess[str]:
    """A start that is expected to be refused."""
    settings = clean_environment() | {name: str(value) for name, value in environment.items()}
    return subprocess.run([sys.executable, "manage.py", "serve"], cwd=ROOT, env=settings, capture_output=True, text=True, timeout=SERVE_WITHIN)


def wait_until(holds: Callable[[], object], within: float, *, every: float = 0.05, saying: Callable[[], object] = str) -> None:
    """Poll a condition; fail loudly, `saying` how things stand, when it does not come true in time."""
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline, f"not within {within:g} s {saying()}"
        time.sleep(every)
