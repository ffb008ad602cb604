"""Writing a notice in the short form, by hand and by itself."""

from datetime import timedelta
from io import BytesIO

import pytest
from celery import current_app
from django.urls import reverse
from django.utils import timezone

from bulletin.models import Notice, NoticeVersion
from bulletin.services.boards import board_of, delegate_publishing, keep_board
from portal.access.rules import person_token
from portal.access.standings import refresh_standings
from portal.attachments.models import Attachment
from portal.attachments.services import receive_file
from portal.notifications.models import Notification
from portal.organization.querysets import today
from portal.outbox.services import drain
from portal.pages.drafts import draft_stamp
from portal.pages.services import retract_page, save_draft
from tests.attachments.samples import pdf, png
from tests.bulletin.short_form import NEW, only, sent, typed, update
from tests.bulletin.writing import audience, draft, write

pytestmark = pytest.mark.django_db


def test_a_head_writes_and_publishes_in_one_page(as_head, cast, board):
    assert as_head.get(NEW).status_code == 200
    assert not Notice.objects.exists(), "looking makes no draft"
    answer = as_head.post(NEW, typed(cast))
    assert answer.status_code == 302
    notice = only()
    assert (notice.is_shown, notice.version_number, notice.department) == (True, 1, cast.quality)
    assert notice.get_absolute_url() == answer.url


def test_who_publishes_for_nobody_cannot_write(client, cast, board):
    for person in (cast.inspector, cast.operator, cast.admin):
        client.force_login(person)
        assert client.get(NEW).status_code == 403
        assert client.post(NEW, typed(cast)).status_code == 403
    assert not Notice.objects.exists()


def test_a_head_cannot_write_for_another_department(as_head, cast, board):
    board_of(cast.sales)
    for department in (cast.sales.pk, 99_999, "x", 0):
        assert as_head.post(f"{NEW}?department={department}", typed(cast)).status_code in {403, 404}
    assert not Notice.objects.exists()


def test_who_publishes_for_two_departments_chooses_one(as_head, cast, board):
    board_of(cast.sales)
    delegate_publishing(cast.sales, cast.head, starts_on=today(), ends_on=today() + timedelta(days=3), actor=cast.director)
    page = as_head.get(NEW).content.decode()
    assert "质检科" in page
    assert "销售科" in page
    assert as_head.post(f"{NEW}?department={cast.sales.pk}", typed(cast)).status_code == 302
    assert only().department == cast.sales


def test_saving_a_draft_needs_nothing_but_keeps_everything(as_head, cast, board):
    as_head.post(NEW, typed(cast, title="", body="", audience_include=[], action="save"))
    notice = only()
    assert not notice.is_shown
    as_head.post(update(notice), sent(notice, cast, title="备样", expire_at="2027-01-02T08:30", action="save"))
    page = as_head.get(update(notice)).content.decode()
    assert 'value="备样"' in page
    assert 'value="2027-01-02T08:30"' in page


def test_a_time_that_is_none_keeps_everything_else(as_head, cast, board):
    answer = as_head.post(NEW, typed(cast, expire_at="明天下午", action="save"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "明天下午" in page
    assert only().draft_title == "关于十二月份成品抽检安排的通知"


def test_it_saves_by_itself_from_the_first_word_and_answers_the_stamp(as_head, cast, board):
    first = as_head.post(NEW, typed(cast, title="备", autosave="1"))
    assert first.status_code == 200
    answer = first.json()
    notice = only()
    assert answer["url"] == update(notice)
    assert answer["stamp"] == draft_stamp(notice)
    second = as_head.post(answer["url"], typed(cast, title="备样", seen=answer["stamp"], autosave="1")).json()
    assert second["stamp"] != answer["stamp"]
    assert only().draft_title == "备样"
    assert only().revisions.count() == 1, "one sitting is one revision"
    assert not only().is_shown


@pytest.mark.parametrize(
    "typed_so_far", [{"title": "备", "body": ""}, {"title": "备样检", "body": ""}, {"title": "", "body": "<p>各科室</p>"}, {"title": " ", "body": "<p> </p>"}]
)
def test_a_few_keys_and_leaving_leave_no_draft_behind(as_head, cast, board, typed_so_far):
    answer = as_head.post(NEW, typed(cast, **typed_so_far, autosave="1"))
    assert (answer.status_code, answer.json()["is_kept"]) == (200, False)
    assert "url" not in answer.json()
    assert not Notice.objects.exists()
    as_head.post(NEW, typed(cast, **typed_so_far, action="save"))
    assert Notice.objects.count() == 1, "who presses the button is obeyed"


@pytest.mark.parametrize("typed_so_far", [{"title": "备样检验", "body": ""}, {"title": "", "body": "<p>各科室请于周五前报送</p>"}])
def test_what_has_a_title_or_a_text_to_speak_of_saves_itself(as_head, cast, board, typed_so_far):
    assert "url" in as_head.post(NEW, typed(cast, **typed_so_far, autosave="1")).json()
    assert Notice.objects.count() == 1


def test_saving_by_itself_publishes_nothing_of_a_published_notice(as_head, cast, notice):
    before = notice.body
    as_head.post(update(notice), sent(notice, cast, body="<p>改了</p>", autosave="1"))
    assert only().body == before
    assert only().get_latest_revision_as_object().body == "<p>改了</p>"


def test_drafts_and_previews_are_for_the_departments_publishers_alone(client, cast, board):
    written = draft(board, cast.head, body="<p>尚未公布</p>")
    addresses = [reverse(f"bulletin:{name}", args=[written.pk]) for name in ("notice_update", "notice_preview", "notice_writers")]
    for person in (cast.inspector, cast.workshop_head, cast.director, cast.admin, cast.customer):
        client.force_login(person)
        for address in addresses:
            assert client.get(address).status_code == (404 if person.is_employee else 403)
        assert client.post(update(written), sent(written, cast)).status_code == (404 if person.is_employee else 403)
    client.force_login(cast.deputy)
    assert "尚未公布" in client.get(addresses[1]).content.decode()


def test_readers_of_a_published_notice_see_neither_its_correction_nor_its_preview(client, cast, notice):
    save_draft(notice, actor=cast.head, values={"body": "<p>更正稿</p>"}, seen=None)
    client.force_login(cast.inspector)
    assert client.get(update(notice)).status_code == 403
    assert client.get(reverse("bulletin:notice_preview", args=[notice.pk])).status_code == 404


def test_the_preview_notes_no_reading_and_has_no_comments(as_head, cast, notice):
    page = as_head.get(reverse("bulletin:notice_preview", args=[notice.pk])).content.decode()
    assert "notice_reading" not in page
    assert "/reading/" not in page.partition("<article")[2].partition(">")[0]
    assert 'class="discussion' not in page


def test_a_correction_says_what_was_changed(as_head, cast, notice):
    answer = as_head.post(update(notice), sent(notice, cast, body="<p>每班两次</p>"))
    assert answer.status_code == 422
    assert 'id="id_change_note_error"' in answer.content.decode()
    assert as_head.post(update(notice), sent(notice, cast, body="<p>每班两次</p>", change_note="第三条")).status_code == 302
    assert NoticeVersion.objects.filter(notice=notice).count() == 2
    assert only().body == "<p>每班两次</p>"


def test_fields_that_are_not_shown_are_not_read(as_head, cast, board):
    as_head.post(
        NEW, typed(cast, change_note="x", asks_anew="on", department=str(cast.sales.pk), published_by=str(cast.admin.pk), is_shown="on", action="save")
    )
    kept = only().get_latest_revision_as_object()
    assert (kept.change_note, kept.asks_anew, kept.department_id, kept.is_shown) == ("", False, cast.quality.pk, False)


def test_files_go_with_the_notice_and_those_of_others_do_not(as_head, cast, board):
    own = receive_file(actor=cast.head, name="计划.pdf", content=BytesIO(pdf("Plan")))
    foreign = receive_file(actor=cast.operator, name="别人.png", content=BytesIO(png()))
    answer = as_head.post(NEW, typed(cast, file_ids=[str(own.pk), str(foreign.pk)]))
    assert answer.status_code == 422
    notice = only()
    foreign.refresh_from_db()
    assert foreign.standing == Attachment.Standing.LOOSE
    assert as_head.post(update(notice), sent(notice, cast, file_ids=[str(own.pk)])).status_code == 302
    own.refresh_from_db()
    assert own.standing == Attachment.Standing.SHOWN


def test_a_file_comes_with_the_form_where_no_script_runs(as_head, cast, board):
    upload = BytesIO(pdf("Plan"))
    upload.name = "计划.pdf"
    assert as_head.post(NEW, typed(cast, **{"file_ids-files": upload})).status_code == 302
    assert Attachment.objects.get().name == "计划.pdf"
    assert len(only().file_ids) == 1


def test_a_picture_of_another_page_is_refused_in_words_and_one_of_ones_own_is_taken(as_head, cast, board):
    foreign = receive_file(actor=cast.operator, name="别人.png", content=BytesIO(png()))
    own = receive_file(actor=cast.head, name="自己.png", content=BytesIO(png(50)))
    body = '<p>见图</p><img src="/files/{}/picture/">'
    answer = as_head.post(NEW, typed(cast, body=body.format(foreign.pk)))
    assert answer.status_code == 422
    assert 'id="id_body_error"' in answer.content.decode()
    notice = only()
    assert as_head.post(update(notice), sent(notice, cast, body=body.format(own.pk))).status_code == 302


def test_a_picture_copied_from_a_notice_that_one_may_read_becomes_ones_own_once_and_one_that_one_may_not_read_is_refused(as_head, cast, board, client_for):
    body = '<p>见图</p><figure><img src="/files/{}/picture/"></figure>'
    delegate_publishing(cast.sales, cast.salesperson, starts_on=today(), ends_on=today(), actor=cast.admin)
    pictures = [receive_file(actor=cast.salesperson, name="展台.png", content=BytesIO(png(size))).pk for size in (40, 50)]
    seen, _hidden = (
        write(board_of(cast.sales), cast.salesperson, title=title, body=body.format(picture), audience=audience(*tokens))
        for title, picture, tokens in (
            ("看得见", pictures[0], [person_token(cast.head.pk), person_token(cast.salesperson.pk)]),
            ("看不见", pictures[1], [person_token(cast.salesperson.pk)]),
        )
    )
    answer = as_head.post(NEW, typed(cast, title="引用", body=body.format(pictures[1])))
    assert answer.status_code == 422
    assert 'id="id_body_error"' in answer.content.decode()
    notice = Notice.objects.get(draft_title="引用")
    for changes in ({"autosave": "1"}, {"autosave": "1"}, {}):
        answer = as_head.post(update(notice), sent(notice, cast, title="引用", body=body.format(pictures[0]), **changes))
        assert answer.status_code in {200, 302}
    notice.refresh_from_db()
    copy = Attachment.objects.get(about_id=notice.pk)
    assert copy.pk != pictures[0]
    assert copy.file == Attachment.objects.get(pk=pictures[0]).file
    assert f"/files/{copy.pk}/picture/" in notice.body
    assert str(pictures[0]) not in notice.body
    address = "/files/{}/picture/".format
    assert client_for(cast.inspector).get(address(copy.pk)).status_code == 200
    assert client_for(cast.inspector).get(address(pictures[0])).status_code == 404
    retract_page(seen, reason="有误", actor=cast.salesperson)
    assert client_for(cast.inspector).get(address(copy.pk)).status_code == 200
    assert not Attachment.objects.filter(file__attachments=pictures[1]).exclude(pk=pictures[1]).exists()


def test_five_megabytes_pasted_from_word_are_taken_or_refused_in_words(as_head, cast, board):
    rubbish = "<p class=MsoNormal style='mso-list:l0 level1 lfo1'><span lang=EN-US>条款<o:p></o:p></span></p>"
    answer = as_head.post(NEW, typed(cast, body=rubbish * (5_000_000 // len(rubbish.encode())), action="save"))
    assert answer.status_code in {302, 422}
    assert only().draft_title == "关于十二月份成品抽检安排的通知", "the rest is saved either way"
    if answer.status_code == 422:
        assert 'id="id_body_error"' in answer.content.decode()


def test_a_script_in_the_text_is_never_kept(as_head, cast, board):
    as_head.post(NEW, typed(cast, body="<p onclick=alert(1)>好<script>alert(1)</script></p>"))
    assert only().body == "<p>好</p>"


def test_publishing_later_shows_nothing_now_and_can_be_called_off(as_head, cast, board):
    at = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    assert as_head.post(NEW, typed(cast, go_live_at=at)).status_code == 302
    notice = only()
    assert not notice.is_shown
    assert as_head.get(update(notice)).url == reverse("bulletin:notice_preview", args=[notice.pk])
    assert as_head.post(update(notice), sent(notice, cast, title="偷改", action="save")).status_code == 422
    assert as_head.post(reverse("bulletin:notice_unscheduling", args=[notice.pk])).url == update(notice)
    assert as_head.get(update(notice)).status_code == 200
    assert not only().is_shown


def test_pinned_for_days_ends_by_itself(as_head, cast, board):
    as_head.post(NEW, typed(cast, pinned_for="3"))
    assert timedelta(days=2, hours=23) < only().pinned_until - timezone.now() <= timedelta(days=3)


def test_a_retracted_notice_is_not_corrected(as_head, cast, notice):
    retract_page(notice, reason="重复", actor=cast.head)
    assert as_head.get(update(notice)).status_code == 403
    assert as_head.post(update(notice), sent(notice, cast)).status_code == 403


def test_an_open_draft_is_closed_to_who_may_no_longer_publish(as_head, cast, board):
    written = draft(board, cast.head)
    cast.head.employments.update(ends_on=today() - timedelta(days=1))
    cast.inspector.employments.update(position=cast.head_post)
    refresh_standings([cast.head.pk, cast.inspector.pk])
    assert as_head.post(update(written), sent(written, cast)).status_code in {302, 403, 404}
    assert not only().is_shown


def test_the_session_that_ended_sends_to_the_sign_in_and_saves_nothing(client, cast, board):
    written = draft(board, cast.head)
    answer = client.post(update(written), sent(written, cast, title="没有登录", autosave="1"))
    assert answer.status_code == 302
    assert only().draft_title != "没有登录"


def test_publishing_while_the_broker_is_dead_publishes_and_tells_later(as_head, cast, board, monkeypatch):
    monkeypatch.setattr(current_app.conf, "broker_url", "redis://127.0.0.1:1/0")
    assert as_head.post(NEW, typed(cast)).status_code == 302
    assert only().is_shown
    drain()
    assert Notification.objects.filter(recipient=cast.inspector, kind="bulletin.published").exists()


def test_a_draft_is_deleted_and_what_was_published_is_not(as_head, cast, board):
    written, published = draft(board, cast.head), write(board, cast.head)
    assert as_head.post(reverse("bulletin:notice_deletion", args=[written.pk])).status_code == 302
    assert as_head.post(reverse("bulletin:notice_deletion", args=[published.pk])).status_code == 403
    assert only() == published


def test_where_a_second_person_approves_the_form_asks_instead_of_publishing(as_head, cast, board):
    keep_board(board, document_prefix="厂质", needs_second_person=True, actor=cast.head)
    assert 'value="submit"' in as_head.get(NEW).content.decode()
    assert as_head.post(NEW, typed(cast, action="publish")).status_code == 302
    assert not only().is_shown
    assert only().workflow_in_progress


def test_a_topic_says_until_when_and_a_document_needs_its_prefix(as_head, cast, board):
    answer = as_head.post(NEW, typed(cast, kind="topic"))
    assert 'id="id_closes_on_error"' in answer.content.decode()
    keep_board(board, document_prefix="", needs_second_person=False, actor=cast.head)
    notice = only()
    answer = as_head.post(update(notice), sent(notice, cast, kind="document"))
    assert answer.status_code == 422
    assert "kind" in answer.context["form"].errors
