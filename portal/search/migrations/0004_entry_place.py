"""Where a thing stands, for whoever looks there alone. What stands somewhere is read once more."""

from django.db import migrations, models

READ_AGAIN = "UPDATE search_feed SET sources = array_remove(sources, 'posts')"


class Migration(migrations.Migration):
    dependencies = [("search", "0003_entry_rule")]

    operations = [
        migrations.AddField("entry", "place", models.CharField(blank=True, max_length=40)),
        migrations.RunSQL(READ_AGAIN, migrations.RunSQL.noop),
    ]
