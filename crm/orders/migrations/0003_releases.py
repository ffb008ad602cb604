"""Releases by paper, and how far one lets the exposure rise, until when."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

LIMIT = """
CREATE OR REPLACE FUNCTION orders_creditentry_count() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held orders_creditaccount%ROWTYPE;
BEGIN
    UPDATE orders_creditaccount SET
        promised = promised + CASE WHEN NEW.bucket = 'promised' THEN NEW.fen ELSE 0 END,
        owed = owed + CASE WHEN NEW.bucket = 'owed' THEN NEW.fen ELSE 0 END,
        advance = advance + CASE WHEN NEW.bucket = 'advance' THEN NEW.fen ELSE 0 END
    WHERE id = NEW.account_id RETURNING * INTO held;
    IF NEW.bucket = 'promised' AND NEW.fen > 0 AND held.promised + held.owed - held.advance > {most} THEN
        RAISE EXCEPTION 'a promise above the limit is refused' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;
"""
WITH_RELEASES = """greatest(held."limit", CASE WHEN held.raised_until > now() THEN held.raised ELSE 0 END)"""


class Migration(migrations.Migration):
    dependencies = [
        ("approvals", "0007_follow_up"),
        ("catalogue", "0002_held_by_the_database"),
        ("customers", "0004_tiers_and_intakes"),
        ("orders", "0002_held_by_the_database"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Release",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("wanted_on", models.DateField(verbose_name="wanted on")),
                ("quantities", models.JSONField()),
                ("remark", models.CharField(blank=True, max_length=200, verbose_name="remark")),
                ("total", models.BigIntegerField(verbose_name="total")),
                ("needs", models.JSONField()),
                ("reason", models.CharField(max_length=400, verbose_name="reason")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "under way"),
                            ("approved", "released, not confirmed yet"),
                            ("used", "released and confirmed"),
                            ("refused", "not released"),
                        ],
                        default="asked",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="valid until")),
                ("hindrance", models.TextField(blank=True)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="asked at")),
                ("key", models.UUIDField(editable=False, unique=True)),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("said", models.CharField(editable=False, max_length=64)),
            ],
            options={
                "verbose_name": "release",
                "verbose_name_plural": "releases",
                "ordering": ["-asked_at", "-id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="creditaccount",
            name="credit_limit_is_a_sum",
        ),
        migrations.AddField(
            model_name="creditaccount",
            name="raised",
            field=models.BigIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="creditaccount",
            name="raised_until",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="creditaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(("limit__gte", 0), ("limit__lte", 10000000000000), ("raised__gte", 0), ("raised__lte", 10000000000000)),
                name="credit_limit_is_a_sum",
            ),
        ),
        migrations.AddField(
            model_name="release",
            name="asked_by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="asked by"),
        ),
        migrations.AddField(
            model_name="release",
            name="customer",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="releases", to="customers.customer", verbose_name="customer"),
        ),
        migrations.AddField(
            model_name="release",
            name="order",
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="release", to="orders.order", verbose_name="order"),
        ),
        migrations.AddField(
            model_name="release",
            name="paper",
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="approvals.paper", verbose_name="paper"),
        ),
        migrations.AddField(
            model_name="release",
            name="warehouse",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalogue.warehouse", verbose_name="warehouse"),
        ),
        migrations.AddIndex(
            model_name="release",
            index=models.Index(fields=["-asked_at", "-id"], name="release_newest"),
        ),
        migrations.AddIndex(
            model_name="release",
            index=models.Index(fields=["customer", "-id"], name="release_of_customer"),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(condition=models.Q(("total__gte", 0), ("total__lte", 10000000000000)), name="release_total_is_a_sum"),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("order__isnull", False), ("state", "used")),
                    models.Q(models.Q(("state", "used"), _negated=True), ("order", None)),
                    _connector="OR",
                ),
                name="release_used_has_an_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("state__in", ("approved", "used")), _negated=True), ("valid_until__isnull", False), _connector="OR"),
                name="release_approved_ends",
            ),
        ),
        migrations.RunSQL(LIMIT.format(most=WITH_RELEASES), LIMIT.format(most='held."limit"')),
    ]
