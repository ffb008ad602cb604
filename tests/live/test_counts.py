"""Numbers of the frame that are kept: an act moves them at once, what is told live does, and nothing wrong comes of races, outages or other people."""

import json
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bulletin.models import Notice
from bulletin.services.boards import board_of
from forum.models import Thread
from forum.services.moderation import set_shown
from mail.models import Message
from mail.services.reading import recall
from portal.access.rules import department_token
from portal.access.services import refresh_people
from portal.accounts.models import User
from portal.approvals.models import Paper
from portal.approvals.services.others import withdraw_paper
from portal.foundation import navigation
from portal.foundation.navigation import NavigationItem, register_navigation
from portal.foundation.once import FIELD, new_key
from portal.live import counts
from portal.live.counts import forget_people, read_kept
from portal.live.middleware import NOT_KEPT
from portal.notifications.models import Notification
from portal.organization.models import Employment
from portal.outbox.breaker import Breaker
from portal.outbox.services import drain
from portal.pages.services import retract_page
from tests.approvals.writing import make_kind, person, step, submit, task_of
from tests.bulletin.writing import audience, write
from tests.cast import Cast, employ
from tests.crm.writing import make_customer, make_portfolio
from tests.forum.writing import make_board, make_thread, moderators_duty
from tests.mail.writing import fresh, received, send
from tests.permissions.roles import PUBLISHED

pytestmark = [pytest.mark.django_db(transaction=True)]
Sign = Callable[[User], Client]

PAGE, LIST = "/places/", "/crm/customers/"
NUMBERS = {
    "bell": r'<span class="bell-count"[^>]*>(\d*)',
    "mail": r'<span class="mail-count"[^>]*>(\d*)',
    "mail in the rail": r'data-badge="mail">(?:<small class="badge">(\d+))?',
    "bulletin": r'data-badge="bulletin">(?:<small class="badge">(\d+))?',
    "forum": r'data-badge="forum">(?:<small class="badge">(\d+))?',
    "approvals": r'data-badge="approvals">(?:<small class="badge">(\d+))?',
}


@pytest.fixture(autouse=True)
def keeps(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Numbers are kept in the tests of this file, and nothing of an earlier one's."""
    settings.COUNTS_SECONDS = 30
    monkeypatch.setattr(counts, "server", new_breaker())
    counts._client.cache_clear()
    counts._client().flushdb()
    yield
    counts._client.cache_clear()


def new_breaker() -> Breaker:
    return Breaker(pause=3600, patience=counts.LONGEST_WAIT / 2)


def numbers(browser: Client, page: str = PAGE) -> dict[str, int]:
    """What stands in the frame, without what is nought."""
    text = browser.get(page).content.decode()
    found = {name: re.search(pattern, text) for name, pattern in NUMBERS.items()}
    assert all(found.values()), found
    return {name: int(match[1]) for name, match in found.items() if match and match[1]}


def questions(browser: Client, page: str = PAGE) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(page).status_code == 200
    return len(asked)


def tell(reader: User, number: int) -> None:
    """A bell that nobody rings: what is kept does not know of it."""
    Notification.objects.create(recipient=reader, kind=PUBLISHED.code, words={"title": "x"}, delivery=f"{number:032x}")


def test_what_a_person_does_is_in_their_next_page(cast: Cast, client_for: Sign) -> None:
    board = board_of(cast.quality)
    first, second = (write(board, cast.head, title=title, needs_confirmation=True) for title in ("关于夏季防汛", "关于留样"))
    write(board, cast.head, title="关于值班")
    message = send(cast.head, cast.inspector)
    paper = submit(make_kind(step("a", person(cast.inspector))), cast.operator)
    thread = make_thread(make_board(cast), cast.operator)
    drain()
    browser = client_for(cast.inspector)
    seen = numbers(browser)
    assert seen | {"bell": 0} == {"bell": 0, "mail": 1, "mail in the rail": 1, "bulletin": 3, "forum": 1, "approvals": 1}
    assert seen["bell"] >= 4

    def after(path: str, **sent: Any) -> dict[str, int]:
        assert numbers(browser), "kept"
        assert browser.post(path, sent).status_code in {200, 204, 302}, path
        return numbers(browser)

    assert after(f"/bulletin/notices/{first.pk}/reading/")["bulletin"] == 2
    assert after(f"/bulletin/notices/{second.pk}/confirmation/", version=1)["bulletin"] == 1
    assert "bulletin" not in after("/bulletin/reading/", until=timezone.now().isoformat())
    assert not {"mail", "mail in the rail"} & after(f"/mail/messages/{received(message, cast.inspector).pk}/opening/").keys()
    decision = {"decision": "approve", "seen": 1, FIELD: new_key()}
    assert "approvals" not in after(f"/approvals/tasks/{task_of(paper).pk}/decision/", **decision)
    assert "forum" not in after(f"/forum/threads/{thread.pk}/reading/", number=1)
    until = Notification.objects.newest_for(cast.inspector)
    assert after("/notifications/reading/", until=until) == {}


def test_what_others_do_is_there_once_it_was_rung(cast: Cast, client_for: Sign) -> None:
    board, forum = board_of(cast.quality), make_board(cast, duty=moderators_duty(cast, cast.head))
    kind = make_kind(step("a", person(cast.inspector)))
    browser = client_for(cast.inspector)
    assert numbers(browser) == {}

    def after(act: Callable[[], Any], *, worker: bool = False) -> dict[str, int]:
        """The page, kept before. Without the worker nobody is told by a bell."""
        numbers(browser)
        act()
        if worker:
            drain()
        return numbers(browser)

    assert after(lambda: write(board, cast.head)) == {"bulletin": 1}
    assert after(drain) == {"bulletin": 1, "bell": 1}
    notice = Notice.objects.get()
    assert after(lambda: retract_page(notice, reason="数据有误。", actor=cast.head), worker=True) == {}
    assert after(lambda: send(cast.head, cast.inspector)) == {"mail": 1, "mail in the rail": 1}
    assert after(lambda: recall(actor=cast.head, message=Message.objects.get())) == {}
    assert after(lambda: make_thread(forum, cast.operator)) == {"forum": 1}
    assert after(lambda: set_shown(actor=fresh(cast.head), thread=Thread.objects.get(), wanted=False, reason="重复")) == {}
    assert after(lambda: submit(kind, cast.operator)) == {"approvals": 1}
    assert after(drain) == {"approvals": 1, "bell": 1}
    assert "approvals" not in after(lambda: withdraw_paper(Paper.objects.get(), actor=cast.operator))
    assert after(drain) == {"bell": 1}, "another one"


def test_who_comes_into_an_audience_counts_what_is_for_it(cast: Cast, client_for: Sign) -> None:
    write(board_of(cast.quality), cast.head, audience=audience(department_token(cast.sales.pk)))
    browser = client_for(cast.inspector)
    assert numbers(browser) == {}
    employ(cast.inspector, cast.sales, cast.staff_post, is_primary=False)
    refresh_people([cast.inspector.pk])
    drain()
    assert numbers(browser)["bulletin"] == 1
    Employment.objects.filter(person=cast.inspector, department=cast.sales).delete()
    refresh_people(None)
    drain()
    assert "bulletin" not in numbers(browser)


def test_what_nobody_told_is_seen_when_its_time_is_over_and_at_once_where_an_open_page_asks(cast: Cast, client_for: Sign) -> None:
    browser = client_for(cast.inspector)
    assert numbers(browser) == {}
    tell(cast.inspector, 1)
    assert numbers(browser) == {}
    asked_by_the_page = browser.get("/notifications/bell/", headers={"HX-Request": "true"}).content.decode()
    assert 'data-count="1"' in asked_by_the_page
    grow_older(cast.inspector, 29)
    assert numbers(browser) == {}
    grow_older(cast.inspector, 2)
    assert numbers(browser) == {"bell": 1}


def grow_older(reader: User, seconds: int) -> None:
    """What is kept was counted so much earlier."""
    client, key = counts._client(), counts._key(counts._kept_for(reader.pk))
    entries = {name: (stamp, at - seconds, value) for name, (stamp, at, value) in json.loads(client.get(key)).items()}
    client.set(key, json.dumps(entries))


def test_a_page_that_counted_before_an_act_and_ends_after_it_keeps_nothing_for_later(cast: Cast, client_for: Sign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_items", dict(navigation._items))
    write(board_of(cast.quality), cast.head)
    slow, quick = client_for(cast.inspector), client_for(cast.inspector)
    acts = [lambda: quick.post("/bulletin/reading/", {"until": timezone.now().isoformat()}), lambda: write(board_of(cast.quality), cast.head)]

    def act_meanwhile(request: Any) -> int:
        """The last place of the rail: the others are counted, and nothing is written down."""
        if acts:
            acts.pop(0)()
        return 0

    register_navigation(NavigationItem("last", "Last", "house", "home:home", order=999, group="admin", badge=act_meanwhile))
    assert numbers(slow)["bulletin"] == 1, "as it was when it was counted"
    assert "bulletin" not in numbers(slow), "one's own act, of the first page's while; in this one's another wrote a notice"
    assert numbers(slow)["bulletin"] == 1


def test_numbers_are_of_one_person_of_one_plant(cast: Cast, client_for: Sign, settings: Any) -> None:
    write(board_of(cast.quality), cast.head)
    inspector, operator = client_for(cast.inspector), client_for(cast.operator)
    assert (numbers(inspector), numbers(operator)) == ({"bulletin": 1}, {})
    assert (numbers(inspector), numbers(operator)) == ({"bulletin": 1}, {})
    kept = read_kept(cast.inspector.pk)
    assert kept is not None
    assert kept.entries["bulletin"][2] == 1
    settings.SECRET_KEY = "another plant's"
    other = read_kept(cast.inspector.pk)
    assert other is not None
    assert other.entries == {}


def test_nothing_is_kept_of_what_is_seen_as_someone_else(cast: Cast, client_for: Sign) -> None:
    viewing, own = client_for(cast.admin), client_for(cast.inspector)
    assert viewing.post("/access/view-as/", {"person": cast.inspector.employee_number, "reason": "公告"}).status_code == 302
    text = viewing.get(PAGE).content.decode()
    assert cast.inspector.name in text
    assert read_kept(cast.inspector.pk).entries == read_kept(cast.admin.pk).entries == {}  # type: ignore[union-attr]
    assert numbers(own) == {}
    write(board_of(cast.quality), cast.head)
    assert numbers(own) == {"bulletin": 1}
    assert 'data-badge="bulletin"><small class="badge">1' in viewing.get(PAGE).content.decode()


@pytest.mark.parametrize("is_hanging", [False, True], ids=["away", "hanging"])
def test_without_valkey_pages_count_and_one_of_them_waits(
    cast: Cast, client_for: Sign, settings: Any, monkeypatch: pytest.MonkeyPatch, is_hanging: bool
) -> None:
    write(board_of(cast.quality), cast.head)
    browser, valkey = client_for(cast.inspector), settings.VALKEY_URL
    assert numbers(browser) == {"bulletin": 1}
    with closing(socket.socket()) as server:
        server.bind(("127.0.0.1", 0))
        if is_hanging:
            server.listen()  # takes calls and never answers
        settings.VALKEY_URL = f"redis://127.0.0.1:{server.getsockname()[1]}/0"
        counts._client.cache_clear()
        assert [numbers(browser) for _page in range(5)] == [{"bulletin": 1}] * 5
        answer = browser.post("/bulletin/reading/", {"until": timezone.now().isoformat()})
        assert [numbers(browser) for _page in range(5)] == [{}] * 5
        if is_hanging:
            assert calls_of(server) == 1, "of eleven requests"
    assert answer.cookies[NOT_KEPT]["max-age"] == 30
    settings.VALKEY_URL = valkey
    counts._client.cache_clear()
    monkeypatch.setattr(counts, "server", new_breaker())
    assert numbers(browser) == {}, "what was kept before the act is still there, and is not asked for"


def calls_of(server: socket.socket) -> int:
    server.setblocking(False)
    count = 0
    with suppress(BlockingIOError):
        while True:
            server.accept()[0].close()
            count += 1
    return count


def test_off_means_that_nothing_is_kept(cast: Cast, client_for: Sign, settings: Any) -> None:
    settings.COUNTS_SECONDS = 0
    browser = client_for(cast.inspector)
    assert numbers(browser) == {}
    tell(cast.inspector, 1)
    assert numbers(browser) == {"bell": 1}
    assert counts._client().keys("gongfang:counts:*") == []


def test_a_list_asks_for_its_own_rows_alone_while_the_numbers_are_kept(cast: Cast, client_for: Sign) -> None:
    make_customer(make_portfolio(cast), cast.salesperson)
    browser = client_for(cast.salesperson)
    browser.get(LIST)
    forget_people([cast.salesperson.pk])
    cold, kept = questions(browser, LIST), questions(browser, LIST)
    assert (cold - kept, questions(browser, LIST)) == (5, kept)
    assert kept <= 8
