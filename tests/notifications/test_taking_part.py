"""Bells of those who take part in a thing without being in its audience, and bells that were taken back before they were delivered."""

import pytest
from django.db import transaction

from bulletin.services.boards import board_of
from portal.access.participation import add_readers, remove_readers
from portal.access.rules import department_token, person_token
from portal.accounts.models import User
from portal.notifications.models import Notification
from portal.notifications.registry import NotificationKind, kind_of, register_kind
from portal.notifications.services import notify, renew_bells, withdraw
from portal.outbox.services import drain
from portal.pages.services import retract_page
from tests.bulletin.writing import audience, write
from tests.papers.models import Slip

pytestmark = pytest.mark.django_db(transaction=True)

SIGNED = kind_of("test.signed") or register_kind(NotificationKind("test.signed", "Signed", "“%(title)s” was signed.", "file-text"))


def shown(person: User) -> list[str]:
    """What the list, the count of the bell and the panel say: the same."""
    person = User.objects.get(pk=person.pk)
    rows = list(Notification.objects.for_person(person).unread())
    assert Notification.objects.bell_of(person)[0] == len(rows)
    assert len(Notification.objects.newest_unread_of(person, 10)) == len(rows)
    return [row.words["title"] for row in rows]


def tell(slip: Slip) -> None:
    with transaction.atomic():
        notify(SIGNED, words={"title": slip.title}, about=slip, url=f"/slips/{slip.pk}/")


def test_a_publisher_outside_the_audience_is_shown_the_bell_that_they_were_sent(cast):
    """赵静 stands in for the head of the department that publishes."""
    write(board_of(cast.quality), cast.head, title="抽样复检安排", audience=audience(department_token(cast.workshop.pk)))
    drain()
    assert shown(cast.deputy) == shown(cast.operator) == ["抽样复检安排"]
    assert shown(cast.inspector) == shown(cast.head) == []


def test_who_takes_part_is_told_and_is_shown_nothing_when_that_has_ended(cast):
    slip = Slip.objects.create(title="付款审批单")
    add_readers(slip, [person_token(cast.operator.pk), f"head:{cast.quality.pk}"], actor=cast.admin)
    tell(slip)
    drain()
    assert shown(cast.operator) == shown(cast.head) == ["付款审批单"]
    assert shown(cast.inspector) == []
    with transaction.atomic():
        remove_readers(slip, [person_token(cast.operator.pk)], actor=cast.admin)
        renew_bells(slip, [f"/slips/{slip.pk}/"], kinds=[SIGNED])
    assert shown(cast.operator) == []
    assert shown(cast.head) == ["付款审批单"]
    with transaction.atomic():
        remove_readers(slip, [f"head:{cast.quality.pk}"], actor=cast.admin)
        renew_bells(slip, [f"/slips/{slip.pk}/"], kinds=[SIGNED])
    assert shown(cast.head) == []


def test_what_is_taken_back_while_it_lies_in_the_outbox_does_not_arrive(cast):
    slip = Slip.objects.create(title="付款审批单")
    add_readers(slip, [person_token(cast.operator.pk)], actor=cast.admin)
    tell(slip)
    withdraw(f"/slips/{slip.pk}/", kind=SIGNED)
    drain()
    assert not Notification.objects.exists()
    tell(slip)
    drain()
    assert shown(cast.operator) == ["付款审批单"]


def test_nobody_hears_of_the_publication_of_what_was_retracted_since(cast):
    notice = write(board_of(cast.quality), cast.head, title="抽样复检安排", audience=audience("all"))
    retract_page(notice, actor=cast.head, reason="有误")
    drain()
    assert not Notification.objects.filter(kind="bulletin.published").exists()
