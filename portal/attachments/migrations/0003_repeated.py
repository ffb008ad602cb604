from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("attachments", "0002_unnamed_pictures")]

    operations = [
        migrations.AddField(model_name="storedfile", name="is_repeated", field=models.BooleanField(default=False, db_default=False)),
        migrations.AlterField(model_name="storedfile", name="sha256", field=models.CharField(db_index=True, max_length=64)),
        migrations.AddConstraint(
            model_name="storedfile",
            constraint=models.UniqueConstraint(condition=models.Q(("is_repeated", False)), fields=("sha256",), name="stored_file_once"),
        ),
    ]
