"""The questions of /readyz. Modules register their own; each is asked in its own thread and given a second."""

import shutil
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache as once
from typing import Any, Literal

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from portal.runtime.pooling import wrong_with_database

State = Literal["ok", "not configured", "failing"]

PATIENCE = 1.0
HEARTBEAT_KEY = "runtime:heartbeat"
HEARTBEAT_EVERY = 10
HEARTBEAT_STALE_AFTER = 45


@dataclass(frozen=True, slots=True)
class Finding:
    """What one question found: its state, a few words for the operator, and how long it took."""

    state: State
    detail: str = ""
    ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Check:
    """`is_required`: without it no page can be answered. Otherwise the portal works on, with less."""

    name: str
    ask: Callable[[], Finding]
    is_required: bool


_checks: dict[str, Check] = {}
_askers = ThreadPoolExecutor(max_workers=12, thread_name_prefix="readyz")


def register_check(name: str, ask: Callable[[], Finding], *, is_required: bool = False) -> None:
    """Add a question, or answer one of ours in its place."""
    _checks[name] = Check(name, ask, is_required)


def report() -> tuple[int, dict[str, Any]]:
    """The status and the body of /readyz: 503 when something fails that every page needs, else 200."""
    started = {check: _askers.submit(_ask, check) for check in _checks.values()}
    until = time.monotonic() + PATIENCE
    findings = {check: _wait(future, until) for check, future in started.items()}
    failing = [check for check, finding in findings.items() if finding.state == "failing"]
    status = "ready" if not failing else "not ready" if any(check.is_required for check in failing) else "degraded"
    return 503 if status == "not ready" else 200, {"status": status, "checks": {check.name: asdict(finding) for check, finding in findings.items()}}


def _ask(check: Check) -> Finding:
    begun = time.perf_counter()
    try:
        finding = check.ask()
    except Exception as error:  # whatever it is, it is what the operator asked for
        finding = Finding("failing", f"{type(error).__name__}: {error}".strip().splitlines()[0][:200])
    finally:
        connection.close()
    return Finding(finding.state, finding.detail, round((time.perf_counter() - begun) * 1000, 1))


def _wait(future: Future[Finding], until: float) -> Finding:
    try:
        return future.result(timeout=max(0.0, until - time.monotonic()))
    except TimeoutError:
        return Finding("failing", f"no answer within {PATIENCE:g} s", PATIENCE * 1000)


def _database() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Finding("ok")


def _pooler() -> Finding:
    """An embedded database has none."""
    if not settings.ENVIRONMENT.database_url:
        return Finding("not configured")
    wrong = wrong_with_database()
    return Finding("failing", wrong) if wrong else Finding("ok", settings.ENVIRONMENT.database_pooler or "none")


@once
def _known_migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations)


def _migrations() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        pending = sorted(_known_migrations() - set(cursor.fetchall()))
    return Finding("failing", f"{len(pending)} to run, first {'.'.join(pending[0])}") if pending else Finding("ok")


def _broker() -> Finding:
    with redis.Redis.from_url(settings.VALKEY_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE) as client:
        client.ping()
    return Finding("ok")


def _disk() -> Finding:
    free = shutil.disk_usage(settings.DATA_DIR).free // 2**20
    least = settings.ENVIRONMENT.minimum_free_disk_mb
    return Finding("ok" if free >= least else "failing", f"{free} MB free, {least} MB at least")


def _worker() -> Finding:
    beat: datetime | None = cache.get(HEARTBEAT_KEY)
    if beat is None:
        return Finding("failing", "no heartbeat yet")
    age = (datetime.now(UTC) - beat).total_seconds()
    return Finding("ok" if age < HEARTBEAT_STALE_AFTER else "failing", f"heartbeat {age:.0f} s ago")


register_check("database", _database, is_required=True)
register_check("pooler", _pooler)
register_check("migrations", _migrations, is_required=True)
register_check("disk", _disk, is_required=True)
register_check("broker", _broker)
register_check("worker", _worker)
