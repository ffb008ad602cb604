"""What bells say is of the version that their reader may see, when they are delivered and when they are shown; and nothing outlives a right."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone

from bulletin.models import DepartmentBoard, PublishingDelegation
from bulletin.services.boards import delegate_publishing, end_delegation, keep_board
from portal.access.rules import person_token
from portal.access.standings import refresh_standings
from portal.accounts.models import User
from portal.confirmations.services import remind_unconfirmed
from portal.discussion.services import post_comment, remove_comment
from portal.notifications.models import Notification
from portal.notifications.registry import NotificationKind, _kinds
from portal.notifications.services import notify
from portal.organization.models import Employment
from portal.outbox.services import drain
from portal.pages.approval import approve_page, submit_page
from portal.pages.services import retract_page
from tests.bulletin.writing import audience, correct, draft, write
from tests.cast import Cast

pytestmark = pytest.mark.django_db
Sign = Callable[[User], Client]
SURFACES = ("/", "/notifications/", "/notifications/bell/", "/panels/notifications/")


def said(browser: Client, *words: str) -> dict[str, list[str]]:
    """On which surfaces the words stand."""
    pages = {path: browser.get(path).content.decode() for path in SURFACES}
    return {word: [path for path, page in pages.items() if word in page] for word in words}


def delegate(cast: Cast, person: User) -> PublishingDelegation:
    today = timezone.localdate()
    return delegate_publishing(cast.quality, person, starts_on=today, ends_on=today + timedelta(days=7), actor=cast.head)


def test_a_title_that_was_for_one_is_told_to_nobody_else_while_the_worker_stands(cast: Cast, board: DepartmentBoard, client_for: Sign) -> None:
    notice = write(board, cast.head, title="关于张强同志的处分", audience=audience(person_token(cast.operator.pk)))
    correct(notice, cast.head, title="关于劳动纪律的通知", change_note="改为面向全厂", audience=audience("all"))
    drain()
    told = Notification.objects.filter(url=notice.get_absolute_url())
    assert told.count() > 3
    assert {row.words["title"] for row in told} == {"关于劳动纪律的通知"}
    for person in (cast.operator, cast.salesperson):
        assert said(client_for(person), "处分", "劳动纪律") == {"处分": [], "劳动纪律": list(SURFACES)}


def test_what_was_told_before_a_correction_says_what_it_says_now_also_in_its_discussion(cast: Cast, board: DepartmentBoard, client_for: Sign) -> None:
    notice = write(board, cast.head, title="旧标题", audience=audience("all"), needs_confirmation=True)
    comment = post_comment(actor=cast.inspector, about=notice, body="请问时间？")
    post_comment(actor=cast.operator, about=notice, body="同问", parent=comment)
    drain()
    before = said(client_for(cast.inspector), "旧标题")["旧标题"]
    assert before == list(SURFACES)
    correct(notice, cast.head, title="新标题", change_note="第一次改", asks_anew=True)
    correct(notice, cast.head, title="更新的标题", change_note="第二次改", asks_anew=True)
    drain()
    assert said(client_for(cast.inspector), "旧标题", "新标题", "第一次改", "更新的标题") == {
        "旧标题": [],
        "新标题": [],
        "第一次改": [],
        "更新的标题": list(SURFACES),
    }
    assert Notification.objects.get(kind="discussion.answered").words["title"] == "更新的标题"


@pytest.mark.parametrize("end", ["expiry", "retraction", "move", "correction"])
def test_when_a_readers_right_ends_nothing_shows_the_bell_any_more(cast: Cast, board: DepartmentBoard, client_for: Sign, end: str) -> None:
    """Without a worker: what is shown asks, and does not wait for anybody to clear away."""
    until = timezone.now() + timedelta(minutes=5)
    notice = write(board, cast.head, title="将要到期", audience=audience(f"dept:{cast.shift.pk}"), expire_at=until if end == "expiry" else None)
    drain()
    assert said(client_for(cast.operator), "将要到期")["将要到期"] == list(SURFACES)
    if end == "retraction":
        retract_page(notice, reason="发错了", actor=cast.head)
    elif end == "correction":
        correct(notice, cast.head, audience=audience(f"dept:{cast.quality.pk}"))
    elif end == "move":
        Employment.objects.filter(person=cast.operator).update(department=cast.sales)
        refresh_standings([cast.operator.pk])
    with time_machine.travel(timezone.now() + (timedelta(minutes=5, seconds=1) if end == "expiry" else timedelta())):
        assert said(client_for(cast.operator), "将要到期")["将要到期"] == []


def test_an_expiry_that_is_corrected_moves_the_bell(cast: Cast, board: DepartmentBoard, client_for: Sign) -> None:
    notice = write(board, cast.head, title="延期", audience=audience("all"), expire_at=timezone.now() + timedelta(minutes=5))
    drain()
    correct(notice, cast.head, expire_at=timezone.now() + timedelta(hours=5))
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        assert said(client_for(cast.operator), "延期")["延期"] == list(SURFACES)
    with time_machine.travel(timezone.now() + timedelta(hours=6)):
        assert said(client_for(cast.operator), "延期")["延期"] == []


def test_publishers_bells_end_with_the_right_to_publish(cast: Cast, board: DepartmentBoard, client_for: Sign) -> None:
    delegation = delegate(cast, cast.salesperson)
    keep_board(board, document_prefix="厂质", needs_second_person=True, actor=cast.head)
    asked = draft(board, cast.head, title="请审批的稿子")
    submit_page(asked, actor=cast.head)
    keep_board(board, document_prefix="厂质", needs_second_person=False, actor=cast.head)
    retracted = write(board, cast.head, title="撤下的稿子")
    retract_page(retracted, reason="涉及未公开的处理意见", actor=cast.head)
    drain()
    words = ("请审批的稿子", "撤下的稿子", "涉及未公开的处理意见")
    browser = client_for(cast.salesperson)
    panel = {path: browser.get(path).content.decode() for path in SURFACES[1:]}
    assert all(word in page for word in words for page in panel.values())
    end_delegation(delegation, actor=cast.head)
    assert said(client_for(cast.salesperson), *words) == {word: [] for word in words}
    assert Notification.objects.unread().filter(recipient=cast.salesperson).exists(), "it comes back with the right"
    assert "请审批的稿子" in client_for(cast.deputy).get("/notifications/bell/").content.decode()


def test_an_approval_is_told_to_who_asked_as_long_as_they_publish(cast: Cast, board: DepartmentBoard, client_for: Sign) -> None:
    delegation = delegate(cast, cast.salesperson)
    keep_board(board, document_prefix="厂质", needs_second_person=True, actor=cast.head)
    asked = draft(board, cast.salesperson, title="我请审批的")
    submit_page(asked, actor=cast.salesperson)
    end_delegation(delegation, actor=cast.head)
    approve_page(asked, actor=cast.head)
    drain()
    assert not Notification.objects.filter(recipient=cast.salesperson, kind="bulletin.approved").exists(), "asked when it is delivered"


def test_a_removed_comments_bell_goes_with_its_notice(cast: Cast, board: DepartmentBoard, client_for: Sign) -> None:
    notice = write(board, cast.head, title="有讨论的通知", audience=audience("all"))
    comment = post_comment(actor=cast.operator, about=notice, body="不当的话")
    remove_comment(actor=cast.head, comment=comment, reason="与主题无关")
    drain()
    assert "与主题无关" in client_for(cast.operator).get("/notifications/bell/").content.decode()
    retract_page(notice, reason="发错了", actor=cast.head)
    assert "有讨论的通知" not in client_for(cast.operator).get("/notifications/").content.decode()


def test_a_bell_that_asks_for_nothing_says_so() -> None:
    kind = NotificationKind("test.secret", "secret", "%(title)s")
    with pytest.raises(ValueError, match="needs to hold"):
        notify(kind, words={"title": "x"}, recipients=[1])
    own = {
        "organization.stands_in",
        "organization.stood_in_for",
        "organization.moved",
        "attachments.infected",
        "bulletin.delegated",
        "bulletin.plan_lapsed",
        "forum.muted",
        "mail.not_sent",
        "mail.reminded",
    }
    assert {code for code, kind in _kinds.items() if kind.asks_nothing and not code.startswith("test.")} == own


def test_what_is_due_at_a_moment_is_carried_out_within_a_second() -> None:
    """The worker is asked each second, and at midnight for the standings of the day, so that two seconds hold for what ends by itself."""
    assert settings.CELERY_BEAT_SCHEDULE["outbox"]["schedule"] <= 1.0
    assert {0} <= settings.CELERY_BEAT_SCHEDULE["standings"]["schedule"].minute
    assert {0} <= settings.CELERY_BEAT_SCHEDULE["standings"]["schedule"].hour


def test_a_reminder_of_what_has_no_deadline_names_none(cast: Cast, board: DepartmentBoard, client_for: Sign) -> None:
    """It was "by today", in the language of whoever pressed."""
    notice = write(board, cast.head, title="请各班确认", needs_confirmation=True)
    remind_unconfirmed(actor=cast.head, about=notice)
    drain()
    page = client_for(cast.inspector).get("/notifications/").content.decode()
    assert "请确认已阅读“请各班确认”。" in page
    assert "今天前" not in page
