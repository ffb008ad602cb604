"""What an area may use: a plant of 10,000 people in a database of its own, a server for pages, and a load on it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from portal.accounts.models import User
from portal.demo.plant import build_plant
from portal.runtime.addresses import DATABASE_NAME, OWNER_ROLE
from portal.runtime.embedded.postgresql import EmbeddedPostgreSQL
from portal.runtime.embedded.processes import end_with_parent

ROOT = Path(__file__).resolve().parent.parent
OWN_DATABASE = "gongfang_bench"
PEOPLE = int(os.environ.get("PEOPLE", "10000"))


@dataclass(frozen=True, slots=True)
class Load:
    """What a load of `connections` at once came to."""

    per_second: float
    requests: int
    failed: int
    median_ms: float
    worst_ms: float


class Context:
    """Made by `python -m benchmarks`, after Django has been set up and the servers run."""

    def __init__(self, data_dir: Path, say: Callable[[str], None]) -> None:
        self.data_dir = data_dir
        self.say = say

    def fill_plant(self) -> int:
        """A plant of 10,000 people, made once and kept for the next run; return how many people there are."""
        if not User.objects.exists():
            self.say(f"building a plant of {PEOPLE:,} people")
            build_plant(PEOPLE, 1)
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
        return User.objects.count()

    @contextmanager
    def own_database(self) -> Iterator[None]:
        """The plant as it is, copied into a database of its own: what is written there is committed as in a plant, and gone afterwards."""
        server, own = EmbeddedPostgreSQL(self.data_dir), connection.settings_dict
        drop = f"DROP DATABASE IF EXISTS {OWN_DATABASE} WITH (FORCE)"
        connection.close()
        with server.connect() as session:
            session.execute(drop)
            session.execute(f"CREATE DATABASE {OWN_DATABASE} TEMPLATE {DATABASE_NAME} OWNER {OWNER_ROLE} STRATEGY file_copy")
        own["NAME"] = OWN_DATABASE
        try:
            yield
        finally:
            connection.close()
            own["NAME"] = DATABASE_NAME
            with server.connect() as session:
                session.execute(drop)

    def analyse_own_database(self) -> None:
        """As the database does by itself within minutes: what was empty when statements were planned no longer is."""
        with EmbeddedPostgreSQL(self.data_dir).connect(OWN_DATABASE) as session:
            session.execute("VACUUM ANALYZE")

    def sign_in(self, person: User, *, backend: str = settings.AUTHENTICATION_BACKENDS[0]) -> str:
        """A session as after signing in; return the Cookie header."""
        session = SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = backend
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.save()
        return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"

    @contextmanager
    def server(self, command: Sequence[str], port: int, *, path: str = "/healthz", environment: dict[str, str] | None = None) -> Iterator[int]:
        """A web server as a process of its own; yields its pid once it answers."""
        output = self.data_dir / "log" / "bench-server.log"
        output.parent.mkdir(parents=True, exist_ok=True)
        with output.open("wb") as log:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, **(environment or {})},
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=end_with_parent(signal.SIGTERM),
            )
        try:
            _wait_for(port, path, process, output)
            yield process.pid
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def pages_command(self, port: int, application: str = "portal.config.wsgi:application", *, workers: int = 2) -> list[str]:
        """The server of pages as `manage.py serve` starts it."""
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--port", str(port), "--workers", str(workers)]
        return [*command, "--blocking-threads", "4", "--backpressure", "64", "--no-access-log", "--log-level", "error", application]

    def sockets_command(self, port: int) -> list[str]:
        """The server of sockets as `manage.py serve` starts it."""
        command = [sys.executable, "-m", "granian", "--interface", "asginl", "--port", str(port), "--workers", "1"]
        return [*command, "--no-access-log", "--log-level", "error", "portal.config.asgi:application"]

    def load(self, port: int, path: str, *, cookie: str = "", connections: int = 8, seconds: float = 5.0) -> Load:
        """Ask for one page over kept connections, from another process."""
        command = [sys.executable, "-m", "benchmarks.load", str(port), path, cookie, str(connections), str(seconds)]
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
        return Load(**json.loads(done.stdout))


def _wait_for(port: int, path: str, process: subprocess.Popen[bytes], output: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        client = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            client.request("GET", path)
            client.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
        finally:
            client.close()
    raise RuntimeError(f"the server does not answer: {output.read_text()[-1000:]}")
