"""Operators of the search, messages as files, acts on several lines."""

from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from mail.listing import MailList
from mail.models import Draft, Mailbox, Placement
from mail.questions import read_question
from mail.services.keeping import create_folder, set_star
from mail.services.mailboxes import ensure_mailboxes
from mail.services.reading import recall
from mail.services.sending import send_now
from portal.accounts.models import User
from tests.attachments.samples import pdf
from tests.cast import Cast
from tests.mail.writing import open_it, received, send

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db


def found(person: User, words: str, place: str = "inbox") -> set[str]:
    page = MailList(Mailbox.objects.get(owner=person), place, words=words).page()
    return {line.placement.message.subject for line in page.lines}


def test_operators_in_both_languages_ask_the_same(cast: Cast) -> None:
    first = send(cast.head, cast.inspector, subject="端部落丝")
    send(cast.operator, cast.inspector, subject="排班表", cc=[cast.head])
    set_star(actor=cast.inspector, placement=received(first, cast.inspector), wanted=True)
    today, later = f"{timezone.localdate():%Y-%m-%d}", "2999-01-01"
    for words, subjects in (
        ("from:李敏", {"端部落丝"}), ("发件人:李敏", {"端部落丝"}), ("发件人：10002", {"端部落丝"}), ("from:李敏 from:张强", set()),
        ("subject:排班", {"排班表"}), ('主题："排班表"', {"排班表"}), ("收件人:李敏", {"排班表"}), ("to:王伟", {"端部落丝", "排班表"}),
        ("星标", {"端部落丝"}), ("is:starred", {"端部落丝"}), ("未读", {"端部落丝", "排班表"}), ("有附件", set()), ("has:attachment", set()),
        (f"after:{today}", {"端部落丝", "排班表"}), (f"早于:{today}", set()), (f"before:{later} 落丝", {"端部落丝"}), ("after:2999", set()),
        ("大于:1", set()), ("larger:0k", {"端部落丝", "排班表"}), ("wrong:李敏", set()), ("after:昨天", set()),
    ):  # fmt: skip
        assert found(cast.inspector, words) == subjects, words
    assert read_question("before:2026-13-01").words == ["before:2026-13-01"]


def test_what_was_not_opened_is_not_found_by_its_text_and_blind_recipients_by_nobody(cast: Cast) -> None:
    message = send(cast.head, cast.inspector, bcc=[cast.salesperson], body="<p>紫金山天文台</p>")
    assert not found(cast.inspector, "紫金山")
    open_it(message, cast.inspector)
    assert found(cast.inspector, "紫金山") == {message.subject}
    assert not found(cast.inspector, "to:孙丽")
    assert found(cast.salesperson, "to:孙丽") == {message.subject}
    assert found(cast.head, "to:孙丽", place="sent") == {message.subject}
    recall(actor=cast.head, message=message)
    assert not found(cast.salesperson, "to:孙丽")


def test_a_message_is_taken_away_as_a_file_by_whoever_has_opened_it(cast: Cast, client_for: SignIn) -> None:
    ensure_mailboxes()
    form = {
        "to_include": [f"user:{cast.inspector.pk}"],
        "bcc_include": [f"user:{cast.operator.pk}"],
        "subject": "检验记录：3 号机组",
        "body": "<p>附上记录</p>",
    }
    form |= {"file_ids-files": [SimpleUploadedFile("端部落丝记录（十一月）.pdf", pdf("落丝"))], "action": "send", "seen": "", "key": uuid4().hex}
    assert client_for(cast.head).post("/mail/new/", form).status_code == 302
    message = send_now(actor=cast.head, draft=Draft.objects.get())
    assert message is not None
    reader, address = client_for(cast.inspector), f"{received(message, cast.inspector).get_absolute_url()}eml/"
    assert reader.get(address).status_code == 404  # not before it was opened
    open_it(message, cast.inspector)
    answer = reader.get(address)
    assert answer["Content-Type"] == "message/rfc822"
    assert "filename*=utf-8''" in answer["Content-Disposition"]
    assert client_for(cast.salesperson).get(address).status_code == 404
    read = message_from_bytes(answer.content, policy=default)
    assert read["Subject"] == "检验记录：3 号机组"
    assert read["From"].addresses[0].display_name == "李敏"
    assert "张强" not in str(read)
    assert read.get_body(("plain",)).get_content().strip() == "附上记录"
    [file] = read.iter_attachments()
    assert file.get_filename() == "端部落丝记录（十一月）.pdf"
    assert file.get_content() == pdf("落丝")


def test_several_lines_are_moved_at_once_and_only_ones_own(cast: Cast, client_for: SignIn) -> None:
    rows = [received(send(cast.head, cast.inspector, subject=f"第 {number} 封"), cast.inspector) for number in range(3)]
    other = received(send(cast.head, cast.operator), cast.operator)
    browser = client_for(cast.inspector)
    ticked = [rows[0].pk, rows[1].pk, other.pk, "x"]
    assert browser.post("/mail/several/", {"row": ticked, "act": "archive", "next": "/mail/?show=unread"})["Location"] == "/mail/?show=unread"
    assert set(Placement.objects.filter(place="archive").values_list("pk", flat=True)) == {rows[0].pk, rows[1].pk}
    assert browser.post("/mail/several/", {"row": ticked, "act": "inbox"}).status_code == 302
    assert not Placement.objects.filter(place="archive").exists()
    folder = create_folder(actor=cast.inspector, name="周报")
    browser.post("/mail/several/", {"row": [rows[2].pk], "folder": folder.pk})
    assert Placement.objects.get(pk=rows[2].pk).folder == folder
    assert client_for(cast.operator).post("/mail/several/", {"row": [other.pk], "folder": folder.pk}).status_code == 404
    browser.post("/mail/several/", {"row": [rows[0].pk], "act": "star"})
    assert Placement.objects.get(is_starred=True).pk == rows[0].pk
    assert not Placement.objects.filter(read_at__isnull=False).exists()  # nothing is said to be read that was not opened
    assert "请先勾选" in browser.post("/mail/several/", {"act": "bin"}, follow=True).content.decode()
