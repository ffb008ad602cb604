from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0006_policy_reviews")]

    operations = [
        migrations.AlterField(
            model_name="importitem",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "waiting"),
                    ("drafted", "new draft"),
                    ("renewed", "draft of a new version"),
                    ("unchanged", "nothing new"),
                    ("within", "picture in an article"),
                    ("refused", "not taken"),
                ],
                default="waiting",
                max_length=9,
            ),
        ),
    ]
