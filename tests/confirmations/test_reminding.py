"""Reminding by a press: who may, how often, and what two see who press at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone

from bulletin.models import Notice
from portal.audit.models import AuditRecord
from portal.confirmations.errors import ConfirmationError
from portal.confirmations.models import Reminder
from portal.confirmations.services import BETWEEN_REMINDERS, confirm, remind_unconfirmed
from portal.outbox.models import Effect
from portal.pages.services import retract_page


@pytest.mark.django_db(transaction=True)
def test_of_two_who_press_at_once_one_reminds(cast, asked):
    together = Barrier(2)

    def press(person) -> str:
        together.wait()
        try:
            return str(remind_unconfirmed(actor=person, about=asked))
        except ConfirmationError as refusal:
            return str(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(press, [cast.head, cast.deputy]))
    assert said[0] == "2", "all but who wrote it"
    assert "提醒" in said[1]
    assert AuditRecord.objects.filter(verb="notice.reminded").count() == 1
    assert Effect.objects.filter(payload__kind="bulletin.reminder").count() == 1


@pytest.mark.django_db
def test_an_hour_later_it_may_be_said_again_while_somebody_is_missing(cast, asked):
    foreign = Reminder.objects.create(about_type=ContentType.objects.get_for_model(ContentType), about_id=asked.pk, reminded_at=timezone.now())
    with pytest.raises(ConfirmationError):
        remind_unconfirmed(actor=cast.inspector, about=asked)
    assert remind_unconfirmed(actor=cast.head, about=asked) == 2
    kept = Reminder.objects.exclude(pk=foreign.pk)
    for minutes, may in ((1, False), (-1, True)):
        kept.update(reminded_at=timezone.now() - BETWEEN_REMINDERS + timedelta(minutes=minutes))
        if may:
            assert remind_unconfirmed(actor=cast.head, about=asked) == 2
        else:
            with pytest.raises(ConfirmationError, match="一小时"):
                remind_unconfirmed(actor=cast.head, about=asked)
    for person in (cast.head, cast.deputy, cast.inspector):
        confirm(actor=person, about=asked, number=1)
    long_ago = timezone.now() - timedelta(days=1)
    kept.update(reminded_at=long_ago)
    with pytest.raises(ConfirmationError):
        remind_unconfirmed(actor=cast.head, about=asked)
    assert kept.get().reminded_at == long_ago, "nobody was reminded"
    retract_page(Notice.objects.get(pk=asked.pk), reason="重复", actor=cast.head)
    with pytest.raises(ConfirmationError):
        remind_unconfirmed(actor=cast.head, about=asked)
