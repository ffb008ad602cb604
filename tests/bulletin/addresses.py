"""Who may open what of the boards, and a thing for each address to be about."""

from datetime import timedelta
from typing import Any

from bulletin.news.services.feeds import add_feed
from bulletin.news.services.items import create_item
from bulletin.services.boards import board_of, delegate_publishing, refer_notice
from bulletin.services.topics import adopt_suggestion
from portal.discussion.services import post_comment
from portal.organization.querysets import today
from tests.bulletin.news.writing import write_news
from tests.bulletin.writing import audience, correct, draft, write
from tests.cast import Cast
from tests.permissions.roles import ADMINISTRATORS, EMPLOYEES
from tests.permissions.rules import DONE, INCOMPLETE, NOT_SO, UNSEEN, Outcome, act, before_sign_in, form, page

PUBLISHERS = {"head", "deputy"}  # of 质检科
READERS = PUBLISHERS | {"inspector"}
WRITERS = PUBLISHERS | {"auditor", "curator"}  # who publish for some department
OVERSEERS = {"admin"}

TOPICS = [
    form("bulletin:topic_closing", PUBLISHERS, "topic"),
    form("bulletin:suggestion_adoption", PUBLISHERS, "suggestion"),
    act("bulletin:suggestion_withdrawal", PUBLISHERS, "suggestion"),
    form("bulletin:suggestion_done", PUBLISHERS, "suggestion"),
]

READING = [
    page("bulletin:board", EMPLOYEES),
    page("bulletin:department_board", EMPLOYEES, "quality"),
    page("bulletin:board_list", EMPLOYEES),
    page("bulletin:archive", EMPLOYEES),
    page("bulletin:calendar", EMPLOYEES),
    page("bulletin:arrivals", EMPLOYEES),
    act("bulletin:all_read", EMPLOYEES),
    page("bulletin:notice_detail", READERS, "quality_notice", refusal=UNSEEN),
    page("bulletin:notice_newer", READERS, "quality_notice", shown=204, refusal=UNSEEN),
    page("bulletin:notice_change", READERS, "quality_notice version", refusal=UNSEEN),
    act("bulletin:notice_reading", READERS, "quality_notice", outcome=204, refusal=UNSEEN),
    act("bulletin:notice_confirmation", READERS, "quality_notice", refusal=UNSEEN),
    page("bulletin:notice_confirmation_report", PUBLISHERS, "topic"),
    page("bulletin:notice_confirmation_summary", PUBLISHERS, "topic"),
    act("bulletin:notice_confirmation_reminder", PUBLISHERS, "topic"),
    page("bulletin:department_report", PUBLISHERS | {"auditor", "curator", "admin"}),
    form("bulletin:feed_address", EMPLOYEES, outcome=200, is_personal=True),
    before_sign_in("bulletin:feed", "key", strangers=(404, NOT_SO), others=(404, NOT_SO)),
]

WRITING = [
    form("bulletin:notice_create", WRITERS),
    form("bulletin:notice_update", PUBLISHERS, "draft", outcome=409, refusal=UNSEEN),
    page("bulletin:notice_preview", PUBLISHERS, "draft", refusal=UNSEEN),
    page("bulletin:notice_writers", PUBLISHERS, "draft", refusal=UNSEEN),
    act("bulletin:notice_deletion", PUBLISHERS, "draft", refusal=UNSEEN),
    act("bulletin:notice_unscheduling", PUBLISHERS, "draft", refusal=UNSEEN),
    form("bulletin:notice_approval", PUBLISHERS, "draft", outcome=409, refusal=UNSEEN),
    act("bulletin:notice_taking_back", PUBLISHERS, "draft", refusal=UNSEEN),
    form("bulletin:notice_retraction", PUBLISHERS | OVERSEERS, "topic"),
    form("bulletin:reference_create", EMPLOYEES, "topic"),
    act("bulletin:reference_deletion", PUBLISHERS | {"auditor"}, "reference"),
    form("bulletin:board_update", PUBLISHERS, "quality", outcome=DONE),
    act("bulletin:delegation_create", PUBLISHERS, "quality", outcome=INCOMPLETE),
    act("bulletin:delegation_end", PUBLISHERS, "delegation", refusal=UNSEEN),
    page("bulletin:drafts", WRITERS),
    form("bulletin:oversight", OVERSEERS, outcome=DONE),
]

NEWS = [
    page("bulletin:news", EMPLOYEES),
    page("bulletin:news_item", EMPLOYEES, "news", refusal=403),
    form("bulletin:news_create", ADMINISTRATORS),
    page("bulletin:news_desk", ADMINISTRATORS),
    form("bulletin:news_queue", ADMINISTRATORS, outcome=DONE),
    form("bulletin:news_update", ADMINISTRATORS, "news", outcome=409),
    page("bulletin:news_preview", ADMINISTRATORS, "news"),
    page("bulletin:news_writers", ADMINISTRATORS, "news"),
    act("bulletin:news_unscheduling", ADMINISTRATORS, "news"),
    act("bulletin:news_lead", ADMINISTRATORS, "news"),
    form("bulletin:news_retraction", ADMINISTRATORS, "news"),
    act("bulletin:news_deletion", ADMINISTRATORS, "news_draft", refusal=UNSEEN),
    page("bulletin:news_feed_list", ADMINISTRATORS),
    form("bulletin:news_feed_create", ADMINISTRATORS),
    form("bulletin:news_feed_update", ADMINISTRATORS, "news_feed"),
    act("bulletin:news_feed_reading", ADMINISTRATORS, "news_feed"),
]

ADDRESSES = [*TOPICS, *READING, *WRITING, *NEWS]

# What the lines above do not say: (address, method, role) and the outcome.
EXCEPTIONS: dict[tuple[str, str, str], Outcome] = {
    ("bulletin:feed", "get", "viewing"): 404,  # its key says who reads, not the session
}

# The most questions that its main pages ask of the database, see tests/permissions/test_query_counts.py.
QUERIES = {
    "/bulletin/": 7,
    "/bulletin/departments/{department}/": 8,
    "/bulletin/departments/": 8,
    "/bulletin/archive/": 7,
    "/bulletin/calendar/": 10,
    "/bulletin/news/": 10,
}


def make_things(cast: Cast) -> dict[str, Any]:
    """One of each, by the name that a line above uses."""
    day = today()
    topic = write(board_of(cast.quality), cast.head, kind="topic", closes_on=day + timedelta(days=9), audience=audience("all"))
    suggestion = post_comment(actor=cast.operator, about=topic, body="夜班也供应热饭")
    adopt_suggestion(suggestion, what_will_be_done="十二月起", actor=cast.head)
    return {
        "draft": draft(board_of(cast.quality), cast.head).pk,
        "delegation": delegate_publishing(cast.quality, cast.newcomer, starts_on=day, ends_on=day, actor=cast.head).pk,
        "reference": refer_notice(topic, cast.workshop, actor=cast.workshop_head).pk,
        "quality_notice": correct(write(board_of(cast.quality), cast.head, needs_confirmation=True), cast.head).pk,
        "version": 2,
        "topic": topic.pk,
        "news": write_news(cast.admin).pk,
        "news_draft": create_item(actor=cast.admin, values={"title": "草稿"}).pk,
        "news_feed": add_feed(name="要闻", address="https://www.tobacco.gov.cn/news.xml", category="market", actor=cast.admin).pk,
        "suggestion": suggestion.pk,
    }
