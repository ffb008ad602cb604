"""Drills D2 and D3: what the portal has said is done is in the database once, whatever is stopped meanwhile.

The action is a change of one's theme, which is answered when it is committed.
"""

import os
import signal
import threading
import time

import pytest

from tests.runtime.portal_process import PATIENCE, SERVE_WITHIN, Browser, PortalProcess, look, portal_process, wait_until

pytestmark = pytest.mark.drill

NUMBER, PASSWORD = "10003", "gongfang-2026"
CLEAR_ANSWERS = {0, 200, 503}


class Switching(threading.Thread):
    """Changes the theme again and again, and notes what was acknowledged last."""

    def __init__(self, browser: Browser) -> None:
        super().__init__(daemon=True)
        self.browser = browser
        self.ended = threading.Event()
        self.acknowledged: list[str] = []
        self.answers: dict[int, int] = {}

    def run(self) -> None:
        theme = "dark"
        while not self.ended.is_set():
            status, _body = self.browser.post("/accounts/preferences/change/", name="theme", value=theme, next="/accounts/preferences/")
            self.answers[status] = self.answers.get(status, 0) + 1
            if status == 200:
                self.acknowledged.append(theme)
                theme = "light" if theme == "dark" else "dark"

    def finish(self) -> None:
        self.ended.set()
        self.join(30)


def test_database_stopped_and_started_under_load_is_a_clear_answer_and_no_restart_is_needed() -> None:
    with portal_process() as portal:
        portal.start()
        browsers = [portal.browser() for _ in range(3)]
        for number, browser in zip(("10002", "10003", "10004"), browsers, strict=True):
            browser.sign_in(number, PASSWORD)
        pages = portal.child("wsgi").pid
        threads = [Switching(browser) for browser in browsers]
        for thread in threads:
            thread.start()
        wait_until(lambda: all(len(thread.acknowledged) > 5 for thread in threads), PATIENCE)
        for _ in range(3):
            stopped = portal.child("postgres").pid
            done = [len(thread.acknowledged) for thread in threads]
            os.kill(stopped, signal.SIGINT)
            wait_until(lambda done=done: all(len(thread.acknowledged) > before + 5 for thread, before in zip(threads, done, strict=True)), PATIENCE)
        for thread in threads:
            thread.finish()
            assert set(thread.answers) <= CLEAR_ANSWERS, thread.answers
        assert portal.child("wsgi").pid == pages
        with look(portal) as connection:
            for number, thread in zip(("10002", "10003", "10004"), threads, strict=True):
                query = "SELECT theme FROM accounts_preferences JOIN accounts_user ON id = user_id WHERE employee_number = %s"
                assert connection.execute(query, [number]).fetchone() == (thread.acknowledged[-1],)


def test_broker_killed_or_hanging_stops_no_page_and_effects_follow_when_it_is_back() -> None:
    with portal_process() as portal:
        portal.start()
        browser = portal.browser()
        browser.sign_in(NUMBER, PASSWORD)
        valkey = portal.child("valkey-server")
        valkey.suspend()
        begun = time.monotonic()
        assert browser.get("/")[0] == 200
        assert browser.post("/accounts/preferences/change/", name="theme", value="dark", next="/")[0] == 200
        assert time.monotonic() - begun < 60
        status, body = portal.readiness()
        assert (status, '"degraded"' in body) == (200, True)
        valkey.kill()
        assert browser.get("/")[0] == 200
        _leave_an_effect(portal)
        wait_until(lambda: portal.effects_due() == 0, PATIENCE)
        wait_until(lambda: '"ready"' in portal.readiness()[1], PATIENCE)


def test_broker_that_never_was_leaves_sign_in_and_pages_working() -> None:
    with portal_process(VALKEY_URL="redis://127.0.0.1:1/0") as portal:
        portal.start_unready()
        wait_until(lambda: portal.readiness()[0] == 200, SERVE_WITHIN)
        browser = portal.browser()
        browser.sign_in(NUMBER, PASSWORD)
        assert browser.post("/accounts/preferences/change/", name="theme", value="dark", next="/")[0] == 200
        assert '"degraded"' in portal.readiness()[1]


def _leave_an_effect(portal: PortalProcess) -> None:
    """An effect whose doorbell nobody heard, written as a service would."""
    with look(portal) as connection:
        columns = "kind, payload, created_at, due_at, attempts, last_error"
        connection.execute(f"INSERT INTO outbox_effect ({columns}) VALUES ('standings.changed', '{{\"user_ids\": []}}', now(), now(), 0, '')")
