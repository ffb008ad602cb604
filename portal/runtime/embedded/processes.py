"""Starting servers that end with us, under an account that is not root."""

import ctypes
import os
import pwd
import signal
import stat
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

PR_SET_PDEATHSIG = 1
ACCOUNTS_INSTEAD_OF_ROOT = ("postgres", "nobody")
_libc = ctypes.CDLL(None, use_errno=True)


class EmbeddedServerError(Exception):
    """An embedded server that does not start; the text is one sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who the embedded servers run as."""

    uid: int
    gid: int


def server_account(kept: Path) -> Account | None:
    """None when we are an ordinary user; as root, whom PostgreSQL refuses, the owner of what is kept there, or one of the usual accounts."""
    if os.getuid() != 0:
        return None
    if kept.exists() and kept.stat().st_uid != 0:
        return Account(kept.stat().st_uid, kept.stat().st_gid)
    for name in ACCOUNTS_INSTEAD_OF_ROOT:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise EmbeddedServerError(
        "PostgreSQL does not run as root and there is no account 'postgres' or 'nobody' to run it as; start the portal as an ordinary user."
    )


def own_directory(path: Path, account: Account | None) -> None:
    """Make a directory that only the servers' account (and root) may enter, and let that account reach it."""
    path.mkdir(parents=True, exist_ok=True)
    if account is not None:
        os.chown(path, account.uid, account.gid)
        open_way_to(path)
    elif path.stat().st_uid != os.getuid():
        raise EmbeddedServerError(f"The directory {path} belongs to another account; give it to this one or set PORTAL_DATA_DIR.")
    path.chmod(0o700)


def open_way_to(path: Path) -> None:
    """Let other accounts pass through the directories above (not list or read them), where that is not so already."""
    for above in path.resolve().parents:
        mode = above.stat().st_mode
        if not mode & stat.S_IXOTH:
            above.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def make_readable(tree: Path) -> None:
    """Let other accounts read and run the programs of a wheel that was installed under a strict umask."""
    open_way_to(tree)
    for path in [tree, *tree.rglob("*")]:
        mode = stat.S_IMODE(path.stat().st_mode)
        path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))


def end_with_parent(signal_number: int) -> Callable[[], None]:
    """For `preexec_fn`: the kernel sends this signal to the new process when the one that started it dies, however it dies."""
    parent = os.getpid()

    def arrange() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal_number)

    return arrange


def start_server(
    command: Sequence[str | Path], *, account: Account | None, ends_on: signal.Signals, output: IO[Any] | int, cwd: Path
) -> subprocess.Popen[bytes]:
    """Start a server in its own process group. Must be called from a thread that lives as long as the server shall."""
    identity: dict[str, Any] = {} if account is None else {"user": account.uid, "group": account.gid, "extra_groups": []}
    return subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        cwd=cwd,
        env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        start_new_session=True,
        preexec_fn=end_with_parent(ends_on),
        **identity,
    )


def stop_server(process: subprocess.Popen[bytes], first: signal.Signals, *, grace: float) -> None:
    """Ask a server to end, and kill it when it has not within the grace."""
    if process.poll() is None:
        process.send_signal(first)
        try:
            process.wait(grace)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)
