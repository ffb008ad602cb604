"""Versions and confirmations are only added: the database refuses to change or remove one."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION bulletin_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: its rows are only added', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER bulletin_noticeversion_refuse BEFORE UPDATE OR DELETE ON bulletin_noticeversion FOR EACH ROW EXECUTE FUNCTION bulletin_refuse();
CREATE TRIGGER bulletin_confirmation_refuse BEFORE UPDATE OR DELETE ON bulletin_confirmation FOR EACH ROW EXECUTE FUNCTION bulletin_refuse();
"""

BACKWARD = """
DROP TRIGGER bulletin_noticeversion_refuse ON bulletin_noticeversion;
DROP TRIGGER bulletin_confirmation_refuse ON bulletin_confirmation;
DROP FUNCTION bulletin_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("bulletin", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
