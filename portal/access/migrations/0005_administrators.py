"""The standings of administrators get a token: they are computed anew when they are next asked for."""

from django.db import migrations
from django.db.models import F


def make_stale(apps, schema_editor):
    apps.get_model("access", "Standing").objects.filter(user__is_superuser=True).update(stale_on=F("computed_on"))


class Migration(migrations.Migration):
    dependencies = [("access", "0004_known_standings"), ("accounts", "0003_name_starts")]

    operations = [migrations.RunPython(make_stale, migrations.RunPython.noop)]
