from django.db import migrations, models

from portal.foundation.names import name_starts

BATCH = 2_000


def spell_names(apps, schema_editor):
    """As `User.spell_name` does."""
    users = apps.get_model("accounts", "User").objects
    everyone = list(users.only("name", "name_en", "employee_number"))
    for user in everyone:
        user.name_starts = name_starts(user.name, user.name_en, user.employee_number)
    users.bulk_update(everyone, ["name_starts"], batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_attempt_cache")]

    operations = [
        migrations.AddField("user", "name_starts", models.CharField(default="", editable=False, max_length=1000)),
        migrations.RunPython(spell_names, migrations.RunPython.noop),
    ]
