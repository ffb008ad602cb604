"""The boards and the notice as people open them."""

import re
from datetime import timedelta
from io import BytesIO

import feedparser
import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from bulletin.models import Notice, Reading
from bulletin.services.boards import refer_notice
from bulletin.services.readers import note_reading
from portal.confirmations.models import Confirmation
from portal.confirmations.services import confirm
from portal.pages.services import retract_page
from tests.bulletin.writing import audience, correct, write

pytestmark = pytest.mark.django_db


def titles(client, address: str) -> str:
    return client.get(address).content.decode()


@pytest.fixture
def as_inspector(client, cast):
    client.force_login(cast.inspector)
    return client


@pytest.fixture
def as_salesperson(client, cast):
    client.force_login(cast.salesperson)
    return client


def test_the_mixed_board_has_what_is_for_me_and_nothing_else(client, cast, board):
    mine = write(board, cast.head, title="质检科内部通知")
    everyones = write(board, cast.head, title="全厂放假安排", audience=audience("all"))
    for person, seen, unseen in ((cast.inspector, [mine, everyones], []), (cast.salesperson, [everyones], [mine])):
        client.force_login(person)
        for address in (reverse("bulletin:board"), reverse("bulletin:department_board", args=[cast.quality.pk])):
            page = titles(client, address)
            assert all(notice.title in page for notice in seen)
            assert not any(notice.title in page for notice in unseen)


def test_a_notice_is_404_for_who_is_not_in_its_audience(as_salesperson, notice):
    for name in ("notice_detail", "notice_confirmation_report", "notice_confirmation_summary"):
        assert as_salesperson.get(reverse(f"bulletin:{name}", args=[notice.pk])).status_code == 404
    for name in ("notice_reading", "notice_confirmation", "notice_confirmation_reminder"):
        assert as_salesperson.post(reverse(f"bulletin:{name}", args=[notice.pk])).status_code == 404
    assert not Reading.objects.exists()


def test_readers_do_not_get_the_report_and_publishers_do(client, cast, notice):
    address = reverse("bulletin:notice_confirmation_report", args=[notice.pk])
    client.force_login(cast.inspector)
    assert client.get(address).status_code == 403
    client.force_login(cast.head)
    assert client.get(address).status_code == 200


def test_opening_marks_it_read_by_a_post_and_not_by_looking(as_inspector, cast, notice):
    page = reverse("bulletin:notice_detail", args=[notice.pk])
    assert as_inspector.get(page).status_code == 200
    assert not Reading.objects.exists()
    assert as_inspector.post(reverse("bulletin:notice_reading", args=[notice.pk])).status_code == 204
    assert Reading.objects.get().person == cast.inspector


def test_unread_ones_come_first_and_what_was_read_after_them(as_inspector, cast, board):
    older = write(board, cast.head, title="较早未读")
    newer = write(board, cast.head, title="较晚已读")
    as_inspector.post(reverse("bulletin:notice_reading", args=[newer.pk]))
    page = titles(as_inspector, reverse("bulletin:board"))
    assert page.index(older.title) < page.index(newer.title)
    only_unread = titles(as_inspector, reverse("bulletin:board") + "?unread=1")
    assert older.title in only_unread
    assert newer.title not in only_unread


def on_pages(client, address: str) -> list[list[int]]:
    """The notices on each page of a list, in their order."""
    pages, number = [], 1
    while True:
        page = client.get(f"{address}{'&' if '?' in address else '?'}page={number}").content.decode().partition('id="notices"')[2]
        pages.append([int(pk) for pk in re.findall(r'href="/bulletin/notices/(\d+)/"', page)])
        if 'rel="next"' not in page:
            return pages
        number += 1


def test_everything_for_me_is_on_some_page_once_and_what_matters_is_on_top(as_inspector, cast, board):
    notices = [write(board, cast.head, title=f"第 {number} 则", needs_confirmation=number == 0) for number in range(34)]
    write(board, cast.head, audience=audience(f"user:{cast.salesperson.pk}"))
    address = reverse("bulletin:board")
    newest_first = [notice.pk for notice in reversed(notices)]
    pinned = [notices[0].pk, notices[20].pk]
    Notice.objects.filter(pk__in=pinned).update(pinned_until=timezone.now() + timedelta(days=1))
    Notice.objects.filter(pk=notices[3].pk).update(pinned_until=timezone.now() - timedelta(seconds=1))
    assert on_pages(as_inspector, address)[0][:2] == pinned[::-1]
    for read in ([], notices[25:], notices[5:32], notices):
        Reading.objects.all().delete()
        Reading.objects.bulk_create([Reading(person=cast.inspector, notice=notice, read_at=timezone.now()) for notice in read])
        seen = {notice.pk for notice in read}
        expected = sorted(newest_first, key=lambda pk: (pk not in pinned, pk in pinned or pk in seen))
        for asked in ("", "?kind=notice", f"?q={'则'}"):
            pages = on_pages(as_inspector, f"{address}{asked}")
            assert [pk for page in pages for pk in page] == expected, (asked, len(read))
            assert {len(page) for page in pages[:-1]} == {15}
        unread = [pk for pk in expected if pk not in seen]
        assert [pk for page in on_pages(as_inspector, f"{address}?unread=1") for pk in page] == unread
    assert on_pages(as_inspector, f"{address}?confirmation=waiting") == [[notices[0].pk]]
    department = reverse("bulletin:department_board", args=[cast.quality.pk])
    assert [pk for page in on_pages(as_inspector, department) for pk in page] == expected


def test_marking_all_as_read_leaves_what_came_since(as_inspector, cast, board):
    seen = write(board, cast.head, title="看到过的")
    until = timezone.now().isoformat()
    write(board, cast.head, title="刚发布的")
    as_inspector.post(reverse("bulletin:all_read"), {"until": until})
    page = titles(as_inspector, reverse("bulletin:board") + "?unread=1")
    assert "刚发布的" in page
    assert seen.title not in page


def test_marking_all_as_read_leads_to_no_other_site(as_inspector):
    assert as_inspector.post(reverse("bulletin:all_read"), {"next": "https://elsewhere.example/"})["Location"] == reverse("bulletin:board")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=document", {"印发办法"}),
        ("kind=notice", {"等待确认的", "普通一则"}),
        ("kind=nonsense", {"印发办法", "等待确认的", "普通一则"}),
        ("confirmation=waiting", {"等待确认的"}),
        ("confirmation=confirmed", set()),
        ("q=通一", {"普通一则"}),
        ("q=%25", set()),
        ("year=1999", set()),
        ("from=2199-01-01", set()),
        ("from=nonsense&page=nonsense", {"印发办法", "等待确认的", "普通一则"}),
    ],
)
def test_filters_stand_in_the_address(as_inspector, cast, board, query, found):
    write(board, cast.head, title="印发办法", kind="document")
    write(board, cast.head, title="等待确认的", needs_confirmation=True)
    write(board, cast.head, title="普通一则")
    page = titles(as_inspector, f"{reverse('bulletin:board')}?{query}")
    rows = {title for title in ("印发办法", "等待确认的", "普通一则") if f">{title}<" in page.replace("</span> ", ">")}
    assert rows == found


def test_confirming_from_the_page(as_inspector, cast, board):
    notice = write(board, cast.head, needs_confirmation=True)
    address = reverse("bulletin:notice_detail", args=[notice.pk])
    assert 'name="version" value="1"' in titles(as_inspector, address)
    as_inspector.post(reverse("bulletin:notice_confirmation", args=[notice.pk]), {"version": "1"})
    assert 'name="version"' not in titles(as_inspector, address)
    assert Confirmation.objects.of(notice).by(cast.inspector).get().department == cast.quality


def test_confirming_what_was_corrected_meanwhile_is_refused_with_a_sentence(as_inspector, cast, board):
    notice = write(board, cast.head, needs_confirmation=True)
    correct(notice, cast.head)
    page = as_inspector.post(reverse("bulletin:notice_confirmation", args=[notice.pk]), {"version": "1"}, follow=True)
    assert not Confirmation.objects.of(notice).by(cast.inspector).exists()
    assert "更正" in page.content.decode()


def test_what_changed_is_shown_to_readers_and_to_nobody_else(client, cast, notice):
    correct(notice, cast.head, body="<p>各机组提前两天备样。</p>")
    address = reverse("bulletin:notice_change", args=[notice.pk, 2])
    client.force_login(cast.inspector)
    assert "<ins>" in titles(client, address)
    client.force_login(cast.salesperson)
    assert client.get(address).status_code == 404


def test_a_version_that_was_for_fewer_people_is_read_by_them_and_by_publishers_alone(client, cast, board):
    notice = write(board, cast.head, body="<p>拟调整的岗位：包装二班</p>", audience=audience(f"user:{cast.inspector.pk}"))
    correct(notice, cast.head, body="<p>岗位不作调整</p>", audience=audience("all"), change_note="包装二班除外")
    correct(notice, cast.head, body="<p>岗位不作任何调整</p>", audience=audience("all"), change_note="用语更正")
    page = reverse("bulletin:notice_detail", args=[notice.pk])
    first, second = (reverse("bulletin:notice_change", args=[notice.pk, number]) for number in (2, 3))
    for person in (cast.inspector, cast.head):
        client.force_login(person)
        assert "包装二班" in titles(client, first)
        assert first in titles(client, page)
    client.force_login(cast.salesperson)
    refused = client.get(first)
    assert refused.status_code == 403
    assert "包装二班" not in refused.content.decode()
    assert "任何" in titles(client, second)
    assert first not in titles(client, page)
    assert second in titles(client, page)


def test_days_and_moments_that_there_are_not_narrow_nothing(as_inspector, cast, notice):
    for day in ("9999-12-31", "0001-01-01", "2026-02-30"):
        for name in ("board", "news"):
            assert as_inspector.get(reverse(f"bulletin:{name}"), {"from": day, "to": day}).status_code == 200
    for moment in ("2026-02-30T00:00:00+08:00", "9999-12-31T23:59:59-23:00", "2026-01-01T00:00:00+99:99"):
        assert as_inspector.get(reverse("bulletin:arrivals"), {"since": moment}).status_code == 200
        assert as_inspector.post(reverse("bulletin:all_read"), {"until": moment}).status_code == 302
    for place in ("0", "evil", "bulletin:board", "//evil.test/", "https://evil.test/"):
        assert as_inspector.post(reverse("bulletin:all_read"), {"next": place}).headers["Location"] == reverse("bulletin:board")


@pytest.mark.parametrize("sign", ["\x0b", "\x01", "\ufffe"])
def test_a_title_pasted_from_slides_breaks_nobodys_feed_and_no_report(client, cast, board, sign):
    client.force_login(cast.head)
    notice = write(board, cast.head, title=f"安全月{sign}活动", body="<p>见附件。</p>")
    Notice.objects.filter(pk=write(board, cast.head, title="早先的").pk).update(title=f"早先{sign}存下的")
    assert sign not in notice.title
    address = client.post(reverse("bulletin:feed_address")).context["address"]
    answer = client.get(address)
    found = feedparser.parse(answer.content)
    assert not found.bozo
    assert len(found.entries) == 2
    report = client.get(reverse("bulletin:department_report"), {"export": "xlsx"})
    assert "早先" in str([row[3] for row in load_workbook(BytesIO(b"".join(report.streaming_content))).active.iter_rows(values_only=True)])


def test_a_reference_shows_on_the_other_board_only_for_its_audience(client, cast, board):
    notice = write(board, cast.head, title="转载", audience=audience(f"dept:{cast.quality.pk}", f"user:{cast.salesperson.pk}"))
    refer_notice(notice, cast.sales, actor=cast.head)
    address = reverse("bulletin:department_board", args=[cast.sales.pk])
    client.force_login(cast.salesperson)
    assert "转载" in titles(client, address)
    client.force_login(cast.operator)
    assert "转载" not in titles(client, address)


def test_the_private_feed_has_what_is_mine_until_it_is_renewed(client, cast, notice):
    client.force_login(cast.inspector)
    page = client.post(reverse("bulletin:feed_address"))
    address = page.context["address"]
    client.logout()
    assert notice.title in titles(client, address)
    retract_page(notice, reason="有误", actor=cast.head)
    assert notice.title not in titles(client, address)
    client.force_login(cast.inspector)
    client.post(reverse("bulletin:feed_address"))
    client.logout()
    assert client.get(address).status_code == 404


def test_the_feed_of_someone_who_left_is_gone(client, cast, notice):
    client.force_login(cast.inspector)
    address = client.post(reverse("bulletin:feed_address")).context["address"]
    client.logout()
    cast.inspector.is_active = False
    cast.inspector.save()
    assert client.get(address).status_code == 404


def test_the_archive_and_the_calendar_show_only_what_is_mine(client, cast, board):
    write(board, cast.head, title="将失效", expire_at=timezone.now() + timedelta(days=3))
    client.force_login(cast.inspector)
    assert "将失效" in titles(client, reverse("bulletin:calendar"))
    assert f"?year={timezone.localdate().year}" in titles(client, reverse("bulletin:archive"))
    client.force_login(cast.salesperson)
    assert "将失效" not in titles(client, reverse("bulletin:calendar"))
    assert "?year=" not in titles(client, reverse("bulletin:archive"))
    assert client.get(reverse("bulletin:board_list")).context["rows"] == []


def test_arrivals_count_what_came_since_for_me(client, cast, board):
    since = timezone.now().isoformat()
    write(board, cast.head)
    address = f"{reverse('bulletin:arrivals')}?since={since.replace('+', '%2B')}"
    client.force_login(cast.inspector)
    assert client.get(address).context["number"] == 1
    client.force_login(cast.salesperson)
    assert client.get(address).context["number"] == 0


def test_home_shows_what_is_new_and_what_waits_for_confirmation(client, cast, board):
    write(board, cast.head, title="首页可见", needs_confirmation=True)
    client.force_login(cast.inspector)
    assert titles(client, reverse("home:home")).count("首页可见") == 2
    client.force_login(cast.salesperson)
    assert "首页可见" not in titles(client, reverse("home:home"))


def test_hostile_words_in_titles_and_names_are_text(as_inspector, cast, board):
    write(board, cast.head, title="<script>alert(1)</script>")
    for address in (reverse("bulletin:board"), reverse("bulletin:notice_detail", args=[Notice.objects.get().pk]), reverse("home:home")):
        assert "<script>alert" not in titles(as_inspector, address)


def test_confirmed_ones_are_listed_as_such(as_inspector, cast, board):
    notice = write(board, cast.head, title="已经确认", needs_confirmation=True)
    confirm(actor=cast.inspector, about=notice, number=1)
    assert "已经确认" in titles(as_inspector, reverse("bulletin:board") + "?confirmation=confirmed")
    assert "已经确认" not in titles(as_inspector, reverse("bulletin:board") + "?confirmation=waiting").replace(notice.get_absolute_url(), "")


def test_home_has_what_is_pinned_then_what_is_unread_then_the_rest(as_inspector, cast, board):
    pinned = write(board, cast.head, title="钉住的", pinned_until=timezone.now() + timedelta(days=3))
    read = write(board, cast.head, title="读过的")
    unread = write(board, cast.head, title="没读的")
    write(board, cast.head, title="不是给我的", audience=audience(f"user:{cast.salesperson.pk}"))
    for notice in (pinned, read):
        as_inspector.post(reverse("bulletin:notice_reading", args=[notice.pk]))
    page = titles(as_inspector, reverse("home:home"))
    assert "不是给我的" not in page
    assert page.index(pinned.title) < page.index(unread.title) < page.index(read.title)


def test_what_waits_for_a_confirmation_leaves_home_once_it_is_confirmed(as_inspector, cast, board):
    notice = write(board, cast.head, title="请确认", needs_confirmation=True)
    assert titles(as_inspector, reverse("home:home")).count(notice.title) == 2
    confirm(actor=cast.inspector, about=notice, number=1)
    assert titles(as_inspector, reverse("home:home")).count(notice.title) == 1


def test_on_home_a_time_of_yesterday_is_said_to_be_yesterday(as_inspector, cast, board):
    notice = write(board, cast.head)
    Notice.objects.filter(pk=notice.pk).update(published_at=timezone.now() - timedelta(days=1))
    assert "昨天</time>" in as_inspector.get("/").content.decode()
    assert "昨天</time>" not in as_inspector.get(reverse("bulletin:board")).content.decode(), "there it stands above"


def test_who_had_opened_a_notice_is_told_that_it_was_retracted_and_nobody_else(client, cast, notice):
    note_reading(notice, actor=cast.inspector)
    retract_page(notice, reason="数据有误，另行通知", actor=cast.head)
    address = reverse("bulletin:notice_detail", args=[notice.pk])
    client.force_login(cast.inspector)
    page = client.get(address)
    assert page.status_code == 410
    assert "数据有误，另行通知" in page.content.decode()
    assert notice.title in page.content.decode()
    for person in (cast.operator, cast.salesperson):
        client.force_login(person)
        assert client.get(address).status_code == 404


def test_seeing_the_site_as_another_asks_for_nothing_that_would_be_refused(client, cast, notice):
    client.force_login(cast.admin)
    client.post("/access/view-as/", {"person": cast.inspector.employee_number, "reason": "他说看不到"})
    page = client.get(reverse("bulletin:notice_detail", args=[notice.pk])).content.decode()
    assert notice.title in page
    assert "hx-post" not in page.split("<main", 1)[1].split("</main>")[0]
