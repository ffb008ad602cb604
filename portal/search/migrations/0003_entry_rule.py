"""Entries carry their rule themselves. All is read once more afterwards, so that those who take part find it too."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

COPIED = """
    UPDATE search_entry entry SET include = audience.include, exclude = audience.exclude, level = audience.level
    FROM access_audience audience WHERE audience.id = entry.audience_id
"""


class Migration(migrations.Migration):
    dependencies = [("search", "0002_waiting_aside")]

    operations = [
        *(migrations.AddField("entry", name, ArrayField(base_field=models.TextField(), default=list, size=None)) for name in ("include", "exclude", "readers")),
        *(migrations.AddField("entry", name, models.PositiveSmallIntegerField(default=0)) for name in ("level", "readers_level")),
        migrations.RunSQL(COPIED, migrations.RunSQL.noop),
        migrations.RunSQL("UPDATE search_feed SET sources = '{}'", migrations.RunSQL.noop),
        migrations.RemoveField("entry", "audience"),
    ]
