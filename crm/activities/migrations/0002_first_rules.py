"""The rules with which a plant begins."""

from django.db import migrations

RULES = (
    ("key", "visit", 1, "week"),
    ("strategic", "visit", 1, "week"),
    ("strategic", "call", 1, "week"),
    ("ordinary", "visit", 1, "month"),
    ("ordinary", "call", 2, "week"),
    ("potential", "visit", 3, "month"),
    ("none", "visit", 1, "month"),
)


def seed_rules(apps, schema_editor):
    rule = apps.get_model("activities", "PromiseRule")
    rule.objects.bulk_create([rule(tier=tier, kind=kind, every=every, unit=unit) for tier, kind, every, unit in RULES])


class Migration(migrations.Migration):
    dependencies = [("activities", "0001_initial")]

    operations = [migrations.RunPython(seed_rules, migrations.RunPython.noop)]
