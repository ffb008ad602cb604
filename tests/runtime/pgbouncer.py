"""Debian's pgBouncer before the tests' PostgreSQL, in transaction mode."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

from portal.runtime.embedded.processes import end_with_parent
from tests.runtime.portal_process import PATIENCE, free_ports, wait_until

PROGRAM = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
IS_THERE = Path(PROGRAM).exists()
CONFIGURATION = """
[databases]
* = host={sockets} port={server}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {directory}/users
pool_mode = transaction
default_pool_size = {sessions}
ignore_startup_parameters = extra_float_digits,options
"""


@contextmanager
def pgbouncer(sessions: int = 3) -> Iterator[int]:
    """Yields its port; `sessions` is how many of the server it shares out."""
    own, port = connection.settings_dict, free_ports()
    directory = Path(tempfile.mkdtemp(prefix="pgbouncer-"))
    values = {"sockets": own["HOST"], "server": own["PORT"], "port": port, "directory": directory, "sessions": sessions}
    (directory / "pgbouncer.ini").write_text(CONFIGURATION.format(**values))
    (directory / "users").write_text(f'"{own["USER"]}" ""\n')
    account = Path(own["HOST"]).owner()
    if os.getuid() == 0:
        for path in (directory, *directory.iterdir()):
            shutil.chown(path, account)
    command = [PROGRAM, *(["-u", account] if os.getuid() == 0 else []), str(directory / "pgbouncer.ini")]
    with (directory / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, preexec_fn=end_with_parent(signal.SIGTERM))
    try:
        wait_until(lambda: process.poll() is not None or _answers(port), PATIENCE)
        assert process.poll() is None, (directory / "log").read_text()
        yield port
    finally:
        process.terminate()
        process.wait(PATIENCE)
        shutil.rmtree(directory)


@contextmanager
def through(port: int, **more: Any) -> Iterator[None]:
    """Every connection of this process, of each thread, goes by this port."""
    own = connection.settings_dict
    before = dict(own)
    connection.close()
    own.update({"HOST": "127.0.0.1", "PORT": str(port)} | more)
    try:
        yield
    finally:
        connection.close()
        own.clear()
        own.update(before)


def _answers(port: int) -> bool:
    with socket.socket() as attempt:
        return attempt.connect_ex(("127.0.0.1", port)) == 0
