"""One node and two, direct and behind pgBouncer in transaction mode: the board and signing in, side by side in one run.

All nodes are on this machine, so on two cores two of them are no quicker than one; what is told is what the pooler costs, and what it costs that statements are
planned anew (`plain`), which is measured without a pooler, too.
"""

import json
import statistics
import subprocess
import sys
from collections import defaultdict
from contextlib import ExitStack

from django.contrib.auth.hashers import make_password
from django.db import connection

from benchmarks.board import fill_boards
from benchmarks.context import ROOT, Context
from benchmarks.nodes_load import PASSWORD
from benchmarks.rows import Row, at_least, told
from portal.accounts.models import User
from tests.runtime.pgbouncer import IS_THERE, pgbouncer
from tests.runtime.portal_process import free_ports

ROUNDS, SESSIONS, PEOPLE = 3, 40, 400
SECONDS = {"board": 2.0, "sign-in": 6.0}  # who signs in pays for the hash of a password
NODES = (1, 2)
COST = 0.9  # a pooler should cost less than a tenth
DIRECT, DIRECT_PLAIN, POOLED_PLAIN = "direct", "direct, plain", "pgBouncer, plain"
Found = dict[str, float]


def measure(context: Context) -> list[Row]:
    context.fill_plant()
    fill_boards(context)
    staff = User.objects.filter(is_active=True, kind="employee", is_superuser=False).exclude(employments=None).order_by("pk").distinct()
    people = list(staff[:PEOPLE])
    User.objects.filter(pk__in=[person.pk for person in people]).update(password=make_password(PASSWORD))
    numbers = [person.employee_number for person in people]
    cookie = context.sign_in(people[3])
    found: dict[tuple[str, int, str], list[Found]] = defaultdict(list)
    with ExitStack() as stack:
        ports = _start(context, stack)
        for turn in range(-1, ROUNDS):
            for name, of_nodes in ports.items():
                for nodes in NODES:
                    for what in ("board", "sign-in"):
                        context.say(f"{name}, {nodes}, {what}, {turn + 1} of {ROUNDS}")
                        load = _load(of_nodes[:nodes], SECONDS[what], cookie if what == "board" else "", numbers)
                        if turn >= 0:  # the first is to warm up
                            found[name, nodes, what].append(load)
    return _rows(found)


def _start(context: Context, stack: ExitStack) -> dict[str, list[int]]:
    """The pages of two nodes for each way to the database, as `serve` starts them; what is not asked costs nothing."""
    own = connection.settings_dict
    direct = f"postgresql://{own['USER']}@/{own['NAME']}?host={own['HOST']}"
    ways = {DIRECT: {"DATABASE_URL": direct}, DIRECT_PLAIN: {"DATABASE_URL": direct, "PORTAL_DATABASE_POOLER": "plain"}}
    if IS_THERE:
        port = stack.enter_context(pgbouncer(SESSIONS))
        ways[POOLED_PLAIN] = {"DATABASE_URL": f"postgresql://{own['USER']}@127.0.0.1:{port}/{own['NAME']}", "PORTAL_DATABASE_POOLER": "plain"}
    ports: dict[str, list[int]] = {}
    for name, way in ways.items():
        context.say(f"starting: {name}")
        ports[name] = [free_ports() for _node in NODES]
        for port in ports[name]:
            stack.enter_context(context.server(context.pages_command(port), port, environment=way | {"PORTAL_TRUSTED_PROXIES": "1"}))
    return ports


def _load(ports: list[int], seconds: float, cookie: str, people: list[str]) -> Found:
    command = [sys.executable, "-m", "benchmarks.nodes_load", ",".join(map(str, ports)), str(seconds), cookie]
    return dict(json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, input=" ".join(people)).stdout))


def _rows(found: dict[tuple[str, int, str], list[Found]]) -> list[Row]:
    rows: list[Row] = []
    speed = {key: statistics.median(load["per_second"] for load in loads) for key, loads in found.items()}
    for (name, nodes, what), loads in found.items():
        label = f"{what}, {nodes} node{'s' if nodes > 1 else ''}, {name}"
        rows.append(told("nodes", label, speed[name, nodes, what], "requests/s", reference=speed[DIRECT, 1, what]))
        rows.append(told("nodes", f"{label}: p95", statistics.median(load["p95_ms"] for load in loads), "ms"))
        rows.append(told("nodes", f"{label}: failed", sum(load["failed"] for load in loads), "requests"))
    for what in ("board", "sign-in"):
        rows.append(told("nodes", f"{what}: plain, of prepared", speed[DIRECT_PLAIN, 1, what] / speed[DIRECT, 1, what], "x"))
        if (POOLED_PLAIN, 1, what) in speed:
            rows.append(at_least("nodes", f"{what}: through pgBouncer, of direct", speed[POOLED_PLAIN, 1, what] / speed[DIRECT_PLAIN, 1, what], "x", COST))
    return rows
