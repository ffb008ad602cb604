"""Everyone's mailbox and addresses; what every open page of a mailbox's owner is told."""

import re
from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mail.errors import MailError
from mail.models import Address, Mailbox, Outbound, Placement
from portal.accounts.models import User
from portal.audit.services import record
from portal.foundation.locks import wait_for
from portal.live.services import ring_topics

MAKERS_LOCK = 482215
BATCH = 1_000
NOT_IN_AN_ADDRESS = re.compile(r"[^a-z0-9]")


@transaction.atomic
def ensure_mailboxes(user_ids: Collection[int] | None = None) -> int:
    """A mailbox for each employee who has none; how many were made. An address that was ever given to anybody is given to nobody else."""
    without = User.objects.employees().filter(mailbox__isnull=True)
    if user_ids is not None:
        without = without.filter(pk__in=list(user_ids))
    if not without.exists():
        return 0
    wait_for(MAKERS_LOCK)  # one maker at a time, who sees what the one before has given
    people = list(without.order_by("pk"))
    mailboxes = Mailbox.objects.bulk_create([Mailbox(owner=person) for person in people], batch_size=BATCH)
    given = set(Address.objects.filter(local__among=[local for person in people for local in _wanted(person)]).values_list("local", flat=True))
    addresses = []
    for mailbox, person in zip(mailboxes, people, strict=True):
        named = next(local for local in (*_wanted(person), f"{person.employee_number}.{mailbox.pk}") if local not in given)
        given.add(named)
        addresses.append(Address(mailbox=mailbox, local=named, is_number=named == person.employee_number))
        if person.employee_number not in given:
            given.add(person.employee_number)
            addresses.append(Address(mailbox=mailbox, local=person.employee_number, is_number=True))
    Address.objects.bulk_create(addresses, batch_size=BATCH)
    if people:
        record(None, "mailbox.made", None, after={"count": len(people)})
    return len(people)


def _wanted(person: User) -> list[str]:
    """The name in pinyin; with the number where somebody else had it first; the number alone where the name has no letters."""
    name = NOT_IN_AN_ADDRESS.sub("", person.name_pinyin.lower())[:24]
    return [name, f"{name}.{person.employee_number}"[:64], person.employee_number] if name else [person.employee_number]


def mailbox_of(user: Any) -> Mailbox:
    """The mailbox of an employee; refuses customers, who have none."""
    mailbox = Mailbox.objects.filter(owner=user.pk).first()
    if mailbox is None:
        raise MailError(_("You have no mailbox yet. It is made when your employment is entered; ask the computer centre."))
    return mailbox


def lock_mailboxes(ids: Iterable[int]) -> dict[int, Mailbox]:
    """In the order of their ids, as every writer locks them."""
    return {mailbox.pk: mailbox for mailbox in Mailbox.objects.filter(pk__in=set(ids)).order_by("pk").select_for_update(no_key=True, of=("self",))}


def topic_of(user_id: int) -> str:
    return f"mailbox:{user_id}"


def ring_mailboxes(ids: Iterable[int]) -> None:
    """Tell the open pages of these mailboxes' owners, once the transaction has committed."""
    rows = Mailbox.objects.filter(pk__in=set(ids)).values_list("owner_id", "moved")
    ring_topics({topic_of(owner_id): moved for owner_id, moved in rows})


def settled(message_id: int) -> int:
    """What has become of it, counted: read, recalled, taken by another server. Counts up alone, and is what open pages of its sender compare."""
    received = Placement.objects.filter(message=message_id, side=Placement.Side.RECEIVED)
    outside = Outbound.objects.filter(message=message_id)
    known = received.exclude(read_at__isnull=True, recalled_at__isnull=True).count()
    return known + outside.exclude(state="waiting").count() + outside.filter(state="failed").count()


def ring_senders(message_ids: Iterable[int], cursor: int) -> None:
    """Tell the open pages of those who sent these messages that somebody has read them, or that they were recalled."""
    ring_topics({f"mail_sent:{pk}": cursor for pk in set(message_ids)})
