import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("organization", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Confirmation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("about_id", models.BigIntegerField()),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                ("confirmed_at", models.DateTimeField(verbose_name="confirmed")),
                ("about_type", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="contenttypes.contenttype")),
                ("department", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organization.department", verbose_name="department")),
                ("person", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="person")),
            ],
            options={
                "verbose_name": "confirmation",
                "verbose_name_plural": "confirmations",
                "indexes": [models.Index(fields=["about_type", "about_id", "number"], name="confirmation_about")],
                "constraints": [models.UniqueConstraint(fields=("person", "about_type", "about_id", "number"), name="one_confirmation_of_a_version")],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("about_id", models.BigIntegerField()),
                ("reminded_at", models.DateTimeField(verbose_name="reminded")),
                ("about_type", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="contenttypes.contenttype")),
            ],
            options={
                "verbose_name": "reminder",
                "verbose_name_plural": "reminders",
                "constraints": [models.UniqueConstraint(fields=("about_type", "about_id"), name="one_reminder_of_a_thing")],
            },
        ),
    ]
