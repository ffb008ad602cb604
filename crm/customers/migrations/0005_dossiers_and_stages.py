"""Dossiers, stages of life and what is done at them; the history of files keeps the stage too."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from portal.foundation.history import KeepHistory


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0004_tiers_and_intakes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StageTactic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("potential", "potential"),
                            ("development", "development"),
                            ("growth", "growth"),
                            ("maturity", "maturity"),
                            ("termination", "termination"),
                        ],
                        max_length=12,
                        unique=True,
                        verbose_name="stage of life",
                    ),
                ),
                ("text", models.TextField(blank=True, max_length=2000, verbose_name="tactics")),
            ],
            options={
                "verbose_name": "tactics for a stage of life",
                "verbose_name_plural": "tactics for stages of life",
            },
        ),
        migrations.AddField(
            model_name="customer",
            name="stage",
            field=models.CharField(
                blank=True,
                choices=[
                    ("potential", "potential"),
                    ("development", "development"),
                    ("growth", "growth"),
                    ("maturity", "maturity"),
                    ("termination", "termination"),
                ],
                max_length=12,
                verbose_name="stage of life",
            ),
        ),
        migrations.AddField(
            model_name="customerversion",
            name="stage",
            field=models.CharField(
                blank=True,
                choices=[
                    ("potential", "potential"),
                    ("development", "development"),
                    ("growth", "growth"),
                    ("maturity", "maturity"),
                    ("termination", "termination"),
                ],
                max_length=12,
                verbose_name="stage of life",
            ),
        ),
        KeepHistory("Customer"),
        migrations.CreateModel(
            name="DossierEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "heading",
                    models.CharField(
                        choices=[
                            ("agreement", "agreement"),
                            ("certificate", "certificate"),
                            ("ability", "ability of the business"),
                            ("outlook", "potential and outlook"),
                            ("philosophy", "philosophy and policy of the business"),
                            ("position", "position in the market and rivals"),
                            ("region", "news of trade and region"),
                            ("problem", "problems"),
                            ("reputation", "reputation"),
                            ("finance", "finance and credit"),
                            ("channel", "how they like to be reached"),
                            ("other", "other"),
                        ],
                        max_length=12,
                        verbose_name="heading",
                    ),
                ),
                ("text", models.TextField(max_length=4000, verbose_name="what is known")),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="number")),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="to")),
                ("source", models.CharField(blank=True, max_length=120, verbose_name="source")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "author",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="written by"),
                ),
                (
                    "customer",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="dossier", to="customers.customer", verbose_name="customer"),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="replaced_by", to="customers.dossierentry"
                    ),
                ),
            ],
            options={
                "verbose_name": "entry of a dossier",
                "verbose_name_plural": "entries of dossiers",
                "ordering": ["heading", "-made_at", "-id"],
                "indexes": [models.Index(fields=["customer", "heading", "-made_at"], name="dossier_of_customer")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("starts_on__isnull", True), ("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                        name="dossier_ends_after_start",
                    ),
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="dossier_says_something"),
                ],
            },
        ),
    ]
