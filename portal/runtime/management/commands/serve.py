"""The whole portal by one command: servers, tables, static files, a demo plant if empty, then supervised children."""

import json
import signal
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import ExitStack
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.utils import translation
from rich.console import Console
from rich.table import Table

from portal.runtime import at_start, preparation
from portal.runtime.embedded.postgresql import EmbeddedPostgreSQL
from portal.runtime.embedded.processes import EmbeddedServerError
from portal.runtime.embedded.valkey import EmbeddedValkey
from portal.runtime.first_start import registered_first_start
from portal.runtime.guards import StartRefused, check_disk, check_ports, lock_data_dir
from portal.runtime.health import HEARTBEAT_KEY
from portal.runtime.outages import is_disk_full
from portal.runtime.pooling import check_database
from portal.runtime.supervisor import Child, Supervisor, rotate_log

READY_WITHIN = 60.0
COME_UP = ("database", "migrations", "disk", "broker", "worker", "search")  # the others say what an operator has to do
LOOK_EVERY = 0.2
PAUSE_AFTER_FAILURE = 2.0
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
EmbeddedServer = EmbeddedPostgreSQL | EmbeddedValkey


class Stopped(Exception):  # noqa: N818  # it is what was asked for
    """Ctrl-C or SIGTERM."""


class Command(BaseCommand):
    help = "Start the portal: database and Valkey (unless given by settings), pages, sockets, worker and beat. Ctrl-C ends all of it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")

    def handle(self, *args: Any, **options: Any) -> None:
        self.environment = settings.ENVIRONMENT
        self.data_dir: Path = self.environment.data_dir.resolve()
        self.console = Console(highlight=False, soft_wrap=True)
        self.begun = time.monotonic()
        self.not_before: dict[str, float] = {}
        for number in ENDINGS:
            signal.signal(number, _stop)
        try:
            with ExitStack() as stack, translation.override(settings.LANGUAGE_CODE):
                self._run(stack, fill_empty=not options["no_demo"])
        except Stopped:
            self.console.print("Ended.")
        except (StartRefused, EmbeddedServerError) as error:
            raise SystemExit(str(error)) from error
        except (DatabaseError, OSError) as error:
            if is_disk_full(error):
                raise SystemExit(f"The disk of {self.data_dir} is full.") from error
            if isinstance(error, DatabaseError):
                raise SystemExit(f"The database cannot be used: {str(error).strip().splitlines()[-1]}") from error
            raise

    def _run(self, stack: ExitStack, *, fill_empty: bool) -> None:
        lock = lock_data_dir(self.data_dir)
        stack.callback(lock.close)
        check_disk(self.data_dir, self.environment.minimum_free_disk_mb)
        if self.environment.face != "intranet":
            raise StartRefused("serve starts both sites and tells each process which one it is; take PORTAL_FACE out of the settings.")
        check_ports(self.environment.host, self.environment.port, self.environment.port + 1, settings.EXTRANET_PORT)
        if self.environment.mail_listen:
            host, _colon, port = self.environment.mail_listen.rpartition(":")
            check_ports(host.strip("[]"), int(port))
        servers = self._start_servers(stack)
        if self.environment.database_url:
            check_database()
        self._step("Tables", preparation.migrate_database)
        self._step("Translations", preparation.compile_translations)
        self._step("Static files", preparation.collect_static)
        first_start = registered_first_start()
        if fill_empty and first_start is not None and first_start.is_empty():
            self._step("Demo plant", first_start.fill)
        self._step("What the release ships", at_start.bring_in_step)
        _ask_for_heartbeat()
        connection.close()
        supervisor = Supervisor(self._children(), self._warn)
        stack.callback(self._end, supervisor)
        supervisor.start()
        self._step("Pages, sockets, customers' site, worker, beat", lambda: self._wait_until_ready(supervisor))
        self._tell_where()
        while True:
            time.sleep(LOOK_EVERY)
            self._look_after(servers)
            supervisor.look()

    def _start_servers(self, stack: ExitStack) -> list[EmbeddedServer]:
        servers: list[EmbeddedServer] = []
        if not self.environment.database_url:
            servers.append(EmbeddedPostgreSQL(self.data_dir))
        if not self.environment.valkey_url:
            servers.append(EmbeddedValkey(self.data_dir))
        for server in servers:
            stack.callback(server.stop)
            self._step(server.label, server.start)
        return servers

    def _children(self) -> list[Child]:
        environment, log = self.environment, self.data_dir / "log"
        granian = [sys.executable, "-m", "granian", "--host", environment.host, "--no-access-log", "--log-level", "warning"]
        celery = [sys.executable, "-m", "celery", "--app", "portal.config", "--quiet"]
        pages = [*granian, "--interface", "wsgi", "--no-ws", "--port", str(environment.port), "--workers", str(environment.web_workers)]
        pages += ["--blocking-threads", "4", "--backpressure", "64", "--respawn-failed-workers", "portal.config.wsgi:application"]
        sockets = [*granian, "--interface", "asginl", "--port", str(environment.port + 1), "--workers", "1", "portal.config.asgi:application"]
        customers = [*granian, "--interface", "wsgi", "--no-ws", "--port", str(settings.EXTRANET_PORT), "--workers", "1"]
        customers += ["--blocking-threads", "4", "--backpressure", "64", "--respawn-failed-workers", "portal.config.wsgi:application"]
        worker = [
            *celery,
            "worker",
            "--concurrency",
            str(environment.worker_processes),
            "--loglevel",
            "WARNING",
            "--queues",
            settings.CELERY_TASK_DEFAULT_QUEUE,
        ]
        worker += ["--without-gossip", "--without-mingle", "--without-heartbeat", "--hostname", "portal@%h"]
        beat = [*celery, "beat", "--loglevel", "WARNING", "--schedule", str(self.data_dir / "beat-schedule"), "--pidfile="]
        commands = {"pages": pages, "sockets": sockets, "customers": customers, "worker": worker}
        if environment.beat:
            commands["beat"] = beat
        if environment.mail_listen:
            commands["mail"] = [sys.executable, str(settings.BASE_DIR / "manage.py"), "mail_gateway"]
        variables = {"PYTHONUNBUFFERED": "1", "PORTAL_DATA_DIR": str(self.data_dir)}
        of_face = {"customers": {"PORTAL_FACE": "extranet"}}
        return [Child(name, command, log / f"{name}.log", settings.BASE_DIR, variables | of_face.get(name, {})) for name, command in commands.items()]

    def _wait_until_ready(self, supervisor: Supervisor) -> None:
        """Until what `serve` brings up is there, or for a minute; a part that does not come up is named and tried on."""
        deadline = time.monotonic() + READY_WITHIN
        while not self._is_ready():
            if time.monotonic() > deadline:
                self._warn(f"Not everything is ready yet; {self._address()}readyz says what, {self.data_dir / 'log'} why.")
                return
            supervisor.look()
            time.sleep(0.1)

    def _is_ready(self) -> bool:
        host, port = self._callable_host(), self.environment.port
        try:
            checks = json.loads(_answer(host, port, "/readyz"))["checks"]
        except ValueError:  # nothing yet, or a page of a server that is just starting
            return False
        return all(checks[name]["state"] != "failing" for name in COME_UP) and all(_answer(host, one, "/healthz") for one in (port + 1, settings.EXTRANET_PORT))

    def _look_after(self, servers: list[EmbeddedServer]) -> None:
        """Start what has ended again, and what does not start once more after a pause in which the others are looked after."""
        for server in servers:
            rotate_log(server.log)
            if server.is_running() or time.monotonic() < self.not_before.get(server.label, 0):
                continue
            self._warn(f"{server.label} ended and is started again; see {server.log}")
            try:
                server.start()
            except (EmbeddedServerError, OSError) as error:
                self._warn(str(error))
                self.not_before[server.label] = time.monotonic() + PAUSE_AFTER_FAILURE

    def _tell_where(self) -> None:
        self.console.print(f"\nReady in {time.monotonic() - self.begun:.1f} s: [bold]{self._address()}[/bold]   (Ctrl-C ends it)")
        self.console.print(f"The customers' site: [bold]{self._address(settings.EXTRANET_PORT)}[/bold]\n")
        first_start = registered_first_start()
        hints = first_start.sign_ins() if first_start is not None else []
        if hints:
            table = Table("", "", "", "", box=None, show_header=False, pad_edge=False, padding=(0, 3, 0, 0))
            for hint in hints:
                table.add_row(hint.employee_number, hint.password, hint.name, hint.role)
            self.console.print(table)
        sys.stdout.flush()

    def _step(self, label: str, act: Callable[[], object]) -> None:
        begun = time.monotonic()
        with self.console.status(f"{label} …"):
            act()
        self.console.print(f"[green]✓[/green] {label} [dim]{time.monotonic() - begun:.1f} s[/dim]")

    def _end(self, supervisor: Supervisor) -> None:
        with self.console.status("Ending …"):
            supervisor.stop()

    def _warn(self, sentence: str) -> None:
        self.console.print(f"[yellow]![/yellow] {sentence}")

    def _address(self, port: int = 0) -> str:
        return f"http://{self._callable_host()}:{port or self.environment.port}/"

    def _callable_host(self) -> str:
        return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.environment.host, self.environment.host)  # noqa: S104


def _stop(number: int, frame: object) -> None:
    for ending in ENDINGS:
        signal.signal(ending, signal.SIG_IGN)
    raise Stopped


def _ask_for_heartbeat() -> None:
    """Forget the heartbeat of an earlier run, and have a new one written by the first worker that takes tasks."""
    cache.delete(HEARTBEAT_KEY)
    try:
        current_app.send_task("portal.runtime.tasks.heartbeat", retry=False, ignore_result=True)
    except Exception:  # noqa: S110  # the beat asks too, and /readyz tells
        pass


def _answer(host: str, port: int, path: str) -> bytes:
    """What a child of ours answers; nothing when it does not yet."""
    client = HTTPConnection(host.strip("[]"), port, timeout=3)
    try:
        client.request("GET", path)
        return client.getresponse().read()
    except (OSError, HTTPException):
        return b""
    finally:
        client.close()
