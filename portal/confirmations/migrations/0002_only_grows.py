"""Confirmations are only added: the database refuses to change or remove one, and to remove what was confirmed (`confirmations_keep`, see `keeping.py`)."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION confirmations_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: its rows are only added', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER confirmations_refuse BEFORE UPDATE OR DELETE ON confirmations_confirmation FOR EACH ROW EXECUTE FUNCTION confirmations_refuse();
CREATE FUNCTION confirmations_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM confirmations_confirmation c JOIN django_content_type t ON t.id = c.about_type_id
        WHERE t.app_label = TG_ARGV[0] AND t.model = TG_ARGV[1] AND c.about_id = (to_jsonb(OLD) ->> TG_ARGV[2])::bigint
    ) THEN
        RAISE EXCEPTION '% on % is refused: it was confirmed', TG_OP, TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN OLD;
END
$$;
"""

BACKWARD = """
DROP TRIGGER confirmations_refuse ON confirmations_confirmation;
DROP FUNCTION confirmations_refuse();
DROP FUNCTION confirmations_keep();
"""


class Migration(migrations.Migration):
    dependencies = [("confirmations", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
