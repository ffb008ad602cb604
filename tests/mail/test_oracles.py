"""Held against naive readings: a mailbox's figure is the sum of what it has, whatever was done; a blind copy stands nowhere for anybody else."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from mail.errors import MailError
from mail.models import Envelope, Mailbox, Placement
from mail.services.keeping import move_conversation, purge_conversation, set_star
from mail.services.mailboxes import ensure_mailboxes
from mail.services.reading import open_conversation, recall
from portal.access.rules import AudienceRule, department_token
from portal.accounts.models import User
from portal.live.topics import may_listen
from portal.outbox.services import drain
from portal.search.models import Entry
from tests.cast import Cast
from tests.mail.writing import fresh, make_foreign, open_it, received, send, send_mass, sent

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db
WRONG = """
    SELECT count(*) FROM mail_mailbox WHERE used <> coalesce((
        SELECT sum(size) FROM mail_placement WHERE mailbox_id = mail_mailbox.id AND purged_at IS NULL AND recalled_at IS NULL), 0)
"""
ACTS = st.lists(
    st.tuples(st.sampled_from(["send", "mass", "foreign", "open", "recall", "bin", "back", "purge", "star"]), st.integers(0, 6), st.integers(0, 60)),
    min_size=4,
    max_size=14,
)


def test_a_mailboxs_figure_is_the_sum_of_what_it_has_whatever_is_done(cast: Cast) -> None:
    ensure_mailboxes()
    people = cast.employees

    @settings(max_examples=25)
    @given(ACTS)
    def check(acts: list[tuple[str, int, int]]) -> None:
        with transaction.atomic():
            for act, who, what in acts:
                _do(act, people[who], people, what, cast)
                with connection.cursor() as cursor:
                    cursor.execute(WRONG)
                    assert cursor.fetchone() == (0,), act
            transaction.set_rollback(True)

    check()
    _do("send", people[0], people, 3, cast)
    assert Mailbox.objects.filter(used__gt=0).count() > 1  # the oracle's question is about something


def _do(act: str, person: User, people: list[User], what: int, cast: Cast) -> None:
    """One of the things that people do; what is refused is refused."""
    others = people[what % 5 : what % 5 + 2]
    rows = list(Placement.objects.there().filter(mailbox__owner=person).select_related("message", "mailbox").order_by("pk"))
    row = rows[what % len(rows)] if rows else None
    try:
        if act == "send":
            send(person, *others, body="<p>" + "文" * what + "</p>")
        elif act == "mass":
            send_mass(cast.head, AudienceRule.of([department_token(cast.quality.pk)]))
        elif act == "foreign":
            make_foreign(*others)
        elif row is None:
            return
        elif act == "open":
            open_conversation(actor=person, placement=row)
        elif act == "recall" and row.side == "sent":
            recall(actor=person, message=row.message)
        elif act in ("bin", "back"):
            move_conversation(actor=person, placement=row, place="bin" if act == "bin" else "inbox")
        elif act == "purge":
            purge_conversation(actor=person, placement=row)
        elif act == "star":
            set_star(actor=person, placement=row, wanted=bool(what % 2))
    except MailError:
        pass


def test_a_blind_copy_stands_in_no_page_index_file_or_socket_of_others(cast: Cast, client_for: SignIn) -> None:
    """S30: 孙丽 had a blind copy; 陈刚 too. What each of the others can ask is asked, and names neither."""
    ensure_mailboxes()
    message = send(cast.head, cast.inspector, cc=[cast.operator], bcc=[cast.salesperson, cast.director])
    for person in (cast.inspector, cast.operator, cast.salesperson):
        open_it(message, person)
    answer = send(cast.inspector, cast.head, answers=message)
    open_it(answer, cast.head)
    blind = [cast.salesperson, cast.director]
    hidden = [word for person in blind for word in (person.name, person.employee_number, person.mailbox.addresses.all()[0].local, f"user:{person.pk}")]
    for person in (cast.inspector, cast.operator, cast.salesperson):
        own, client = received(message, person).get_absolute_url(), client_for(person)
        others = [word for word in hidden if person != cast.salesperson or word not in hidden[:4]]
        asked = [own, f"{own}print/", f"{own}eml/", f"{own}reply/", f"{own}reply-all/", "/mail/", "/mail/largest/", "/mail/?q=to:孙丽", "/mail/?q=收件人:陈刚"]
        pages = {address: _main(client.get(address).content.decode()) for address in asked}
        pages["forward"] = _main(client.post(f"{own}forward/", follow=True).content.decode())
        assert {(address, word) for address, page in pages.items() for word in others if word in _without(page, person)} == set()
        assert client.get(received(message, cast.director).get_absolute_url()).status_code == 404
        assert not may_listen(fresh(person), f"mail_sent:{message.pk}")
        assert not may_listen(fresh(person), f"mailbox:{cast.salesperson.pk}") or person == cast.salesperson
    assert own not in client_for(cast.inspector).get("/mail/?q=to:孙丽").content.decode()
    sender = client_for(cast.head).get(sent(message).get_absolute_url()).content.decode()
    assert all(person.name in sender for person in blind)
    drain()
    for entry in Entry.objects.filter(source="mail"):
        owner = Placement.objects.get(pk=entry.object_id).mailbox.owner_id
        assert entry.readers == [f"user:{owner}"]
        assert not any(person.name in f"{entry.title} {entry.names}" for person in blind)
    assert Envelope.objects.filter(message=message, role="bcc").count() == 2


def _main(page: str) -> str:
    """Of an answer what is of its own: the frame names whoever has signed in."""
    return page.partition("<main")[2] or page


def _without(page: str, person: User) -> str:
    """Without what was asked for, and without who reads it."""
    return page.replace("to:孙丽", "").replace("收件人:陈刚", "").replace(f"user:{person.pk}", "")
