"""The journal of mail and who looks into it; limits, which the computer centre sets."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from mail.errors import MailError
from mail.models import JournalEntry, Limit, Look, Mailbox
from mail.services.journal import begin_look, envelope_digest
from mail.services.keeping import move_conversation, purge_conversation
from mail.services.limits import set_limit
from mail.services.mailboxes import ensure_mailboxes
from mail.services.reading import recall
from mail.services.sending import release, send_draft
from portal.access.rules import AudienceRule, department_token, person_token
from portal.access.services import grant_capability
from portal.accounts.models import User
from portal.audit.models import AuditRecord
from tests.cast import Cast
from tests.mail.writing import fresh, make_draft, make_due, open_it, received, send, send_mass

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db
SECRET = "紫金山天文台"


def grant(cast: Cast, code: str, person: User) -> User:
    grant_capability(code, rule=AudienceRule.of([person_token(person.pk)]), actor=cast.admin)
    return fresh(person)


def test_the_journal_has_one_entry_for_each_envelope_and_never_changes(cast: Cast) -> None:
    message = send(cast.head, cast.inspector, cc=[cast.operator])
    mass = send_mass(cast.head, AudienceRule.of([department_token(cast.quality.pk)]))
    recall(actor=cast.head, message=message)
    User.objects.filter(pk=cast.inspector.pk).update(is_active=True)
    waiting = make_due(send_draft(actor=cast.head, draft=make_draft(cast.head, cast.deputy)))
    User.objects.filter(pk=cast.deputy.pk).update(is_active=False)
    release(waiting.pk, waiting.version)
    entries = list(JournalEntry.objects.order_by("pk").values_list("kind", "message", "recipients"))
    assert entries == [("inside", message.pk, 2), ("inside", mass.pk, 2), ("recalled", message.pk, 2), ("refused", None, 1)]
    assert bytes(JournalEntry.objects.get(message=mass).envelope_digest) == envelope_digest(mass)
    for statement in ("UPDATE mail_journalentry SET recipients = 0", "DELETE FROM mail_journalentry"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_what_people_delete_for_ever_stays_in_the_journal(cast: Cast) -> None:
    message = send(cast.head, cast.inspector)
    placement = open_it(message, cast.inspector)
    move_conversation(actor=cast.inspector, placement=placement, place="bin")
    purge_conversation(actor=cast.inspector, placement=received(message, cast.inspector))
    assert JournalEntry.objects.get().message == message


def test_the_journal_is_for_the_computer_centre_and_says_nothing_of_what_was_written(cast: Cast, client_for: SignIn) -> None:
    message = send(cast.head, cast.inspector, subject=SECRET, body=f"<p>{SECRET}</p>")
    entry = JournalEntry.objects.get()
    for person in (cast.head, cast.workshop_head):
        assert client_for(person).get("/mail/journal/").status_code == 403
        assert client_for(person).get(f"/mail/journal/{entry.pk}/").status_code == 403
    keeper = client_for(grant(cast, "mail.journal", cast.operator))
    for page in (keeper.get("/mail/journal/?kind=inside"), keeper.get(f"/mail/journal/{entry.pk}/"), keeper.post("/mail/journal/", {"export": "csv"})):
        content = b"".join(page.streaming_content).decode() if page.streaming else page.content.decode()
        assert SECRET not in content
    assert "李敏" in keeper.get("/mail/journal/").content.decode()
    assert "李敏" not in keeper.get("/mail/journal/?kind=recalled").content.decode().partition("<main")[2]
    assert message.envelope.count() == 1


def test_looking_into_kept_mail_needs_its_own_right_and_a_reason_and_is_seen_by_who_supervises(cast: Cast, client_for: SignIn) -> None:
    send(cast.head, cast.inspector, subject=SECRET, body=f"<p>{SECRET}</p>")
    entry = JournalEntry.objects.get()
    address = f"/mail/journal/{entry.pk}/"
    assert client_for(cast.admin).post(address, {"reason": "看看"}).status_code == 422  # administrators have to be granted it by name
    reader = grant(cast, "mail.journal", cast.operator)
    assert client_for(reader).post(address, {"reason": "看看"}).status_code == 422
    keeper = client_for(grant(cast, "mail.look", cast.operator))
    assert keeper.post(address, {"reason": " "}).status_code == 422
    assert not Look.objects.exists()
    opened = keeper.post(address, {"reason": "纪检来函 12 号"}, follow=True)
    assert SECRET in opened.content.decode()
    look = Look.objects.get()
    assert (look.by, look.reason) == (cast.operator, "纪检来函 12 号")
    assert AuditRecord.objects.filter(verb="mail.looked", reason="纪检来函 12 号", actor=cast.operator).count() == 1
    assert not AuditRecord.objects.filter(object_label__contains=SECRET).exists()
    assert client_for(cast.admin).get(f"/mail/journal/looks/{look.pk}/").status_code == 404  # another's look
    supervisor = client_for(grant(cast, "audit.read", cast.workshop_head))
    assert "纪检来函 12 号" in supervisor.get("/mail/journal/looks/").content.decode()
    assert client_for(cast.head).get("/mail/journal/looks/").status_code == 403
    with pytest.raises(DatabaseError), transaction.atomic():
        Look.objects.update(at=timezone.now())
    old = Look.objects.create(entry=entry, by=cast.operator, reason="旧", at=timezone.now() - timedelta(hours=1))
    assert keeper.get(f"/mail/journal/looks/{old.pk}/").status_code == 403
    with pytest.raises(MailError):
        begin_look(actor=fresh(cast.head), entry=entry, reason="x")


def test_limits_are_of_a_person_else_of_their_level_else_the_usual_ones(cast: Cast, client_for: SignIn) -> None:
    ensure_mailboxes()
    assert client_for(cast.head).get("/mail/limits/").status_code == 403
    assert client_for(cast.head).post(f"/mail/limits/people/{cast.head.pk}/", {"mailbox": "999"}).status_code == 403
    keeper = client_for(grant(cast, "mail.limits", cast.salesperson))
    assert keeper.post("/mail/limits/levels/2/", {"mailbox": "50", "recipients": "5"}).status_code == 302
    assert keeper.post(f"/mail/limits/people/{cast.inspector.pk}/", {"mailbox": "80"}).status_code == 302
    sizes = {box.owner.name: box.limit // 10**6 for box in Mailbox.objects.select_related("owner")}
    assert (sizes["王伟"], sizes["孙丽"], sizes["李敏"]) == (80, 50, 200)  # 赵静 stands in for a head and has that level
    page = keeper.get("/mail/limits/").content.decode()
    assert "王伟" in page
    assert "80" in keeper.get("/mail/limits/mailboxes/?q=王伟").content.decode()
    with pytest.raises(MailError, match=" 5 "):
        send_draft(actor=cast.inspector, draft=make_draft(fresh(cast.inspector), *[one for one in cast.employees if one != cast.inspector]))
    assert keeper.post(f"/mail/limits/people/{cast.inspector.pk}/", {}).status_code == 302
    assert not Limit.objects.filter(person=cast.inspector).exists()
    assert Mailbox.objects.get(owner=cast.inspector).limit == 50 * 10**6
    assert AuditRecord.objects.filter(verb="mail.limited").count() == 3
    with pytest.raises(MailError):
        set_limit(actor=cast.head, values={"mailbox_bytes": 1}, person=cast.head)


def test_whoever_has_sent_enough_within_an_hour_keeps_the_draft(cast: Cast) -> None:
    ensure_mailboxes()
    set_limit(actor=cast.admin, values={"per_hour": 2}, person=cast.head)
    send(cast.head, cast.inspector)
    send(cast.head, cast.inspector)
    draft = make_draft(cast.head, cast.inspector)
    with pytest.raises(MailError, match="一小时"):
        send_draft(actor=cast.head, draft=draft)
    draft.refresh_from_db()
    assert not draft.is_waiting


def test_the_bar_leads_to_what_is_largest(cast: Cast, client_for: SignIn) -> None:
    send(cast.head, cast.inspector, subject="小的")
    send(cast.head, cast.inspector, subject="大的", body="<p>" + "长" * 4_000 + "</p>")
    browser = client_for(cast.inspector)
    page = browser.get("/mail/").content.decode()
    assert "/mail/largest/" in page
    page = browser.get("/mail/largest/").content.decode()
    assert "10003@" in page
    assert page.index("大的") < page.index("小的")
