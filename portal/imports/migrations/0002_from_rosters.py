"""Rosters that were brought in before there was one import for everything. They keep their numbers, so that bells and addresses lead to them.

One that was under way is confirmed again.
"""

from django.db import migrations

COPY = """
    INSERT INTO imports_import (
        id, importer, actor_id, language, file_name, source, status, rows, header_row, mapping, meant, options, day, plan, counts, fingerprint, failure,
        created_at, finished_at
    )
    SELECT id, 'roster', actor_id, '', file_name, source, CASE status WHEN 'running' THEN 'planned' ELSE status END, rows, header_row, mapping, meant,
        jsonb_build_object('is_complete', is_complete), day, plan, counts, fingerprint, failure, created_at, finished_at
    FROM organization_rosterimport ORDER BY id
"""
COUNT_ON = "SELECT setval(pg_get_serial_sequence('imports_import', 'id'), (SELECT max(id) FROM imports_import)) WHERE EXISTS (SELECT FROM imports_import)"
BELLS = {"organization.imported": "imports.applied", "organization.import_failed": "imports.failed"}


def copy_rosters(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(COPY)
        cursor.execute(COUNT_ON)
    for before, after in BELLS.items():
        apps.get_model("notifications", "Notification").objects.filter(kind=before).update(kind=after)
    for row in apps.get_model("imports", "Import").objects.exclude(plan=None).iterator(chunk_size=10):
        row.plan["lines"] = [_renamed(line) for line in row.plan["lines"]]
        row.save(update_fields=["plan"])


def _renamed(line):
    return {"key": line.pop("employee_number"), "label": line.pop("name"), "values": {}} | line


class Migration(migrations.Migration):
    dependencies = [("imports", "0001_initial"), ("organization", "0004_duties"), ("notifications", "0004_readers")]
    operations = [migrations.RunPython(copy_rosters, migrations.RunPython.noop)]
