"""Work diaries with their earlier wordings, readings and answers; what was said in them only grows."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION activities_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: its rows are only added', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER activities_diaryversion_stays BEFORE UPDATE OR DELETE ON activities_diaryversion FOR EACH ROW EXECUTE FUNCTION activities_refuse();
CREATE TRIGGER activities_diaryanswer_stays BEFORE UPDATE OR DELETE ON activities_diaryanswer FOR EACH ROW EXECUTE FUNCTION activities_refuse();
CREATE TRIGGER activities_diary_stays BEFORE DELETE ON activities_diary FOR EACH ROW EXECUTE FUNCTION activities_refuse();
"""
BACKWARD = """
DROP TRIGGER activities_diary_stays ON activities_diary;
DROP TRIGGER activities_diaryanswer_stays ON activities_diaryanswer;
DROP TRIGGER activities_diaryversion_stays ON activities_diaryversion;
DROP FUNCTION activities_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("activities", "0003_visits"),
        ("organization", "0005_delete_rosterimport"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Diary",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="day")),
                ("done", models.TextField(max_length=4000, verbose_name="work of the day")),
                ("thoughts", models.TextField(blank=True, max_length=4000, verbose_name="what leaders should know")),
                ("plans", models.TextField(blank=True, max_length=4000, verbose_name="plans for the next day")),
                ("asks", models.BooleanField(default=False, verbose_name="asks for an answer")),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="written")),
                ("changed_at", models.DateTimeField(blank=True, null=True, verbose_name="changed")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered")),
                (
                    "department",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organization.department", verbose_name="department"),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="diaries", to=settings.AUTH_USER_MODEL, verbose_name="written by"
                    ),
                ),
            ],
            options={
                "verbose_name": "diary",
                "verbose_name_plural": "diaries",
                "ordering": ["-day", "-id"],
            },
        ),
        migrations.CreateModel(
            name="DiaryAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(max_length=4000)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("author", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("diary", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="activities.diary")),
            ],
            options={
                "verbose_name": "answer to a diary",
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="DiaryReading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("diary", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="readings", to="activities.diary")),
                ("reader", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "reading",
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="DiaryVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("done", models.TextField(max_length=4000)),
                ("thoughts", models.TextField(blank=True, max_length=4000)),
                ("plans", models.TextField(blank=True, max_length=4000)),
                ("until", models.DateTimeField(default=django.utils.timezone.now)),
                ("diary", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="activities.diary")),
            ],
            options={
                "verbose_name": "earlier wording of a diary",
                "ordering": ["-until", "-id"],
            },
        ),
        migrations.AddIndex(
            model_name="diary",
            index=models.Index(fields=["-day", "-id"], name="diary_newest"),
        ),
        migrations.AddIndex(
            model_name="diary",
            index=models.Index(fields=["department", "-day"], name="diary_of_department"),
        ),
        migrations.AddConstraint(
            model_name="diary",
            constraint=models.UniqueConstraint(fields=("person", "day"), name="one_diary_of_a_day"),
        ),
        migrations.AddConstraint(
            model_name="diary",
            constraint=models.CheckConstraint(condition=models.Q(("done", ""), _negated=True), name="diary_says_something"),
        ),
        migrations.AddConstraint(
            model_name="diaryanswer",
            constraint=models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="diary_answer_says_something"),
        ),
        migrations.AddConstraint(
            model_name="diaryreading",
            constraint=models.UniqueConstraint(fields=("diary", "reader"), name="diary_read_once"),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
