"""Versions and reviews are only added: the database refuses to change or remove one."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION knowledge_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: its rows are only added', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER knowledge_articleversion_refuse BEFORE UPDATE OR DELETE ON knowledge_articleversion FOR EACH ROW EXECUTE FUNCTION knowledge_refuse();
CREATE TRIGGER knowledge_verification_refuse BEFORE UPDATE OR DELETE ON knowledge_verification FOR EACH ROW EXECUTE FUNCTION knowledge_refuse();
"""

BACKWARD = """
DROP TRIGGER knowledge_articleversion_refuse ON knowledge_articleversion;
DROP TRIGGER knowledge_verification_refuse ON knowledge_verification;
DROP FUNCTION knowledge_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
