"""What people stand for today is taken to hold since their first employment, for nothing earlier is known."""

from django.db import migrations

FORWARD = """
INSERT INTO access_standingperiod (user_id, tokens, level, department_id, starts_on)
SELECT s.user_id, s.tokens, s.level,
    (SELECT e.department_id FROM organization_employment e WHERE e.person_id = s.user_id AND e.is_primary
        AND e.starts_on <= s.computed_on AND (e.ends_on IS NULL OR e.ends_on >= s.computed_on) LIMIT 1),
    least((SELECT min(e.starts_on) FROM organization_employment e WHERE e.person_id = s.user_id), s.computed_on)
FROM access_standing s
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0003_standingperiod"), ("organization", "0002_roster_import")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
