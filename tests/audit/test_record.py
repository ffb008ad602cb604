"""The record only grows, and says who touched it first (S39)."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from portal.audit.chain import checkpoint_path, verify_chain, write_checkpoint
from portal.audit.models import AuditLink, AuditRecord
from portal.audit.services import record
from portal.runtime.addresses import APPLICATION_ROLE, OWNER_ROLE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def without_checkpoints() -> None:
    checkpoint_path().unlink(missing_ok=True)


def write(count: int) -> list[AuditRecord]:
    written = []
    for index in range(count):
        with transaction.atomic():
            written.append(record(None, "thing.changed", before={"n": index}, after={"n": index + 1}, reason="试"))
    return written


def as_owner(statement: str, *parameters: object) -> None:
    """What someone with the owner's password could do, guard triggers taken off."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {OWNER_ROLE}")
        for table in ("audit_record", "audit_link"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, parameters)
        for table in ("audit_record", "audit_link"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute(f"SET ROLE {APPLICATION_ROLE}")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_record SET reason = 'x'",
        "DELETE FROM audit_record",
        "TRUNCATE audit_record",
        "UPDATE audit_link SET digest = ''",
        "DELETE FROM audit_link",
        "INSERT INTO audit_link (position, record_id, digest) VALUES (99, 99, '')",
        "ALTER TABLE audit_record DISABLE TRIGGER USER",
        "DROP TABLE audit_record",
    ],
)
def test_the_application_may_add_and_read_and_nothing_else(statement: str) -> None:
    write(1)
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditRecord.objects.count() == AuditLink.objects.count() == 1


def test_an_untouched_record_verifies() -> None:
    write(5)
    verdict = verify_chain()
    assert (verdict.checked, verdict.fault) == (5, None)


def test_what_is_rolled_back_leaves_no_gap() -> None:
    write(2)
    with transaction.atomic():
        record(None, "thing.changed")
        transaction.set_rollback(True)
    write(1)
    assert verify_chain().checked == 3
    assert verify_chain().fault is None


def test_an_altered_row_is_named() -> None:
    rows = write(5)
    as_owner("UPDATE audit_record SET after = '{\"n\": 100}' WHERE id = %s", rows[2].pk)
    fault = verify_chain().fault
    assert fault is not None
    assert (fault.what, fault.record_id) == ("altered", rows[2].pk)
    with pytest.raises(CommandError, match=f"record {rows[2].pk}"):
        call_command("audit", "verify", stdout=StringIO())


def test_a_removed_row_is_named_with_and_without_its_link() -> None:
    rows = write(5)
    as_owner("DELETE FROM audit_record WHERE id = %s", rows[1].pk)
    fault = verify_chain().fault
    assert (fault.what, fault.record_id) == ("removed", rows[1].pk)
    as_owner("DELETE FROM audit_link WHERE record_id = %s", rows[1].pk)
    fault = verify_chain().fault
    assert (fault.what, fault.position) == ("removed", 2)


def test_a_row_put_in_past_the_chain_is_named() -> None:
    write(2)
    as_owner(
        "INSERT INTO audit_record (at, actor_label, on_behalf_of, verb, object_type, object_id, object_label, before, after, reason, agent, request_id)"
        " VALUES (now(), '', '', 'forged', '', '', '', '{}', '{}', '', '', '')"
    )
    fault = verify_chain().fault
    assert (fault.what, fault.record_id) == ("unlinked", AuditRecord.objects.get(verb="forged").pk)


def test_a_chain_that_was_cut_or_made_anew_is_betrayed_by_its_checkpoint() -> None:
    rows = write(4)
    write_checkpoint()
    assert verify_chain().checkpoints == 1
    as_owner("DELETE FROM audit_link WHERE record_id = %s", rows[3].pk)
    as_owner("DELETE FROM audit_record WHERE id = %s", rows[3].pk)
    assert verify_chain().fault.what == "cut off"
    write(1)
    assert verify_chain().fault.what == "rewritten"


def test_a_checkpoint_that_was_forged_counts_for_nothing() -> None:
    write(2)
    write_checkpoint()
    text = checkpoint_path().read_text()
    checkpoint_path().write_text(text.replace('"position": 2', '"position": 1'))
    verdict = verify_chain()
    assert (verdict.checkpoints, verdict.fault) == (0, None)


def test_outside_a_transaction_nothing_is_recorded() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        record(None, "thing.changed")


def test_the_command_says_how_much_it_verified() -> None:
    write(3)
    answer = StringIO()
    call_command("audit", "checkpoint", stdout=answer)
    call_command("audit", "verify", stdout=answer)
    assert "3 records verify, 1 checkpoints agree" in answer.getvalue()
