"""Campaigns of care with their customers and decisions; a promise of one stands beside those of others."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("activities", "0004_diaries"),
        ("approvals", "0007_follow_up"),
        ("customers", "0008_told_and_asked"),
        ("organization", "0005_delete_rosterimport"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Care",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[("disaster", "after a disaster"), ("feast", "for a feast"), ("opening", "after an opening"), ("other", "other")],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("contacting", models.CharField(choices=[("visit", "visit"), ("call", "call")], default="visit", max_length=5, verbose_name="how")),
                ("why", models.CharField(max_length=1000, verbose_name="why")),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(verbose_name="to")),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[("reached", "did what it was for"), ("partly", "did part of it"), ("failed", "did not do it")],
                        max_length=7,
                        verbose_name="verdict",
                    ),
                ),
                ("result", models.CharField(blank=True, max_length=1000, verbose_name="result")),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "campaign of care",
                "verbose_name_plural": "campaigns of care",
                "ordering": ["-starts_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="CareCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reached", models.BooleanField(blank=True, null=True, verbose_name="reached")),
                ("asked_at", models.DateTimeField(blank=True, null=True, verbose_name="called")),
                ("harmed_shop", models.BooleanField(default=False, verbose_name="the shop was harmed")),
                ("harmed_stock", models.BooleanField(default=False, verbose_name="stock was harmed")),
                ("harmed_people", models.BooleanField(default=False, verbose_name="people were harmed")),
                ("damage", models.BigIntegerField(default=0, verbose_name="damage")),
                ("needs", models.CharField(blank=True, max_length=300, verbose_name="what is needed")),
                ("aid", models.CharField(blank=True, max_length=200, verbose_name="aid")),
                ("aid_fen", models.BigIntegerField(default=0, verbose_name="worth of the aid")),
                ("handed_over", models.CharField(blank=True, max_length=300, verbose_name="what was handed over")),
            ],
            options={
                "verbose_name": "customer cared for",
                "verbose_name_plural": "customers cared for",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="CareDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("said", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "being decided"), ("approved", "decided"), ("refused", "not approved")],
                        default="asked",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "decision on aid",
                "verbose_name_plural": "decisions on aid",
                "ordering": ["-id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="promise",
            name="promised_once_in_a_window",
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.UniqueConstraint(
                condition=models.Q(("origin", "care"), _negated=True), fields=("customer", "kind", "origin", "starts_on"), name="promised_once_in_a_window"
            ),
        ),
        migrations.AddField(
            model_name="care",
            name="department",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organization.department", verbose_name="department"),
        ),
        migrations.AddField(
            model_name="care",
            name="evaluated_by",
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="care",
            name="opened_by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="opened by"),
        ),
        migrations.AddField(
            model_name="carecase",
            name="asked_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="called by"
            ),
        ),
        migrations.AddField(
            model_name="carecase",
            name="care",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="cases", to="activities.care"),
        ),
        migrations.AddField(
            model_name="carecase",
            name="customer",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="cares", to="customers.customer", verbose_name="customer"),
        ),
        migrations.AddField(
            model_name="carecase",
            name="handed_over_by",
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="carecase",
            name="promise",
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="care_case", to="activities.promise"),
        ),
        migrations.AddField(
            model_name="caredecision",
            name="asked_by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="caredecision",
            name="care",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="activities.care"),
        ),
        migrations.AddField(
            model_name="caredecision",
            name="paper",
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="approvals.paper"),
        ),
        migrations.AddField(
            model_name="carecase",
            name="decision",
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="cases", to="activities.caredecision"),
        ),
        migrations.AddIndex(
            model_name="care",
            index=models.Index(fields=["-starts_on", "-id"], name="care_newest"),
        ),
        migrations.AddConstraint(
            model_name="care",
            constraint=models.CheckConstraint(condition=models.Q(("starts_on__lte", models.F("ends_on"))), name="care_days"),
        ),
        migrations.AddConstraint(
            model_name="care",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("evaluated_by__isnull", True), ("result", ""), ("verdict", "")),
                    models.Q(
                        ("closed_at__isnull", False),
                        ("evaluated_by__isnull", False),
                        models.Q(("verdict", ""), _negated=True),
                        models.Q(("result", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="care_closes_with_a_result",
            ),
        ),
        migrations.AddConstraint(
            model_name="carecase",
            constraint=models.UniqueConstraint(fields=("care", "customer"), name="cared_for_once"),
        ),
        migrations.AddConstraint(
            model_name="carecase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("asked_at__isnull", True), ("asked_by__isnull", True), ("reached__isnull", True)),
                    models.Q(("asked_at__isnull", False), ("asked_by__isnull", False), ("reached__isnull", False)),
                    _connector="OR",
                ),
                name="care_asked_or_not",
            ),
        ),
        migrations.AddConstraint(
            model_name="carecase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reached", True), ("reached__isnull", False)),
                    models.Q(("damage", 0), ("harmed_people", False), ("harmed_shop", False), ("harmed_stock", False), ("needs", "")),
                    _connector="OR",
                ),
                name="care_harm_by_who_was_reached",
            ),
        ),
        migrations.AddConstraint(
            model_name="carecase",
            constraint=models.CheckConstraint(
                condition=models.Q(("aid_fen__gte", 0), ("aid_fen__lte", 100000000000), ("damage__gte", 0), ("damage__lte", 100000000000)), name="care_sums"
            ),
        ),
        migrations.AddConstraint(
            model_name="carecase",
            constraint=models.CheckConstraint(
                condition=models.Q(("decision__isnull", True), models.Q(("aid", ""), _negated=True), _connector="OR"), name="care_decides_on_aid"
            ),
        ),
    ]
