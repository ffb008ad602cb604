"""Feeds bring entries into a queue, and whatever a feed does harms nothing else; editors take or drop each entry, and of two one wins."""

import socket
import time
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bulletin.news.errors import NewsStateError
from bulletin.news.models import NewsEntry, NewsFeed, NewsItem
from bulletin.news.problems import say_problem
from bulletin.news.services import feeds as feed_services
from bulletin.news.services.feeds import add_feed, change_feed, forget_old_entries, read_due_feeds, read_soon
from bulletin.news.services.queue import decide_entries, drop_entry, take_entry
from portal.audit.models import AuditRecord
from portal.foundation.fetching import FetchError
from tests.bulletin.news.feed_site import Answer, FeedSite, hanging, pouring, redirecting, rss

pytestmark = pytest.mark.django_db

BILLION = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'


def follow(cast, address: str, name: str = "烟草要闻", category: str = "market") -> NewsFeed:
    return add_feed(name=name, address=address, category=category, actor=cast.admin)


def again(feed: NewsFeed) -> NewsFeed:
    """The feed after it was read once more, whatever pause it is in."""
    NewsFeed.objects.filter(pk=feed.pk).update(next_at=timezone.now())
    assert read_due_feeds() == 1
    return NewsFeed.objects.get(pk=feed.pk)


def titles(**lookup) -> set[str]:
    return set(NewsEntry.objects.filter(**lookup).values_list("title", flat=True))


def free_port() -> int:
    """One at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def entry_of(cast, title: str = "要闻") -> NewsEntry:
    """As if a feed had brought it."""
    feed = NewsFeed.objects.first() or follow(cast, "https://www.tobacco.gov.cn/news.xml", category="law")
    return NewsEntry.objects.create(feed=feed, identity=title, title=title, summary=f"{title}的摘要", link="https://www.tobacco.gov.cn/1.html")


def test_what_a_feed_brings_waits_in_the_queue_once_and_no_reader_sees_it(cast, editor, site):
    site.answers["/a"] = rss(("甲", "https://a.cn/1"), ("乙", "https://a.cn/2"))
    feed = follow(cast, site.url("/a"))
    assert read_due_feeds() == 1
    assert titles(state="waiting") == {"甲", "乙"}
    assert read_due_feeds() == 0, "it is read again after its interval"
    feed = again(feed)
    site.answers["/a"] = rss(("丙", "https://a.cn/3"), ("甲", "https://a.cn/1"))
    again(feed)
    assert titles() == {"甲", "乙", "丙"}
    assert NewsEntry.objects.count() == 3
    client = Client()
    client.force_login(cast.operator)
    assert "甲" not in client.get(reverse("bulletin:news")).content.decode()
    assert client.get(reverse("bulletin:news_queue")).status_code == 403


def test_what_has_not_changed_is_not_sent_again(cast, site):
    site.answers["/a"] = rss(("甲", "https://a.cn/1"))
    feed = follow(cast, site.url("/a"))
    feed = again(again(feed))
    _path, headers = site.seen[-1]
    assert headers["If-None-Match"] == feed.entity_tag
    assert feed.succeeded_at > feed.read_at, "it was read once, and found unchanged since"


def test_a_story_that_two_feeds_bring_comes_once(cast, site):
    site.answers["/a"] = rss(("甲", "https://a.cn/1"))
    site.answers["/b"] = rss(("甲（转载）", "https://a.cn/1"), ("乙", "https://b.cn/1"))
    follow(cast, site.url("/a"))
    follow(cast, site.url("/b"), "转载")
    assert read_due_feeds() == 2
    assert NewsEntry.objects.count() == 2


def test_one_feed_that_is_down_slow_huge_malformed_or_hostile_harms_no_other(cast, site, monkeypatch):
    monkeypatch.setattr(feed_services, "SECONDS", 1)
    site.answers |= {
        "/down": 500,
        "/slow": hanging,
        "/huge": pouring,
        "/page": "<html><body>没有</body></html>".encode(),
        "/broken": rss(("甲", "https://a.cn/1"))[:-60] + b"\x00\xff",
        "/hostile": rss(("&c;", "javascript:alert(1)"), prolog=BILLION),
        "/inside": redirecting("http://169.254.169.254/latest/meta-data/"),
        "/good": rss(("好", "https://good.cn/1")),
    }
    feeds = {path: follow(cast, site.url(path), path) for path in site.answers}
    feeds["/nowhere"] = follow(cast, f"http://127.0.0.1:{free_port()}/", "/nowhere")
    begun = time.monotonic()
    assert read_due_feeds() == len(feeds)
    assert time.monotonic() - begun < 30
    assert "好" in titles(feed=feeds["/good"])
    stored = {path: NewsFeed.objects.get(pk=feed.pk) for path, feed in feeds.items()}
    problems = {path: feed.problem for path, feed in stored.items() if feed.problem}
    assert problems.items() >= {"/down": "status", "/slow": "time", "/page": "feed_none", "/inside": "inside", "/nowhere": "unreachable"}.items()
    assert problems["/huge"] in {"size", "time"}
    assert "/good" not in problems
    assert not NewsEntry.objects.filter(link__startswith="javascript").exists()
    for path, problem in problems.items():
        assert say_problem(problem, stored[path].detail) not in {"", problem}
        assert stored[path].failing_since is not None
        assert stored[path].next_at > timezone.now() + timedelta(minutes=59)


def test_a_feed_that_fails_is_tried_ever_later_and_says_since_when(client, cast, site):
    site.answers["/a"] = rss(("甲", "https://a.cn/1"))
    feed = again(follow(cast, site.url("/a")))
    good = feed.succeeded_at
    site.answers["/a"] = 503
    pauses = []
    for _time in range(7):
        feed = again(feed)
        pauses.append(round((feed.next_at - timezone.now()) / timedelta(minutes=1)))
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[1], pauses[-1]) == (60, 120, 24 * 60)
    assert (feed.failures, feed.succeeded_at) == (7, good)
    client.force_login(cast.admin)
    for name in ("news_feed_list", "news_queue"):
        assert "503" in client.get(reverse(f"bulletin:{name}")).content.decode()
    client.post(reverse("bulletin:news_feed_reading", args=[feed.pk]))
    site.answers["/a"] = rss(("乙", "https://a.cn/2"))
    assert read_due_feeds() == 1
    feed.refresh_from_db()
    assert (feed.failures, feed.failing_since, feed.problem) == (0, None, "")
    assert "503" not in client.get(reverse("bulletin:news_feed_list")).content.decode()


@pytest.mark.parametrize("address", ["http://10.1.2.3/news.xml", "http://localhost/x", "http://[::1]/x", "http://169.254.169.254/latest"])
def test_addresses_inside_the_plant_are_not_fetched_unless_the_operator_allows_them(cast, settings, address):
    settings.FETCH_INTERNAL = []
    feed = again(follow(cast, address))
    assert feed.problem == "inside"
    assert not NewsEntry.objects.exists()


def saying(head: bytes) -> Answer:
    """An answer with bytes that no server should send."""

    def answer(site: FeedSite) -> None:
        site.wfile.write(head + b"\r\nConnection: close\r\n\r\n" + rss(("坏", "https://a.cn/bad")))

    return answer


@pytest.mark.parametrize(
    "head",
    [
        b'HTTP/1.1 200 OK\r\nETag: "a\x00b"\r\nLast-Modified: \x00\x00',
        b"\x00\x01\x02 nonsense",
        b"HTTP/1.1 \x00 200",
        b"HTTP/1.1 302 Found\r\nLocation: http://\x00/",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: \x00gzip",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\nContent-Type: \xff\xfe",
    ],
)
def test_bytes_in_the_head_of_one_feed_do_not_keep_the_others_from_being_read(cast, site, head):
    site.answers["/bad"], site.answers["/good"] = saying(head), rss(("好", "https://a.cn/good"))
    follow(cast, site.url("/bad"), name="坏")
    follow(cast, site.url("/good"), name="好")
    assert read_due_feeds() == 2
    assert "好" in titles()
    assert not NewsFeed.objects.filter(succeeded_at__isnull=True, failing_since__isnull=True).exists()


@pytest.mark.parametrize("address", ["file:///etc/passwd", "javascript:alert(1)", "ftp://a.cn/x", "http://user:secret@a.cn/", "http://2130706433/", "要闻"])
def test_what_is_no_plain_address_of_the_web_is_refused(client, cast, address):
    with pytest.raises(FetchError):
        follow(cast, address)
    client.force_login(cast.admin)
    answer = client.post(reverse("bulletin:news_feed_create"), {"name": "要闻", "address": address, "category": "market", "is_active": "on"})
    assert answer.status_code == 422
    assert not NewsFeed.objects.exists()


def test_an_administrator_names_feeds_on_record_and_each_address_once(client, cast):
    client.force_login(cast.admin)
    data = {"name": "要闻", "address": "https://www.tobacco.gov.cn/news.xml", "category": "market", "is_active": "on"}
    assert client.post(reverse("bulletin:news_feed_create"), data).status_code == 302
    assert client.post(reverse("bulletin:news_feed_create"), data).status_code == 422
    feed = NewsFeed.objects.get()
    answer = client.post(reverse("bulletin:news_feed_update", args=[feed.pk]), data | {"name": "烟草要闻", "is_active": ""})
    assert answer.status_code == 302
    feed.refresh_from_db()
    assert (feed.name, feed.is_active) == ("烟草要闻", False)
    assert read_due_feeds() == 0, "it is not read any more"
    assert set(AuditRecord.objects.values_list("verb", flat=True)) >= {"news_feed.added", "news_feed.changed"}


def test_a_feed_that_was_given_another_address_while_it_was_read_keeps_nothing_of_the_old_one(cast, site):
    site.answers["/a"] = rss(("甲", "https://a.cn/1"))
    feed = follow(cast, site.url("/a"))
    outcome = feed_services.fetch_feed(feed)
    change_feed(feed, name="别的", address=site.url("/b"), category="law", is_active=True, actor=cast.admin)
    assert feed_services.keep_outcome(feed, outcome) == 0
    assert not NewsEntry.objects.exists()


def test_the_queue_is_capped_and_a_feed_brings_no_more_than_so_much_a_day(cast, site, monkeypatch):
    monkeypatch.setattr(feed_services, "MOST_NEW", 5)
    monkeypatch.setattr(feed_services, "MOST_WAITING", 8)
    site.answers["/a"] = rss(*((f"新闻{number}", f"https://a.cn/{number}") for number in range(50)))
    feed = again(follow(cast, site.url("/a")))
    assert titles() == {f"新闻{number}" for number in range(5)}, "the first ones are the newest"
    NewsEntry.objects.update(arrived_at=timezone.now() - timedelta(days=2))
    site.answers["/a"] = rss(*((f"新闻{number}", f"https://a.cn/{number}") for number in range(100, 150)))
    again(feed)
    assert NewsEntry.objects.filter(state="waiting").count() == 8
    assert NewsEntry.objects.filter(state="dropped", decided_by=None).count() == 2


def test_entries_are_forgotten_after_90_days_but_not_while_their_feed_still_brings_them(cast, site):
    site.answers["/a"] = rss(("甲", "https://a.cn/1"), ("乙", "https://a.cn/2"))
    feed = again(follow(cast, site.url("/a")))
    NewsEntry.objects.update(seen_at=timezone.now() - timedelta(days=91), arrived_at=timezone.now() - timedelta(days=200))
    site.answers["/a"] = rss(("乙", "https://a.cn/2"))
    again(feed)
    assert forget_old_entries() == 1
    assert titles() == {"乙"}


def test_an_editor_takes_an_entry_as_a_draft_that_is_filled_in(cast, editor):
    entry = entry_of(cast)
    client = Client()
    client.force_login(editor)
    answer = client.post(reverse("bulletin:news_queue"), {"take": entry.pk})
    item = NewsItem.objects.get()
    assert answer["Location"] == reverse("bulletin:news_update", args=[item.pk])
    draft = item.get_latest_revision_as_object()
    assert (draft.title, draft.summary, draft.category, draft.source, draft.link) == (
        "要闻",
        "要闻的摘要",
        "law",
        "烟草要闻",
        "https://www.tobacco.gov.cn/1.html",
    )
    assert not item.is_shown
    entry.refresh_from_db()
    assert (entry.state, entry.decided_by, entry.item) == ("taken", editor, item)


def test_several_are_published_or_dropped_at_once(cast, editor):
    entries = [entry_of(cast, title) for title in ("甲", "乙", "丙")]
    client = Client()
    client.force_login(editor)
    client.post(reverse("bulletin:news_queue"), {"entry": [entries[0].pk, entries[1].pk], "verdict": "publish"})
    client.post(reverse("bulletin:news_queue"), {"entry": [entries[2].pk], "verdict": "drop"})
    client.post(reverse("bulletin:news_queue"), {"entry": ["x", "-1", "99999999999999999999"], "verdict": "drop"})
    assert set(NewsItem.objects.filter(is_shown=True).values_list("title", flat=True)) == {"甲", "乙"}
    assert titles(state="dropped") == {"丙"}
    reader = Client()
    reader.force_login(cast.operator)
    assert ">甲</a>" in reader.get(reverse("bulletin:news")).content.decode()


def test_who_is_no_editor_decides_nothing(cast, editor):
    entry = entry_of(cast)
    for act in (lambda: take_entry(entry, actor=cast.head), lambda: drop_entry(entry, actor=cast.head)):
        with pytest.raises(NewsStateError):
            act()
    decided = decide_entries([entry.pk], verdict="publish", actor=cast.head)
    assert (decided.items, len(decided.refusals)) == ([], 1)


def test_what_another_editor_has_decided_is_said_with_their_name(cast, editor):
    entry = entry_of(cast)
    drop_entry(entry, actor=cast.admin)
    client = Client()
    client.force_login(editor)
    page = client.post(reverse("bulletin:news_queue"), {"take": entry.pk}, follow=True).content.decode()
    assert "管理员" in page
    assert not NewsItem.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_editors_at_the_same_moment_one_wins_and_the_other_is_told(cast, editor):
    entry = entry_of(cast)
    barrier = Barrier(2)
    outcomes: list[str] = []

    def take(person) -> None:
        try:
            barrier.wait()
            take_entry(entry, actor=person, publishes=True)
            outcomes.append("taken")
        except NewsStateError as refusal:
            outcomes.append(str(refusal))
        finally:
            connection.close()

    threads = [Thread(target=take, args=[person]) for person in (editor, cast.admin)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome == "taken" for outcome in outcomes) == [False, True]
    assert NewsItem.objects.count() == 1


def test_reading_soon_changes_nothing_of_a_feed_that_is_not_read(cast):
    feed = follow(cast, "https://www.tobacco.gov.cn/news.xml")
    change_feed(feed, name="要闻", address=feed.address, category="market", is_active=False, actor=cast.admin)
    read_soon(feed, actor=cast.admin)
    assert read_due_feeds() == 0
