"""The feed: what is made of what has changed, by whom, and what cannot be read."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from portal.accounts.models import User
from portal.search import feeding, locks
from portal.search.checking import check_feed
from portal.search.engines import engine
from portal.search.feeding import feed_anew, feed_missing, feed_waiting, missing_sources
from portal.search.following import follow
from portal.search.health import _search
from portal.search.models import Entry, Feed, Waiting
from portal.search.services import touch
from portal.search.sources import all_sources, source_of
from portal.search.tasks import follow_feed
from tests.health import said_by
from tests.papers.models import Paper
from tests.papers.search import POISON
from tests.search.indexing import another_session, paper, settle, titles

pytestmark = pytest.mark.usefixtures("index")


def poison(written: Paper) -> None:
    Paper.objects.filter(pk=written.pk).update(title=POISON)
    touch(Paper, [written.pk])


def test_a_thing_that_cannot_be_read_holds_up_nothing_and_shows_nothing_old(cast):
    papers = [paper(f"第{number}号通报") for number in range(20)]
    settle()
    assert len(titles(cast.inspector, "通报")) == 20
    poison(papers[7])
    later = paper("后来的通报")
    settle()
    found = titles(cast.inspector, "通报")
    assert len(found) == 20
    assert later.title in found
    assert "第7号通报" not in found
    row = Waiting.objects.get()
    assert (row.source, row.object_id, row.version, row.attempts) == ("papers", papers[7].pk, None, 1)
    assert row.trouble == "ValueError: this paper cannot be read"


def test_what_was_put_aside_is_named_to_operators_tried_again_later_and_found_when_it_is_mended(cast):
    broken = paper("第一号通报")
    settle()
    poison(broken)
    settle()
    finding = said_by(_search)
    assert finding.state == "failing"
    assert f"cannot be read: papers:{broken.pk} (ValueError: this paper cannot be read)" in finding.detail
    assert feed_waiting() == 0, "not at once"
    Paper.objects.filter(pk=broken.pk).update(title="第一号通报")
    with time_machine.travel(timezone.now() + timedelta(seconds=30)):
        assert feed_waiting() == 1
    follow()
    assert titles(cast.inspector, "通报") == ["第一号通报"]
    assert not Waiting.objects.exists()
    assert said_by(_search).state == "ok"


def test_what_was_put_aside_waits_twice_as_long_each_time_but_is_read_at_once_when_it_changes(cast):
    broken = paper(POISON)
    begun = timezone.now()
    waits = []
    for hours in range(4):
        with time_machine.travel(begun + timedelta(hours=2 * hours), tick=False):
            settle()
            waits.append((Waiting.objects.get().due_at - timezone.now()).total_seconds())
    assert waits == [20, 40, 80, 160]
    Paper.objects.filter(pk=broken.pk).update(title="读得出来")
    touch(Paper, [broken.pk])
    settle()
    assert titles(cast.inspector, "读得出来") == ["读得出来"]
    assert not Waiting.objects.exists()


def test_two_hundred_things_that_cannot_be_read_do_not_starve_the_others(cast):
    Paper.objects.bulk_create([Paper(title=POISON, audience=paper("样张").audience) for _ in range(220)])
    touch(Paper, Paper.objects.filter(title=POISON).values_list("pk", flat=True))
    follow_feed()
    paper("正常通报")
    follow_feed()
    assert titles(cast.inspector, "正常通报") == ["正常通报"]
    assert Waiting.objects.filter(version__isnull=True).count() == 220


def test_making_everything_anew_puts_aside_what_cannot_be_read_and_goes_on(cast):
    written = [paper(f"第{number}号通报") for number in range(5)]
    Waiting.objects.all().delete()
    Paper.objects.filter(pk=written[2].pk).update(title=POISON)
    check_feed()
    check_feed()
    follow()
    assert len(titles(cast.inspector, "通报")) == 4
    assert list(Waiting.objects.values_list("object_id", flat=True)) == [written[2].pk]


def test_rows_of_a_module_that_is_no_more_go_away(cast):
    settle()
    Waiting.objects.create(source="forgotten", object_id=1)
    settle()
    assert not Waiting.objects.exists()


def test_a_database_without_a_feed_gets_one_by_itself(cast):
    """The first start, and the first of this release on a database of the last one."""
    written = Paper.objects.create(title="上一版的通报", audience=paper("样张").audience)
    Waiting.objects.all().delete()
    Entry.objects.all().delete()
    Feed.objects.update(sources=[])
    assert not titles_or_none(cast.inspector, written.title)
    follow_feed()
    assert titles(cast.inspector, "上一版的通报") == ["上一版的通报"]
    assert "王伟 Wang Wei" in titles(cast.inspector, "王伟")
    assert missing_sources() == []


def test_a_feed_that_was_begun_and_not_finished_is_finished(cast):
    """A thing that changed meanwhile is in it already."""
    Feed.objects.update(sources=["papers"])
    Entry.objects.exclude(source="papers").delete()
    paper("先来的通报")
    settle()
    assert "王伟 Wang Wei" not in titles(cast.inspector, "王伟")
    follow_feed()
    assert "王伟 Wang Wei" in titles(cast.inspector, "王伟")
    assert sorted(Feed.objects.get().sources) == [source.code for source in all_sources()]


def test_what_takes_longer_than_a_turn_goes_on_where_the_last_one_ended(cast, monkeypatch):
    """Others wait for the same worker, the heartbeat among them."""
    follow_feed()
    monkeypatch.setattr(feeding, "TURN", 0.0)
    monkeypatch.setattr(feeding, "AT_ONCE", 2)
    people = source_of(User)
    assert people is not None
    Feed.objects.update(sources=[source.code for source in all_sources() if source is not people])
    Entry.objects.filter(source=people.code).delete()
    count, turns = people.rows().count(), 0
    while missing_sources():
        assert feed_missing()
        turns += 1
        assert Entry.objects.filter(source=people.code).count() == min(2 * turns, count)
    assert turns == -(-count // 2)


def test_one_process_alone_makes_what_is_missing(cast):
    Feed.objects.update(sources=[])
    with another_session() as session:
        session.execute("SELECT pg_advisory_lock(%s)", [locks.MISSING_FEED])
        assert not feed_missing()
    assert feed_missing()


def test_who_fills_tables_without_a_word_can_ask_that_all_is_read(cast):
    follow_feed()
    Paper.objects.create(title="悄悄写的", audience=paper("样张").audience)
    follow_feed()
    assert titles(cast.inspector, "悄悄写的") == []
    feed_anew()
    assert "not read yet: " in said_by(_search).detail
    follow_feed()
    assert titles(cast.inspector, "悄悄写的") == ["悄悄写的"]
    assert said_by(_search).state == "ok", said_by(_search)
    assert engine().state().cursor


def titles_or_none(person, words):
    settle()
    return words in titles(person, words)
