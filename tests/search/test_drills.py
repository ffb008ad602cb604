"""D8, through a whole portal: whatever happens to the index, it equals the feed again, and meanwhile nothing is shown that may not be."""

import logging
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from urllib.parse import quote

import pytest
from django.urls import reverse

from portal.search import locks
from tests.bulletin.whole_portal import Desk, ask, department_of
from tests.depth import deep
from tests.runtime.portal_process import PATIENCE, ROOT, PortalProcess, look, portal_process, wait_until
from tests.search.whole_index import equals_feed, generation, place, search_row

logger = logging.getLogger(__name__)
pytestmark = pytest.mark.drill

HEAD, READER, STRANGER = "10003", "10004", "10007"
KILLS, NOTICES_BETWEEN, KILLED_REBUILDS = deep(20, part=8), 10, deep(5, part=3)
ROOM_MB = 48
HELD = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND granted"
LEFT = "SELECT kind, attempts, count(*), max(due_at - now()), max(last_error) FROM outbox_effect WHERE due_at < now() + interval '1 hour' GROUP BY 1, 2"
WORD, TITLE = "獬豸", "内部抽检安排"


@pytest.fixture(scope="module")
def portal() -> Iterator[PortalProcess]:
    """One plant for all drills: each leaves it whole. Its index has a small file system of its own where one can be mounted."""
    with portal_process(PORTAL_WORKER_PROCESSES="3") as plant:
        plant.fill()
        place, filled = plant.data_dir / "search", plant.data_dir / "filled"
        place.rename(filled)
        place.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM_MB}m", "none", place], capture_output=True).returncode == 0
        shutil.copytree(filled, place, dirs_exist_ok=True)
        shutil.rmtree(filled)
        try:
            plant.start()
            yield plant
        finally:
            if plant.process is not None:
                plant.end()
            if mounted:
                subprocess.run(["umount", "-l", place], check=False)


@pytest.fixture(scope="module")
def quality(portal: PortalProcess) -> int:
    return department_of(portal, "QUA")


@pytest.fixture(scope="module")
def head(portal: PortalProcess) -> Desk:
    return Desk(portal, HEAD)


@pytest.fixture(scope="module")
def secret(portal: PortalProcess, head: Desk, quality: int) -> int:
    """A notice for the department alone, with a word that nothing else has."""
    notice = head.publish(quality, TITLE, body=f"<p>{WORD}机组提前备样</p>", audience_include=f"dept:{quality}+")
    assert notice is not None
    return notice


class Asker:
    """Someone who searches all the while, by the page and as one types; notes what was answered, and each time the secret was shown."""

    def __init__(self, portal: PortalProcess, number: str) -> None:
        self.desk = Desk(portal, number)
        self.statuses: Counter[int] = Counter()
        self.shown = 0
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.work)

    def work(self) -> None:
        while not self.stopping.is_set():
            for address in ("/search/", "/search/typing/"):
                status, body = self.desk.browser.get(f"{address}?q={quote(WORD)}")
                self.statuses[status] += 1
                self.shown += TITLE in body


@contextmanager
def asking(portal: PortalProcess) -> Iterator[Asker]:
    """Two who ask meanwhile. The stranger never sees it; both have it as before when all is over."""
    reader, stranger = Asker(portal, READER), Asker(portal, STRANGER)
    for asker in (reader, stranger):
        asker.thread.start()
    try:
        yield reader
    finally:
        for asker in (reader, stranger):
            asker.stopping.set()
            asker.thread.join(60)
    assert stranger.shown == 0
    assert stranger.statuses[200]
    # A process whose file is cut off under its hands is lost with its connection, and replaced.
    assert set(stranger.statuses) | set(reader.statuses) <= {0, 200, 502, 503}, (reader.statuses, stranger.statuses)
    assert finds(reader.desk, WORD)
    assert not finds(stranger.desk, WORD)


def finds(desk: Desk, word: str, title: str = TITLE) -> bool:
    """By the page and as one types alike."""
    answers = [desk.browser.get(f"{address}?q={quote(word)}") for address in ("/search/", "/search/typing/")]
    found = {title in body for _status, body in answers}
    assert len(found) == 1, [status for status, _body in answers]
    return found.pop()


def recover(portal: PortalProcess, what: str) -> None:
    begun = time.monotonic()
    wait_until(lambda: equals_feed(portal), PATIENCE, every=0.2, saying=lambda: ask(portal, LEFT))
    seconds = time.monotonic() - begun
    wait_until(lambda: search_row(portal)["state"] == "ok", PATIENCE)
    logger.info(f"{what}: equals the feed after {seconds:.1f} s, {search_row(portal)['detail']}")


@contextmanager
def stopped_worker(portal: PortalProcess) -> Iterator[None]:
    """Stopped at a moment when it holds no lock, which nobody else would get then."""
    worker = portal.child("celery", "worker")
    processes = [worker, *worker.children(recursive=True)]

    def has_stopped() -> bool:
        for process in processes:
            process.suspend()
        if not any(_is_held(portal, lock) for lock in (locks.FEED, locks.INDEX, locks.REBUILD)):
            return True
        for process in processes:
            process.resume()
        return False

    try:
        wait_until(has_stopped, PATIENCE)
        yield
    finally:
        for process in processes:
            process.resume()


@contextmanager
def unfinished_rebuilds(portal: PortalProcess) -> Iterator[None]:
    """Those that begin come to their last step and no further."""
    with look(portal) as session:
        session.execute("SELECT pg_advisory_lock(%s)", [locks.INDEX])
        yield
        session.execute("SELECT pg_advisory_unlock_all()")


def _delete(portal: PortalProcess) -> None:
    for each in place(portal).iterdir():
        shutil.rmtree(each, ignore_errors=True)
    (place(portal) / "current").unlink()


def _lead_nowhere(portal: PortalProcess) -> None:
    (place(portal) / "current").write_text("nowhere")


def _lead_to_other_bytes(portal: PortalProcess) -> None:
    (place(portal) / "current").write_bytes(b"\xff\x00\xfe" * 10)


def _break_meta(portal: PortalProcess) -> None:
    (generation(portal) / "entries" / "meta.json").write_text('{"segments": [')


def _of_another(portal: PortalProcess) -> None:
    (generation(portal) / "about.json").write_text("{}")
    for part in ("entries", "passages"):
        os.utime(generation(portal) / part / "meta.json")


@pytest.mark.parametrize("harm", [_delete, _lead_nowhere, _lead_to_other_bytes, _break_meta], ids=lambda harm: harm.__name__.strip("_"))
def test_an_index_that_cannot_be_opened_is_said_so_and_made_anew(portal: PortalProcess, secret: int, harm: Callable[[PortalProcess], None]) -> None:
    recover(portal, "before")
    with asking(portal) as reader:
        with stopped_worker(portal):
            harm(portal)
            status, body = reader.desk.browser.get(f"/search/?q={quote(WORD)}")
            assert status == 503
            assert f'href="{reverse("organization:person_list")}"' in body
            assert TITLE not in body
            assert reader.desk.get("/bulletin/") == 200
            assert search_row(portal)["state"] == "failing"
            assert "index" in search_row(portal)["detail"]
        recover(portal, harm.__name__.strip("_"))
    assert reader.statuses[503]


def _segments(portal: PortalProcess) -> list[Path]:
    return [
        path
        for part in ("entries", "passages")
        for path in sorted((generation(portal) / part).iterdir())
        if path.suffix in (".idx", ".term", ".fast", ".store")
    ]


def _overwrite(portal: PortalProcess) -> None:
    for path in _segments(portal):
        with path.open("r+b") as file:
            size = path.stat().st_size
            for at in range(0, size // 2, max(1, size // 20)):
                file.seek(at)
                file.write(b"\xa5" * min(8, size // 4))


def _truncate(portal: PortalProcess) -> None:
    for path in _segments(portal):
        os.truncate(path, path.stat().st_size // 2)


def _remove_one(portal: PortalProcess) -> None:
    _segments(portal)[0].unlink()


@pytest.mark.parametrize("harm", [_overwrite, _truncate, _remove_one], ids=lambda harm: harm.__name__.strip("_"))
def test_damaged_files_are_noticed_and_the_index_is_made_anew(portal: PortalProcess, secret: int, harm: Callable[[PortalProcess], None]) -> None:
    recover(portal, "before")
    with asking(portal):
        before = generation(portal)
        harm(portal)
        recover(portal, harm.__name__.strip("_"))
        assert generation(portal) != before


def _publish(desk: Desk, department: int, turn: int, published: list[int | None]) -> None:
    for _number in range(NOTICES_BETWEEN // 2):
        published.append(desk.publish(department, f"巡检记录 {turn}"))


def test_a_worker_killed_while_it_follows_leaves_nothing_out(portal: PortalProcess, secret: int, head: Desk, quality: int) -> None:
    draw, published = random.Random(8), list[int | None]()
    desks = [head, Desk(portal, HEAD)]
    with asking(portal):
        for turn in range(KILLS):
            threads = [threading.Thread(target=_publish, args=(desk, quality, turn, published)) for desk in desks]
            for thread in threads:
                thread.start()
            time.sleep(draw.uniform(0, 1.0))
            for process in portal.child("celery", "worker").children():
                process.kill()
            for thread in threads:
                thread.join(120)
        recover(portal, f"{KILLS} kills over {len(published)} notices")
    assert None not in published
    assert len(published) == KILLS * NOTICES_BETWEEN
    found = ask(
        portal, "SELECT count(*) FROM search_entry WHERE source = 'notices' AND title LIKE '巡检记录%%' AND NOT is_gone AND object_id = ANY(%s)", published
    )
    assert found == [(len(published),)]


def _rebuild(portal: PortalProcess) -> subprocess.Popen[str]:
    command = [sys.executable, "manage.py", "search", "rebuild"]
    return subprocess.Popen(
        command, cwd=ROOT, env=portal.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=_listen_to_interrupts
    )


def _listen_to_interrupts() -> None:
    """As a command typed by a person does, also where the tests run in the background and were told not to."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _is_held(portal: PortalProcess, lock: int) -> bool:
    return ask(portal, HELD, lock) != [(0,)]


def _is_rebuilding(portal: PortalProcess) -> bool:
    return _is_held(portal, locks.REBUILD)


def test_a_rebuild_that_is_killed_leaves_the_old_index_in_use_and_nothing_behind(portal: PortalProcess, secret: int) -> None:
    recover(portal, "before")
    draw, killed = random.Random(9), 0
    with asking(portal) as reader:
        before = generation(portal)
        for turn in range(KILLED_REBUILDS):
            with nullcontext() if turn else unfinished_rebuilds(portal):
                rebuilding = _rebuild(portal)
                wait_until(lambda rebuilding=rebuilding: _is_rebuilding(portal) or rebuilding.poll() is not None, PATIENCE, every=0.005)
                time.sleep(draw.uniform(0, 0.3))
                rebuilding.kill()
                rebuilding.communicate(timeout=PATIENCE)
            killed += generation(portal) == before
            before = generation(portal)
            assert finds(reader.desk, WORD)
        recover(portal, f"{KILLED_REBUILDS} killed rebuilds, {killed} of them before they were done")
    assert killed
    assert reader.statuses.keys() == {200}, "people could search all the while"


def test_a_rebuild_by_hand_can_be_stopped_is_refused_twice_and_done_once(portal: PortalProcess, secret: int) -> None:
    recover(portal, "before")
    before = generation(portal)
    with stopped_worker(portal):
        with unfinished_rebuilds(portal):
            stopped = _rebuild(portal)
            wait_until(lambda: _is_rebuilding(portal), PATIENCE)
            stopped.send_signal(signal.SIGINT)
            _said, complaint = stopped.communicate(timeout=PATIENCE)
            assert (stopped.returncode, complaint.strip().splitlines()[-1]) == (130, "CommandError: Stopped. The index in use is as it was.")
            assert generation(portal) == before
            first = _rebuild(portal)
            wait_until(lambda: _is_rebuilding(portal), PATIENCE)
            first.send_signal(signal.SIGSTOP)
        assert "being made anew" in search_row(portal)["detail"]
        second = _rebuild(portal)
        assert "The index is being made anew already" in second.communicate(timeout=PATIENCE)[1]
        assert second.returncode == 1
        first.send_signal(signal.SIGCONT)
        assert "entries" in first.communicate(timeout=PATIENCE)[0]
        assert first.returncode == 0
    assert generation(portal) != before
    recover(portal, "rebuilt by hand")


def test_what_is_retracted_while_the_worker_stands_still_is_in_no_answer(portal: PortalProcess, secret: int, head: Desk, quality: int) -> None:
    notice = head.publish(quality, "将要撤下的通知", body="<p>麒麟</p>")
    recover(portal, "before")
    readers = [Desk(portal, number) for number in (HEAD, READER, STRANGER)]
    assert all(finds(reader, "麒麟", "将要撤下的通知") for reader in readers)
    with stopped_worker(portal):
        status, _place = head.post(f"/bulletin/notices/{notice}/retraction/", {"reason": "发错了"})
        assert status == 302
        begun = time.monotonic()
        for reader in readers:
            status, body = reader.browser.get(f"/search/?q={quote('麒麟')}")
            assert status == 200
            assert "将要撤下的通知" not in body
            assert "kind=notice" not in body, "a facet counts it"
            assert not finds(reader, "麒麟", "将要撤下的通知")
        logger.info(f"retracted: gone from the answers of three within {time.monotonic() - begun:.2f} s of the answer, with the worker stopped")
        assert all(finds(reader, WORD) for reader in readers[:2])
        wait_until(lambda: search_row(portal)["state"] == "failing", PATIENCE, every=1)
        assert "to follow, the oldest for" in search_row(portal)["detail"]
    recover(portal, "worker goes on")
    assert not any(finds(reader, "麒麟", "将要撤下的通知") for reader in readers)


def test_publishing_goes_on_while_there_is_no_room_for_the_index_which_catches_up(portal: PortalProcess, secret: int, head: Desk, quality: int) -> None:
    if not os.path.ismount(place(portal)):
        pytest.skip("this machine does not let us mount a small file system")
    recover(portal, "before")
    filler = place(portal) / "filler"
    with asking(portal) as reader:
        with no_room(filler):
            published = [head.publish(quality, f"无处可写 {number}", body=f"<p>{'备样' * 2_000}，麋鹿</p>") for number in range(5)]
            assert None not in published
            wait_until(lambda: search_row(portal)["state"] == "failing", PATIENCE)
            logger.info(f"no room: {search_row(portal)['detail']}")
        recover(portal, "room again")
        assert finds(reader.desk, "麋鹿", "无处可写 4")
    assert reader.statuses[200]


@contextmanager
def no_room(filler: Path) -> Iterator[None]:
    """What is given back meanwhile, by readers who let go of files that were deleted, is taken at once."""
    filling, is_over = threading.Event(), threading.Event()

    def fill() -> None:
        with filler.open("wb", buffering=0) as file:
            while not is_over.wait(0.005):
                for size in (2**20, 4096, 1):
                    with suppress(OSError):
                        while True:
                            file.write(b"x" * size)
                filling.set()

    thread = threading.Thread(target=fill)
    thread.start()
    try:
        assert filling.wait(60)
        yield
    finally:
        is_over.set()
        thread.join()
        filler.unlink()
