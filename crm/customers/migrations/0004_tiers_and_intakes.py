"""Tiers by decisions of a committee, what imports brought, and pairs that may be the same."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import portal.organization.models
from portal.foundation.history import KeepHistory


class Migration(migrations.Migration):
    dependencies = [
        ("approvals", "0006_last_event"),
        ("customers", "0003_merges"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TierCare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "tier",
                    models.CharField(
                        choices=[("strategic", "strategic"), ("key", "key"), ("ordinary", "ordinary"), ("potential", "potential")],
                        max_length=12,
                        unique=True,
                        verbose_name="tier",
                    ),
                ),
                ("strategy", models.TextField(blank=True, max_length=2000, verbose_name="strategy")),
                ("team", models.CharField(blank=True, max_length=300, verbose_name="team")),
            ],
            options={
                "verbose_name": "care for a tier",
                "verbose_name_plural": "care for tiers",
            },
        ),
        migrations.CreateModel(
            name="Intake",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                ("kept", models.JSONField(default=list)),
                (
                    "actor",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="imported by"),
                ),
                (
                    "undone_by",
                    models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "verbose_name": "intake of customers",
                "verbose_name_plural": "intakes of customers",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="IntakeRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("customer", models.BigIntegerField()),
                ("code", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=120)),
                ("before", models.BigIntegerField(null=True)),
                ("after", models.BigIntegerField()),
                ("points", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ("intake", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="customers.intake")),
            ],
            options={
                "verbose_name": "customer of an intake",
                "verbose_name_plural": "customers of an intake",
            },
        ),
        migrations.CreateModel(
            name="TierDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(verbose_name="to")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("made_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("paper", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="approvals.paper", verbose_name="paper")),
            ],
            options={
                "verbose_name": "decision on tiers",
                "verbose_name_plural": "decisions on tiers",
                "ordering": ["-starts_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="TierSpan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "tier",
                    models.CharField(
                        choices=[("strategic", "strategic"), ("key", "key"), ("ordinary", "ordinary"), ("potential", "potential")],
                        max_length=12,
                        verbose_name="tier",
                    ),
                ),
                (
                    "grade",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(30)],
                        verbose_name="grade",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(verbose_name="to")),
                (
                    "customer",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="tiers", to="customers.customer", verbose_name="customer"),
                ),
                (
                    "decision",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="spans", to="customers.tierdecision", verbose_name="decision"),
                ),
            ],
            options={
                "verbose_name": "tier of a customer",
                "verbose_name_plural": "tiers of customers",
                "ordering": ["-starts_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="TierSpanVersion",
            fields=[
                ("version", models.BigAutoField(primary_key=True, serialize=False)),
                ("known", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ("changed_by", models.BigIntegerField(null=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("row", models.BigIntegerField(db_column="id")),
                ("customer_id", models.BigIntegerField(db_column="customer_id")),
                (
                    "tier",
                    models.CharField(
                        choices=[("strategic", "strategic"), ("key", "key"), ("ordinary", "ordinary"), ("potential", "potential")],
                        max_length=12,
                        verbose_name="tier",
                    ),
                ),
                (
                    "grade",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(30)],
                        verbose_name="grade",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(verbose_name="to")),
                ("decision_id", models.BigIntegerField(db_column="decision_id")),
            ],
            options={
                "verbose_name": "tier of a customer",
                "db_table": "customers_tierspan_version",
                "default_permissions": (),
                "indexes": [models.Index(fields=["row", "-version"], name="customers_t_id_9ad268_idx")],
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("known__endswith__isnull", True)), fields=("row",), name="tierspan_one_is_known_now")
                ],
            },
        ),
        migrations.CreateModel(
            name="Pair",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "why",
                    models.CharField(
                        choices=[("name", "same name"), ("sound", "sounds the same"), ("phone", "same telephone")], max_length=8, verbose_name="by"
                    ),
                ),
                ("found_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("apart_at", models.DateTimeField(blank=True, null=True)),
                (
                    "apart_by",
                    models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("one", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer")),
                ("other", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer")),
            ],
            options={
                "verbose_name": "perhaps the same customer",
                "verbose_name_plural": "perhaps the same customers",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("one", "other"), name="pair_of_customers_once"),
                    models.CheckConstraint(condition=models.Q(("one__lt", models.F("other"))), name="pair_in_order"),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="tierdecision",
            constraint=models.CheckConstraint(condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="tier_decision_ends_after_start"),
        ),
        migrations.AddIndex(
            model_name="tierspan",
            index=models.Index(fields=["customer", "-starts_on"], name="tier_of_customer"),
        ),
        migrations.AddConstraint(
            model_name="tierspan",
            constraint=models.CheckConstraint(condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="tier_span_ends_after_start"),
        ),
        migrations.AddConstraint(
            model_name="tierspan",
            constraint=models.CheckConstraint(
                condition=models.Q(("grade__isnull", True), models.Q(("grade__gte", 1), ("grade__lte", 30)), _connector="OR"), name="tier_span_grade"
            ),
        ),
        migrations.AddConstraint(
            model_name="tierspan",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (
                        portal.organization.models.DateRange(
                            "starts_on", "ends_on", django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_lower=True, inclusive_upper=True)
                        ),
                        "&&",
                    ),
                    ("customer", "="),
                ],
                name="one_tier_at_a_time",
            ),
        ),
        KeepHistory("TierSpan"),
    ]
