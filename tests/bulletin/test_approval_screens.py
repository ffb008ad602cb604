"""Approving, sending back, retracting, watching over, further boards and keeping a board, as pages."""

from datetime import timedelta

import pytest
from django.urls import reverse

from bulletin.models import BoardReference, Notice, PublishingDelegation
from bulletin.services.boards import board_of, delegate_publishing, keep_board, refer_notice
from portal.access.rules import AudienceRule, person_token
from portal.access.services import grant_capability
from portal.accounts.models import User
from portal.audit.models import AuditRecord
from portal.discussion.services import post_comment
from portal.notifications.models import Notification
from portal.organization.querysets import today
from portal.outbox.services import drain
from portal.pages.approval import submit_page
from portal.pages.drafts import draft_stamp
from tests.bulletin.writing import audience, draft, write

pytestmark = pytest.mark.django_db


def address(name: str, pk: int) -> str:
    return reverse(f"bulletin:{name}", args=[pk])


@pytest.fixture
def waiting(cast, board):
    """What 李敏 wrote, which waits for another publisher of 质检科."""
    keep_board(board, document_prefix="厂质", needs_second_person=True, actor=cast.head)
    written = draft(board, cast.head, body="<p>尚未批准</p>")
    submit_page(written, actor=cast.head)
    return Notice.objects.get(pk=written.pk)


@pytest.fixture
def as_deputy(client, cast):
    client.force_login(cast.deputy)
    return client


@pytest.fixture
def overseer(cast):
    grant_capability("bulletin.oversee", rule=AudienceRule.of([person_token(cast.director.pk)]), actor=cast.admin)
    return User.objects.get(pk=cast.director.pk)


def test_the_approver_sees_it_as_readers_would_and_publishes_it(as_deputy, cast, waiting):
    page = as_deputy.get(address("notice_approval", waiting.pk)).content.decode()
    assert "尚未批准" in page
    assert 'value="approve"' in page
    answer = as_deputy.post(address("notice_approval", waiting.pk), {"action": "approve", "seen": draft_stamp(waiting)})
    assert answer.url == waiting.get_absolute_url()
    assert Notice.objects.get(pk=waiting.pk).is_shown


def test_the_bell_of_the_approver_leads_to_the_approval(cast, waiting):
    drain()
    told = Notification.objects.get(kind="bulletin.approval")
    assert (told.recipient, told.url) == (cast.deputy, address("notice_approval", waiting.pk))


def test_nobody_approves_their_own(client, cast, waiting):
    client.force_login(cast.head)
    page = client.get(address("notice_approval", waiting.pk)).content.decode()
    assert 'value="approve"' not in page
    assert client.post(address("notice_approval", waiting.pk), {"action": "approve", "seen": draft_stamp(waiting)}).status_code == 409
    assert not Notice.objects.get(pk=waiting.pk).is_shown


def test_of_two_who_press_one_does_it_and_the_other_is_told(client, cast, waiting):
    delegate_publishing(cast.quality, cast.inspector, starts_on=today(), ends_on=today(), actor=cast.head)
    client.force_login(cast.deputy)
    assert client.post(address("notice_approval", waiting.pk), {"action": "approve", "seen": draft_stamp(waiting)}).status_code == 302
    client.force_login(User.objects.get(pk=cast.inspector.pk))
    answer = client.post(address("notice_approval", waiting.pk), {"action": "approve", "seen": draft_stamp(waiting)})
    assert answer.status_code == 409
    assert 'role="alert"' in answer.content.decode()
    assert Notice.objects.get(pk=waiting.pk).version_number == 1


def test_it_is_sent_back_with_a_comment_that_the_author_finds_in_the_form(client, cast, waiting):
    client.force_login(cast.deputy)
    assert client.post(address("notice_approval", waiting.pk), {"action": "send_back", "comment": " "}).status_code == 422
    assert client.post(address("notice_approval", waiting.pk), {"action": "send_back", "comment": "请写明时间"}).status_code == 302
    client.force_login(cast.head)
    assert "请写明时间" in client.get(address("notice_update", waiting.pk)).content.decode()
    assert not Notice.objects.get(pk=waiting.pk).is_shown


def test_what_waits_is_taken_back_and_can_be_changed_again(client, cast, waiting):
    client.force_login(cast.head)
    assert client.get(address("notice_update", waiting.pk)).url == address("notice_preview", waiting.pk)
    assert client.post(address("notice_taking_back", waiting.pk)).url == address("notice_update", waiting.pk)
    assert client.get(address("notice_update", waiting.pk)).status_code == 200
    assert AuditRecord.objects.filter(verb="notice.taken_back").exists()
    assert client.post(address("notice_taking_back", waiting.pk)).url == address("notice_approval", waiting.pk), "once only"


def test_approvals_are_closed_to_everyone_but_the_departments_publishers(client, cast, waiting):
    for person in (cast.inspector, cast.workshop_head, cast.director, cast.admin):
        client.force_login(person)
        assert client.get(address("notice_approval", waiting.pk)).status_code == 404
        assert client.post(address("notice_approval", waiting.pk), {"action": "approve", "seen": draft_stamp(waiting)}).status_code == 404
        assert client.post(address("notice_taking_back", waiting.pk)).status_code == 404


def test_home_says_what_waits_for_my_approval_and_is_silent_otherwise(client, cast, waiting):
    client.force_login(cast.deputy)
    assert address("notice_approval", waiting.pk) in client.get("/").content.decode()
    for person in (cast.head, cast.inspector):
        client.force_login(person)
        assert address("notice_approval", waiting.pk) not in client.get("/").content.decode()


def test_a_retraction_needs_a_reason_and_says_what_is_lost(client, cast, notice):
    client.force_login(cast.deputy)
    assert client.get(address("notice_retraction", notice.pk)).status_code == 200
    assert client.post(address("notice_retraction", notice.pk), {"reason": ""}).status_code == 422
    assert client.post(address("notice_retraction", notice.pk), {"reason": "数据有误"}).status_code == 302
    assert Notice.objects.get(pk=notice.pk).retraction_reason == "数据有误"
    assert client.get(address("notice_retraction", notice.pk)).status_code == 403


def test_readers_and_strangers_retract_nothing(client, cast, notice):
    for person, status in ((cast.inspector, 403), (cast.salesperson, 404), (cast.workshop_head, 404)):
        client.force_login(person)
        assert client.get(address("notice_retraction", notice.pk)).status_code == status
        assert client.post(address("notice_retraction", notice.pk), {"reason": "x"}).status_code == status
    assert Notice.objects.get(pk=notice.pk).is_shown


def test_who_watches_over_the_boards_sees_titles_and_retracts_but_never_reads(client, cast, board, overseer):
    secret = write(board, cast.head, title="内部名单", body="<p>只给质检科看</p>", audience=audience(f"user:{cast.inspector.pk}"))
    unseen = draft(board, cast.head, title="尚是草稿")
    client.force_login(overseer)
    page = client.get(reverse("bulletin:oversight")).content.decode()
    assert "内部名单" in page
    assert unseen.draft_title not in page
    assert client.get(secret.get_absolute_url()).status_code == 404
    form = client.get(address("notice_retraction", secret.pk)).content.decode()
    assert "只给质检科看" not in page + form
    assert client.get(address("notice_retraction", unseen.pk)).status_code == 404
    assert client.post(address("notice_retraction", secret.pk), {"reason": "超出范围"}).url == reverse("bulletin:oversight")
    assert not Notice.objects.get(pk=secret.pk).is_shown


def test_why_answers_whoever_may_ask_about_any_notice_and_shows_no_text(client, cast, board, overseer):
    """Also where it is addressed to somebody else, is a draft, or is what somebody said of it."""
    secret = write(board, cast.head, title="内部名单", body="<p>只给王伟看</p>", audience=audience(f"user:{cast.inspector.pk}"))
    unseen = draft(board, cast.head, title="尚是草稿", body="<p>草稿正文</p>")
    comment = post_comment(actor=cast.inspector, about=secret, body="评论里的秘密")
    client.force_login(cast.admin)
    assert f"/access/why/bulletin.notice/{secret.pk}/" in client.get(reverse("bulletin:oversight")).content.decode()
    for model, thing, title in (("bulletin.notice", secret, "内部名单"), ("bulletin.notice", unseen, "尚是草稿"), ("discussion.comment", comment, "内部名单")):
        for person in ("10003", "10004", "10002"):
            page = client.get(f"/access/why/{model}/{thing.pk}/", {"person": person}).content.decode()
            assert title in page
            assert not any(words in page for words in ("只给王伟看", "草稿正文", "评论里的秘密"))
        assert client.get(thing.get_absolute_url() if model != "discussion.comment" else f"/discussion/comments/{thing.pk}/").status_code == 404
    for person, sees in (("10003", True), ("10004", False)):
        assert client.get(f"/access/why/bulletin.notice/{secret.pk}/", {"person": person}).context["explanation"].allowed is sees
    client.force_login(overseer)
    assert "/access/why/" not in client.get(reverse("bulletin:oversight")).content.decode(), "who may not ask finds no question"


def test_oversight_is_closed_to_who_was_not_granted_it(client, cast, board):
    for person in (cast.head, cast.inspector, cast.director):
        client.force_login(person)
        assert client.get(reverse("bulletin:oversight")).status_code == 403


def test_a_notice_is_put_on_a_further_board_by_who_publishes_there(client, cast, board):
    notice = write(board, cast.head, title="全厂放假安排", audience=audience("all"))
    board_of(cast.workshop)
    client.force_login(cast.workshop_head)
    assert client.post(address("reference_create", notice.pk), {"department": cast.sales.pk}).status_code == 422
    assert client.post(address("reference_create", notice.pk), {"department": cast.workshop.pk}).status_code == 302
    reference = BoardReference.objects.get()
    assert notice.title in client.get(address("department_board", cast.workshop.pk)).content.decode()
    client.force_login(cast.salesperson)
    assert client.post(address("reference_deletion", reference.pk)).status_code == 403
    client.force_login(cast.head)
    assert client.post(address("reference_deletion", reference.pk)).status_code == 302
    assert not BoardReference.objects.exists()


def test_what_i_may_not_see_i_cannot_refer(client, cast, notice):
    client.force_login(cast.workshop_head)
    assert client.get(address("reference_create", notice.pk)).status_code == 404
    assert client.post(address("reference_create", notice.pk), {"department": cast.workshop.pk}).status_code == 404


def test_the_page_of_a_notice_names_its_further_boards(client, cast, board):
    notice = write(board, cast.head, audience=audience("all"))
    refer_notice(notice, cast.workshop, actor=cast.workshop_head)
    client.force_login(cast.inspector)
    assert cast.workshop.label in client.get(notice.get_absolute_url()).content.decode()


def test_the_head_keeps_the_board_and_delegates_publishing_for_a_time(client, cast, board):
    client.force_login(cast.head)
    page = address("board_update", cast.quality.pk)
    assert client.get(page).status_code == 200
    assert client.post(page, {"document_prefix": "质发", "needs_second_person": "on"}).status_code == 302
    board.refresh_from_db()
    assert (board.document_prefix, board.needs_second_person) == ("质发", True)
    delegations = address("delegation_create", cast.quality.pk)
    day = today()
    for person, status in (("没有这个人", 422), ("王伟", 302)):
        assert client.post(delegations, {"person": person, "starts_on": day, "ends_on": day + timedelta(days=7)}).status_code == status
    assert client.post(delegations, {"person": "10004", "starts_on": day, "ends_on": day - timedelta(days=7)}).status_code == 422
    delegation = PublishingDelegation.objects.get()
    assert delegation.person == cast.inspector
    assert client.post(address("delegation_end", delegation.pk)).status_code == 302
    delegation.refresh_from_db()
    assert delegation.ended_at is not None


def test_others_keep_no_board_that_is_not_theirs(client, cast, board):
    delegation = delegate_publishing(cast.quality, cast.inspector, starts_on=today(), ends_on=today(), actor=cast.head)
    day = today()
    for person in (cast.inspector, cast.workshop_head, cast.admin):
        client.force_login(User.objects.get(pk=person.pk))
        assert client.get(address("board_update", cast.quality.pk)).status_code == 403
        assert client.post(address("board_update", cast.quality.pk), {"document_prefix": "x"}).status_code == 403
        assert client.post(address("delegation_create", cast.quality.pk), {"person": "10004", "starts_on": day, "ends_on": day}).status_code == 403
        assert client.post(address("delegation_end", delegation.pk)).status_code == 404
