"""What operators and people are told when something is away."""

import threading
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import close_old_connections
from django.db.migrations.loader import MigrationLoader
from django.test import Client
from pytest_django import Settings

from portal.runtime import health
from portal.runtime.health import Check, Finding, known_migrations
from portal.runtime.tasks import heartbeat
from portal.search.tasks import follow_feed
from tests.search.indexing import start_afresh


@pytest.fixture
def checks() -> Iterator[dict[str, Check]]:
    """The registered questions, put back afterwards."""
    before = dict(health._checks)
    yield health._checks
    health._checks.clear()
    health._checks.update(before)


def test_healthz_answers_without_a_database() -> None:
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db(transaction=True)
def test_readyz_names_each_part_with_its_state() -> None:
    heartbeat()
    start_afresh()
    follow_feed()
    answer = Client().get("/readyz")
    body = answer.json()
    assert (answer.status_code, body["status"]) == (200, "ready")
    assert {name: check["state"] for name, check in body["checks"].items()} == {
        "database": "ok",
        "pooler": "not configured",
        "migrations": "ok",
        "disk": "ok",
        "broker": "ok",
        "worker": "ok",
        "queues": "ok",
        "search": "ok",
        "scanner": "not configured",
        "backup": "not configured",
        "mail": "not configured",
        "ledgers": "ok",
    }
    assert not answer.cookies


@pytest.mark.django_db(transaction=True)
def test_without_broker_or_worker_pages_are_still_served_and_readyz_says_degraded(settings: Settings) -> None:
    cache.delete(health.HEARTBEAT_KEY)
    settings.VALKEY_URL = "unix:///nowhere/valkey.sock"
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["checks"]["broker"]["state"] == "failing"
    assert answer.json()["checks"]["worker"]["detail"] == "no heartbeat yet"


@pytest.mark.django_db(transaction=True)
def test_full_disk_makes_the_portal_not_ready(settings: Settings) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"minimum_free_disk_mb": 10**9})
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["disk"]["state"]) == (503, "failing")


@pytest.mark.django_db(transaction=True)
def test_question_that_hangs_or_breaks_is_told_as_failing_within_its_second(checks: dict[str, Check]) -> None:
    released = threading.Event()
    health.register_check("hangs", lambda: Finding("ok") if released.wait(10) else Finding("failing"), is_required=True)
    health.register_check("breaks", lambda: Finding("ok", str(1 // 0)))
    answer = Client().get("/readyz")
    released.set()
    assert answer.status_code == 503
    assert answer.json()["checks"]["hangs"]["detail"] == "no answer within 1 s"
    assert answer.json()["checks"]["breaks"]["detail"].startswith("ZeroDivisionError")


@pytest.mark.urls("tests.runtime.outage_urls")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("path", "status"), [("cut_off", 503), ("full_table", 507), ("full_file", 507), ("mistake", 500), ("deadlock", 500)])
def test_outage_is_a_sentence_and_a_mistake_stays_a_mistake(path: str, status: int) -> None:
    client = Client(raise_request_exception=False, headers={"accept-language": "en"})
    answer = client.get(f"/{path}/")
    assert answer.status_code == status
    assert "Traceback" not in answer.content.decode()
    if status != 500:
        assert answer["Retry-After"] == "5"
    close_old_connections()  # as between two requests; the test client leaves it out
    assert client.get("/fine/").content == b"done"


def test_migrations_are_known_by_their_files() -> None:
    assert known_migrations() == set(MigrationLoader(None).disk_migrations)
