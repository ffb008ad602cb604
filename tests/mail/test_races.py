"""Reading and recalling at one moment: one of them wins on each row, and what both are told is so. Sending crosswise locks nobody out."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.db.models import Sum

from mail.errors import MailError
from mail.models import Draft, Mailbox, Message, Placement
from mail.services.keeping import move_conversation
from mail.services.mailboxes import ensure_mailboxes
from mail.services.reading import open_conversation, recall
from mail.services.sending import send_draft, send_now, take_back
from portal.accounts.models import User
from tests.cast import Cast
from tests.mail.writing import make_draft, received, send, sent

ROUNDS, ROUNDS_OF_THE_DRILL = 10, 200
READERS = 5

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(acts: list[Callable[[], object]]) -> list[object]:
    """Each in a thread and a connection of its own, begun at one moment; an error that mail says is an answer."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            barrier.wait()
            return act()
        except MailError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.parametrize("rounds", [ROUNDS, pytest.param(ROUNDS_OF_THE_DRILL, marks=pytest.mark.drill)])
def test_what_was_read_is_not_recalled_and_what_was_recalled_is_not_read(cast: Cast, rounds: int) -> None:
    """50 races of one reader against one recall; 1,000 in the drill."""
    ensure_mailboxes()
    readers = [cast.inspector, cast.operator, cast.workshop_head, cast.salesperson, cast.deputy]
    outcomes = {"read": 0, "recalled": 0}
    for _round in range(rounds):
        message = send(cast.head, *readers)
        placements = {reader.pk: received(message, reader) for reader in readers}
        acts = [lambda reader=reader, placement=placements[reader.pk]: open_conversation(actor=reader, placement=placement) for reader in readers]
        answers = at_once([lambda message=message: recall(actor=cast.head, message=message), *acts])
        rows = {row.mailbox.owner_id: row for row in Placement.objects.filter(message=message, side="received").select_related("mailbox")}
        for reader, answer in zip(readers, answers[1:], strict=True):
            row = rows[reader.pk]
            assert (row.read_at is None) != (row.recalled_at is None)
            assert answer == (1 if row.read_at is not None else 0)  # what it says is handed out for this answer alone
            outcomes["read" if row.read_at is not None else "recalled"] += 1
        recalled = sum(row.recalled_at is not None for row in rows.values())
        assert answers[0] == recalled or (recalled == 0 and isinstance(answers[0], MailError))
    assert sum(outcomes.values()) == rounds * READERS
    assert_counted()


def test_many_who_write_to_one_another_at_once_wait_for_nobody_for_ever(cast: Cast) -> None:
    ensure_mailboxes()
    people = cast.employees
    old = {person.pk: send(person, person) for person in people}

    def acts_of(person: User) -> list[Callable[[], object]]:
        others = [other for other in people if other != person]
        return [
            lambda: [send(person, *others) for _number in range(4)],
            lambda: move_conversation(actor=person, placement=sent(old[person.pk]), place="archive"),
        ]

    answers = at_once([act for person in people for act in acts_of(person)])
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert Message.objects.count() == len(people) * 5
    assert_counted()


def test_taking_back_and_sending_at_one_moment_do_one_of_them(cast: Cast) -> None:
    for _round in range(10):
        draft = send_draft(actor=cast.head, draft=make_draft(cast.head, cast.inspector))
        before = Message.objects.count()
        at_once([lambda draft=draft: send_now(actor=cast.head, draft=draft), lambda draft=draft: take_back(actor=cast.head, draft=draft)])
        kept = Draft.objects.filter(pk=draft.pk).first()
        assert Message.objects.count() == before + (kept is None)
        assert kept is None or not kept.is_waiting


def assert_counted() -> None:
    with transaction.atomic():
        for mailbox in Mailbox.objects.all():
            assert mailbox.used == (Placement.objects.live().filter(mailbox=mailbox).aggregate(total=Sum("size"))["total"] or 0)
