"""People are told once, in order, only of what they may see; read anywhere is read everywhere."""

import re
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access.models import Audience
from portal.access.rules import AudienceRule, department_token
from portal.access.standings import refresh_standings
from portal.accounts.models import User
from portal.notifications.models import Notification
from portal.notifications.registry import NotificationKind, kind_of, register_kind
from portal.notifications.services import forget_old, mark_read, notify
from portal.organization.models import Employment
from portal.outbox.models import Effect
from portal.outbox.services import drain
from tests.cast import Cast
from tests.papers.models import Paper

pytestmark = pytest.mark.django_db(transaction=True)
Sign = Callable[[User], Client]

PUBLISHED = kind_of("test.published") or register_kind(
    NotificationKind("test.published", _("Published"), _("“%(title)s” was published."), "file-text", asks_nothing=True)
)


def tell(**changes: object) -> None:
    with transaction.atomic():
        notify(PUBLISHED, **({"words": {"title": "温湿度管理办法"}} | changes))


def paper_for(rule: AudienceRule) -> Paper:
    return Paper.objects.create(title="温湿度管理办法", audience=Audience.objects.for_rule(rule))


def told() -> set[int]:
    return set(Notification.objects.values_list("recipient_id", flat=True))


def test_those_who_may_see_it_are_told_and_nobody_else_nor_the_actor(cast: Cast) -> None:
    tell(about=paper_for(AudienceRule.of([department_token(cast.quality.pk)])), actor=cast.head)
    drain()
    assert told() == {cast.inspector.pk, cast.deputy.pk}


def test_named_recipients_are_told_only_if_they_may_see_it_when_it_is_sent(cast: Cast) -> None:
    tell(about=paper_for(AudienceRule.of([department_token(cast.quality.pk)])), recipients=[cast.inspector.pk, cast.head.pk, cast.operator.pk, cast.leaver.pk])
    Employment.objects.filter(person=cast.inspector).delete()
    refresh_standings([cast.inspector.pk])
    drain()
    assert told() == {cast.head.pk}


def test_of_what_is_gone_before_it_is_sent_nobody_is_told(cast: Cast) -> None:
    paper = paper_for(AudienceRule.of(["all"]))
    tell(about=paper)
    paper.delete()
    drain()
    assert told() == set()
    assert not Effect.objects.exists()


def test_telling_again_after_a_crash_tells_nobody_twice(cast: Cast) -> None:
    tell(about=paper_for(AudienceRule.of(["all"])))
    effect = Effect.objects.get()
    drain()
    count = Notification.objects.count()
    effect.save(force_insert=True)
    drain()
    assert Notification.objects.count() == count == 8


def test_what_a_person_may_not_see_any_more_leaves_the_bell_and_its_count(cast: Cast, client_for: Sign) -> None:
    tell(about=paper_for(AudienceRule.of([department_token(cast.quality.pk)])))
    tell(recipients=[cast.inspector.pk], words={"title": "给王伟"})
    drain()
    browser = client_for(cast.inspector)
    assert 'data-count="2"' in browser.get("/notifications/bell/").content.decode()
    Employment.objects.filter(person=cast.inspector).update(department=cast.sales)
    refresh_standings([cast.inspector.pk])
    panel = browser.get("/notifications/bell/").content.decode()
    assert 'data-count="1"' in panel
    assert "温湿度管理办法" not in panel
    assert "温湿度管理办法" not in browser.get("/notifications/").content.decode()
    hidden = Notification.objects.get(recipient=cast.inspector, audience__isnull=False)
    assert browser.post(f"/notifications/{hidden.pk}/opening/").status_code == 404


def test_opening_reads_and_goes_there_and_never_off_the_site(cast: Cast, client_for: Sign) -> None:
    tell(recipients=[cast.operator.pk], url="/access/groups/")
    tell(recipients=[cast.operator.pk], url="//evil.test/")
    drain()
    second, first = Notification.objects.all()
    browser, colleague = client_for(cast.operator), client_for(cast.inspector)
    assert colleague.post(f"/notifications/{first.pk}/opening/").status_code == 404
    assert browser.get(f"/notifications/{first.pk}/opening/").status_code == 405
    assert browser.post(f"/notifications/{first.pk}/opening/").headers["Location"] == "/access/groups/"
    assert browser.post(f"/notifications/{second.pk}/opening/").headers["Location"] == "/notifications/"
    assert not Notification.objects.unread().exists()


def test_marking_all_read_leaves_what_came_since(cast: Cast, client_for: Sign) -> None:
    tell(recipients=[cast.operator.pk])
    drain()
    seen = Notification.objects.get().pk
    tell(recipients=[cast.operator.pk])
    drain()
    assert client_for(cast.operator).post("/notifications/reading/", {"until": seen}).status_code == 302
    assert list(Notification.objects.unread().values_list("pk", flat=True)) == [Notification.objects.latest("pk").pk]
    for nonsense in ("", "x", "-1", "９", "9" * 40):
        client_for(cast.operator).post("/notifications/reading/", {"until": nonsense})
    assert Notification.objects.unread().count() == 1


def test_marking_all_read_is_not_offered_where_nothing_is_unread(cast: Cast, client_for: Sign) -> None:
    browser = client_for(cast.operator)
    button = r"<button[^>]*>\s*全部标为已读\s*</button>"

    def is_offered(address: str) -> bool:
        page = browser.get(address).content.decode().split("<main", 1)[1]
        return "disabled" not in re.findall(button, page)[0]

    assert not is_offered("/notifications/")
    tell(recipients=[cast.operator.pk])
    drain()
    assert is_offered("/notifications/")
    browser.post("/notifications/reading/", {"until": Notification.objects.get().pk})
    assert [is_offered(address) for address in ("/notifications/", "/bulletin/", "/forum/")] == [False] * 3


def test_after_a_break_a_page_gets_exactly_what_it_missed_in_order(cast: Cast, client_for: Sign) -> None:
    """D6: with writers at the same time, ids become visible in their order."""
    seen: list[int] = []
    done = threading.Event()

    def write() -> None:
        for _turn in range(8):
            tell(recipients=[cast.operator.pk])
            drain()
        connection.close()

    def read() -> None:
        cursor = 0
        while True:
            is_last = done.is_set()
            arrived = list(Notification.objects.filter(recipient=cast.operator).since(cursor).order_by("pk").values_list("pk", flat=True))
            seen.extend(arrived)
            cursor = max([cursor, *arrived])
            if is_last:
                break
        connection.close()

    writers = [threading.Thread(target=write) for _index in range(4)]
    reader = threading.Thread(target=read)
    for thread in (*writers, reader):
        thread.start()
    for writer in writers:
        writer.join()
    drain()
    done.set()
    reader.join()
    assert seen == sorted(Notification.objects.values_list("pk", flat=True))
    assert len(seen) == 32


def test_markup_in_words_is_shown_as_text(cast: Cast, client_for: Sign) -> None:
    tell(recipients=[cast.operator.pk], words={"title": "<script>alert(1)</script>"})
    drain()
    for path in ("/notifications/", "/notifications/bell/"):
        body = client_for(cast.operator).get(path).content.decode()
        assert "<script>alert" not in body
        assert "&lt;script&gt;alert" in body


def test_old_notifications_go_and_unread_ones_stay_longer(cast: Cast) -> None:
    tell(recipients=[cast.operator.pk, cast.inspector.pk])
    drain()
    mark_read(cast.operator, until=Notification.objects.latest("pk").pk)
    with time_machine.travel(timezone.now() + timedelta(days=200)):
        assert forget_old() == 1
    assert Notification.objects.get().recipient == cast.inspector


def test_a_notification_of_nobody_is_a_slip_of_the_pen(cast: Cast) -> None:
    with pytest.raises(ValueError, match="who is to be told"):
        tell()
    with pytest.raises(KeyError):
        tell(recipients=[1], words={})
