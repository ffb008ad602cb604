from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organization", "0002_roster_import")]
    operations = [
        migrations.AddField(
            model_name="rosterimport",
            name="meant",
            field=models.JSONField(default=dict, help_text="What names mean that the plant does not know: by kind and name, an id, or that it is new."),
        ),
    ]
