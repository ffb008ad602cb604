"""What a correction does to those who were told before: nobody is told twice, nobody of what is not theirs, and who is new learns of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.access.rules import person_token
from portal.accounts.models import User
from portal.confirmations.services import OVERDUE_DUE, REMIND_DUE
from portal.notifications.models import Notification
from portal.outbox.models import Effect
from portal.outbox.services import drain
from tests.bulletin.writing import audience, correct, write

pytestmark = pytest.mark.django_db


def bells_of(person) -> list[str]:
    drain()
    return sorted(Notification.objects.for_person(User.objects.get(pk=person.pk)).values_list("kind", flat=True))


def test_a_correction_that_leaves_the_deadline_reminds_once(cast, board):
    notice = write(board, cast.head, needs_confirmation=True, confirm_by=timezone.now() + timedelta(days=3))
    correct(notice, cast.head, body="<p>错字已改</p>")
    correct(notice, cast.head, body="<p>又一处</p>")
    drain()
    assert Effect.objects.filter(kind__in=[REMIND_DUE, OVERDUE_DUE]).update(due_at=timezone.now()) == 2
    assert bells_of(cast.inspector) == ["bulletin.published", "bulletin.reminder"]
    assert bells_of(cast.head) == ["bulletin.overdue"], "who wrote it is not asked"


def test_who_is_no_longer_in_the_audience_finds_it_in_the_bell_no_longer(cast, board):
    notice = write(board, cast.head, title="拟表彰名单", audience=audience("all"))
    assert bells_of(cast.operator) == ["bulletin.published"]
    correct(notice, cast.head, audience=audience(f"dept:{cast.quality.pk}"))
    assert bells_of(cast.operator) == []
    assert bells_of(cast.inspector) == ["bulletin.published"]


def test_who_is_new_in_the_audience_is_told_and_nobody_else_again(cast, board):
    notice = write(board, cast.head, audience=audience(f"dept:{cast.quality.pk}"))
    assert bells_of(cast.inspector) == ["bulletin.published"]
    correct(notice, cast.head, audience=audience("all"))
    assert bells_of(cast.operator) == ["bulletin.published"]
    assert bells_of(cast.inspector) == ["bulletin.published"]


def test_a_head_who_may_not_see_the_notice_is_not_told_its_title(cast, board):
    """It is for the operator alone: the head of his workshop learns nothing of it, also not that it is overdue."""
    write(
        board, cast.head, title="关于张强同志的通知", audience=audience(person_token(cast.operator.pk)),
        needs_confirmation=True, confirm_by=timezone.now() + timedelta(days=3),
    )  # fmt: skip
    drain()
    Effect.objects.filter(kind=OVERDUE_DUE).update(due_at=timezone.now())
    assert bells_of(cast.workshop_head) == []
