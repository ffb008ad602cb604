"""The number of a document and what a person is called by their post. What has one of them is read once more."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

READ_AGAIN = """
    UPDATE search_feed SET sources = ARRAY(
        SELECT unnest(sources) EXCEPT SELECT unnest(ARRAY['people', 'notices', 'policies', 'approvals', 'quotations', 'customers', 'products'])
    )
"""


class Migration(migrations.Migration):
    dependencies = [("search", "0004_entry_place")]

    operations = [
        migrations.AddField("entry", "number", models.CharField(blank=True, max_length=80)),
        migrations.AddField("entry", "called", ArrayField(base_field=models.TextField(), default=list, size=None)),
        migrations.RunSQL(READ_AGAIN, migrations.RunSQL.noop),
    ]
