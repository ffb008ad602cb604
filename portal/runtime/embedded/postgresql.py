"""The embedded PostgreSQL: made once in the data directory, durable, reachable by a unix socket only.

Whoever may enter the socket's directory (mode 0700) is trusted; the roles inside keep the application from the record.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from portal.runtime.addresses import APPLICATION_ROLE, DATABASE_NAME, OWNER_ROLE, POSTGRESQL_PORT, sockets_dir
from portal.runtime.embedded.processes import Account, EmbeddedServerError, make_readable, own_directory, server_account, start_server, stop_server
from portal.runtime.embedded.programs import postgresql_programs

SUPERUSER = "postgres"
READY_WITHIN = 60.0
STOP_WITHIN = 30.0
ORPHANS_END_WITHIN = 5.0
REASONS = {
    "No space left on device": "the disk is full",
    "lock file": "another server uses the directory",
    "is still in use": "sessions of its predecessor have not ended yet",
    "incompatible with server": "the data was made by another version of PostgreSQL; docs/operators.md says how to move it",
    "could not map anonymous shared memory": "there is not enough memory",
    "Permission denied": "its files belong to another account",
}


class EmbeddedPostgreSQL:
    """A server process with its data in `data_dir/postgresql`. Not durable ones are for tests only."""

    label = "PostgreSQL"

    def __init__(self, data_dir: Path, *, is_durable: bool = True) -> None:
        self.data_dir = data_dir.resolve()
        self.cluster = self.data_dir / "postgresql"
        self.sockets = sockets_dir(data_dir)
        self.log = self.data_dir / "log" / "postgresql.log"
        self.is_durable = is_durable
        self.programs = postgresql_programs()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Make the data at the first start, run the server, wait until it takes connections. Refuses with one sentence."""
        account = server_account(self.cluster)
        own_directory(self.sockets, account)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self._make_programs_reachable(account)
        if not (self.cluster / "PG_VERSION").exists():
            self._make_cluster(account)
        self._end_leftover()
        self._end_orphans()
        with self.log.open("ab") as output:
            self._log_start = output.tell()
            self.process = start_server(self._command(), account=account, ends_on=signal.SIGINT, output=output, cwd=self.cluster)
        self._wait_until_ready()
        try:
            self._make_roles_and_database()
        except psycopg.OperationalError as error:
            raise EmbeddedServerError(f"The embedded database ended again while it was made ready; {self.log} says more.") from error

    def stop(self) -> None:
        """End sessions, write a checkpoint, stop."""
        if self.process is not None:
            stop_server(self.process, signal.SIGINT, grace=STOP_WITHIN)
            self.process = None

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def connect(self, database: str = "postgres", role: str = SUPERUSER) -> psycopg.Connection:
        return psycopg.connect(host=str(self.sockets), port=POSTGRESQL_PORT, user=role, dbname=database, autocommit=True, connect_timeout=5)

    def _command(self) -> list[str | Path]:
        options = {
            "listen_addresses": "",
            "port": str(POSTGRESQL_PORT),
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "max_connections": "120",
            "shared_buffers": "256MB",
            "work_mem": "16MB",
            "maintenance_work_mem": "128MB",
            "effective_cache_size": "1GB",
            "random_page_cost": "1.1",
            "max_wal_size": "2GB",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_line_prefix": "%m [%p] %q%a ",
            "cluster_name": "gongfang",
        }
        if not self.is_durable:
            options |= {
                "fsync": "off",
                "synchronous_commit": "off",
                "full_page_writes": "off",
                "autovacuum": "off",
                "max_connections": "200",
                "shared_buffers": "128MB",
            }
        return [self.programs / "postgres", "-D", self.cluster, *[f"--{name}={value}" for name, value in options.items()]]

    def _make_programs_reachable(self, account: Account | None) -> None:
        if account is None:
            return
        try:
            subprocess.run([self.programs / "postgres", "--version"], user=account.uid, group=account.gid, check=True, capture_output=True, cwd="/")
        except (OSError, subprocess.CalledProcessError):
            make_readable(self.programs.parent)

    def _make_cluster(self, account: Account | None) -> None:
        """In a directory that gets its name at the end, so that an interrupted first start leaves nothing half made."""
        draft = self.data_dir / "postgresql.new"
        shutil.rmtree(draft, ignore_errors=True)
        own_directory(draft, account)
        command: list[str | Path] = [self.programs / "initdb", "-D", draft, "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--data-checksums"]
        command += [] if self.is_durable else ["--no-sync"]
        with tempfile.TemporaryFile() as output:
            process = start_server(command, account=account, ends_on=signal.SIGKILL, output=output, cwd=draft)
            if process.wait() != 0:
                output.seek(0)
                raise EmbeddedServerError(f"The database could not be made in {self.cluster}: {_reason(output.read().decode(errors='replace'))}.")
        draft.rename(self.cluster)

    def _end_leftover(self) -> None:
        """A server that outlived its portal holds the data: ask it to end. A file that only claims so is removed."""
        pid_file = self.cluster / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split("\n", 1)[0])
            program = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (FileNotFoundError, ValueError):
            pid_file.unlink(missing_ok=True)
            return
        if os.fsencode(self.cluster) not in program:
            pid_file.unlink(missing_ok=True)
            return
        os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + STOP_WITHIN
        while pid_file.exists():
            if time.monotonic() > deadline:
                raise EmbeddedServerError(f"A database server of an earlier start (process {pid}) still holds {self.cluster} and does not end.")
            time.sleep(0.05)

    def _end_orphans(self) -> None:
        """Sessions outlive a server that was killed while they are busy, and hold its memory, so that no other starts: end them as a crash does."""
        for end in (signal.SIGQUIT, signal.SIGKILL):
            orphans = self._orphans()
            for orphan in orphans:
                try:
                    orphan.send_signal(end)
                except psutil.NoSuchProcess:
                    continue
            if not psutil.wait_procs(orphans, ORPHANS_END_WITHIN)[1]:
                return

    def _orphans(self) -> list[psutil.Process]:
        """Processes of PostgreSQL that work in our data, while no server runs there. Children of a server stand in groups of their own."""
        found = []
        for process in psutil.process_iter():
            try:
                if process.cwd() == str(self.cluster) and Path(process.exe()).name == "postgres":
                    found.append(process)
            except (psutil.Error, OSError):
                continue
        return found

    def _wait_until_ready(self) -> None:
        assert self.process is not None
        deadline = time.monotonic() + READY_WITHIN
        while True:
            if self.process.poll() is not None:
                with self.log.open("rb") as file:
                    file.seek(self._log_start)
                    said = file.read().decode(errors="replace")
                raise EmbeddedServerError(f"The embedded database does not start: {_reason(said)}. More is in {self.log}.")
            try:
                self.connect().close()
                return
            except psycopg.OperationalError as error:
                if time.monotonic() > deadline:
                    raise EmbeddedServerError(f"The embedded database was not ready within {READY_WITHIN:.0f} seconds; {self.log} says more.") from error
            time.sleep(0.02)

    def _make_roles_and_database(self) -> None:
        with self.connect() as connection:
            known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE 'gongfang%'")}
            if OWNER_ROLE not in known:
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(sql.Identifier(OWNER_ROLE)))
            if APPLICATION_ROLE not in known:
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(APPLICATION_ROLE)))
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE_NAME]).fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE_NAME), sql.Identifier(OWNER_ROLE)))


def _reason(said: str) -> str:
    for sign, reason in REASONS.items():
        if sign in said:
            return reason
    lines = [line for line in said.strip().splitlines() if line.strip()]
    return lines[-1].strip().rstrip(".") if lines else "it ended without a word"
