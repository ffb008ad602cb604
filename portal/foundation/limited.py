"""Work on content that nobody trusts, in a process of its own with limits on memory, time and output (S22).

The process gets no environment of the portal (so none of its secrets), an empty working directory, and, where the kernel allows that, no network
and nothing of the folders that were hidden from it.
This file is also what runs in that process; so it imports nothing but Python.
"""

import ctypes
import json
import os
import resource
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parents[2]
EXIT_REFUSED, EXIT_MEMORY = 3, 4
STARTS_WITHIN_SECONDS = 1
ENDED_WITHIN_SECONDS = 0.5  # where nobody reaps orphans, they stay as zombies for ever
NEW_USER_NAMESPACE, NEW_NETWORK, NEW_MOUNTS = 0x10000000, 0x40000000, 0x00020000  # unshare(2)
READ_ONLY, NO_SETUID, NO_DEVICES = 1, 2, 4  # mount(2)
PIECE = 65536
LAST_WORDS = 2000

_hidden: set[Path] = set()


class Reason(StrEnum):
    """Why a limited run gave no answer."""

    MEMORY = "memory"
    TIME = "time"
    OUTPUT = "output"
    REFUSED = "refused"
    CRASHED = "crashed"
    MISSING = "missing"


class LimitedError(Exception):
    """There is no answer: a limit was met, the work refused the content (`detail` is "ValueError: …"), it crashed, or its program is not installed."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        self.reason = reason
        self.detail = detail
        super().__init__(f"{reason}: {detail}" if detail else str(reason))


def hide_from_limited(folder: Path) -> None:
    """Whatever is worked on from now on finds this folder empty: what leads a program to other files by a name leads it to nothing."""
    _hidden.add(folder.resolve())


def run_limited(
    work: str | Sequence[str],
    payload: bytes | IO[bytes],
    *,
    arguments: Sequence[str] = (),
    memory_bytes: int,
    cpu_seconds: int,
    wall_seconds: float,
    output_bytes: int,
    written_bytes: int = 0,
    result: str = "",
) -> bytes:
    """What the work makes of the payload, or `LimitedError`.

    `work` is "package.module:function" (called with the payload as an open file that can be sought, then `arguments`; it returns bytes, or yields them;
    its module should import little) or the words of a command, which reads the payload from its standard input. An open file is handed over as it is,
    from its start, and must have a descriptor. Memory is of addresses, not of what is resident. A file that the work writes in its empty working directory
    may have `written_bytes`; where `result` names one, that file is the answer, else what the work returned or printed.
    """
    plan = {
        "work": work if isinstance(work, str) else list(work),
        "arguments": list(arguments),
        "memory": memory_bytes,
        "cpu": cpu_seconds,
        "wall": int(wall_seconds) + 1 + STARTS_WITHIN_SECONDS,
        "written": written_bytes,
    }
    with tempfile.TemporaryDirectory(prefix="limited-") as folder, tempfile.TemporaryFile() as copied:
        needed = [Path(place).resolve() for place in (ROOT, sys.prefix, sys.base_prefix, folder)]
        plan["hidden"] = [str(hidden) for hidden in _hidden if not any(place.is_relative_to(hidden) for place in needed)]
        if isinstance(payload, bytes):
            copied.write(payload)
            copied.flush()
        source = copied if isinstance(payload, bytes) else payload
        os.lseek(source.fileno(), 0, os.SEEK_SET)
        process = subprocess.Popen(
            [sys.executable, "-IB", __file__, json.dumps(plan)],
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env={"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "HOME": folder, "TMPDIR": folder},
            start_new_session=True,
        )
        try:
            answer, last_words = _listen(process, time.monotonic() + wall_seconds + STARTS_WITHIN_SECONDS, output_bytes)
        finally:
            _end(process)
        _judge(process.returncode, last_words)
        return _read_result(Path(folder) / result, output_bytes) if result else answer


def _listen(process: subprocess.Popen[bytes], deadline: float, output_bytes: int) -> tuple[bytes, str]:
    """What the process prints until it ends, and the end of what it complains of."""
    answer, complaints = bytearray(), bytearray()
    with selectors.DefaultSelector() as selector:
        for stream in (process.stdout, process.stderr):
            assert stream is not None
            selector.register(stream, selectors.EVENT_READ)
        while selector.get_map():
            ready = selector.select(max(deadline - time.monotonic(), 0))
            if not ready or time.monotonic() > deadline:
                raise LimitedError(Reason.TIME)
            for key, _ in ready:
                piece = os.read(key.fd, PIECE)
                if not piece:
                    selector.unregister(key.fileobj)
                elif key.fileobj is process.stdout:
                    answer += piece
                    if len(answer) > output_bytes:
                        raise LimitedError(Reason.OUTPUT)
                else:
                    complaints = (complaints + piece)[-LAST_WORDS:]
    try:
        process.wait(max(deadline - time.monotonic(), 0.1))
    except subprocess.TimeoutExpired:
        raise LimitedError(Reason.TIME) from None
    lines = complaints.decode("utf-8", "replace").strip().splitlines()
    return bytes(answer), lines[-1] if lines else ""


def _end(process: subprocess.Popen[bytes]) -> None:
    """Let nothing of it live on, its own children included."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        given_up_at = time.monotonic() + ENDED_WITHIN_SECONDS
        while time.monotonic() < given_up_at:
            os.killpg(process.pid, 0)  # a killed child may still be writing in the folder that is removed next
            time.sleep(0.005)
    process.wait()
    for stream in (process.stdout, process.stderr):
        assert stream is not None
        stream.close()


def _judge(code: int, last_words: str) -> None:
    if code == 0:
        return
    if code == EXIT_REFUSED:
        raise LimitedError(Reason.REFUSED, last_words)
    if code == EXIT_MEMORY:
        raise LimitedError(Reason.MEMORY)
    if code == 127:
        raise LimitedError(Reason.MISSING, last_words)
    ended_by = code - 128 if code > 128 else -code  # a shell says so of its own children
    if ended_by in (signal.SIGXCPU, signal.SIGALRM, signal.SIGKILL):
        raise LimitedError(Reason.TIME)
    if ended_by == signal.SIGXFSZ:
        raise LimitedError(Reason.OUTPUT)
    raise LimitedError(Reason.CRASHED, last_words or f"exit {code}")


def _read_result(path: Path, output_bytes: int) -> bytes:
    if path.is_symlink() or not path.is_file():
        raise LimitedError(Reason.REFUSED, f"no {path.name}")
    if path.stat().st_size > output_bytes:
        raise LimitedError(Reason.OUTPUT)
    return path.read_bytes()


# From here on: inside the limited process.


def _run(plan: dict[str, Any]) -> None:
    _take_limits(plan)
    work, arguments = plan["work"], plan["arguments"]
    if isinstance(work, list):
        try:
            os.execvp(work[0], [*work, *arguments])  # noqa: S606  # no shell is meant
        except OSError as error:
            print(error, file=sys.stderr)  # noqa: T201  # the way out of this process
            os._exit(127)
    with os.fdopen(os.dup(1), "wb") as output:
        os.dup2(2, 1)  # a library that prints does not print into the answer
        sys.path.insert(0, str(ROOT))
        module, _, name = work.partition(":")
        try:
            answer = getattr(import_module(module), name)(sys.stdin.buffer, *arguments)
            for piece in [answer] if isinstance(answer, bytes) else answer:
                output.write(piece)
        except MemoryError:
            os._exit(EXIT_MEMORY)
        except Exception as error:
            print(f"{type(error).__name__}: {' '.join(str(error).split())[:1000]}", file=sys.stderr)  # noqa: T201
            os._exit(EXIT_REFUSED)


def _take_limits(plan: dict[str, Any]) -> None:
    _leave_network(plan.get("hidden", ()))  # a portal that still runs the release before does not say
    for number in (signal.SIGXFSZ, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)  # Python ignores both, and a command would inherit that
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (plan["memory"], plan["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (plan["cpu"], plan["cpu"] + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (plan["written"], plan["written"]))
    signal.setitimer(signal.ITIMER_REAL, plan["wall"])  # also when whoever started this died
    os.nice(10)


def _leave_network(hidden: Sequence[str]) -> None:
    """Live in a network without interfaces and beside empty folders, where the kernel lets an ordinary person do that."""
    person, group = os.getuid(), os.getgid()
    with suppress(OSError, AttributeError):
        system = ctypes.CDLL(None)
        has_own_mounts = system.unshare(NEW_USER_NAMESPACE | NEW_NETWORK | NEW_MOUNTS) == 0
        if has_own_mounts or system.unshare(NEW_USER_NAMESPACE | NEW_NETWORK) == 0:
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"{person} {person} 1")
            Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
        for folder in hidden if has_own_mounts else ():
            system.mount(b"none", os.fsencode(folder), b"tmpfs", READ_ONLY | NO_SETUID | NO_DEVICES, b"size=4096")


if __name__ == "__main__":
    _run(json.loads(sys.argv[1]))
