"""What is half answered, kept for whoever answers by name; the database refuses one of an anonymous survey."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

NAMELESS = "CREATE TRIGGER surveys_nameless_draft BEFORE INSERT ON surveys_draft FOR EACH ROW EXECUTE FUNCTION surveys_nameless();"
NAMED = "DROP TRIGGER surveys_nameless_draft ON surveys_draft;"


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0008_told_and_asked"),
        ("surveys", "0002_held_by_the_database"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("page", models.PositiveSmallIntegerField(default=0)),
                ("kept", models.TextField(max_length=200000)),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("customer", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="customers.customer")),
                (
                    "person",
                    models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("survey", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="drafts", to="surveys.survey")),
                ("version", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="surveys.surveyversion")),
            ],
            options={
                "verbose_name": "half answered survey",
                "constraints": [
                    models.UniqueConstraint(fields=("survey", "person"), name="one_survey_draft_of_a_person"),
                    models.UniqueConstraint(fields=("survey", "customer"), name="one_survey_draft_of_a_firm"),
                    models.CheckConstraint(
                        condition=models.Q(("person__isnull", False), ("customer__isnull", False), _connector="XOR"), name="survey_draft_of_one"
                    ),
                ],
            },
        ),
        migrations.RunSQL(NAMELESS, NAMED),
    ]
