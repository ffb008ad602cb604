"""D1, D2, D3 and S3 for the boards, through whole servers: what was acknowledged is there once, and what ended is closed within two seconds."""

import json
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime

import psutil
import pytest

from portal.notifications.services import WRITERS_LOCK
from tests.bulletin.whole_portal import Desk, ask, department_of, effects, in_days, person_of
from tests.runtime.portal_process import PATIENCE, PortalProcess, look, portal_process, wait_until

pytestmark = pytest.mark.drill

CLOSED_WITHIN = 30.0  # two seconds where the machine does nothing else; by the turn of a minute it would be closed anyway
CLOSED = {403, 404}
ANSWERED_WITHIN = 12.0  # with a broker that hangs: about two where the machine does nothing else
KILLS = 20
WORKERS = 8
FIRST_MOMENTS = 0.06
OUTAGES = 3
WRITER_WAITS = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted"


@pytest.fixture(scope="module")
def portal() -> Iterator[PortalProcess]:
    """One plant for all drills: each leaves it whole. Celery misses a process for ten seconds before its task is given to another: so there are several."""
    with portal_process(PORTAL_WORKER_PROCESSES=str(WORKERS)) as plant:
        plant.start()
        yield plant


@pytest.fixture(scope="module")
def quality(portal: PortalProcess) -> int:
    return department_of(portal, "QUA")


def reached(portal: PortalProcess) -> int:
    """How many people a notice for everyone is told to: all employees but its publisher."""
    return int(ask(portal, "SELECT count(*) FROM access_standing WHERE 'all' = ANY(tokens)")[0][0]) - 1


def bells(portal: PortalProcess, notices: list[int]) -> dict[int, int]:
    """Rows of the bell for each notice; fails where someone was told twice."""
    urls = [f"/bulletin/notices/{pk}/" for pk in notices]
    statement = "SELECT url, count(*), count(DISTINCT recipient_id) FROM notifications_notification WHERE url = ANY(%s) GROUP BY url"
    rows = ask(portal, statement, urls)
    assert all(count == people for _url, count, people in rows), "someone was told twice"
    return {int(url.split("/")[3]): count for url, count, _people in rows}


def test_worker_killed_in_the_middle_of_telling_loses_nobody_and_tells_nobody_twice(portal: PortalProcess, quality: int) -> None:
    head, draw, published, interrupted = Desk(portal, "10003"), random.Random(20), [], 0
    with look(portal) as gate:
        for turn in range(KILLS):
            gate.execute("SELECT pg_advisory_lock(%s)", [WRITERS_LOCK])
            before = _processor_times(portal)
            notice = head.publish(quality, f"停电检修 {turn}")
            assert notice is not None
            published.append(notice)
            wait_until(lambda: gate.execute(WRITER_WAITS, [WRITERS_LOCK]).fetchone() != (0,), PATIENCE, every=0.02)
            after = _processor_times(portal)
            busy = max(after, key=lambda process: after[process] - before.get(process, 0))  # called at once
            gate.execute("SELECT pg_advisory_unlock(%s)", [WRITERS_LOCK])
            time.sleep(draw.uniform(0, FIRST_MOMENTS))
            interrupted += gate.execute("SELECT count(*) FROM notifications_notification WHERE url = %s", [f"/bulletin/notices/{notice}/"]).fetchone() == (0,)
            busy.kill()
    wait_until(lambda: effects(portal) == 0, PATIENCE)
    assert interrupted, "no worker was in the middle of it"
    assert bells(portal, published) == dict.fromkeys(published, reached(portal))


def test_publishing_while_the_broker_is_dead_answers_and_the_bells_follow(portal: PortalProcess, quality: int) -> None:
    head = Desk(portal, "10003")
    broker = portal.child("valkey-server")
    broker.suspend()
    begun = time.monotonic()
    hanging = head.publish(quality, "经纪进程停住时的通知")
    took = time.monotonic() - begun
    broker.kill()
    dead = head.publish(quality, "经纪进程死后的通知")
    assert hanging is not None
    assert dead is not None
    assert took < ANSWERED_WITHIN, took
    assert head.get(f"/bulletin/notices/{hanging}/") == 200
    wait_until(lambda: bells(portal, [hanging, dead]) == dict.fromkeys([hanging, dead], reached(portal)), PATIENCE)


class Working(threading.Thread):
    """Does something again and again, and notes what was acknowledged."""

    def __init__(self, act: Callable[[int], object]) -> None:
        super().__init__(daemon=True)
        self.act, self.ended = act, threading.Event()
        self.acknowledged: list = []

    def run(self) -> None:
        turn = 0
        while not self.ended.is_set():
            turn += 1
            if (done := self.act(turn)) is not None:
                self.acknowledged.append(done)

    def finish(self) -> list:
        self.ended.set()
        self.join(40)
        return self.acknowledged


def test_database_stopped_and_started_under_publishing_and_confirming_keeps_what_was_acknowledged(portal: PortalProcess, quality: int) -> None:
    known: list[int] = []
    asked = {"kind": "document", "needs_confirmation": "on"}

    def publisher(desk: Desk, name: str) -> Callable[[int], object]:
        def publish(turn: int) -> int | None:
            notice = desk.publish(quality, f"断电演练 {name}-{turn}", **asked)
            if notice is not None:
                known.append(notice)
            return notice

        return publish

    def confirmer(desk: Desk, person: int) -> Callable[[int], object]:
        seen: set[int] = set()

        def confirm(_turn: int) -> tuple[int, int] | None:
            notice = next((pk for pk in reversed(known) if pk not in seen), None)
            if notice is None:
                time.sleep(0.02)
                return None
            if not desk.confirm(notice):
                return None
            seen.add(notice)
            return notice, person

        return confirm

    publishers = [Working(publisher(Desk(portal, "10003"), name)) for name in ("甲", "乙")]
    confirmers = [Working(confirmer(Desk(portal, number), person_of(portal, number))) for number in ("10004", "10005")]
    pages, threads = portal.child("wsgi").pid, [*publishers, *confirmers]
    for thread in threads:
        thread.start()
    for _ in range(OUTAGES):
        done = [len(thread.acknowledged) for thread in threads]
        wait_until(lambda done=done: all(len(one.acknowledged) > before + 3 for one, before in zip(threads, done, strict=True)), PATIENCE)
        os.kill(portal.child("postgres").pid, signal.SIGINT)
        wait_until(lambda: portal.readiness()[0] == 200, PATIENCE)
    done = [len(thread.acknowledged) for thread in threads]
    wait_until(lambda: all(len(one.acknowledged) > before + 3 for one, before in zip(threads, done, strict=True)), PATIENCE)
    published = [pk for thread in publishers for pk in thread.finish()]
    confirmed = [pair for thread in confirmers for pair in thread.finish()]

    assert portal.child("wsgi").pid == pages, "pages had to be started anew"
    shown = "SELECT page_ptr_id FROM bulletin_notice WHERE is_shown AND version_number = 1 AND published_at IS NOT NULL AND document_number IS NOT NULL"
    assert set(published) <= {pk for (pk,) in ask(portal, shown)}
    halves = """
        SELECT n.page_ptr_id, n.version_number, count(v.id) FROM bulletin_notice n LEFT JOIN bulletin_noticeversion v ON v.notice_id = n.page_ptr_id
        GROUP BY 1, 2 HAVING count(v.id) <> n.version_number OR (n.is_shown AND n.version_number = 0)
    """
    assert ask(portal, halves) == []
    numbers = "SELECT document_number FROM bulletin_notice WHERE department_id = %s AND document_year = %s ORDER BY 1"
    year = int(ask(portal, "SELECT max(document_year) FROM bulletin_notice WHERE department_id = %s", quality)[0][0])
    given = [number for (number,) in ask(portal, numbers, quality, year)]
    assert given == list(range(1, len(given) + 1)), "a gap or a double"
    last = """
        SELECT last_number FROM numbers_numbersequence JOIN bulletin_departmentboard board ON board.prefix_key = scope
        WHERE series = 'bulletin.document' AND board.department_id = %s AND period = %s
    """
    assert ask(portal, last, quality, year) == [(len(given),)]
    kept = Counter(ask(portal, "SELECT about_id, person_id FROM confirmations_confirmation"))
    assert [pair for pair in confirmed if kept[pair] != 1] == []
    recorded = Counter(int(pk) for (pk,) in ask(portal, "SELECT object_id FROM audit_record WHERE verb = 'notice.published'"))
    assert [pk for pk in published if recorded[pk] != 1] == []
    wait_until(lambda: effects(portal) == 0, PATIENCE)
    assert bells(portal, published) == dict.fromkeys(published, reached(portal))


def test_retraction_closes_page_file_feed_discussion_and_socket(portal: PortalProcess, quality: int) -> None:
    head, reader, stranger = Desk(portal, "10003"), Desk(portal, "10004"), Desk(portal, "10007")
    file = head.upload("抽检安排.txt", "机组 甲班 14:00\n".encode())
    notice = head.publish(quality, "将要撤下的通知", audience_include=f"dept:{quality}+", file_ids=file)
    assert notice is not None
    topic, surfaces = _surfaces(portal, notice, file)
    feed = reader.feed()
    assert {path: reader.get(path) for path in surfaces} == dict.fromkeys(surfaces, 200)
    assert {path: stranger.get(path) for path in surfaces} == dict.fromkeys(surfaces, 404)
    assert "将要撤下的通知" in reader.browser.get(feed)[1]
    with reader.listening(topic) as socket:
        status, _place = head.post(f"/bulletin/notices/{notice}/retraction/", {"reason": "发错了"})
        assert status == 302
        begun = time.monotonic()
        assert json.loads(socket.recv(timeout=CLOSED_WITHIN))["refused"] == [topic]
        for path in surfaces:
            _until_closed(reader, path, begun)
        assert "将要撤下的通知" not in reader.browser.get(feed)[1]
        assert time.monotonic() - begun < CLOSED_WITHIN
    assert head.get(f"/bulletin/notices/{notice}/") == 200, "its department keeps it"


def test_an_expiry_closes_page_bell_home_and_the_topics_of_open_pages(portal: PortalProcess, quality: int) -> None:
    """Nobody presses anything: the moment comes by itself."""
    head, reader = Desk(portal, "10003"), Desk(portal, "10004")
    notice = head.publish(quality, "将要到期的通知", audience_include=f"dept:{quality}+")
    assert notice is not None
    content_type = ask(portal, "SELECT id FROM django_content_type WHERE app_label = 'bulletin' AND model = 'notice'")[0][0]
    discussion, bell = f"discussion:{content_type}-{notice}", f"bell:{person_of(portal, '10004')}"
    surfaces = ["/", "/notifications/", "/notifications/bell/", "/panels/notifications/"]
    wait_until(lambda: all("将要到期的通知" in reader.browser.get(path)[1] for path in surfaces), PATIENCE)
    with reader.listening(bell, discussion) as socket:
        moment = ask(portal, "UPDATE bulletin_notice SET shown_until = now() + interval '4 s' WHERE page_ptr_id = %s RETURNING shown_until", notice)[0][0]
        url = f"/bulletin/notices/{notice}/"
        ask(portal, "UPDATE notifications_notification SET ends_at = %s WHERE url = %s RETURNING id", moment, url)
        planned = "INSERT INTO outbox_effect (kind, payload, created_at, due_at, attempts, last_error) VALUES (%s, %s, now(), %s, 0, '') RETURNING id"
        ask(portal, planned, "pages.expire_due", json.dumps({"page": notice}), moment)
        heard = [json.loads(socket.recv(timeout=4 + CLOSED_WITHIN)) for _turn in range(2)]
        assert (datetime.now(UTC) - moment).total_seconds() < CLOSED_WITHIN
        assert [message["refused"] for message in heard if "refused" in message] == [[discussion]]
        assert bell in [message.get("topic") for message in heard]
        assert reader.get(url) == 404
        assert not any("将要到期的通知" in reader.browser.get(path)[1] for path in surfaces)
        assert (datetime.now(UTC) - moment).total_seconds() < CLOSED_WITHIN


def test_a_move_closes_what_was_for_the_department_and_tells_the_open_socket(portal: PortalProcess, quality: int) -> None:
    administrator, head, reader = Desk(portal, "10001"), Desk(portal, "10003"), Desk(portal, "10004")
    person, feed = person_of(portal, "10004"), reader.feed()
    file = head.upload("内部安排.txt", "机组 乙班 22:00\n".encode())
    notice = head.publish(quality, "只给质检科的通知", audience_include=f"dept:{quality}+", file_ids=file)
    assert notice is not None
    topic, surfaces = _surfaces(portal, notice, file)
    assert {path: reader.get(path) for path in surfaces} == dict.fromkeys(surfaces, 200)
    sales = department_of(portal, "SAL")
    position = ask(portal, "SELECT id FROM organization_position WHERE code = 'account_manager'")[0][0]
    with reader.listening(topic) as socket:
        post = {"department": str(sales), "position": str(position), "starts_on": in_days(0)}
        status, _place = administrator.post(f"/organization/people/{person}/move/", post)
        assert status == 302
        begun = time.monotonic()
        assert json.loads(socket.recv(timeout=CLOSED_WITHIN))["refused"] == [topic]
        assert time.monotonic() - begun < CLOSED_WITHIN
        for path in surfaces:
            _until_closed(reader, path, begun)
        assert "只给质检科的通知" not in reader.browser.get(feed)[1]
        assert time.monotonic() - begun < CLOSED_WITHIN


def test_the_end_of_a_delegation_closes_drafts_and_their_files(portal: PortalProcess, quality: int) -> None:
    head, deputy = Desk(portal, "10003"), Desk(portal, "10007")
    file = head.upload("草稿附件.txt", "未定稿\n".encode())
    fields = {"title": "未定稿", "body": "<p>讨论稿</p>", "audience_include": f"dept:{quality}+", "audience_level": "0", "kind": "notice", "file_ids": file}
    status, place = head.post(f"/bulletin/notices/new/?department={quality}", fields | {"action": "save", "pinned_for": ""})
    assert (status, place.endswith("/draft/")) == (302, True), (status, place)
    notice = int(place.split("/")[3])
    surfaces = [f"/bulletin/notices/{notice}/draft/", f"/bulletin/notices/{notice}/draft/preview/", f"/files/{file}/", f"/files/{file}/text/"]
    assert {path: deputy.get(path) for path in surfaces} == dict.fromkeys(surfaces, 404)
    given = {"person": "10007", "starts_on": in_days(0), "ends_on": in_days(7)}
    assert head.post(f"/bulletin/departments/{quality}/keeping/delegations/", given)[0] == 302
    wait_until(lambda: deputy.get(surfaces[0]) == 200, CLOSED_WITHIN)
    wait_until(lambda: {path: deputy.get(path) for path in surfaces} == dict.fromkeys(surfaces, 200), PATIENCE)
    delegation = ask(portal, "SELECT max(id) FROM bulletin_publishingdelegation")[0][0]
    with ExitStack() as stack:
        socket = stack.enter_context(deputy.listening(f"page:{notice}"))
        assert head.post(f"/bulletin/delegations/{delegation}/end/", {})[0] == 302
        begun = time.monotonic()
        assert json.loads(socket.recv(timeout=CLOSED_WITHIN))["refused"] == [f"page:{notice}"]
        for path in surfaces:
            _until_closed(deputy, path, begun)
        assert deputy.publish(quality, "已无权发布") is None


def _processor_times(portal: PortalProcess) -> dict[psutil.Process, float]:
    """Of each process of the worker's, by which the one that has just worked is known."""
    return {process: sum(process.cpu_times()[:2]) for process in portal.child("celery", "worker").children()}


def _surfaces(portal: PortalProcess, notice: int, file: str) -> tuple[str, list[str]]:
    """The topic of its discussion, and every address under which a notice and its file can be had."""
    content_type = ask(portal, "SELECT id FROM django_content_type WHERE app_label = 'bulletin' AND model = 'notice'")[0][0]
    key = f"{content_type}-{notice}"
    paths = [f"/bulletin/notices/{notice}/", f"/files/{file}/", f"/files/{file}/preview/", f"/discussion/{key}/"]
    wait_until(lambda: ask(portal, "SELECT count(*) FROM attachments_storedfile WHERE text_state NOT IN ('done', 'none')") == [(0,)], PATIENCE)
    return f"discussion:{key}", [*paths, f"/files/{file}/text/"]


def _until_closed(desk: Desk, path: str, begun: float) -> None:
    while (status := desk.get(path)) not in CLOSED:
        assert time.monotonic() - begun < CLOSED_WITHIN, f"{path} still answers {status}"
