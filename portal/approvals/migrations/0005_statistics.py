"""Lines of approved papers are counted; what is summed of them stands in one index."""

from django.db import migrations, models

COUNT = """
UPDATE approvals_linefact f SET is_counted = true, period = CASE WHEN f.period = '' THEN to_char(p.submitted_at, 'YYYY-MM') ELSE f.period END
FROM approvals_paper p WHERE p.id = f.paper_id AND p.state = 'approved'
"""


class Migration(migrations.Migration):
    dependencies = [("approvals", "0004_drawings")]

    operations = [
        migrations.AddField(model_name="linefact", name="is_counted", field=models.BooleanField(default=False)),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="linefact",
            index=models.Index(
                condition=models.Q(("is_counted", True)),
                fields=["kind", "table", "period"],
                include=["paper", "department", "item", "supplier", "quantity", "amount"],
                name="fact_counted",
            ),
        ),
    ]
