"""Mail to the internet: signed, at least once, tried again; what comes back is told to who sent it, in words; an answer joins its conversation."""

import smtplib
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any
from uuid import uuid4

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from mail.errors import RecipientError
from mail.gateway.connection import bounce_address, outbound_of
from mail.models import JournalEntry, Message, Outbound, Placement
from mail.services.drafts import begin_draft
from mail.services.mailboxes import ensure_mailboxes
from mail.services.outward import deliver_due
from mail.services.reading import recall
from mail.services.sending import send_draft, send_now
from portal.access.rules import AudienceRule, person_token
from portal.access.services import grant_capability
from portal.accounts.models import User
from portal.attachments.services import receive_file
from tests.cast import Cast
from tests.mail.outside import DOMAIN, Smarthost, bring, connected, gateway, letter, smarthost
from tests.mail.writing import BODY, SUBJECT, fresh, open_it, received, sent

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db(transaction=True)
ZHAOLI = "zhaoli@supplier.example"


@pytest.fixture
def host(cast: Cast, settings: Any, tmp_path: Path) -> Iterator[Smarthost]:
    """李敏 may write to the internet; what goes there is signed."""
    key = rsa.generate_private_key(65537, 2048)
    (tmp_path / "dkim.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()))
    ensure_mailboxes()
    grant_capability("mail.outside", rule=AudienceRule.of([person_token(cast.head.pk)]), actor=cast.admin)
    with smarthost() as (found, port):
        settings.ENVIRONMENT = connected(mail_smarthost=f"smtp://127.0.0.1:{port}", mail_dkim_key=str(tmp_path / "dkim.pem"))
        found.public_key = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        yield found


def write(sender: User, *outside: str, to: tuple[User, ...] = (), bcc: tuple[User, ...] = (), **more: Any) -> Message:
    """Sent at once; `files` and `answers` as a draft has them."""
    answers = more.get("answers")
    people = {"to": [one.pk for one in to], "cc": [], "bcc": [one.pk for one in bcc], "outside": list(outside)}
    values = {"subject": SUBJECT, "body": BODY, **people}
    files = [file.pk for file in more.get("files", ())]
    draft = begin_draft(actor=fresh(sender), key=uuid4(), values=values, file_ids=files, answers=answers, manner="reply" if answers else "new")
    return send_now(actor=fresh(sender), draft=send_draft(actor=fresh(sender), draft=draft))


def make_due() -> None:
    Outbound.objects.update(due_at=timezone.now() - timedelta(seconds=1))


def report(outbound: Outbound, status: str) -> bytes:
    return (
        f"From: MAILER-DAEMON@supplier.example\r\nTo: {bounce_address(outbound.pk)}\r\nSubject: Undelivered\r\nAuto-Submitted: auto-replied\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x\r\n\r\nThe mailbox is unknown.\r\n--x\r\n"
        f"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nAction: failed\r\nStatus: {status}\r\n\r\n--x--\r\n"
    ).encode()


def test_what_goes_out_is_signed_whole_and_says_nothing_of_blind_copies(host: Smarthost, cast: Cast) -> None:
    file = receive_file(actor=cast.head, name="2026年第47周取样结果（含水率）.csv", content=SimpleUploadedFile("x", "机组,mg\n3,6.4\n".encode()))
    message = write(cast.head, ZHAOLI, "second@other.example", to=(cast.inspector,), bcc=(cast.operator,), files=(file,))
    assert deliver_due() == 2
    [(sender, to, content), (_sender, also, again)] = host.kept
    assert (to, also) == ([ZHAOLI], ["second@other.example"])
    assert content == again
    assert outbound_of(sender.partition("@")[0]) == Outbound.objects.get(address=ZHAOLI).pk
    assert dkim.verify(content, dnsfunc=lambda _name, timeout=5: b"v=DKIM1; k=rsa; p=" + b64encode(host.public_key))
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) < 998
    read = message_from_bytes(content, policy=default)
    assert (read["Subject"], read["From"].addresses[0].display_name) == (SUBJECT, "李敏")
    assert "王伟" in read["To"]
    assert "张强" not in content.decode()
    assert cast.operator.mailbox.addresses.all()[0].local.encode() not in content
    assert BODY in read.get_body(("html",)).get_content()
    [part] = read.iter_attachments()
    assert part.get_filename() == "2026年第47周取样结果（含水率）.csv"
    assert part.get_content().decode().startswith("机组")
    assert set(Outbound.objects.values_list("state", flat=True)) == {"sent"}
    assert {entry.kind: entry.recipients for entry in JournalEntry.objects.filter(message=message)} == {"inside": 4, "out": 2}
    assert deliver_due() == 0


def test_who_may_not_or_where_nothing_is_connected_nobody_writes_outside(host: Smarthost, cast: Cast, client_for: SignIn, settings: Any) -> None:
    with pytest.raises(RecipientError):
        write(cast.inspector, ZHAOLI)
    assert 'name="outside"' not in client_for(cast.inspector).get("/mail/new/").content.decode()
    writer = client_for(cast.head)
    assert 'name="outside"' in writer.get("/mail/new/").content.decode()
    for wrong, word in (("赵立", "不是邮箱地址"), (f"limin@{DOMAIN}", "本厂地址"), ("a@b.example\r\nBcc: c@d.example", "不是邮箱地址")):
        page = writer.post("/mail/new/", {"outside": wrong, "subject": "x", "body": "x", "action": "send", "key": uuid4().hex})
        assert page.status_code == 422
        assert word in page.content.decode()
    done = writer.post("/mail/new/", {"outside": f"<{ZHAOLI}>， {ZHAOLI}", "subject": "x", "body": "x", "action": "send", "key": uuid4().hex})
    assert done.status_code == 302
    assert ZHAOLI in writer.get("/mail/waiting/").content.decode()
    settings.ENVIRONMENT = connected(mail_smarthost="")
    with pytest.raises(RecipientError):
        write(cast.head, ZHAOLI)
    assert 'name="outside"' not in client_for(cast.head).get("/mail/new/").content.decode()


def test_it_is_tried_again_and_what_fails_is_told_in_words(host: Smarthost, cast: Cast, client_for: SignIn) -> None:
    message = write(cast.head, ZHAOLI)
    host.answers = ["451 4.3.0 busy", "452 4.2.2 full", "550 5.1.1 no such user"]
    assert deliver_due() == 1
    assert deliver_due() == 0  # not before its time
    outbound = Outbound.objects.get()
    assert (outbound.state, outbound.attempts) == ("waiting", 1)
    Outbound.objects.update(begun_at=timezone.now() - timedelta(hours=5))
    make_due()
    deliver_due()
    notice = Message.objects.get(sender=None)
    assert notice.subject == f"尚未送达：{SUBJECT}"
    assert notice.thread == message.thread
    make_due()
    deliver_due()
    assert Outbound.objects.get().state == "failed"
    notice = Message.objects.filter(sender=None).latest("pk")
    assert "没有这个地址" in notice.body
    assert "no such user" in notice.body
    assert JournalEntry.objects.filter(kind="bounced", message=message).count() == 1
    page = client_for(cast.head).get(sent(message).get_absolute_url(), follow=True)
    open_it(notice, cast.head)
    open_it(Message.objects.filter(sender=None).earliest("pk"), cast.head)
    page = client_for(cast.head).get(sent(message).get_absolute_url()).content.decode()
    assert "未能送达" in page
    assert "邮件系统" in page


def test_reports_of_other_servers_reach_the_sender_and_forged_ones_nobody(host: Smarthost, cast: Cast) -> None:
    write(cast.head, ZHAOLI)
    deliver_due()
    outbound = Outbound.objects.get()
    with gateway() as port:
        bring(port, report(outbound, "4.2.2"), bounce_address(outbound.pk), sender="")
        assert Outbound.objects.get().state == "sent"
        bring(port, report(outbound, "5.1.1"), bounce_address(outbound.pk), sender="")
        bring(port, report(outbound, "5.1.1") + b"again", bounce_address(outbound.pk), sender="")
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            bring(port, report(outbound, "5.1.1"), bounce_address(outbound.pk).replace("-", "-0", 1), sender="")
    assert Outbound.objects.get().state == "failed"
    assert [message.subject[:4] for message in Message.objects.filter(sender=None).order_by("pk")] == ["尚未送达", "未能送达"]
    assert not host.answers
    assert len(host.kept) == 1


def test_an_answer_joins_its_conversation_and_a_strangers_does_not(host: Smarthost, cast: Cast) -> None:
    message = write(cast.head, ZHAOLI, to=(cast.inspector,))
    deliver_due()
    own_id = message_from_bytes(host.kept[0][2])["Message-ID"]
    with gateway() as port:
        for number, sender in enumerate((f"赵立 <{ZHAOLI}>", "stranger@evil.example")):
            written = letter(f"Re: {SUBJECT}", sender=sender)
            written.replace_header("Message-ID", f"<answer{number}@supplier.example>")
            written["In-Reply-To"] = own_id
            bring(port, written.as_bytes())
    answer, guess = Message.objects.filter(sender=None).order_by("pk")
    assert (answer.thread, answer.parent) == (message.thread, message)
    assert guess.thread != message.thread
    open_it(answer, cast.head)
    assert not Placement.objects.filter(message=answer, mailbox__owner=cast.inspector).exists()
    again = write(cast.head, ZHAOLI, answers=answer)
    deliver_due()
    read = message_from_bytes(host.kept[-1][2])
    assert again.thread == message.thread
    assert read["In-Reply-To"] == "<answer0@supplier.example>"
    assert read["References"].split() == [own_id, "<answer0@supplier.example>"]


def test_recalling_stops_what_has_not_left_and_a_killed_worker_leaves_it_to_the_next(host: Smarthost, cast: Cast) -> None:
    message = write(cast.head, ZHAOLI, to=(cast.inspector,))
    Outbound.objects.update(leased_until=timezone.now() + timedelta(minutes=5))
    assert deliver_due() == 0  # another worker speaks for it
    Outbound.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert recall(actor=cast.head, message=message) == 2
    assert Outbound.objects.get().state == "stopped"
    assert received(message, cast.inspector).recalled_at is not None
    assert deliver_due() == 0
    write(cast.head, ZHAOLI)
    Outbound.objects.filter(state="waiting").update(leased_until=timezone.now() - timedelta(seconds=1))
    assert deliver_due() == 1
    assert len(host.kept) == 1
