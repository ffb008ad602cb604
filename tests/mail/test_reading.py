"""What a message says is handed out by opening it; who has opened it is known to its sender; blind copies are known to nobody."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from mail.errors import MailError
from mail.models import Message, Placement
from mail.services import reading
from mail.services.keeping import create_folder, delete_folder, empty_bin, move_conversation, purge_old, set_star
from mail.services.mailboxes import ensure_mailboxes
from mail.services.reading import recall
from portal.access.policies import can, viewers_of, visible_to
from portal.access.rules import AudienceRule, person_token
from portal.access.services import grant_capability
from portal.accounts.models import User
from portal.audit.models import AuditRecord
from portal.live.topics import cursor_of, may_listen
from tests.cast import Cast
from tests.mail.writing import SUBJECT, fresh, open_it, received, send, sent
from tests.search.indexing import settle, start_afresh

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db
SECRET = "<p>暗号是紫金山天文台</p>"
WORD = "紫金山天文台"


def test_opening_is_a_post_and_shows_the_sender_when(cast: Cast, client_for: SignIn) -> None:
    message = send(cast.head, cast.inspector, body=SECRET)
    reader, address = client_for(cast.inspector), received(message, cast.inspector).get_absolute_url()
    for looked in (reader.get("/mail/"), reader.get(address), reader.get(f"{address}print/", follow=True)):
        assert SUBJECT in looked.content.decode()
        assert WORD not in looked.content.decode()
    assert received(message, cast.inspector).read_at is None
    assert reader.get(f"{address}opening/").status_code == 405
    sender, own = client_for(cast.head), sent(message).get_absolute_url()
    assert "未读" in sender.get(own).content.decode()
    answer = reader.post(f"{address}opening/", headers={"HX-Request": "true"})
    assert WORD in answer.content.decode()
    assert WORD in reader.get(address).content.decode()
    assert "1 人已读" in sender.get(own).content.decode()
    assert "1 人已读" in sender.get(f"{own}receipts/").content.decode()
    assert reader.get(f"{address}receipts/").status_code == 404


def test_what_the_page_does_not_show_is_not_said_to_be_read(cast: Cast) -> None:
    """What was thrown away unread stays so until it is opened in the bin."""
    first = send(cast.head, cast.inspector)
    thrown = received(first, cast.inspector)
    move_conversation(actor=cast.inspector, placement=thrown, place="bin")
    second = send(cast.head, cast.inspector, answers=first)
    open_it(second, cast.inspector)
    assert received(second, cast.inspector).read_at is not None
    assert received(first, cast.inspector).read_at is None
    open_it(first, cast.inspector)
    assert received(first, cast.inspector).read_at is not None


def test_nobody_else_sees_it_administrators_neither(cast: Cast, client_for: SignIn) -> None:
    message = send(cast.head, cast.inspector, body=SECRET)
    open_it(message, cast.inspector)
    for code in ("access.explain", "audit.read", "organization.manage"):
        grant_capability(code, rule=AudienceRule.of([person_token(cast.director.pk)]), actor=cast.admin)
    places = [sent(message), received(message, cast.inspector)]
    for person in (cast.operator, cast.director, cast.admin, cast.deputy, cast.customer):
        browser = client_for(fresh(person))
        for placement in places:
            address = placement.get_absolute_url()
            for path in (address, f"{address}print/", f"{address}reply/", f"{address}receipts/"):
                assert browser.get(path).status_code == (403 if person == cast.customer else 404)
            for path in ("opening/", "recall/", "star/", "move/", "purge/", "forward/"):
                assert browser.post(f"{address}{path}", {"place": "bin"}).status_code == (403 if person == cast.customer else 404)
        assert browser.get(f"/access/why/mail.message/{message.pk}/").status_code in {403, 404}
    assert not AuditRecord.objects.filter(object_label__contains=SUBJECT).exists()
    assert {person.name for person in cast.everyone if can(fresh(person), "view", message)} == {"李敏", "王伟"}
    assert set(viewers_of(message)) == {cast.head, cast.inspector}
    assert {person.name for person in cast.everyone if visible_to(Message, fresh(person)).exists()} == {"李敏", "王伟"}
    assert [person.name for person in cast.everyone if may_listen(fresh(person), f"mail_sent:{message.pk}")] == ["李敏"]
    assert [person.name for person in cast.everyone if may_listen(fresh(person), f"mailbox:{cast.head.pk}")] == ["李敏"]


def test_mail_is_closed_while_the_site_is_viewed_as_another(cast: Cast, client_for: SignIn) -> None:
    message = send(cast.head, cast.operator, body=SECRET)
    open_it(message, cast.operator)
    start_afresh()
    settle()
    browser = client_for(cast.admin)
    browser.post("/access/view-as/", {"person": cast.operator.employee_number, "reason": "他说看不到"})
    for path in ("/mail/", "/mail/drafts/", received(message, cast.operator).get_absolute_url(), "/mail/count/", "/mail/folders/new/"):
        assert browser.get(path).status_code == 403
    assert "mail-link" not in browser.get("/").content.decode()
    assert "/mail/messages/" not in browser.get(f"/search/?q={WORD}").content.decode()


def test_a_blind_copy_is_known_to_its_recipient_and_the_sender_alone(cast: Cast, client_for: SignIn) -> None:
    message = send(cast.head, cast.inspector, cc=[cast.operator], bcc=[cast.salesperson])
    for person in (cast.inspector, cast.operator, cast.salesperson):
        open_it(message, person)
    says = {}
    for person in (cast.inspector, cast.operator):
        browser, address = client_for(person), received(message, person).get_absolute_url()
        pages = [browser.get(path).content.decode() for path in ("/mail/", address, f"{address}print/", f"{address}reply/", f"{address}reply-all/")]
        forwarded = browser.post(f"{address}forward/", follow=True).content.decode()
        says[person.name] = any("孙丽" in page for page in [*pages, forwarded])
    assert says == {"王伟": False, "张强": False}
    assert "密送" in client_for(cast.salesperson).get(received(message, cast.salesperson).get_absolute_url()).content.decode()
    assert "孙丽" in client_for(cast.head).get(sent(message).get_absolute_url()).content.decode()


def test_recalling_takes_what_is_unread_and_says_of_each_what_became(cast: Cast, client_for: SignIn) -> None:
    message = send(cast.head, cast.inspector, cast.operator, body=SECRET)
    open_it(message, cast.inspector)
    sender, own = client_for(cast.head), sent(message).get_absolute_url()
    assert "从 1 名未读者处撤回" in sender.get(own).content.decode()
    assert client_for(cast.inspector).post(f"{received(message, cast.inspector).get_absolute_url()}recall/").status_code == 404
    said = sender.post(f"{own}recall/", follow=True).content.decode()
    assert "1 人已读" in said
    assert "撤回" in said
    loser, address = client_for(cast.operator), received(message, cast.operator).get_absolute_url()
    shown = [loser.get("/mail/"), loser.get(address), loser.post(f"{address}opening/", follow=True)]
    for page in shown:
        assert WORD not in page.content.decode()
        assert SUBJECT not in page.content.decode()
    assert "撤回" in shown[1].content.decode()
    assert loser.get(f"{address}reply/").status_code == 404
    assert received(message, cast.operator).read_at is None
    assert WORD in client_for(cast.inspector).get(received(message, cast.inspector).get_absolute_url()).content.decode()
    with pytest.raises(MailError):
        recall(actor=cast.head, message=message)
    assert cursor_of(fresh(cast.head), f"mail_sent:{message.pk}") == 2


def test_what_is_older_than_a_day_is_not_recalled(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    message = send(cast.head, cast.inspector)
    monkeypatch.setattr(reading, "RECALLED_WITHIN", timedelta(0))
    with pytest.raises(MailError, match="24"):
        recall(actor=cast.head, message=message)


def test_lists_show_conversations_and_what_is_unread(cast: Cast, client_for: SignIn) -> None:
    first = send(cast.head, cast.inspector)
    open_it(first, cast.inspector)
    answer = send(cast.inspector, cast.head, answers=first, subject="答复：落丝")
    send(cast.operator, cast.head, subject="另一件事")
    browser = client_for(cast.head)
    page = browser.get("/mail/").content.decode()
    assert page.count('class="mail-line unread"') == 2
    assert "2 封未读" in page
    assert browser.get("/mail/count/").content.decode().startswith("2<")
    assert browser.get("/mail/arrivals/?since=0").content.decode().count("2 封新邮件") == 1
    assert "另一件事" not in browser.get("/mail/?q=答复").content.decode()
    assert "另一件事" in browser.get("/mail/?show=unread").content.decode()
    browser.post(f"{received(answer, cast.head).get_absolute_url()}opening/")
    assert "1 封未读" in browser.get("/mail/").content.decode()
    assert "请设备科和车间协助" in browser.get(f"{received(answer, cast.head).get_absolute_url()}").content.decode()  # what was answered stands above
    assert browser.get("/mail/in/nowhere/").status_code == 404


def test_mail_is_put_away_thrown_away_brought_back_and_purged(cast: Cast, client_for: SignIn) -> None:
    message = send(cast.head, cast.inspector)
    placement = open_it(message, cast.inspector)
    folder = create_folder(actor=cast.inspector, name=" 质量  周报 ")
    assert folder.name == "质量 周报"
    with pytest.raises(MailError):
        create_folder(actor=cast.inspector, name="质量 周报")
    browser, address = client_for(cast.inspector), placement.get_absolute_url()
    browser.post(f"{address}move/", {"folder": folder.pk})
    assert SUBJECT in browser.get(f"/mail/folders/{folder.pk}/").content.decode()
    assert client_for(cast.operator).get(f"/mail/folders/{folder.pk}/").status_code == 404
    set_star(actor=cast.inspector, placement=placement, wanted=True)
    assert SUBJECT in browser.get("/mail/in/starred/").content.decode()
    delete_folder(actor=cast.inspector, folder=folder)
    assert SUBJECT in browser.get("/mail/in/archive/").content.decode()
    assert browser.post(f"{address}purge/").status_code == 302
    assert Placement.objects.get(pk=placement.pk).purged_at is None  # not from the archive
    browser.post(f"{address}move/", {"place": "bin"})
    assert SUBJECT not in browser.get("/mail/in/archive/").content.decode()
    browser.post(f"{address}move/", {"place": "inbox"})
    assert SUBJECT in browser.get("/mail/").content.decode()
    browser.post(f"{address}move/", {"place": "bin"})
    assert empty_bin(actor=cast.inspector) == 1
    assert browser.get(address).status_code == 404
    assert not can(fresh(cast.inspector), "view", message)
    assert can(fresh(cast.head), "view", message)


def test_what_is_in_the_bin_for_thirty_days_goes_by_itself(cast: Cast) -> None:
    messages = [send(cast.head, cast.inspector) for _number in range(2)]
    for message, days in zip(messages, (29, 31), strict=True):
        placement = received(message, cast.inspector)
        move_conversation(actor=cast.inspector, placement=placement, place="bin")
        Placement.objects.filter(pk=placement.pk).update(binned_at=timezone.now() - timedelta(days=days))
    assert purge_old() == 1
    assert received(messages[0], cast.inspector).purged_at is None
    assert received(messages[1], cast.inspector).purged_at is not None
    with pytest.raises(MailError):  # an unread one that was purged has nobody left from whom to recall it
        recall(actor=cast.head, message=messages[1])


def test_one_finds_ones_own_opened_mail_and_nobody_elses(cast: Cast, client_for: SignIn) -> None:
    message = send(cast.head, cast.inspector, bcc=[cast.salesperson], body=SECRET)
    send(cast.head, cast.operator, body=SECRET)
    found = {}
    open_it(message, cast.inspector)
    open_it(message, cast.salesperson)
    start_afresh()
    settle()
    for person in (cast.head, cast.inspector, cast.salesperson, cast.operator, cast.deputy, cast.admin):
        page = client_for(fresh(person)).get(f"/search/?q={WORD}").content.decode()
        found[person.name] = page.count('href="/mail/messages/')
    assert found == {"李敏": 2, "王伟": 1, "孙丽": 1, "张强": 0, "赵静": 0, "管理员": 0}


def test_somebody_without_a_mailbox_is_told_so(cast: Cast, client_for: SignIn) -> None:
    assert client_for(cast.head).get("/mail/").status_code == 200
    ensure_mailboxes()
    assert client_for(cast.customer).get("/mail/").status_code == 403
