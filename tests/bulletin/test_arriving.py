"""What an open page and home are told while notices come, change and go."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone

from bulletin.models import Notice
from bulletin.services.readers import note_reading
from portal.confirmations.topics import topic_of
from portal.discussion.models import Comment
from portal.live.topics import may_listen
from portal.pages.services import retract_page
from tests.bulletin.writing import correct, write

pytestmark = pytest.mark.django_db


def test_an_open_page_is_told_of_a_correction_and_of_a_retraction_and_no_stranger_is(client, cast, board):
    notice = write(board, cast.head)
    note_reading(notice, actor=cast.inspector)
    client.force_login(cast.inspector)
    address = reverse("bulletin:notice_newer", args=[notice.pk]) + "?version=1"
    assert f'data-topic="reading:{notice.pk}"' in client.get(notice.get_absolute_url()).content.decode()
    assert client.get(address).status_code == 204
    correct(notice, cast.head)
    assert "第 2 版" in client.get(address).content.decode()
    assert client.get(address.replace("=1", "=2")).status_code == 204
    retract_page(Notice.objects.get(pk=notice.pk), reason="数据有误。", actor=cast.head)
    told = client.get(address.replace("=1", "=2")).content.decode()
    assert "数据有误。" in told
    assert "data-topic" not in told, "it has been said"
    client.force_login(cast.operator)
    assert [client.get(one).status_code for one in (address, address.replace(str(notice.pk), "999999"))] == [404, 404]


def test_readers_listen_to_what_they_read_and_publishers_to_who_has_confirmed(cast, board):
    notice = write(board, cast.head, needs_confirmation=True)
    reading, confirmed = f"reading:{notice.pk}", topic_of(ContentType.objects.get_for_model(Notice).pk, notice.pk)
    people = (cast.head, cast.inspector, cast.operator)
    assert [may_listen(person, reading) for person in people] == [True, True, False]
    assert [may_listen(person, confirmed) for person in people] == [True, False, False]
    assert not any(may_listen(cast.head, topic) for topic in ("reading:999999", "confirmed:1-1", "confirmed:x"))


def test_the_counts_move_with_what_arrives(client, cast, board):
    client.force_login(cast.inspector)
    since = timezone.now().isoformat()
    board_page = client.get("/bulletin/").content.decode()
    assert [count for _name, count in re.findall(r'data-count="(unread|waiting)">([^<]*)<', board_page)] == ["", ""]
    write(board, cast.head, needs_confirmation=True)
    told = client.get("/bulletin/arrivals/", {"since": since}).content.decode()
    assert re.findall(r"\[data-count=(\w+)\]\">([^<]*)<", told) == [("unread", "1"), ("waiting", "1")]
    assert "disabled" not in re.findall(r"<button[^>]*mark-all-read[^>]*>", told)[0]
    bell = client.get("/notifications/bell/").content.decode()
    assert re.findall(r'data-badge-of="bulletin"><small class="badge">(\d+)', bell) == ["1"]


def test_what_is_to_be_confirmed_comes_to_home_while_it_is_open(client, cast, board):
    client.force_login(cast.inspector)
    address = reverse("home:live_panel", args=["bulletin.waiting"])
    page = client.get("/").content.decode()
    assert f'data-topic="bell:{cast.inspector.pk}" hx-get="{address}"' in page
    assert "widget-bulletin.waiting" not in page
    notice = write(board, cast.head, title="请确认的通知", needs_confirmation=True)
    panel = client.get(address).content.decode()
    assert "widget-bulletin.waiting" in panel
    assert "请确认的通知" in panel
    client.post(reverse("bulletin:notice_confirmation", args=[notice.pk]), {"version": "1"})
    assert client.get(address).content.decode().strip() == ""


def test_who_comments_on_what_was_retracted_meanwhile_is_told_so_and_keeps_what_they_wrote(client, cast, board):
    notice = write(board, cast.head, allows_comments=True)
    note_reading(notice, actor=cast.inspector)
    address = reverse("discussion:comment_create", args=[ContentType.objects.get_for_model(Notice).pk, notice.pk])
    client.force_login(cast.inspector)
    client.post(address, {"body": "收到"})
    reply = reverse("discussion:reply_create", args=[Comment.objects.get().pk])
    retract_page(notice, reason="数据有误。", actor=cast.head)
    for place in (address, reply):
        part = client.post(place, {"body": "请问何时重发？"}, headers={"HX-Request": "true"})
        assert part.status_code == 410
        assert part.headers["Content-Type"].startswith("text/plain")
        assert "已撤回" in part.content.decode()
        assert "数据有误。" in part.content.decode()
        page = client.post(place, {"body": "请问何时重发？"})
        assert page.status_code == 410
        assert all(words in page.content.decode() for words in ("已撤回", "请问何时重发？"))
        client.force_login(cast.operator)
        assert client.post(place, {"body": "请问何时重发？"}).status_code == 404
        client.force_login(cast.inspector)


def test_confirmations_that_are_overdue_for_long_are_one_line_on_home(client, cast, board):
    for number in range(7):
        old = write(board, cast.head, title=f"四个月前的通知{number}", needs_confirmation=True)
        Notice.objects.filter(pk=old.pk).update(published_at=timezone.now() - timedelta(days=130), confirm_by=timezone.now() - timedelta(days=120 - number))
    late = write(board, cast.head, title="昨天到期", needs_confirmation=True)
    Notice.objects.filter(pk=late.pk).update(confirm_by=timezone.now() - timedelta(days=1))
    client.force_login(cast.inspector)
    page = client.get("/").content.decode()
    panel = page[page.index('id="widget-bulletin.waiting"') :].split("</section>")[0]
    assert "昨天到期" in panel
    assert "四个月前" not in panel
    address = unescape(re.findall(r'<a class="more overdue" href="([^"]+)"', panel)[0])
    assert "7" in re.sub(r"<[^>]+>", "", panel[panel.index("more overdue") :])
    shown = client.get(address).content.decode()
    assert (shown.count("四个月前"), shown.count("昨天到期")) == (7, 0)
