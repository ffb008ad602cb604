"""Reviews of policies, which are only added: the database refuses to change or remove one."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = "CREATE TRIGGER knowledge_policyreview_refuse BEFORE UPDATE OR DELETE ON knowledge_policyreview FOR EACH ROW EXECUTE FUNCTION knowledge_refuse()"
BACKWARD = "DROP TRIGGER knowledge_policyreview_refuse ON knowledge_policyreview"


class Migration(migrations.Migration):
    dependencies = [
        ("knowledge", "0005_file_imports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PolicyReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version_number", models.PositiveIntegerField()),
                ("outcome", models.CharField(choices=[("keep", "keep as it is"), ("revise", "revise it"), ("repeal", "repeal it")], max_length=8)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("reviewed_at", models.DateTimeField()),
                ("next_due_on", models.DateField()),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("policy", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="knowledge.policy")),
            ],
            options={
                "verbose_name": "review of a policy",
                "ordering": ["-reviewed_at", "-pk"],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
