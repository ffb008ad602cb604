"""Feeds are read as they come: in any Chinese encoding, without ids, with nonsense for dates; and hostile ones harm nothing (S22)."""

import contextlib
import gzip
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from bulletin.news.feeds import GREATEST_FEED, MOST_ENTRIES, FeedEntry, FeedError, Reason, read_feed

ADDRESS = "https://www.tobacco.gov.cn/feeds/news.xml"


def rss(items: str, *, encoding: str = "UTF-8", before: str = "") -> str:
    return f'<?xml version="1.0" encoding="{encoding}"?>{before}<rss version="2.0"><channel><title>烟草要闻</title>{items}</channel></rss>'


def item(title: str = "要闻", **parts: str) -> str:
    return f"<item><title>{title}</title>{''.join(f'<{name}>{value}</{name}>' for name, value in parts.items())}</item>"


def read(text: str | bytes) -> list[FeedEntry]:
    return read_feed(text.encode() if isinstance(text, str) else text, address=ADDRESS)


def read_one(**parts: str) -> FeedEntry:
    [entry] = read(rss(item(**parts)))
    return entry


def test_rss_is_read_with_its_title_text_link_date_and_author() -> None:
    entry = read_one(
        title="全国烟叶工作会议召开",
        link="https://www.tobacco.gov.cn/a/1.html",
        guid="tag:1",
        description="&lt;p&gt;会议&lt;b&gt;指出&lt;/b&gt;，&lt;/p&gt;&lt;p&gt;稳中求进。&lt;/p&gt;",
        author="news@tobacco.gov.cn (新闻处)",
        pubDate="Mon, 23 Nov 2026 08:00:00 +0800",
    )
    assert (entry.title, entry.summary, entry.link) == ("全国烟叶工作会议召开", "会议指出，\n稳中求进。", "https://www.tobacco.gov.cn/a/1.html")
    assert "新闻处" in entry.author
    assert entry.published_at == datetime(2026, 11, 23, tzinfo=UTC)


def test_atom_is_read_with_links_that_are_relative_to_the_feed() -> None:
    [entry] = read(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>a</title><entry><id>urn:1</id><title type="html">&lt;i&gt;甲&lt;/i&gt;乙</title>'
        '<link rel="self" href="/self"/>'
        '<link href="/a?b=1&amp;c=2#d"/><updated>2026-11-22T10:00:00Z</updated><content type="html">全文</content></entry></feed>'
    )
    assert (entry.title, entry.summary) == ("甲乙", "全文")
    assert entry.link == "https://www.tobacco.gov.cn/a?b=1&c=2#d"


@pytest.mark.parametrize(
    ("really", "declared"),
    [("gbk", "UTF-8"), ("gb18030", "GB2312"), ("utf-8", "gbk"), ("utf-8", "no-such"), ("utf-16", "UTF-16"), ("gbk", "gbk"), ("utf-8-sig", "utf-8")],
)
def test_whatever_encoding_is_declared_chinese_is_read(really: str, declared: str) -> None:
    [entry] = read(rss(item(title="烟草专卖局通知"), encoding=declared).encode(really))
    assert entry.title == "烟草专卖局通知"


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "http://a@b.cn/", "http://2130706433/", "http://a.cn/ b"])
def test_only_plain_addresses_of_the_web_become_links(link: str) -> None:
    assert read_one(link=link).link in ("", "http://a.cn/%20b")


def test_markup_in_texts_is_taken_out_and_scripts_with_what_they_say() -> None:
    entry = read_one(
        title="&lt;script&gt;alert(1)&lt;/script&gt;甲 &amp;lt;5%&amp;gt; &lt;img src=x onerror=alert(1)&gt;乙",
        description="<![CDATA[<style>p{}</style>一<br>二<script>x()</script><iframe src=//a></iframe>\u202e三]]>",
    )
    assert entry.title == "甲 <5%> 乙"
    assert entry.summary == "一\n二三"


def test_a_date_without_a_zone_is_the_plants_own_and_one_that_lies_ahead_is_none() -> None:
    at = read_one(pubDate="2026-11-20 14:05:00").published_at
    assert at == timezone.make_aware(datetime(2026, 11, 20, 14, 5))
    ahead = (timezone.now() + timedelta(days=2)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    for nonsense in (ahead, "Mon, 23 Nov 9999 08:00:00 GMT", "0001-01-01T00:00:00Z", "明天", "", "9" * 400):
        assert read_one(pubDate=nonsense).published_at is None, nonsense


def test_entries_are_told_apart_with_ids_without_and_with_ids_that_are_all_the_same() -> None:
    with_ids = rss(item(guid="1", title="甲") + item(guid="2", title="乙") + item(guid="1", title="甲"))
    assert [entry.title for entry in read(with_ids)] == ["甲", "乙"]
    without = rss(item(title="甲", link="https://a.cn/1") + item(title="乙", link="https://a.cn/2") + item(title="丙"))
    assert len({entry.identity for entry in read(without)}) == 3
    same = rss(item(guid="0", title="甲", link="https://a.cn/1") + item(guid="0", title="乙", link="https://a.cn/2"))
    assert [entry.title for entry in read(same)] == ["甲", "乙"]
    assert [entry.identity for entry in read(without)] == [entry.identity for entry in read(without)]


def test_an_entry_without_a_title_takes_its_first_words_and_one_without_words_is_none() -> None:
    assert [entry.title for entry in read(rss("<item><description>只有正文</description></item><item><guid>1</guid></item>"))] == ["只有正文"]


def test_a_large_feed_is_read_up_to_the_limit_in_good_time() -> None:
    started = time.monotonic()
    entries = read(rss("".join(item(title=f"第 {number} 条", guid=f"{number}", description="正文" * 50) for number in range(10_000))))
    assert [entry.title for entry in entries[:2]] == ["第 0 条", "第 1 条"]
    assert len(entries) == MOST_ENTRIES
    assert time.monotonic() - started < 60


LAUGHS = "".join(f'<!ENTITY l{number} "{f"&l{number - 1};" * 10}">' for number in range(1, 10))
HOSTILE = {
    "entities that multiply": rss(item(title="&l9;"), before=f'<!DOCTYPE rss [<!ENTITY l0 "ha">{LAUGHS}]>'),
    "an entity repeated": rss(item(title="&a;" * 50_000), before=f'<!DOCTYPE rss [<!ENTITY a "{"x" * 50_000}">]>'),
    "an external entity": rss(item(title="&e;"), before='<!DOCTYPE rss [<!ENTITY e SYSTEM "file:///etc/passwd">]>'),
    "an external type": rss(item(title="甲"), before='<!DOCTYPE rss SYSTEM "http://127.0.0.1:1/x.dtd">'),
    "a type without an end": '<?xml version="1.0"?><!DOCTYPE rss [' + "<!ENTITY a 'b'>" * 1000,
    "deep nesting": rss("<item>" + "<a>" * 20_000),
    "deep nesting in a text": rss(item(description="&lt;div&gt;" * 200_000)),
    "many attributes": rss("<item " + " ".join(f'a{number}="b"' for number in range(10_000)) + "/>"),
    "one endless tag": rss("<item><title>" + "<" * 2_000_000),
    "one endless word": rss(item(title="x" * 9_000_000)),
    "broken in the middle": rss(item(title="甲"))[:120],
    "noughts": "\x00" * 1_000_000,
    "packed": gzip.compress(b"x" * 1000).decode("latin-1"),
    "a page": "<!doctype html><html><head><title>新闻</title></head><body>甲</body></html>",
    "nothing": "",
    "a line": "新闻",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_or_broken_feed_gives_a_sentence_or_plain_texts_in_good_time(name: str) -> None:
    started = time.monotonic()
    entries = []
    with contextlib.suppress(FeedError):
        entries = read(HOSTILE[name])
    assert all(len(entry.title) <= 300 and len(entry.summary) <= 2000 for entry in entries)
    assert not any("root:" in entry.title for entry in entries)
    assert time.monotonic() - started < 60


def test_what_is_no_feed_is_told_apart_from_an_empty_feed() -> None:
    assert read(rss("")) == []
    for content, reason in (("<html><body>新闻</body></html>", Reason.NONE), (b"x" * (GREATEST_FEED + 1), Reason.LARGE)):
        with pytest.raises(FeedError) as refusal:
            read(content)
        assert refusal.value.reason is reason
