"""Mail is written, saved, taken back and sent; it arrives once, with everybody for whom it was, and stays as it was sent."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mail.errors import FullError, MailError, RecipientError, SentError
from mail.models import Address, Draft, Envelope, Mailbox, Message, Placement
from mail.services.drafts import begin_draft, save_draft
from mail.services.keeping import move_conversation, purge_conversation
from mail.services.mailboxes import ensure_mailboxes
from mail.services.reading import recall
from mail.services.sending import release, send_draft, send_now, take_back
from portal.accounts.models import User
from portal.attachments.queries import shown_on
from portal.notifications.models import Notification
from portal.organization.services.people import enrol_person
from portal.outbox.services import drain
from tests.attachments.samples import pdf
from tests.cast import Cast
from tests.mail.writing import BODY, SUBJECT, make_draft, make_due, open_it, received, send, sent

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db


def test_everyone_has_one_mailbox_and_no_address_is_ever_given_again(cast: Cast) -> None:
    ensure_mailboxes()
    assert Mailbox.objects.count() == User.objects.employees().count()
    assert not Mailbox.objects.filter(owner=cast.customer).exists()
    assert Mailbox.objects.filter(owner=cast.leaver).exists()
    assert [address.local for address in cast.head.mailbox.addresses.all()] == ["limin", "10002"]
    new = enrol_person(employee_number="20001", name="李敏", department=cast.sales, position=cast.staff_post, starts_on=timezone.localdate(), actor=cast.admin)
    assert [address.local for address in new.mailbox.addresses.all()] == ["limin.20001", "20001"]
    assert ensure_mailboxes() == 0
    for statement in ("UPDATE mail_address SET local = 'other' WHERE local = 'limin'", "DELETE FROM mail_address"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Address.objects.filter(local="limin").exists()


def test_a_message_waits_ten_seconds_and_then_goes_once(cast: Cast) -> None:
    draft = send_draft(actor=cast.head, draft=make_draft(cast.head, cast.inspector, cc=[cast.operator]))
    assert timezone.now() + timedelta(seconds=5) < draft.due_at <= timezone.now() + timedelta(seconds=10)
    drain()
    assert not Message.objects.exists()
    draft = make_due(draft)
    drain()
    [message] = Message.objects.all()
    assert (message.subject, message.body) == (SUBJECT, BODY)
    assert not Draft.objects.exists()
    assert {(row.mailbox.owner, row.role) for row in Envelope.objects.all()} == {(cast.inspector, "to"), (cast.operator, "cc")}
    rows = Placement.objects.values_list("mailbox__owner", "side", "place")
    assert set(rows) == {(cast.head.pk, "sent", "sent"), (cast.inspector.pk, "received", "inbox"), (cast.operator.pk, "received", "inbox")}
    assert release(draft.pk, draft.version) is None  # an effect may be carried out again after a crash
    assert Message.objects.count() == 1


def test_what_waits_is_taken_back_and_written_on_and_an_old_effect_sends_nothing(cast: Cast) -> None:
    draft = send_draft(actor=cast.head, draft=make_draft(cast.head, cast.inspector))
    back = take_back(actor=cast.head, draft=draft)
    assert not back.is_waiting
    again = send_draft(actor=cast.head, draft=back, due_at=timezone.now() + timedelta(days=2))
    make_due(Draft.objects.get(pk=draft.pk))
    assert release(draft.pk, draft.version) is None
    assert not Message.objects.exists()
    assert release(again.pk, again.version) is not None
    with pytest.raises(SentError, match="已发出"):
        take_back(actor=cast.head, draft=again)


def test_nothing_is_sent_to_nobody_to_who_left_into_the_past_or_into_a_full_mailbox(cast: Cast) -> None:
    draft = make_draft(cast.head)
    with pytest.raises(RecipientError):
        send_draft(actor=cast.head, draft=draft)
    with pytest.raises(RecipientError, match="周涛"):
        send_draft(actor=cast.head, draft=make_draft(cast.head, cast.leaver))
    with pytest.raises(RecipientError):
        send_draft(actor=cast.head, draft=make_draft(cast.head, cast.customer))
    with pytest.raises(MailError):
        send_draft(actor=cast.head, draft=make_draft(cast.head, cast.inspector), due_at=timezone.now() - timedelta(minutes=1))
    Mailbox.objects.filter(owner=cast.operator).update(limit=100)
    with pytest.raises(FullError, match="张强"):
        send_draft(actor=cast.head, draft=make_draft(cast.head, cast.inspector, cast.operator))
    Mailbox.objects.filter(owner=cast.head).update(limit=100)
    with pytest.raises(FullError):
        send_draft(actor=cast.head, draft=make_draft(cast.head, cast.inspector))
    assert not Placement.objects.exists()


def test_what_cannot_go_when_it_is_due_comes_back_as_a_draft_and_its_writer_is_told(cast: Cast) -> None:
    draft = make_due(send_draft(actor=cast.head, draft=make_draft(cast.head, cast.inspector, cast.operator)))
    Mailbox.objects.filter(owner=cast.operator).update(limit=100)
    drain()
    kept = Draft.objects.get(pk=draft.pk)
    assert not kept.is_waiting
    assert "张强" in kept.problem
    drain()
    assert "张强" in str(Notification.objects.get(recipient=cast.head).words)
    assert not Message.objects.exists()


def test_what_waits_of_somebody_who_left_is_never_sent(cast: Cast) -> None:
    make_due(send_draft(actor=cast.head, draft=make_draft(cast.head, cast.inspector)))
    User.objects.filter(pk=cast.head.pk).update(is_active=False)
    drain()
    assert not Message.objects.exists()
    assert not Notification.objects.exists()


def test_one_key_and_leaving_leaves_no_draft_and_a_recipient_or_a_text_does(cast: Cast, client_for: SignIn) -> None:
    ensure_mailboxes()
    browser = client_for(cast.head)
    new = reverse("mail:new")
    for typed in ({"subject": "关"}, {"subject": "关于"}, {"body": "<p>你好</p>"}, {}):
        assert browser.post(new, {"key": uuid4().hex, "autosave": "1", **typed}).json()["is_kept"] is False
    assert not Draft.objects.exists()
    for typed in ({"subject": "关于检修"}, {"to_include": [f"user:{cast.inspector.pk}"]}, {"body": "<p>附上十一月的检验数据。</p>"}):
        assert "url" in browser.post(new, {"key": uuid4().hex, "autosave": "1", **typed}).json()
    assert Draft.objects.count() == 3


def test_two_windows_never_write_over_one_another(cast: Cast, client_for: SignIn) -> None:
    draft = make_draft(cast.head, cast.inspector)
    browser = client_for(cast.head)
    form = {"to_include": [f"user:{cast.inspector.pk}"], "subject": "甲", "body": "<p>甲的正文</p>", "seen": draft.version}
    saved = browser.post(draft.get_absolute_url(), form | {"autosave": "1"}).json()
    assert int(saved["stamp"]) == draft.version + 1
    refused = browser.post(draft.get_absolute_url(), form | {"subject": "乙", "body": "<p>乙的正文</p>", "autosave": "1"})
    assert (refused.status_code, refused.json()["is_conflict"]) == (409, True)
    page = browser.post(draft.get_absolute_url(), form | {"subject": "乙", "body": "<p>乙的正文</p>", "action": "send"})
    assert page.status_code == 409
    assert "乙的正文" in page.content.decode()
    assert "甲" in page.content.decode()
    assert Draft.objects.get(pk=draft.pk).body == "<p>甲的正文</p>"
    assert not Draft.objects.get(pk=draft.pk).is_waiting


def test_one_key_makes_one_message_however_often_it_is_sent(cast: Cast, client_for: SignIn) -> None:
    ensure_mailboxes()
    browser, key = client_for(cast.head), uuid4().hex
    form = {"to_include": [f"user:{cast.inspector.pk}"], "subject": "一次", "body": "正文", "key": key, "action": "send", "seen": ""}
    for _time in range(2):
        assert browser.post("/mail/new/", form).status_code == 302
    [draft] = Draft.objects.all()
    assert draft.is_waiting
    send_now(actor=cast.head, draft=draft)
    assert browser.post("/mail/new/", form)["Location"] == f"/mail/messages/{sent(Message.objects.get()).pk}/"
    assert browser.get(f"/mail/new/?key={key}").status_code == 302
    assert Message.objects.count() == 1
    assert not Draft.objects.exists()


def test_nobody_writes_or_sends_anothers_draft(cast: Cast, client_for: SignIn) -> None:
    draft = make_draft(cast.head, cast.inspector)
    for person in (cast.inspector, cast.admin):
        browser = client_for(person)
        assert browser.get(draft.get_absolute_url()).status_code == 404
        assert browser.post(draft.get_absolute_url(), {"subject": "x", "action": "send"}).status_code == 404
        assert browser.post(f"{draft.get_absolute_url()}deletion/").status_code == 404
    waiting = send_draft(actor=cast.head, draft=draft)
    stranger = client_for(cast.inspector)
    assert stranger.post(f"{waiting.get_absolute_url()}sending/").status_code == 404
    assert stranger.post(f"/mail/drafts/{waiting.key}/return/").status_code == 404
    assert Draft.objects.get(pk=draft.pk).is_waiting
    owner = client_for(cast.head)
    assert owner.post(f"/mail/drafts/{waiting.key}/return/")["Location"] == draft.get_absolute_url()
    send_now(actor=cast.head, draft=send_draft(actor=cast.head, draft=draft))
    assert "来不及了" in owner.post(f"/mail/drafts/{waiting.key}/return/", follow=True).content.decode()
    draft = make_draft(cast.head, cast.inspector)
    with pytest.raises(Exception, match="key"), transaction.atomic():  # the database refuses a second mailbox's key
        begin_draft(actor=cast.inspector, key=draft.key, values={"subject": "", "body": "", "to": [], "cc": [], "bcc": []})


def test_files_go_along_under_their_addresses_and_count_in_each_mailbox(cast: Cast, client_for: SignIn) -> None:
    ensure_mailboxes()
    browser = client_for(cast.head)
    content = pdf("落丝记录")
    with_file = {"file_ids-files": [_named("记录.pdf", content)], "to_include": [f"user:{cast.inspector.pk}"], "action": "send", "seen": "", "key": uuid4().hex}
    assert browser.post("/mail/new/", {"subject": "见附件", "body": "附上"} | with_file).status_code == 302
    message = send_now(actor=cast.head, draft=Draft.objects.get())
    [attachment] = shown_on(message)
    assert message.has_files
    assert message.size > len(content)
    address = f"/files/{attachment.pk}/"
    reader = client_for(cast.inspector)
    assert reader.get(address).status_code == 404  # not before it was opened
    open_it(message, cast.inspector)
    answers = {person.name: client_for(person).get(address).status_code for person in (cast.inspector, cast.head, cast.operator, cast.admin)}
    assert answers == {"王伟": 200, "李敏": 200, "张强": 404, "管理员": 404}


def _named(name: str, content: bytes):
    return SimpleUploadedFile(name, content)


def test_what_was_sent_never_changes(cast: Cast) -> None:
    message = send(cast.head, cast.inspector)
    for statement in (
        "UPDATE mail_message SET body = 'x'",
        "DELETE FROM mail_message",
        "UPDATE mail_envelope SET role = 'bcc'",
        "DELETE FROM mail_envelope",
        "DELETE FROM mail_placement",
        "UPDATE mail_placement SET size = 0",
        f"UPDATE mail_placement SET mailbox_id = {cast.operator.mailbox.pk} WHERE side = 'received'",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    open_it(message, cast.inspector)
    with pytest.raises(DatabaseError), transaction.atomic():
        Placement.objects.filter(side="received").update(read_at=None)
    with pytest.raises(DatabaseError), transaction.atomic():
        Placement.objects.filter(side="received").update(recalled_at=timezone.now())


def test_what_a_mailbox_has_used_is_the_sum_of_what_is_there(cast: Cast) -> None:
    first, second = send(cast.head, cast.inspector, cast.operator, bcc=[cast.head]), send(cast.inspector, cast.head, body="<p>" + "长" * 500 + "</p>")
    assert_counted()
    recall(actor=cast.head, message=first)
    assert_counted()
    binned = open_it(second, cast.head)
    move_conversation(actor=cast.head, placement=binned, place="bin")
    assert_counted()
    before = Mailbox.objects.get(owner=cast.head).used
    purge_conversation(actor=cast.head, placement=Placement.objects.get(pk=binned.pk))
    assert Mailbox.objects.get(owner=cast.head).used == before - second.size
    assert_counted()


def assert_counted() -> None:
    for mailbox in Mailbox.objects.all():
        there = Placement.objects.live().filter(mailbox=mailbox).aggregate(total=Sum("size"))["total"] or 0
        assert mailbox.used == there


def test_a_subject_is_one_line_whatever_stands_in_it(cast: Cast) -> None:
    draft = make_draft(cast.head, cast.inspector, subject="甲\r\nBcc: x\x85乙\u2028丙")
    assert draft.subject == "甲 Bcc: x 乙 丙"
    assert save_draft(actor=cast.head, draft=draft, version=1, values={"subject": "字" * 300}).subject == "字" * 200


def test_answers_go_to_those_whom_the_reader_may_know_of(cast: Cast, client_for: SignIn) -> None:
    message = send(cast.head, cast.inspector, cc=[cast.operator], bcc=[cast.salesperson])
    open_it(message, cast.inspector)
    page = client_for(cast.inspector).get(f"/mail/messages/{received(message, cast.inspector).pk}/reply-all/").content.decode()
    chosen = {person.name for person in cast.employees if f'value="user:{person.pk}" checked' in page}
    assert chosen == {"李敏", "张强"}
    assert client_for(cast.operator).get(f"/mail/messages/{received(message, cast.operator).pk}/reply/").status_code == 404  # unopened
    answer = send(cast.inspector, cast.head, answers=message, subject="答复")
    assert answer.thread == message.thread
    assert answer.parent == message
