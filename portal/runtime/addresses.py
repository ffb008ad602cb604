"""Where the database and Valkey are, from settings and the data directory alone.

Reads small files and imports nothing of Django, so that settings may use it. Nothing here needs a server to run.
"""

import hashlib
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

APPLICATION_ROLE = "gongfang"
OWNER_ROLE = "gongfang_owner"
DATABASE_NAME = "gongfang"
POSTGRESQL_PORT = 5432
LONGEST_SOCKET_DIR = 85  # sun_path holds 107 bytes; PostgreSQL adds a name of up to 20


class DataDirectoryError(Exception):
    """The data directory cannot be used; the text is one sentence for the operator."""


def sockets_dir(data_dir: Path) -> Path:
    """Where the embedded servers have their unix sockets: in the data directory, or under /tmp when that path is too long."""
    beside = data_dir.resolve() / "run"
    if len(os.fsencode(beside)) <= LONGEST_SOCKET_DIR:
        return beside
    return Path("/tmp") / f"gongfang-{os.getuid()}-{hashlib.sha256(os.fsencode(data_dir.resolve())).hexdigest()[:16]}"  # noqa: S108  # its owner and mode are checked


def database_settings(database_url: str, data_dir: Path, *, pooler: str = "") -> dict[str, Any]:
    """Django's entry for the application's database: the one of the URL, else the embedded one under the application's role.

    `pooler` is what stands between in transaction mode: `prepared` keeps prepared statements (pgBouncer 1.21 or newer), `plain` does not.
    """
    if database_url:
        return _common_settings() | _url_settings(database_url) | _pooler_settings(database_url, pooler)
    return _common_settings() | _embedded_settings(data_dir, APPLICATION_ROLE)


def owner_settings(database_url: str, owner_url: str, data_dir: Path) -> dict[str, Any] | None:
    """The same database under the role that owns the tables; None where a plant has named only the application's role."""
    if owner_url:
        return _common_settings() | _url_settings(owner_url)
    return None if database_url else _common_settings() | _embedded_settings(data_dir, OWNER_ROLE)


def cache_address(data_dir: Path, database: int = 0) -> str:
    """The embedded Valkey as redis-py and the channel layer name it."""
    return f"unix://{sockets_dir(data_dir) / 'valkey.sock'}?db={database}"


def broker_address(valkey_url: str) -> str:
    """The same Valkey as Celery names it, which spells unix sockets its own way."""
    if not valkey_url.startswith("unix://"):
        return valkey_url
    parts = urlsplit(valkey_url)
    return f"redis+socket://{parts.path}?virtual_host={dict(parse_qsl(parts.query)).get('db', '0')}"


def secret_key(data_dir: Path) -> str:
    """The key made at the first start, readable by its owner only. Refuses a directory that cannot be written."""
    path = data_dir / "secret.key"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        draft = data_dir / f".secret.{os.getpid()}"
        if not path.exists():
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
            try:
                os.link(draft, path)  # the first of several processes wins
            except FileExistsError:
                pass
            draft.unlink()
        return path.read_text()
    except OSError as error:
        raise DataDirectoryError(f"The data directory {data_dir} cannot be used: {error.strerror or error}. PORTAL_DATA_DIR names another one.") from error


def _common_settings() -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        # Statements are prepared by the server once they have come three times: planning them cost half of a page's requests per second.
        "OPTIONS": {"application_name": "gongfang", "connect_timeout": 3, "server_side_binding": True, "prepare_threshold": 3},
    }


def _pooler_settings(database_url: str, pooler: str) -> dict[str, Any]:
    """A cursor of the server lives in one session, and so does a prepared statement: neither is there in the next transaction."""
    if not pooler:
        return {}
    options = _url_settings(database_url)["OPTIONS"]
    return {"DISABLE_SERVER_SIDE_CURSORS": True, "OPTIONS": options | ({"prepare_threshold": None} if pooler == "plain" else {})}


def _embedded_settings(data_dir: Path, role: str) -> dict[str, Any]:
    return {"NAME": DATABASE_NAME, "USER": role, "PASSWORD": "", "HOST": str(sockets_dir(data_dir)), "PORT": str(POSTGRESQL_PORT)}


def _url_settings(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or unquote(parts.hostname or "")
    return {
        "NAME": unquote(parts.path.lstrip("/")) or DATABASE_NAME,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": _common_settings()["OPTIONS"] | options,
    }
