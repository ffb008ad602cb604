"""How long until the portal answers: from nothing, from data that is there, and from a fresh clone with a warm package cache."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks.context import ROOT, Context
from benchmarks.rows import Row, at_most, told
from tests.runtime.portal_process import PortalProcess, clean_environment, free_ports, portal_process

WORKERS = {"PORTAL_WEB_WORKERS": "2", "PORTAL_WORKER_PROCESSES": "2"}
CLONE_WITHIN, WARM_WITHIN = 90.0, 8.0


def measure(context: Context) -> list[Row]:
    with portal_process(**WORKERS) as portal:
        context.say("cold")
        cold = portal.start()
        portal.end()
        warm = []
        for number in range(3):
            context.say(f"warm, {number + 1} of 3")
            warm.append(portal.start())
            portal.end()
    context.say("fresh clone")
    return [
        told("start", "serve, empty data directory, with the demo plant", round(cold, 1), "s"),
        at_most("start", "serve again, median of 3", round(sorted(warm)[1], 1), "s", WARM_WITHIN),
        at_most("start", "fresh clone, make run", round(_fresh_clone(), 1), "s", CLONE_WITHIN),
    ]


def _fresh_clone() -> float:
    """From `make run` in a new clone until it says that it is ready."""
    directory = Path(tempfile.mkdtemp(prefix="gongfang-clone-", dir="/tmp"))
    try:
        subprocess.run(["git", "clone", "--quiet", ROOT, directory / "clone"], check=True)
        clone = directory / "clone"
        portal = PortalProcess(clone / "var", free_ports())
        environment = clean_environment() | {"PORT": str(portal.port)}
        begun = time.monotonic()
        with (directory / "out").open("wb") as output:
            process = subprocess.Popen(["make", "run"], cwd=clone, env=environment, stdout=output, stderr=output, start_new_session=True)
        try:
            while b"Ready in" not in (directory / "out").read_bytes():
                if process.poll() is not None or time.monotonic() - begun > 600:
                    raise RuntimeError((directory / "out").read_text()[-1000:])
                time.sleep(0.1)
            return time.monotonic() - begun
        finally:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(40)
    finally:
        shutil.rmtree(directory, ignore_errors=True)
