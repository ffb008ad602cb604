"""Light load on two nodes: people who publish and sign in until they are stopped, and note what was acknowledged."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from tests.bulletin.whole_portal import NOTICE, Desk
from tests.cast import PASSWORD
from tests.nodes.rig import Front, Rig
from tests.runtime.portal_process import PATIENCE, wait_until

HEAD, DEPUTY, READER = "10002", "10007", "10003"
BETWEEN, BETWEEN_SIGN_INS = 0.2, 1.0
# No answer, done, a part is away: said by the portal, and by nginx where no node takes it.
CLEAR_ANSWERS = {0, 200, 302, 502, 503, 504}
SOME = 3
READ_BY = "SELECT count(*) - 1 FROM access_standing WHERE 'all' = ANY(tokens)"
BELLS = """
    SELECT url, count(*), count(DISTINCT recipient_id) FROM notifications_notification
    WHERE url LIKE '/bulletin/notices/%' GROUP BY url
"""
PUBLISHED = """
    SELECT page.title, count(*), count(*) FILTER (WHERE notice.is_shown AND notice.version_number = 1) FROM bulletin_notice notice
    JOIN wagtailcore_page page ON page.id = notice.page_ptr_id GROUP BY page.title
"""
RECORDED = "SELECT object_id::bigint, count(*) FROM audit_record WHERE verb = 'notice.published' GROUP BY object_id"
FIELDS = {
    "body": "<p>各机组提前备样。</p>", "audience_include": "all", "audience_level": "0", "kind": "notice",
    "allows_comments": "on", "pinned_for": "", "action": "publish",
}  # fmt: skip


class Person(threading.Thread):
    """Does the same again and again; `noted` is what was acknowledged, `answers` how often each status came."""

    pause = BETWEEN

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.ended = threading.Event()
        self.answers: Counter[int] = Counter()
        self.noted: dict[str, int] = {}

    def run(self) -> None:
        while not self.ended.is_set():
            self.act()
            self.ended.wait(self.pause)

    def act(self) -> None:
        raise NotImplementedError


class Publisher(Person):
    """Each notice has a title of its own, so that one that is there twice is seen."""

    def __init__(self, front: Front, number: str, department: int) -> None:
        super().__init__()
        self.desk, self.department = Desk(front, number, PASSWORD), department  # type: ignore[arg-type]

    def act(self) -> None:
        title = f"停电检修 {uuid4().hex}"
        status, place = self.desk.post(f"/bulletin/notices/new/?department={self.department}", FIELDS | {"title": title})
        self.answers[status] += 1
        if status == 302 and (found := NOTICE.search(place)):
            self.noted[title] = int(found[1])


class Comer(Person):
    """Signs in anew each time."""

    pause = BETWEEN_SIGN_INS

    def __init__(self, front: Front, number: str) -> None:
        super().__init__()
        self.front, self.number = front, number

    def act(self) -> None:
        browser = self.front.browser()
        self.answers[browser.get("/accounts/sign-in/")[0]] += 1
        status, _page = browser.post("/accounts/sign-in/", login=self.number, password=PASSWORD)
        self.answers[status] += 1
        if "gongfang_session" in {cookie.name for cookie in browser.cookies}:
            status, page = browser.get("/accounts/preferences/")
            self.answers[status] += 1
            if status == 200 and 'data-socket="/live/"' in page:
                self.noted[uuid4().hex] = 0


@contextmanager
def at_work(rig: Rig) -> Iterator[list[Person]]:
    """Two who publish and one who comes and goes, through nginx."""
    department = int(rig.ask("SELECT id FROM organization_department WHERE code = 'QUALITY'")[0][0])
    people: list[Person] = [Publisher(rig.front, HEAD, department), Publisher(rig.front, DEPUTY, department), Comer(rig.front, READER)]
    for person in people:
        person.start()
    try:
        yield people
    finally:
        for person in people:
            person.ended.set()
        for person in people:
            person.join(PATIENCE)


def wait_for_more(people: list[Person]) -> None:
    """Until everybody has been told of a few more that they are done."""
    before = [len(person.noted) for person in people]
    wait_until(lambda: all(len(person.noted) >= had + SOME for person, had in zip(people, before, strict=True)), PATIENCE)


def is_told_once(rig: Rig, people: list[Person]) -> None:
    """Every notice that was acknowledged is there once, on record once, and everybody's bell has it once."""
    noted = {title: pk for person in people for title, pk in person.noted.items() if pk}
    assert noted
    found = {title: (count, shown) for title, count, shown in rig.ask(PUBLISHED)}
    assert {title: found.get(title) for title in noted} == dict.fromkeys(noted, (1, 1))
    recorded = dict(rig.ask(RECORDED))
    assert {pk: recorded.get(pk) for pk in noted.values()} == dict.fromkeys(noted.values(), 1)
    readers = rig.ask(READ_BY)[0][0]
    told = dict.fromkeys(noted.values(), (readers, readers))
    wait_until(lambda: rig.effects_due() == 0 and all(_bells(rig).get(pk, (0, 0)) >= once for pk, once in told.items()), PATIENCE, every=0.5)
    assert {pk: bell for pk, bell in _bells(rig).items() if pk in told} == told


def _bells(rig: Rig) -> dict[int, tuple[int, int]]:
    """For each notice how often it was told, and to how many."""
    return {int(url.split("/")[3]): (count, people) for url, count, people in rig.ask(BELLS)}
