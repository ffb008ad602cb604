import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            name="Import",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("importer", models.CharField(max_length=40)),
                ("language", models.CharField(blank=True, max_length=10)),
                ("file_name", models.CharField(max_length=255, verbose_name="file")),
                ("source", models.CharField(blank=True, max_length=80)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "columns to be checked"),
                            ("planned", "waits for confirmation"),
                            ("running", "under way"),
                            ("done", "carried out"),
                            ("failed", "failed, nothing changed"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("rows", models.JSONField(default=list)),
                ("header_row", models.PositiveIntegerField(null=True)),
                ("mapping", models.JSONField(default=dict)),
                (
                    "meant",
                    models.JSONField(default=dict, help_text="What names mean that the portal does not know: by kind and name, an id, or that it is new."),
                ),
                ("options", models.JSONField(default=dict)),
                ("day", models.DateField(null=True)),
                ("plan", models.JSONField(null=True)),
                ("counts", models.JSONField(default=dict)),
                ("fingerprint", models.CharField(blank=True, max_length=64)),
                ("failure", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="when")),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="imported by"
                    ),
                ),
            ],
            options={
                "verbose_name": "import",
                "verbose_name_plural": "imports",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["importer", "-id"], name="imports_of_importer")],
            },
        ),
    ]
