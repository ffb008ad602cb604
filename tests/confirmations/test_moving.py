"""What was confirmed before the portal kept it is the same before and after, forth and back; what differs stops the migration."""

from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from bulletin.models import Notice
from bulletin.services.boards import board_of
from portal.access.models import AudienceGroup
from portal.confirmations.models import Confirmation, Reminder
from portal.confirmations.reports import ConfirmationReport
from portal.confirmations.services import confirm, remind_unconfirmed
from portal.outbox.models import Effect
from portal.runtime.addresses import OWNER_ROLE
from tests.bulletin.writing import correct, write

pytestmark = pytest.mark.django_db

BEFORE, AFTER = [("bulletin", "0009_numbers_of_the_portal")], [("bulletin", "0010_confirmations_of_the_portal")]
OF_BOARDS = """
    SELECT c.id, c.notice_id, c.number, c.person_id, c.department_id, c.confirmed_at
    FROM bulletin_confirmation c JOIN bulletin_noticeversion v ON v.id = c.version_id AND v.notice_id = c.notice_id AND v.number = c.number ORDER BY 1
"""
OF_PORTAL = "SELECT id, about_id, number, person_id, department_id, confirmed_at FROM confirmations_confirmation WHERE about_type_id = %s ORDER BY 1"
STRAY = """
    INSERT INTO bulletin_confirmation (notice_id, version_id, number, person_id, confirmed_at)
    SELECT notice_id, version_id, number + 7, person_id, confirmed_at FROM bulletin_confirmation LIMIT 1
"""
NEW = """
    INSERT INTO bulletin_confirmation (notice_id, version_id, number, person_id, department_id, confirmed_at)
    SELECT notice_id, version_id, number, %s, department_id, confirmed_at FROM bulletin_confirmation ORDER BY id LIMIT 1
"""


def ask(statement: str, *parameters: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)
        return cursor.fetchall() if cursor.description else []


def migrate(to: list[tuple[str, str]]) -> None:
    MigrationExecutor(connection).migrate(to)


def test_the_rows_are_equal_before_and_after_and_back_again(cast, asked):
    other = write(board_of(cast.quality), cast.head, needs_confirmation=True)
    confirm(actor=cast.inspector, about=asked, number=1)
    confirm(actor=cast.inspector, about=other, number=1)
    correct(asked, cast.head, asks_anew=True)
    confirm(actor=cast.inspector, about=asked, number=2)
    confirm(actor=cast.deputy, about=other, number=1)
    assert remind_unconfirmed(actor=cast.head, about=asked) == 1
    notices, reminded_at = ContentType.objects.get_for_model(Notice).pk, Reminder.objects.get().reminded_at
    foreign = ContentType.objects.get_for_model(AudienceGroup)
    stays = Confirmation.objects.create(about_type=foreign, about_id=asked.pk, number=1, person=cast.head, confirmed_at=timezone.now() - timedelta(days=1))
    rows, due = ask(OF_PORTAL, notices), set(Effect.objects.filter(kind__startswith="confirmations.").values_list("pk", "kind", "due_at"))
    planned = dict(Effect.objects.filter(kind__startswith="confirmations.").values_list("pk", "payload"))
    assert (len(rows), len(due)) == (7, 4)
    ask(f"SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL ROLE {OWNER_ROLE}")

    migrate(BEFORE)
    assert ask(OF_BOARDS) == rows
    assert Confirmation.objects.get() == stays
    assert ask("SELECT reminded_at FROM bulletin_notice WHERE reminded_at IS NOT NULL") == [(reminded_at,)]
    told = {(pk, kind.replace("bulletin.", "confirmations."), at) for pk, kind, at in Effect.objects.filter(kind__endswith="_due").exclude(
        kind__startswith="pages.").values_list("pk", "kind", "due_at")}  # fmt: skip
    assert told == due
    assert all(set(payload) == {"notice", "binding", "by"} for payload in Effect.objects.filter(pk__in=planned).values_list("payload", flat=True))
    for statement in ("UPDATE bulletin_confirmation SET number = 5", "DELETE FROM bulletin_confirmation"):
        with pytest.raises(Exception, match="only added"), transaction.atomic():
            ask(statement)

    with transaction.atomic():
        ask(STRAY)
        with pytest.raises(ValueError, match="differ"), transaction.atomic():
            migrate(AFTER)
        transaction.set_rollback(True)
    assert ask(OF_BOARDS) == rows
    ask(NEW, cast.operator.pk)
    newer = ask(OF_BOARDS)
    assert len(newer) == 8

    migrate(AFTER)
    assert ask(OF_PORTAL, notices) == newer
    assert Reminder.objects.get().reminded_at == reminded_at
    assert dict(Effect.objects.filter(kind__startswith="confirmations.").values_list("pk", "payload")) == planned
    assert ask("SELECT to_regclass('bulletin_confirmation')") == [(None,)]
    with pytest.raises(Exception, match="only added"), transaction.atomic():
        Confirmation.objects.update(number=5)
    assert [line.confirmed for line in ConfirmationReport(Notice.objects.get(pk=asked.pk)).departments()] == [2]
    assert confirm(actor=cast.deputy, about=asked, number=2).pk > max(row[0] for row in newer)
