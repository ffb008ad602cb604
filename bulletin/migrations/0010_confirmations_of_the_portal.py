"""Who has confirmed which version moves to `portal.confirmations`, which keeps it for every module, with the times of reminders and what is due.

The rows keep their ids and are compared, both ways, before the old table goes; the migration stops where one differs.
"""

from django.db import migrations

from portal.confirmations.keeping import keep_confirmed

OLD = "SELECT id, notice_id, version_id, number, person_id, department_id, confirmed_at FROM bulletin_confirmation"
NEW = """
    SELECT c.id, c.about_id, v.id, c.number, c.person_id, c.department_id, c.confirmed_at
    FROM confirmations_confirmation c JOIN bulletin_noticeversion v ON v.notice_id = c.about_id AND v.number = c.number WHERE c.about_type_id = %(notices)s
"""
COUNTS = "SELECT (SELECT count(*) FROM bulletin_confirmation), (SELECT count(*) FROM confirmations_confirmation WHERE about_type_id = %(notices)s)"
COLUMNS = "(id, about_type_id, about_id, number, person_id, department_id, confirmed_at)"
MOVE = f"""
    INSERT INTO confirmations_confirmation {COLUMNS}
    SELECT id, %(notices)s, notice_id, number, person_id, department_id, confirmed_at FROM bulletin_confirmation ORDER BY id
"""  # noqa: S608  # constants, here and below
MOVE_BACK = f"""
    INSERT INTO bulletin_confirmation (id, notice_id, version_id, number, person_id, department_id, confirmed_at) {NEW}
"""
GO_ON = "SELECT setval(pg_get_serial_sequence('{}', 'id'), coalesce(max(id), 1), max(id) IS NOT NULL) FROM confirmations_confirmation"
REMIND = """
    INSERT INTO confirmations_reminder (about_type_id, about_id, reminded_at)
    SELECT %(notices)s, page_ptr_id, reminded_at FROM bulletin_notice WHERE reminded_at IS NOT NULL
"""
REMIND_BACK = """
    UPDATE bulletin_notice n SET reminded_at = r.reminded_at
    FROM confirmations_reminder r WHERE r.about_type_id = %(notices)s AND r.about_id = n.page_ptr_id
"""
# What is due at a deadline, as the portal says it and as the boards did.
DUE = """
    UPDATE outbox_effect SET kind = 'confirmations.' || split_part(kind, '.', 2), payload = jsonb_build_object(
        'model', 'bulletin.notice', 'id', payload -> 'notice', 'number', payload -> 'binding', 'by', payload -> 'by'
    ) WHERE kind IN ('bulletin.remind_due', 'bulletin.overdue_due')
"""
DUE_BACK = """
    UPDATE outbox_effect SET kind = 'bulletin.' || split_part(kind, '.', 2), payload = jsonb_build_object(
        'notice', payload -> 'id', 'binding', payload -> 'number', 'by', payload -> 'by'
    ) WHERE kind IN ('confirmations.remind_due', 'confirmations.overdue_due') AND payload ->> 'model' = 'bulletin.notice'
"""
TRIGGER = "CREATE TRIGGER bulletin_confirmation_refuse BEFORE UPDATE OR DELETE ON bulletin_confirmation FOR EACH ROW EXECUTE FUNCTION bulletin_refuse()"


def move(apps, schema_editor):
    _carry_over(apps, schema_editor, [MOVE], [REMIND, DUE, GO_ON.format("confirmations_confirmation")])


def move_back(apps, schema_editor):
    emptying = [
        "ALTER TABLE confirmations_confirmation DISABLE TRIGGER confirmations_refuse",
        "DELETE FROM confirmations_confirmation WHERE about_type_id = %(notices)s",
        "ALTER TABLE confirmations_confirmation ENABLE TRIGGER confirmations_refuse",
        "DELETE FROM confirmations_reminder WHERE about_type_id = %(notices)s",
    ]
    _carry_over(apps, schema_editor, [MOVE_BACK], [REMIND_BACK, DUE_BACK, GO_ON.format("bulletin_confirmation"), *emptying])


def _carry_over(apps, schema_editor, rows, rest):
    """The rows, compared, and then the rest. Nobody confirms meanwhile; what the rows refer to is looked at before the table goes."""
    notices = {"notices": apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label="bulletin", model="notice")[0].pk}
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("LOCK TABLE bulletin_confirmation, confirmations_confirmation IN SHARE ROW EXCLUSIVE MODE")
        for statement in rows:
            cursor.execute(statement, notices)
        _compare(cursor, notices)
        for statement in ["SET CONSTRAINTS ALL IMMEDIATE", *rest, "SET CONSTRAINTS ALL DEFERRED"]:
            cursor.execute(statement, notices)


def _compare(cursor, notices):
    cursor.execute(f"SELECT (SELECT count(*) FROM ({OLD} EXCEPT {NEW}) lost), (SELECT count(*) FROM ({NEW} EXCEPT {OLD}) invented)", notices)  # noqa: S608
    lost, invented = cursor.fetchone()
    cursor.execute(COUNTS, notices)
    before, after = cursor.fetchone()
    if lost or invented or before != after:
        raise ValueError(f"confirmations differ after they were moved: {lost} only in the old table, {invented} only in the new, {before} and {after} rows")


class Migration(migrations.Migration):
    dependencies = [
        ("bulletin", "0009_numbers_of_the_portal"),
        ("confirmations", "0002_only_grows"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("outbox", "0002_troubles"),
    ]

    operations = [
        migrations.RunPython(move, move_back),
        migrations.RunSQL("DROP TRIGGER bulletin_confirmation_refuse ON bulletin_confirmation", TRIGGER),
        migrations.DeleteModel(name="Confirmation"),
        migrations.RemoveField(model_name="notice", name="reminded_at"),
        keep_confirmed("bulletin", "notice", table="bulletin_notice", pk="page_ptr_id"),
    ]
