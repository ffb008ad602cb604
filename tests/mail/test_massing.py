"""Mass mail: who may send it to whom, that it comes once to each and shows nobody the others; who has read it, reminding, recalling."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from mail.errors import MailError
from mail.models import Draft, Envelope, Mailbox, Message, Placement, Reminder
from mail.services import massing
from mail.services.mailboxes import ensure_mailboxes
from mail.services.massing import remind_unread
from mail.services.reading import recall
from mail.services.sending import release, send_draft, send_now
from portal.access.rules import AudienceRule, department_token, person_token
from portal.access.services import grant_capability
from portal.accounts.models import User
from portal.notifications.models import Notification
from portal.outbox.models import Effect
from portal.outbox.services import drain
from tests.cast import Cast, employ, make_person
from tests.mail.test_sending import assert_counted
from tests.mail.writing import fresh, make_due, mass_draft, open_it, received, send_mass, sent

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db
BODY = "<p>周五十四点半在二楼会议室。</p>"


@pytest.fixture(autouse=True)
def mailboxes(cast: Cast) -> None:
    ensure_mailboxes()


def everyone(cast: Cast) -> AudienceRule:
    """All who work in the plant; administrators of the portal stand in no department."""
    return AudienceRule.of([department_token(cast.plant.pk)])


def quality(cast: Cast) -> AudienceRule:
    return AudienceRule.of([department_token(cast.quality.pk)])


def test_heads_write_to_their_own_people_and_others_need_the_right(cast: Cast, client_for: SignIn) -> None:
    assert client_for(cast.inspector).get("/mail/mass/new/").status_code == 403
    assert "群发" not in client_for(cast.inspector).get("/mail/").content.decode()
    assert "群发" in client_for(cast.head).get("/mail/").content.decode()
    with pytest.raises(MailError, match="科室"):
        send_draft(actor=cast.inspector, draft=mass_draft(cast.inspector, quality(cast)))
    with pytest.raises(MailError, match="不在"):
        send_draft(actor=cast.head, draft=mass_draft(cast.head, everyone(cast)))
    message = send_mass(cast.head, quality(cast))
    assert {row.mailbox.owner.name for row in message.envelope.all()} == {"王伟", "赵静"}
    grant_capability("mail.mass", rule=AudienceRule.of([person_token(cast.inspector.pk)]), actor=cast.admin)
    assert send_mass(fresh(cast.inspector), everyone(cast)).envelope.count() == len(cast.employees) - 1


def test_the_page_says_how_far_it_reaches_and_sends_only_what_was_shown(cast: Cast, client_for: SignIn) -> None:
    ensure_mailboxes()
    grant_capability("mail.mass", rule=AudienceRule.of([person_token(cast.head.pk)]), actor=cast.admin)
    browser, key = client_for(fresh(cast.head)), uuid4().hex
    rule = {"rule_include": [department_token(cast.quality.pk), person_token(cast.customer.pk)], "rule_level": "0"}
    reach = browser.get("/mail/mass/reach/", {"field": "rule", **rule}).content.decode()
    assert "覆盖 2 人" in reach
    assert "1 人没有邮箱" in reach
    form = rule | {"subject": "科务会", "body": BODY, "key": key, "action": "send", "seen": ""}
    asked = browser.post("/mail/mass/new/", form)
    assert asked.status_code == 200
    assert "群发给 2 人" in asked.content.decode()
    draft = Draft.objects.get()
    assert not draft.is_waiting
    newcomer = make_person("20009", "钱丽")
    employ(newcomer, cast.quality, cast.staff_post)
    ensure_mailboxes()
    form |= {"seen": str(draft.version), "reach": "2"}
    assert "群发给 3 人" in browser.post(draft.get_absolute_url(), form).content.decode()  # another number than the one that was shown
    draft.refresh_from_db()
    assert browser.post(draft.get_absolute_url(), form | {"seen": str(draft.version), "reach": "3"}).status_code == 302
    draft.refresh_from_db()
    assert (draft.is_waiting, draft.reach) == (True, 3)
    assert browser.post("/mail/mass/new/", form | {"key": uuid4().hex, "reach": "3"}).status_code == 422  # one at a time
    assert browser.post(f"{draft.get_absolute_url()}sending/").status_code == 302
    assert not Message.objects.exists()  # left to a worker
    drain()
    assert Message.objects.get().envelope.count() == 3


def test_it_comes_once_to_everybody_however_often_the_effect_is_carried_out(cast: Cast) -> None:
    draft = make_due(send_draft(actor=cast.director, draft=mass_draft(cast.director, everyone(cast))))
    release(draft.pk, draft.version)
    release(draft.pk, draft.version)
    drain()
    message = Message.objects.get()
    people = set(message.envelope.values_list("mailbox__owner", flat=True))
    assert people == {person.pk for person in cast.employees} - {cast.director.pk}
    assert Placement.objects.filter(message=message).count() == len(people) + 1
    assert set(message.envelope.values_list("role", flat=True)) == {"mass"}
    assert_counted()


def test_whoever_was_moved_meanwhile_is_asked_again_when_it_goes(cast: Cast) -> None:
    draft = make_due(send_draft(actor=cast.head, draft=mass_draft(cast.head, quality(cast))))
    User.objects.filter(pk=cast.inspector.pk).update(is_active=False)
    drain()
    assert {row.mailbox.owner.name for row in Envelope.objects.all()} == {"赵静"}
    draft = send_draft(actor=cast.head, draft=mass_draft(cast.head, quality(cast)))
    User.objects.filter(pk=cast.deputy.pk).update(is_active=False)
    release(make_due(draft).pk, draft.version)
    draft.refresh_from_db()
    assert not draft.is_waiting
    assert "没有人" in draft.problem


def test_recipients_see_nobody_else_and_answer_the_sender_alone(cast: Cast, client_for: SignIn) -> None:
    message = send_mass(cast.director, everyone(cast))
    placement = open_it(message, cast.inspector)
    browser, address = client_for(cast.inspector), placement.get_absolute_url()
    page = browser.get(address).content.decode() + browser.get(f"{address}print/").content.decode()
    for person in cast.employees:
        assert (person.name in page.replace(cast.inspector.name, "", 2)) == (person == cast.director) or person == cast.inspector
    assert "全部答复" not in page
    chosen = browser.get(f"{address}reply-all/").content.decode()
    assert {person.name for person in cast.employees if f'value="user:{person.pk}" checked' in chosen} == {"陈刚"}
    forwarded = browser.post(f"{address}forward/", follow=True).content.decode()
    assert not [person.name for person in (cast.head, cast.operator, cast.salesperson) if person.name in forwarded]
    assert browser.get(f"{address}report/").status_code == 404
    assert browser.post(f"{address}reminding/").status_code == 404
    assert "陈刚" not in browser.get("/mail/mass/recipients/").content.decode().partition("<main")[2]


def test_it_arrives_in_a_full_mailbox_too(cast: Cast) -> None:
    ensure_mailboxes()
    Mailbox.objects.filter(owner=cast.inspector).update(limit=10)
    assert received(send_mass(cast.head, quality(cast)), cast.inspector).is_unread
    Mailbox.objects.filter(owner=cast.head).update(limit=10)
    with pytest.raises(MailError, match="已满"):
        send_draft(actor=cast.head, draft=mass_draft(cast.head, quality(cast)))


def test_its_sender_sees_who_has_read_it_by_department(cast: Cast, client_for: SignIn) -> None:
    message = send_mass(cast.director, everyone(cast))
    open_it(message, cast.inspector)
    sender, address = client_for(cast.director), sent(message).get_absolute_url()
    assert "1 人已读" in sender.get(address).content.decode()
    report = sender.get(f"{address}report/").content.decode()
    assert "质检科" in report
    assert "提醒未读的 5 人" in report
    listed = sender.get(f"/mail/mass/recipients/?message={message.pk}&state=read").content.decode().partition("<main")[2]
    assert "王伟" in listed
    assert "张强" not in listed
    listed = sender.get(f"/mail/mass/recipients/?message={message.pk}&department={cast.shift.pk}").content.decode().partition("<main")[2]
    assert "张强" in listed
    assert "王伟" not in listed
    assert sender.post("/mail/mass/recipients/", {"export": "csv"}).status_code == 200


def test_the_unread_are_reminded_once_an_hour_and_five_times_at_most(cast: Cast) -> None:
    message = send_mass(cast.head, quality(cast))
    open_it(message, cast.inspector)
    assert remind_unread(actor=cast.head, message=message) == 1
    drain()
    bell = Notification.objects.get(kind="mail.reminded")
    assert bell.recipient == cast.deputy
    assert "科务会" not in str(bell.words)  # of what is recalled afterwards nothing stays in the bell
    with pytest.raises(MailError, match="一小时"):
        remind_unread(actor=cast.head, message=message)
    with pytest.raises(MailError, match="发件人"):
        remind_unread(actor=cast.inspector, message=message)
    assert Reminder.objects.get().count == 1


def test_nobody_is_reminded_a_sixth_time(cast: Cast) -> None:
    message = send_mass(cast.head, quality(cast))
    for hours in range(2, 2 + massing.MOST_REMINDERS):
        Reminder.objects.create(message=message, count=1, at=timezone.now() - timedelta(hours=hours))
    with pytest.raises(MailError, match="5 次"):
        remind_unread(actor=cast.head, message=message)


def test_recalling_takes_it_back_from_all_who_have_not_read_it(cast: Cast, client_for: SignIn) -> None:
    message = send_mass(cast.director, everyone(cast))
    open_it(message, cast.inspector)
    before = Effect.objects.filter(kind="search.feed").count()
    assert recall(actor=cast.director, message=message) == len(cast.employees) - 2
    assert Effect.objects.filter(kind="search.feed").count() == before  # what nobody has opened is in no search
    inbox = client_for(cast.operator).get("/mail/").content.decode()
    assert "撤回" in inbox
    assert "科务会" not in inbox
    assert_counted()
    with pytest.raises(MailError):
        remind_unread(actor=cast.director, message=message)


def test_a_mass_mail_is_sent_now_by_the_worker_alone(cast: Cast) -> None:
    assert send_now(actor=cast.head, draft=send_draft(actor=cast.head, draft=mass_draft(cast.head, quality(cast)))) is None
    drain()
    assert Message.objects.get().envelope.count() == 2
