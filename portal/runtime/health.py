"""The questions of /readyz. Modules register their own; each is asked in its own thread and given a second."""

import shutil
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache as once
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import Any, Literal

import redis
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.foundation.navigation import Words
from portal.runtime.pooling import wrong_with_database

State = Literal["ok", "not configured", "failing"]

PATIENCE = 1.0
HEARTBEAT_KEY = "runtime:heartbeat"
HEARTBEAT_EVERY = 10
HEARTBEAT_STALE_AFTER = 45


@dataclass(frozen=True, slots=True)
class Finding:
    """What one question found: its state, a few words for the operator, said in their language when they are read, and how long it took."""

    state: State
    detail: Words = ""
    ms: float = 0.0


def joined(parts: Sequence[Words], between: str) -> Words:
    """Several sentences as one, said in their language when it is read."""
    return format_lazy(between.join(["{}"] * len(parts)), *parts)


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
    """The status and the body of /readyz, in the active language: 503 when something fails that every page needs, else 200."""
    started = {check: _askers.submit(_ask, check) for check in _checks.values()}
    until = time.monotonic() + PATIENCE
    findings = {check: _wait(future, until) for check, future in started.items()}
    failing = [check for check, finding in findings.items() if finding.state == "failing"]
    status = "ready" if not failing else "not ready" if any(check.is_required for check in failing) else "degraded"
    checks = {check.name: {"state": finding.state, "detail": str(finding.detail), "ms": finding.ms} for check, finding in findings.items()}
    return 503 if status == "not ready" else 200, {"status": status, "checks": checks}


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
        return Finding("failing", format_lazy(_("no answer within {seconds} s"), seconds=f"{PATIENCE:g}"), PATIENCE * 1000)


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
def known_migrations() -> frozenset[tuple[str, str]]:
    """All by app and name, of their files: to import some three hundred takes longer on a busy machine than the first answer may."""
    found = set()
    for label in (config.label for config in apps.get_app_configs()):
        name = MigrationLoader.migrations_module(label)[0]
        if name is not None and find_spec(name) is not None:
            found |= {(label, one.name) for one in iter_modules(import_module(name).__path__) if not one.ispkg and one.name[0] not in "_~"}
    return frozenset(found)


def _migrations() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        pending = sorted(known_migrations() - set(cursor.fetchall()))
    return Finding("failing", format_lazy(_("{count} to run, first {name}"), count=len(pending), name=".".join(pending[0]))) if pending else Finding("ok")


def _broker() -> Finding:
    with redis.Redis.from_url(settings.VALKEY_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE) as client:
        client.ping()
    return Finding("ok")


def _disk() -> Finding:
    free = shutil.disk_usage(settings.DATA_DIR).free // 2**20
    least = settings.ENVIRONMENT.minimum_free_disk_mb
    return Finding("ok" if free >= least else "failing", format_lazy(_("{free} MB free, {least} MB at least"), free=free, least=least))


def _worker() -> Finding:
    beat: datetime | None = cache.get(HEARTBEAT_KEY)
    if beat is None:
        return Finding("failing", _("no heartbeat yet"))
    age = (datetime.now(UTC) - beat).total_seconds()
    return Finding("ok" if age < HEARTBEAT_STALE_AFTER else "failing", format_lazy(_("heartbeat {seconds} s ago"), seconds=f"{age:.0f}"))


register_check("database", _database, is_required=True)
register_check("pooler", _pooler)
register_check("migrations", _migrations, is_required=True)
register_check("disk", _disk, is_required=True)
register_check("broker", _broker)
register_check("worker", _worker)
