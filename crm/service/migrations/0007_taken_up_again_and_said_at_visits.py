"""A request may come out of a visit; an objection may be taken up again."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("activities", "0004_diaries"),
        ("customers", "0007_versions_asked"),
        ("orders", "0004_colours"),
        ("organization", "0005_delete_rosterimport"),
        ("service", "0006_readings_only_grow"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="objection",
            name="objection_sums_are_sums",
        ),
        migrations.AddField(
            model_name="objection",
            name="paid_before",
            field=models.BigIntegerField(default=0, editable=False, verbose_name="compensated before it was taken up again"),
        ),
        migrations.AddField(
            model_name="objectionstep",
            name="why",
            field=models.CharField(blank=True, max_length=300, verbose_name="why it was taken up again"),
        ),
        migrations.AddField(
            model_name="request",
            name="visit",
            field=models.OneToOneField(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="request",
                to="activities.visit",
                verbose_name="said at",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(("awarded__gte", 0), ("awarded__lte", 2000000000), ("loss__gte", 0), ("loss__lte", 1000000000), ("paid_before__gte", 0)),
                name="objection_sums_are_sums",
            ),
        ),
    ]
