"""Which server for pages: requests per second of a signed-in person's page with 8 connections, two processes each.

gunicorn, uvicorn and daphne are not requirements of the portal; they are put into a directory that is thrown away.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator

import psutil

from benchmarks.context import Context, Load
from benchmarks.rows import Row, told
from portal.accounts.models import User
from tests.runtime.portal_process import free_ports

OTHERS = ("gunicorn", "uvicorn", "daphne")
PAGES, SOCKETS = "portal.config.wsgi:application", "portal.config.asgi:application"
PATH = "/accounts/preferences/"
ROUNDS, SECONDS = 4, 3.0


def measure(context: Context) -> list[Row]:
    context.fill_plant()
    cookie = context.sign_in(User.objects.filter(is_active=True, kind="employee", employments__ends_on=None).exclude(is_superuser=True).order_by("pk")[3])
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as directory:
        context.say("fetching the others")
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--root-user-action=ignore", "--target", directory, *OTHERS],
            check=True,
        )
        best: dict[str, Load] = {}
        memory: dict[str, float] = {}
        for number in range(ROUNDS):
            for name, port, command in _commands():
                context.say(f"{name}, {number + 1} of {ROUNDS}")
                with context.server(command, port, environment={"PYTHONPATH": directory}) as pid:
                    context.load(port, PATH, cookie=cookie, seconds=1)
                    load = context.load(port, PATH, cookie=cookie, seconds=SECONDS)
                    memory[name] = _memory(pid)
                if name not in best or load.per_second > best[name].per_second:
                    best[name] = load
    reference = next(iter(best.values())).per_second
    for name, load in best.items():
        rows.append(told("servers", name, load.per_second, "requests/s", reference=reference))
        rows.append(told("servers", f"{name}: median answer", load.median_ms, "ms"))
        rows.append(told("servers", f"{name}: slowest answer", load.worst_ms, "ms"))
        rows.append(told("servers", f"{name}: failed", load.failed, "requests"))
        rows.append(told("servers", f"{name}: memory", memory[name], "MB"))
    return rows


def _commands() -> Iterator[tuple[str, int, list[str]]]:
    python = [sys.executable, "-m"]
    port = free_ports()
    granian = [*python, "granian", "--port", str(port), "--workers", "2", "--no-access-log", "--log-level", "error"]
    for threads in (4, 1):
        yield (
            f"granian, WSGI, 2 x {threads} threads",
            port,
            [*granian, "--interface", "wsgi", "--blocking-threads", str(threads), "--backpressure", "64", PAGES],
        )
    port = free_ports()
    yield "gunicorn, WSGI, 2 x 4 threads", port, [*python, "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4", PAGES]
    port = free_ports()
    granian = [*python, "granian", "--port", str(port), "--workers", "2", "--no-access-log", "--log-level", "error"]
    yield "granian, ASGI, 2 processes", port, [*granian, "--interface", "asginl", SOCKETS]
    port = free_ports()
    yield "uvicorn, ASGI, 2 processes", port, [*python, "uvicorn", "--port", str(port), "--workers", "2", "--no-access-log", "--log-level", "error", SOCKETS]
    port = free_ports()
    yield "daphne, ASGI, 1 process", port, [*python, "daphne", "--port", str(port), "--verbosity", "0", SOCKETS]


def _memory(pid: int) -> float:
    """Of the server and its processes; memory that they share is counted once, by its part in each."""
    processes = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    return round(sum(process.memory_full_info().pss for process in processes) / 2**20, 0)
