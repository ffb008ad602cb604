"""Who is away answers each writer once, never anything that is automatic; the deputy gets what comes, and nobody but the sender learns of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from mail.models import Away, AwayAnswer, Envelope, Message, Outbound, Placement
from mail.services.absences import answer_for_absent, end_absence, set_absence
from mail.services.mailboxes import ensure_mailboxes
from mail.services.reading import recall
from portal.access.rules import AudienceRule, department_token
from portal.accounts.models import User
from portal.organization.querysets import today
from portal.outbox.services import drain
from tests.cast import Cast
from tests.mail.outside import connected
from tests.mail.writing import LETTER, fresh, make_foreign, open_it, received, send, send_mass, sent

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db
ANSWER = "我在外地出差，11 月 30 日回厂。\n急事请打 8012。"


def be_away(person: User, **values: Any) -> Away:
    usual = {"starts_on": today(), "ends_on": today() + timedelta(days=3), "answer": ANSWER, "passes_on": False, "answers_outside": False}
    return set_absence(actor=fresh(person), values=usual | values)


def answers() -> list[tuple[str, str]]:
    """From whom to whom, in their order."""
    rows = Envelope.objects.filter(message__is_automatic=True).order_by("pk")
    return [(row.message.writer, row.name) for row in rows]


def test_each_who_writes_is_answered_once_in_an_absence_and_three_absentees_end(cast: Cast) -> None:
    ensure_mailboxes()
    for person in (cast.head, cast.inspector, cast.operator):
        be_away(person)
    message = send(cast.head, cast.inspector, cast.operator)
    drain()
    assert answers() == [("王伟", "李敏"), ("张强", "李敏")]
    answer = Message.objects.filter(is_automatic=True).earliest("pk")
    assert answer.subject == f"自动答复：{message.subject}"
    assert answer.body == "<p>我在外地出差，11 月 30 日回厂。</p><p>急事请打 8012。</p>"
    assert answer.thread == message.thread
    assert received(answer, cast.head).is_unread
    send(cast.head, cast.inspector)
    send(cast.inspector, cast.operator)
    drain()
    assert answers()[2:] == [("张强", "王伟")]
    answer_for_absent(message.pk)  # an effect may be carried out again after a crash
    assert len(answers()) == 3
    end_absence(actor=cast.inspector)
    be_away(cast.inspector)
    send(cast.head, cast.inspector)
    drain()
    assert answers()[3:] == [("王伟", "李敏")]  # another absence, another answer


def test_mass_mail_and_what_is_automatic_get_no_answer_nor_days_that_do_not_last(cast: Cast) -> None:
    ensure_mailboxes()
    be_away(cast.inspector, passes_on=True)
    be_away(cast.operator, starts_on=today() + timedelta(days=1))
    send_mass(cast.head, AudienceRule.of([department_token(cast.quality.pk)]))
    send(cast.head, cast.operator)
    make_foreign(cast.inspector, content=LETTER.replace("Subject", "List-Id: x\r\nSubject"))
    drain()
    assert not AwayAnswer.objects.exists()
    assert not Envelope.objects.filter(role="deputy").exists()


def test_the_deputy_gets_what_comes_and_only_the_sender_learns_of_it(cast: Cast, client_for: SignIn) -> None:
    ensure_mailboxes()
    be_away(cast.head, passes_on=True)  # 赵静 stands in for her this month
    be_away(cast.deputy, passes_on=True)
    message = send(cast.inspector, cast.head, cc=[cast.operator], bcc=[cast.salesperson])
    drain()
    own = received(message, cast.deputy)
    assert Envelope.objects.get(message=message, mailbox=own.mailbox).instead_of == cast.head.mailbox
    assert answers() == [("李敏", "王伟")]
    assert "已转交代理人赵静" in Message.objects.get(is_automatic=True).body
    open_it(message, cast.deputy)
    page = client_for(cast.deputy).get(own.get_absolute_url()).content.decode()
    assert "您作为代理人收到这封信" in page
    assert "孙丽" not in page
    open_it(Message.objects.get(is_automatic=True), cast.inspector)
    sender = client_for(cast.inspector).get(sent(message).get_absolute_url()).content.decode()
    assert "赵静" in sender
    assert "代理李敏" in sender
    open_it(message, cast.operator)
    others = client_for(cast.operator)
    assert "赵静" not in others.get(received(message, cast.operator).get_absolute_url()).content.decode().partition("<main")[2]
    assert "赵静" not in others.get(f"{received(message, cast.operator).get_absolute_url()}reply-all/").content.decode().partition("<main")[2]
    assert "赵静" not in others.get(f"{received(message, cast.operator).get_absolute_url()}eml/").content.decode()


def test_what_is_recalled_before_it_is_passed_on_goes_nowhere_and_after_it_from_the_deputy_too(cast: Cast) -> None:
    ensure_mailboxes()
    be_away(cast.head, passes_on=True)
    early, late = send(cast.inspector, cast.head), send(cast.inspector, cast.head, subject="second")
    recall(actor=cast.inspector, message=early)
    drain()
    assert not Placement.objects.filter(message=early, mailbox__owner=cast.deputy).exists()
    assert recall(actor=cast.inspector, message=late) == 2
    assert received(late, cast.deputy).recalled_at is not None


def test_people_outside_are_answered_where_that_is_wanted_and_their_letter_named_one(cast: Cast, settings: Any) -> None:
    settings.ENVIRONMENT = connected(mail_domain="plant.local")
    ensure_mailboxes()
    be_away(cast.inspector)
    make_foreign(cast.inspector)
    drain()
    assert not Outbound.objects.exists()
    be_away(cast.inspector, answers_outside=True)
    make_foreign(cast.inspector, content=LETTER.replace("To: wangwei", "To: others"))
    make_foreign(cast.inspector, content=LETTER.replace("From: 赵立", "Auto-Submitted: auto-replied\r\nFrom: 赵立"))
    make_foreign(cast.inspector, mail_from="")
    drain()
    assert not Outbound.objects.exists()
    make_foreign(cast.inspector)
    make_foreign(cast.inspector)
    drain()
    assert Outbound.objects.get().address == "zhaoli@supplier.example"


def test_the_page_sets_changes_and_ends_an_absence(cast: Cast, client_for: SignIn) -> None:
    ensure_mailboxes()
    client, day = client_for(cast.head), today()
    assert "赵静" in client.get("/mail/away/").content.decode()
    sent_values = {"starts_on": f"{day:%Y-%m-%d}", "ends_on": f"{day + timedelta(days=2):%Y-%m-%d}", "answer": ANSWER, "passes_on": "on"}
    for wrong, word in (({"ends_on": f"{day - timedelta(days=1):%Y-%m-%d}"}, ANSWER[:8]), ({"answer": " "}, "starts_on")):
        page = client.post("/mail/away/", sent_values | wrong)
        assert page.status_code == 422
        assert word in page.content.decode()
    assert not Away.objects.exists()
    assert "已设为外出" in client.post("/mail/away/", sent_values, follow=True).content.decode()
    client.post("/mail/away/", sent_values | {"answer": "改了"})
    away = Away.objects.get()
    assert (away.answer, away.passes_on, away.answers_outside) == ("改了", True, False)
    assert "欢迎回来" in client.post("/mail/away/end/", follow=True).content.decode()
    assert not Away.objects.exists()
