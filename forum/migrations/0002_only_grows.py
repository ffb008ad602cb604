"""Earlier texts and reports are only added: the database refuses to change or remove one."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION forum_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: its rows are only added', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER forum_postrevision_refuse BEFORE UPDATE OR DELETE ON forum_postrevision FOR EACH ROW EXECUTE FUNCTION forum_refuse();
CREATE TRIGGER forum_report_refuse BEFORE UPDATE OR DELETE ON forum_report FOR EACH ROW EXECUTE FUNCTION forum_refuse();
"""

BACKWARD = """
DROP TRIGGER forum_postrevision_refuse ON forum_postrevision;
DROP TRIGGER forum_report_refuse ON forum_report;
DROP FUNCTION forum_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("forum", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
