"""Mail from the internet: what was answered 250 is kept, read and placed once; what is refused is refused with the right code; nothing of it is believed."""

import asyncio
import smtplib
import socket
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from mail.gateway.decoding import read_mail
from mail.gateway.server import Database, Gateway
from mail.models import Envelope, JournalEntry, Mailbox, Message, Placement, RawMail
from mail.services.mailboxes import ensure_mailboxes
from mail.services.reading import open_conversation
from mail.services.taking_in import take_in_waiting
from portal.accounts.models import User
from tests.cast import Cast
from tests.mail.outside import DOMAIN, bring, connected, gateway, letter
from tests.mail.writing import fresh, received

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db(transaction=True)
GB = "中国烟草总公司".encode("gb18030")
LIMIN = f"limin@{DOMAIN}"
# What takes for an end of DATA here and there, and is none (RFC 5321): what stands behind would be a second message.
ENDS = (
    b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r.\r\n", b"\r.\n", b"\r\n.\n", b"\r\n.\r", b"\r\n.\x00\r\n", b"\r\n.\r\r\n", b"\r\n\r.\r\n", b"\n\n.\r\n",
)  # fmt: skip


@pytest.fixture
def port(cast: Cast, settings: Any) -> Iterator[int]:
    settings.ENVIRONMENT = connected(mail_greatest_mb=1)
    ensure_mailboxes()
    with gateway() as found:
        yield found


def answer_to(port: int, *, sender: str = "a@supplier.example", to: str = LIMIN, content: bytes = b"Subject: x\r\n\r\nx\r\n", size: int = 0) -> tuple[int, str]:
    """The last answer to a mail."""
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        client.ehlo()
        for asked in (lambda: client.mail(sender, [f"SIZE={size}"] if size else []), lambda: client.rcpt(to), lambda: client.data(content)):
            try:
                code, words = asked()
            except smtplib.SMTPDataError as refused:
                code, words = refused.smtp_code, refused.smtp_error
            if code >= 400:
                break
        return code, words.decode()


def test_mail_from_outside_is_kept_as_it_came_placed_once_and_shown_once_it_is_opened(port: int, cast: Cast, client_for: SignIn) -> None:
    written = letter()
    written.add_alternative('<p>您好，<b>报价</b>见附件。<img src="http://evil.example/p.png"><script>x()</script></p>', subtype="html")
    written.add_attachment(b"%PDF-1.4 x", maintype="application", subtype="pdf", filename="2026年报价单.pdf")
    raw = written.as_bytes()
    bring(port, raw, LIMIN, f"10003@{DOMAIN}", f"WANGWEI+x@{DOMAIN.upper()}")
    bring(port, raw, LIMIN, f"10003@{DOMAIN}", f"WANGWEI+x@{DOMAIN.upper()}")  # the answer was lost: the other server sends it again
    [message] = Message.objects.all()
    assert bytes(message.foreign.raw.content).replace(b"\r\n", b"\n") == raw.replace(b"\r\n", b"\n")
    assert (message.subject, message.writer, message.foreign.address) == ("报价单", "赵立", "zhaoli@supplier.example")
    assert {row.mailbox.owner: row.role for row in Envelope.objects.all()} == {cast.head: "to", cast.inspector: "bcc"}
    assert JournalEntry.objects.get().kind == "in"
    reader, own = client_for(cast.head), received(message, cast.head).get_absolute_url()
    assert "报价单" in reader.get("/mail/").content.decode()
    assert "见附件" not in reader.get(own).content.decode()
    assert reader.get(f"{own}parts/0/").status_code == 404
    assert reader.get(f"{own}eml/").status_code == 404
    page = reader.post(f"{own}opening/", follow=True).content.decode()
    assert "<strong>报价</strong>见附件" in page
    assert "evil.example" not in page
    assert "x()" not in page.partition("<main")[2]
    assert "不会加载" in page
    part = reader.get(f"{own}parts/0/")
    assert (part.content, part["Content-Type"]) == (b"%PDF-1.4 x", "application/octet-stream")
    assert "2026%E5%B9%B4" in part["Content-Disposition"]
    assert reader.get(f"{own}eml/").content == bytes(message.foreign.raw.content)
    assert reader.get(f"{own}parts/7/").status_code == 404
    assert client_for(cast.operator).get(own).status_code == 404
    found = reader.get("/mail/?q=from:supplier").content.decode()
    assert own in found
    draft = reader.post(f"{own}forward/", follow=True).content.decode()
    assert "2026年报价单.pdf" in draft
    assert "zhaoli@supplier.example" in draft
    mailbox = Mailbox.objects.get(owner=cast.head)
    assert mailbox.used == sum(Placement.objects.live().filter(mailbox=mailbox).values_list("size", flat=True)) == message.size
    for statement in ("UPDATE mail_rawmail SET content = ''", "DELETE FROM mail_rawmail", "UPDATE mail_foreign SET name = 'x'"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_what_is_refused_is_refused_with_the_right_code_and_stands_in_the_journal(port: int, cast: Cast) -> None:
    assert answer_to(port)[0] == 250
    assert answer_to(port, to=f"nobody@{DOMAIN}") == (550, "5.1.1 There is no such address here")
    assert answer_to(port, to="a@elsewhere.example") == (550, "5.7.1 This server does not relay")
    assert answer_to(port, to=f"{cast.leaver.mailbox.addresses.all()[0].local}@{DOMAIN}")[0] == 550
    assert answer_to(port, to=f"bounce+1-00000000000000000000@{DOMAIN}")[0] == 550
    assert answer_to(port, sender=f"limin@{DOMAIN}") == (550, "5.7.1 Senders of this domain do not come from outside")
    assert answer_to(port, size=2_000_000)[0] == 552
    assert answer_to(port, content=b"Subject: x\r\n\r\n" + b"x" * 70 + b"\r\n" * 600_000) == (552, "5.3.4 The message is larger than is taken here")
    assert answer_to(port, content=b"Received: x\r\n" * 51 + b"\r\nx\r\n")[0] == 554
    Mailbox.objects.filter(owner=cast.head).update(limit=1_000)
    assert answer_to(port, size=900) == (452, "4.2.2 The mailbox is full, try again later")
    assert answer_to(port, to=f"postmaster@{DOMAIN}")[0] == 250
    assert RawMail.objects.count() == 2
    said = " ".join(JournalEntry.objects.filter(kind="refused").values_list("answer", flat=True))
    assert all(word in said for word in ("5.1.1", "5.7.1", "4.2.2", "5.4.6", f"nobody@{DOMAIN}"))
    with pytest.raises(smtplib.SMTPRecipientsRefused), smtplib.SMTP("127.0.0.1", port) as client:
        client.sendmail("a@b.example", [f"x{number}@{DOMAIN}" for number in range(120)], b"Subject: x\r\n\r\nx")


def test_no_line_ending_smuggles_a_second_message_in(port: int, cast: Cast) -> None:
    second = f"MAIL FROM:<b@b.example>\r\nRCPT TO:<wangwei@{DOMAIN}>\r\nDATA\r\nSubject: smuggled\r\n\r\nx\r\n.\r\n".encode()
    for end in ENDS:
        with socket.create_connection(("127.0.0.1", port), 20) as raw, raw.makefile("rb") as answers:
            for command in (None, b"EHLO x", b"MAIL FROM:<a@a.example>", f"RCPT TO:<{LIMIN}>".encode(), b"DATA"):
                if command is not None:
                    raw.sendall(command + b"\r\n")
                while answers.readline()[3:4] == b"-":
                    pass
            raw.sendall(b"Subject: first\r\n\r\nx" + end + second + b"QUIT\r\n")
            assert answers.readline()[:3] in (b"250", b"554"), end
    take_in_waiting()
    assert not Message.objects.filter(subject="smuggled").exists()
    assert not Envelope.objects.filter(mailbox__owner=cast.inspector).exists()


def test_the_mails_of_pythons_own_tests_are_all_received(port: int, cast: Cast) -> None:
    folder = Path(sysconfig.get_path("stdlib")) / "test/test_email/data"
    mails = sorted((folder if folder.exists() else Path("/usr/lib/python3.11/test/test_email/data")).glob("*"))
    assert len(mails) > 50, "install libpython3.11-testsuite"
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        for mail in mails:
            content = b"X-File: " + mail.name.encode() + b"\r\n" + mail.read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
            client.sendmail("a@corpus.example", [LIMIN], content)
    assert take_in_waiting() == len(mails) == RawMail.objects.filter(state="read").count() == Message.objects.count()
    for placement in Placement.objects.filter(mailbox__owner=cast.head).order_by("pk"):
        open_conversation(actor=fresh(cast.head), placement=placement)


HOSTILE: dict[str, tuple[bytes, str, str]] = {
    "a header of 64 kB": (b"X-Long: " + b"x" * 66_000 + b"\r\nSubject: long\r\n\r\ntext", "capped", "long"),
    "1,100 parts": (b"Subject: parts\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n\r\nhi\r\n" * 1_100 + b"--x--\r\n", "capped", "parts"),
    "100,000 parameters": (b"Subject: many\r\nContent-Type: text/plain" + b"; a=b" * 100_000 + b"\r\n\r\nx", "capped", "many"),
    "5,000 recipients": (b"To: " + b", ".join(b"a%d@b.example" % number for number in range(5_000)) + b"\r\nSubject: to\r\n\r\nx", "capped", "to"),
    "a charset that does not exist": (b"Subject: =?x-none?b?5Lit?=\r\nContent-Type: text/plain; charset=none\r\n\r\n" + "中文".encode(), "", "中"),
    "GBK called gb2312": (b"Subject: " + GB + b"\r\nContent-Type: text/plain; charset=gb2312\r\n\r\n" + GB, "", "中国烟草总公司"),
    "a word split in a character": (b"Subject: =?gb2312?b?1tC5?= =?gb2312?b?+g==?=\r\n\r\nx", "", "中国"),
    "line ends in a subject": (b"Subject: a =?utf-8?q?b=0D=0AX-Evil:_c=C2=85d=E2=80=A8e?=\r\n\r\nx", "", "a b X-Evil: c d e"),
    "nothing at all": (b"", "", ""),
    "NUL": (b"Subject: a\x00b\r\nContent-Type: text/plain; charset=\x00\r\n\r\nx\x00y", "", "a b"),
}  # fmt: skip


@pytest.mark.django_db(transaction=False)
@pytest.mark.parametrize("name", HOSTILE)
def test_what_nobody_writes_is_read_within_its_limits(name: str) -> None:
    content, note, subject = HOSTILE[name]
    found = read_mail(content)
    assert (found["note"], found["subject"]) == (note, subject)


def test_nested_a_thousand_times_and_html_that_fetches_become_messages_too(port: int, cast: Cast, client_for: SignIn) -> None:
    nested = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (number, number) for number in range(2_000))
    bring(port, b"Subject: nested\r\n" + nested)
    ways = (
        '<body background="//evil.example/1"><style>@import "//evil.example/2"; p{background:url(//evil.example/3)}</style><img srcset="//evil.example/4 2x">'
        '<svg><image href="//evil.example/5"/><use href="//evil.example/6"/></svg><input type=image src="//evil.example/7"><video poster="//evil.example/8">'
        '</video><link rel=stylesheet href="//evil.example/9"><iframe src="//evil.example/10"></iframe><object data="//evil.example/11"></object>'
        '<p style="background-image:u\\72l(//evil.example/12)" onmouseover="x()">text</p><a href="javascript:x()">link</a><form action="//evil.example/13">'
    )
    bring(port, b"Subject: ways\r\nContent-Type: text/html\r\n\r\n" + ways.encode())
    assert RawMail.objects.filter(state="read").count() == Message.objects.count() == 2
    assert Message.objects.get(subject="nested").foreign.note == "capped"
    message = Message.objects.get(subject="ways")
    page = client_for(cast.head).post(f"{received(message, cast.head).get_absolute_url()}opening/", follow=True).content.decode()
    assert "text" in message.body
    assert "evil.example" not in page
    assert "javascript:" not in page.partition("<main")[2]


def test_who_claims_to_be_of_the_plant_is_marked_and_its_devices_are_believed(port: int, cast: Cast, settings: Any) -> None:
    bring(port, letter("a", sender=f"李敏 <limin@{DOMAIN}>").as_bytes())
    bring(port, letter("b", sender=f"赵静 <x@{DOMAIN}.evil.example>").as_bytes())
    bring(port, letter("c", sender=f'"boss@{DOMAIN}" <x@evil.example>').as_bytes())
    bring(port, letter("d").as_bytes())
    settings.ENVIRONMENT = connected(mail_devices="127.0.0.0/8")
    bring(port, letter("e", sender=f"scanner@{DOMAIN}").as_bytes(), sender=f"scanner@{DOMAIN}")
    assert [(row.subject, row.foreign.claims) for row in Message.objects.order_by("pk")] == [
        ("a", "domain"),
        ("b", "name"),
        ("c", "domain"),
        ("d", ""),
        ("e", ""),
    ]
    assert Message.objects.get(subject="e").foreign.is_device


def test_the_fault_is_ours_where_it_is_and_nothing_of_it_is_told() -> None:
    async def answers() -> list[str]:
        database = Database()
        try:
            asked = Gateway(database)
            return [await asked.handle_exception(error) for error in (RuntimeError("/srv/secret"), OSError(28, "No space left", "/srv/secret"))]
        finally:
            database.pool.shutdown()

    assert asyncio.run(answers()) == ["451 4.3.0 It cannot be taken in just now, try again later", "452 4.3.1 There is no room just now, try again later"]


def test_one_mail_that_cannot_be_placed_holds_up_no_other(port: int, cast: Cast) -> None:
    bring(port, letter("first").as_bytes())
    raw = RawMail.objects.get()
    broken = RawMail.objects.create(key=b"x", content=b"Subject: x\r\n\r\nx", size=16, peer="x", recipients=[[2**40, "nobody"]])
    bring(port, letter("second").as_bytes().replace(b"<1@", b"<2@"))
    broken.refresh_from_db()
    assert (raw.state, broken.state, broken.tries) == ("read", "read", 0)  # its mailbox is not there: a message of nobody's, with its journal
    assert set(Message.objects.values_list("subject", flat=True)) == {"first", "second", "x"}
