"""Children of `manage.py serve`: started together, restarted when they die, ended without remainder."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from portal.runtime.embedded.processes import end_with_parent

GRACE = 10.0
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
STEADY_AFTER = 60.0
LONGEST_LOG = 10 * 2**20
KEPT_LOGS = 3

Say = Callable[[str], None]


@dataclass(slots=True)
class Child:
    """A program that shall run as long as the portal does. Its output goes to `log`, which is rotated."""

    name: str
    command: Sequence[str]
    log: Path
    directory: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause: float = FIRST_PAUSE
    restart_at: float | None = None


class Supervisor:
    """Owns the children. All methods are for the thread that made it, since the kernel ends children with their thread."""

    def __init__(self, children: Sequence[Child], say: Say) -> None:
        self.children = list(children)
        self.say = say

    def start(self) -> None:
        for child in self.children:
            self._start(child)

    def look(self) -> None:
        """Restart what has died, after a pause that doubles while it keeps dying. Called several times a second."""
        now = time.monotonic()
        for child in self.children:
            if child.process is not None and child.process.poll() is not None:
                self._note_death(child, now)
            if child.restart_at is not None and now >= child.restart_at:
                self._try_again(child, now)
            rotate_log(child.log)

    def stop(self) -> None:
        """Ask all to end at once, wait a common grace, and kill what is left of their process groups."""
        running = [child.process for child in self.children if child.process is not None]
        for process in running:
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + GRACE
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                pass
            _kill_group(process)
            process.wait()

    def _start(self, child: Child) -> None:
        child.log.parent.mkdir(parents=True, exist_ok=True)
        with child.log.open("ab") as output:
            child.process = subprocess.Popen(
                child.command,
                cwd=child.directory,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **child.environment},
                start_new_session=True,
                preexec_fn=end_with_parent(signal.SIGTERM),
            )
        child.started_at = time.monotonic()
        child.restart_at = None

    def _try_again(self, child: Child, now: float) -> None:
        """A machine that is short of memory or processes for a moment does not end the portal."""
        try:
            self._start(child)
        except OSError as error:
            child.restart_at = now + LONGEST_PAUSE
            self.say(f"{child.name} cannot be started ({error}) and is tried again in {LONGEST_PAUSE:g} s")

    def _note_death(self, child: Child, now: float) -> None:
        assert child.process is not None
        _kill_group(child.process)
        if now - child.started_at > STEADY_AFTER:
            child.pause = FIRST_PAUSE
        child.restart_at = now + child.pause
        self.say(f"{child.name} ended ({_ending(child.process.returncode)}) and is started again in {child.pause:g} s; see {child.log}")
        child.pause = min(LONGEST_PAUSE, child.pause * 2)
        child.process = None


def rotate_log(log: Path) -> None:
    """Copy a log that has grown long aside and empty it in place; its writers append, so they go on in the same file. On a full disk there is no copy."""
    if not log.exists() or log.stat().st_size < LONGEST_LOG:
        return
    for number in range(KEPT_LOGS - 1, 0, -1):
        older = log.with_name(f"{log.name}.{number}")
        if older.exists():
            older.replace(log.with_name(f"{log.name}.{number + 1}"))
    try:
        shutil.copyfile(log, log.with_name(f"{log.name}.1"))
    except OSError:
        log.with_name(f"{log.name}.1").unlink(missing_ok=True)
    os.truncate(log, 0)


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def _ending(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
