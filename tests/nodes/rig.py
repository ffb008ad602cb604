"""Two nodes on loopback, put together as docs/operators.md puts them on several machines, from the files of deploy/.

PostgreSQL over TCP with passwords, Debian's pgBouncer in transaction mode, Valkey, two nodes of `serve` without a demo plant, nginx before both.
"""

import itertools
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
import psycopg

from portal.runtime.addresses import APPLICATION_ROLE, DATABASE_NAME, OWNER_ROLE
from portal.runtime.embedded.postgresql import SUPERUSER, EmbeddedPostgreSQL
from portal.runtime.embedded.processes import Account, end_with_parent, make_readable
from portal.runtime.embedded.programs import valkey_program
from tests.runtime.pgbouncer import PROGRAM as PGBOUNCER
from tests.runtime.portal_process import PATIENCE, ROOT, SERVE_WITHIN, Browser, PortalProcess, wait_until

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
PASSWORDS = {APPLICATION_ROLE: "fac/tory@1:2", OWNER_ROLE: "own%er/@3"}
# What the nodes share, as the chapter lists it; the index besides, which the processes of one machine have in common.
SHARED = ("files", "media", "incoming", "renditions", "exports", "keys", "audit")
INDEX = "search"
NODES = ("node-a", "node-b")
TURN = Path(tempfile.gettempdir()) / "gongfang-nodes.lock"
FIRST_PORT, LAST_PORT = 20_000, 32_000
DUE = "SELECT count(*) FROM outbox_effect WHERE failed_at IS NULL AND due_at <= now()"


def _ports() -> Iterator[int]:
    """Each with two free ones behind it, and below those that the kernel gives to clients: so they are still free when what was killed comes back."""
    for port in itertools.cycle(range(FIRST_PORT + os.getpid() % 500 * 4, LAST_PORT, 4)):
        try:
            with ExitStack() as stack:
                for beside in range(3):
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", port + beside))
        except OSError:
            continue
        yield port


PORTS = _ports()


class NetworkPostgreSQL(EmbeddedPostgreSQL):
    """The wheel's server for several machines: over TCP, by passwords, with the database and the roles of deploy/roles.sh."""

    def __init__(self, data_dir: Path) -> None:
        super().__init__(data_dir)
        self.port = next(PORTS)

    def connect(self, database: str = "postgres", role: str = SUPERUSER) -> psycopg.Connection:
        return psycopg.connect(host=str(self.sockets), port=self.port, user=role, dbname=database, autocommit=True, connect_timeout=5)

    def _command(self) -> list[str | Path]:
        return [*super()._command(), "--listen_addresses=127.0.0.1", f"--port={self.port}"]

    def _make_cluster(self, account: Account | None) -> None:
        super()._make_cluster(account)
        (self.cluster / "pg_hba.conf").write_text("local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n")

    def _make_roles_and_database(self) -> None:
        with self.connect() as session:
            if session.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APPLICATION_ROLE]).fetchone():
                return
        where = {"PGHOST": str(self.sockets), "PGPORT": str(self.port), "PATH": f"{self.programs}:{os.environ['PATH']}"}
        passwords = {"GONGFANG_PASSWORD": PASSWORDS[APPLICATION_ROLE], "GONGFANG_OWNER_PASSWORD": PASSWORDS[OWNER_ROLE]}
        subprocess.run(["sh", ROOT / "deploy" / "roles.sh"], env=os.environ | where | passwords, check=True, stdout=subprocess.DEVNULL)


class Program:
    """A server that stands by itself on its port, and can be killed and started again."""

    def __init__(self, command: list[str | Path], port: int, log: Path) -> None:
        self.command, self.port, self.log = [str(part) for part in command], port, log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log, preexec_fn=end_with_parent(signal.SIGTERM))
        process = self.process
        wait_until(lambda: process.poll() is not None or _answers(self.port), PATIENCE)
        assert process.poll() is None, self.log.read_text()

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait(PATIENCE)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(PATIENCE)


class Front:
    """nginx, as people reach it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.address = f"http://127.0.0.1:{port}/"

    def browser(self) -> Browser:
        return Browser(self.address)


class Rig:
    """All parts; `start` brings up what both nodes need, the nodes are started by whoever uses it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.postgresql = NetworkPostgreSQL(directory / "database")
        self.pgbouncer = self._pgbouncer()
        self.valkey = self._valkey()
        self.nodes = [self._node(name) for name in NODES]
        self.front = Front(next(PORTS))
        self.nginx = self._nginx()

    def start(self) -> None:
        self.postgresql.start()
        for part in (self.pgbouncer, self.valkey, self.nginx):
            part.start()

    def stop(self) -> None:
        for node in self.nodes:
            if node.process is not None and node.process.poll() is None:
                node.end()
            for process in node.processes():
                process.kill()
            node.output.unlink(missing_ok=True)
        for part in (self.nginx, self.pgbouncer, self.valkey):
            part.stop()
        self.postgresql.stop()

    def ask(self, statement: str, *values: Any) -> list[tuple]:
        """As the owner of the tables, past the pooler."""
        with self.postgresql.connect(DATABASE_NAME, OWNER_ROLE) as session:
            return session.execute(statement, values or None).fetchall()  # type: ignore[arg-type]

    def effects_due(self) -> int:
        return int(self.ask(DUE)[0][0])

    def manage(self, node: PortalProcess, *arguments: str) -> subprocess.Popen[str]:
        """A command on this node, under way."""
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.Popen(command, cwd=ROOT, env=node.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def managed(self, node: PortalProcess, *arguments: str) -> str:
        """What a command said that has to succeed."""
        process = self.manage(node, *arguments)
        said = process.communicate(timeout=SERVE_WITHIN)[0]
        assert process.returncode == 0, said
        return said

    def url(self, role: str, *, is_pooled: bool) -> str:
        port = self.pgbouncer.port if is_pooled else self.postgresql.port
        return f"postgresql://{role}:{quote(PASSWORDS[role], safe='')}@127.0.0.1:{port}/{DATABASE_NAME}"

    def _node(self, name: str) -> PortalProcess:
        data_dir = self.directory / name
        data_dir.mkdir()
        for folder in (*SHARED, INDEX):
            (self.directory / "shared" / folder).mkdir(parents=True, exist_ok=True)
            (data_dir / folder).symlink_to(self.directory / "shared" / folder)
        return PortalProcess(
            data_dir, next(PORTS), is_prepared=False, DATABASE_URL=self.url(APPLICATION_ROLE, is_pooled=True),
            DATABASE_OWNER_URL=self.url(OWNER_ROLE, is_pooled=False), PORTAL_DATABASE_POOLER="plain", VALKEY_URL=f"redis://127.0.0.1:{self.valkey.port}/0",
            PORTAL_SECRET_KEY="one-key-for-both-nodes-of-the-rig", PORTAL_SOCKET_URL="/live/", PORTAL_TRUSTED_PROXIES="1",
        )  # fmt: skip

    def _pgbouncer(self) -> Program:
        place, port = self.directory / "pgbouncer", next(PORTS)
        place.mkdir()
        text = (ROOT / "deploy" / "pgbouncer.ini").read_text()
        for given, own in (
            ("port=5432", f"port={self.postgresql.port}"),
            ("listen_port = 6432", f"listen_port = {port}"),
            ("/var/log/postgresql/", f"{place}/"),
            ("unix_socket_dir = /var/run/postgresql", "unix_socket_dir ="),
            ("/var/run/postgresql/", f"{place}/"),
            ("/etc/pgbouncer/", f"{place}/"),
        ):
            assert given in text
            text = text.replace(given, own)
        (place / "pgbouncer.ini").write_text(text)
        (place / "userlist.txt").write_text(f'"{APPLICATION_ROLE}" "{PASSWORDS[APPLICATION_ROLE]}"\n')
        if os.getuid() == 0:
            for path in (place, *place.iterdir()):
                shutil.chown(path, "postgres")
        return Program([PGBOUNCER, "-q", *(["-u", "postgres"] if os.getuid() == 0 else []), place / "pgbouncer.ini"], port, self.directory / "pgbouncer.out")

    def _valkey(self) -> Program:
        program, port = valkey_program(), next(PORTS)
        make_readable(program.parent)
        options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(self.directory)]
        return Program([program, *options], port, self.directory / "valkey.log")

    def _nginx(self) -> Program:
        place = self.directory / "nginx"
        place.mkdir()
        site = (ROOT / "deploy" / "nginx.conf").read_text()
        for beside, given in enumerate(("127.0.0.1:8000", "127.0.0.1:8001", "127.0.0.1:8002")):
            assert f"server {given};" in site
            site = site.replace(f"server {given};", " ".join(f"server 127.0.0.1:{node.port + beside};" for node in self.nodes))
        (place / "site.conf").write_text(re.sub(r"listen 80;", f"listen 127.0.0.1:{self.front.port};", site))
        paths = "".join(f"{name}_temp_path {place}/{name}; " for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        user = "user root;" if os.getuid() == 0 else ""
        (place / "nginx.conf").write_text(
            f"{user} daemon off; pid {place}/pid; error_log {place}/error.log; events {{}} http {{ access_log off; {paths} include site.conf; }}"
        )
        return Program([NGINX, "-p", place, "-c", "nginx.conf", "-e", place / "error.log"], self.front.port, self.directory / "nginx.out")


def kill_node(node: PortalProcess) -> None:
    """As when its machine is gone: every process at once, by -9."""
    assert node.process is not None
    serve = psutil.Process(node.process.pid)
    for process in (serve, *serve.children(recursive=True)):
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    node.process.wait(PATIENCE)
    wait_until(lambda: not node.processes(), PATIENCE)


@contextmanager
def rig() -> Iterator[Rig]:
    """Ends and removes everything afterwards, also after a failure. One at a time on a machine: two nodes are enough for two cores."""
    with TURN.open("w") as turn:
        flock(turn, LOCK_EX)
        directory = Path(tempfile.mkdtemp(prefix="gongfang-nodes-", dir="/tmp"))
        directory.chmod(0o755)
        parts = Rig(directory)
        try:
            parts.start()
            yield parts
        finally:
            parts.stop()
            shutil.rmtree(directory, ignore_errors=True)


def _answers(port: int) -> bool:
    with socket.socket() as attempt:
        return attempt.connect_ex(("127.0.0.1", port)) == 0
