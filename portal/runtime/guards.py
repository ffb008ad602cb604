"""What is asked before anything starts, so that a mistake is one clear sentence and not a traceback."""

import fcntl
import os
import shutil
import socket
from pathlib import Path
from typing import IO


class StartRefused(Exception):  # noqa: N818  # it is no mistake of the program
    """The portal cannot start; the text is one sentence for the operator."""


def lock_data_dir(data_dir: Path) -> IO[str]:
    """Hold the data directory until the returned file is closed or this process ends, however it ends."""
    path = data_dir / "serve.lock"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        file = path.open("a+")
    except OSError as error:
        raise StartRefused(f"The data directory {data_dir} cannot be used: {error.strerror or error}.") from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.seek(0)
        raise StartRefused(f"The data directory {data_dir} is in use by a portal that runs already (process {file.read().strip() or 'unknown'}).") from error
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def check_disk(data_dir: Path, least_mb: int) -> None:
    free = shutil.disk_usage(data_dir).free // 2**20
    if free < least_mb:
        raise StartRefused(f"The disk of {data_dir} is nearly full: {free} MB are free and {least_mb} MB are needed (PORTAL_MINIMUM_FREE_DISK_MB).")


def check_ports(host: str, *ports: int) -> None:
    for port in ports:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                attempt.bind((host, port))
            except PermissionError as error:
                raise StartRefused(f"The port {port} needs more rights than this account has; start with PORT=8000 or another one above 1023.") from error
            except OSError as error:
                if isinstance(error, socket.gaierror):
                    raise StartRefused(f"The address PORTAL_HOST={host} is not one of this machine.") from error
                raise StartRefused(
                    f"The port {port} on {host} cannot be had ({error.strerror}); start with another one, e.g. PORT={ports[0] + 100}."
                ) from error
