"""What the application's database role may and may not do."""

import pytest
from django.db import ProgrammingError, connection, transaction

from portal.audit.models import AuditRecord
from portal.audit.services import record
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_application_adds_to_the_record_and_reads_it(cast: Cast) -> None:
    with transaction.atomic():
        record(cast.admin, "plant.visited", cast.plant)
    assert AuditRecord.objects.filter(verb="plant.visited").count() == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_record SET verb = 'other'",
        "DELETE FROM audit_record",
        "TRUNCATE audit_record",
        "INSERT INTO audit_link (position, record_id, digest) VALUES (1, 1, '')",
        "UPDATE audit_link SET digest = ''",
        "DELETE FROM audit_link",
        "ALTER TABLE audit_record DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_record_refuse ON audit_record",
        "CREATE TABLE elsewhere (id integer)",
        "DELETE FROM django_migrations",
        "TRUNCATE organization_department CASCADE",
    ],
)
def test_application_cannot_touch_the_record_or_the_tables(cast: Cast, statement: str) -> None:
    with transaction.atomic():
        record(cast.admin, "plant.visited", cast.plant)
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditRecord.objects.filter(verb="plant.visited").count() == 1


@pytest.mark.django_db(transaction=True)
def test_records_of_the_application_are_chained_by_the_database(cast: Cast) -> None:
    with transaction.atomic():
        record(cast.admin, "plant.visited", cast.plant)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_link JOIN audit_record ON audit_record.id = record_id")
        assert cursor.fetchone() == (1,)
