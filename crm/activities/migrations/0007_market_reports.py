"""Market reports: called for, handed in, graded; what was sent back only grows, what is graded stays as it is."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE TRIGGER activities_marketreturn_stays BEFORE UPDATE OR DELETE ON activities_marketreturn FOR EACH ROW EXECUTE FUNCTION activities_refuse();
CREATE TRIGGER activities_marketreport_stays BEFORE DELETE ON activities_marketreport FOR EACH ROW EXECUTE FUNCTION activities_refuse();
CREATE TRIGGER activities_marketreport_graded BEFORE UPDATE ON activities_marketreport FOR EACH ROW
    WHEN (OLD.state = 'graded') EXECUTE FUNCTION activities_refuse();
"""
BACKWARD = """
DROP TRIGGER activities_marketreport_graded ON activities_marketreport;
DROP TRIGGER activities_marketreport_stays ON activities_marketreport;
DROP TRIGGER activities_marketreturn_stays ON activities_marketreturn;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("activities", "0006_promises_found_by_portfolio"),
        ("customers", "0008_told_and_asked"),
        ("organization", "0005_delete_rosterimport"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MarketCall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("users", "users"), ("rivals", "rivals")], max_length=6, verbose_name="kind")),
                ("first_day", models.DateField(verbose_name="from")),
                ("last_day", models.DateField(verbose_name="to")),
                ("due_on", models.DateField(verbose_name="due on")),
                ("late_from", models.DateField(editable=False)),
                ("late_days", django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), editable=False, size=None)),
                ("words", models.CharField(blank=True, max_length=300, verbose_name="what to look at above all")),
                ("called_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="called for")),
                (
                    "called_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="called for by"),
                ),
                (
                    "department",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organization.department", verbose_name="department"),
                ),
            ],
            options={
                "verbose_name": "call for market reports",
                "verbose_name_plural": "calls for market reports",
                "ordering": ["-due_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="MarketReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("owed", "owed"), ("handed_in", "handed in"), ("graded", "graded")], default="owed", max_length=9, verbose_name="state"
                    ),
                ),
                ("handed_in_at", models.DateTimeField(blank=True, null=True, verbose_name="handed in")),
                ("handed_in_on", models.DateField(blank=True, editable=False, null=True)),
                ("changed_at", models.DateTimeField(blank=True, null=True, verbose_name="changed")),
                ("reminded_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("sells", models.TextField(blank=True, max_length=2000, verbose_name="what sells and what does not")),
                ("stock", models.TextField(blank=True, max_length=2000, verbose_name="stock at the customers")),
                ("demands", models.TextField(blank=True, max_length=2000, verbose_name="what is asked for")),
                ("opinions", models.TextField(blank=True, max_length=2000, verbose_name="what customers say")),
                ("moves", models.TextField(blank=True, max_length=2000, verbose_name="what makers did")),
                ("prices", models.TextField(blank=True, max_length=2000, verbose_name="prices seen")),
                ("promotions", models.TextField(blank=True, max_length=2000, verbose_name="promotions of rivals")),
                ("strength", models.TextField(blank=True, max_length=2000, verbose_name="strong and weak sides of rivals")),
                ("outlook", models.TextField(blank=True, max_length=2000, verbose_name="outlook, and what we should do")),
                ("accuracy", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="accuracy")),
                ("verdict", models.CharField(blank=True, max_length=300, verbose_name="why this grade")),
                ("graded_at", models.DateTimeField(blank=True, null=True, verbose_name="graded")),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="activities.marketcall", verbose_name="call for market reports"
                    ),
                ),
                (
                    "graded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="graded by",
                    ),
                ),
                (
                    "portfolio",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="customers.portfolio", verbose_name="portfolio"),
                ),
                (
                    "writer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
            ],
            options={
                "verbose_name": "market report",
                "verbose_name_plural": "market reports",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="MarketReturn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("handed_in_at", models.DateTimeField()),
                ("said", models.JSONField(default=dict)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("report", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="returns", to="activities.marketreport")),
                ("writer", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "market report that was sent back",
                "verbose_name_plural": "market reports that were sent back",
                "ordering": ["at", "id"],
            },
        ),
        migrations.AddIndex(
            model_name="marketcall",
            index=models.Index(fields=["-due_on", "-id"], name="market_call_newest"),
        ),
        migrations.AddConstraint(
            model_name="marketcall",
            constraint=models.UniqueConstraint(fields=("department", "kind", "first_day", "last_day"), name="market_called_once"),
        ),
        migrations.AddConstraint(
            model_name="marketcall",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_on__gte", models.F("last_day")), ("first_day__lte", models.F("last_day")), ("late_from__gt", models.F("due_on"))),
                name="market_call_days",
            ),
        ),
        migrations.AddIndex(
            model_name="marketreport",
            index=models.Index(fields=["portfolio", "-id"], name="market_report_of_portfolio"),
        ),
        migrations.AddIndex(
            model_name="marketreport",
            index=models.Index(fields=["writer", "-id"], name="market_report_of_writer"),
        ),
        migrations.AddIndex(
            model_name="marketreport",
            index=models.Index(condition=models.Q(("state", "owed")), fields=["call"], name="market_report_owed"),
        ),
        migrations.AddConstraint(
            model_name="marketreport",
            constraint=models.UniqueConstraint(fields=("call", "portfolio"), name="one_market_report_of_a_portfolio"),
        ),
        migrations.AddConstraint(
            model_name="marketreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("handed_in_at__isnull", True), ("handed_in_on__isnull", True), ("state", "owed"), ("writer__isnull", True)),
                    models.Q(
                        ("handed_in_at__isnull", False), ("handed_in_on__isnull", False), ("state__in", ("handed_in", "graded")), ("writer__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="market_report_has_a_writer",
            ),
        ),
        migrations.AddConstraint(
            model_name="marketreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("accuracy__isnull", True),
                        ("graded_at__isnull", True),
                        ("graded_by__isnull", True),
                        ("verdict", ""),
                        models.Q(("state", "graded"), _negated=True),
                    ),
                    models.Q(
                        ("accuracy__gte", 1),
                        ("accuracy__lte", 5),
                        ("graded_at__isnull", False),
                        ("graded_by__isnull", False),
                        ("state", "graded"),
                        models.Q(("verdict", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="market_report_graded_with_a_word",
            ),
        ),
        migrations.AddConstraint(
            model_name="marketreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("graded_by__isnull", True), models.Q(("graded_by", models.F("writer")), _negated=True), _connector="OR"),
                name="market_report_graded_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="marketreturn",
            constraint=models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="market_return_says_why"),
        ),
        migrations.AddConstraint(
            model_name="marketreturn",
            constraint=models.CheckConstraint(condition=models.Q(("by", models.F("writer")), _negated=True), name="market_return_by_another"),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
