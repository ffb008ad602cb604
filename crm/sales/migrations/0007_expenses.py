"""Expenses: their history only grows, a receipt is freed once."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION sales_receipt_is_freed_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.is_live AND NOT NEW.is_live AND (NEW.id, NEW.expense_id, NEW.sha256) = (OLD.id, OLD.expense_id, OLD.sha256) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a receipt is freed once, nothing else is changed' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER sales_expense_stays BEFORE DELETE ON sales_expense FOR EACH ROW EXECUTE FUNCTION sales_refuse();
CREATE TRIGGER sales_expenseact_stays BEFORE UPDATE OR DELETE ON sales_expenseact FOR EACH ROW EXECUTE FUNCTION sales_refuse();
CREATE TRIGGER sales_expensereceipt_is_freed_once BEFORE UPDATE ON sales_expensereceipt FOR EACH ROW EXECUTE FUNCTION sales_receipt_is_freed_once();
CREATE TRIGGER sales_expensereceipt_stays BEFORE DELETE ON sales_expensereceipt FOR EACH ROW EXECUTE FUNCTION sales_refuse();
"""
BACKWARD = """
DROP TRIGGER sales_expensereceipt_stays ON sales_expensereceipt;
DROP TRIGGER sales_expensereceipt_is_freed_once ON sales_expensereceipt;
DROP TRIGGER sales_expenseact_stays ON sales_expenseact;
DROP TRIGGER sales_expense_stays ON sales_expense;
DROP FUNCTION sales_receipt_is_freed_once();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("activities", "0003_visits"),
        ("approvals", "0007_follow_up"),
        ("customers", "0007_versions_asked"),
        ("organization", "0005_delete_rosterimport"),
        ("sales", "0006_late_steps_are_told"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Expense",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="number")),
                ("places", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("travel", "travel"),
                            ("hosting", "hosting"),
                            ("display", "display in a shop"),
                            ("samples", "samples and tasting"),
                            ("event", "event"),
                            ("material", "material"),
                            ("other", "other"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("fen", models.BigIntegerField(verbose_name="sum")),
                ("day", models.DateField(verbose_name="spent on")),
                ("text", models.CharField(max_length=200, verbose_name="what for")),
                ("invoice_code", models.CharField(blank=True, max_length=12, verbose_name="invoice code")),
                ("invoice_number", models.CharField(blank=True, max_length=20, verbose_name="invoice number")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "to be confirmed"),
                            ("asked", "under approval"),
                            ("stands", "confirmed"),
                            ("returned", "returned"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="waiting",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("said", models.CharField(blank=True, editable=False, max_length=64)),
                ("because", models.CharField(blank=True, max_length=200, verbose_name="why")),
                ("noted_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="noted")),
                (
                    "customer",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="customers.customer", verbose_name="customer"),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organization.department", verbose_name="department"),
                ),
                (
                    "opportunity",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sales.opportunity", verbose_name="opportunity"
                    ),
                ),
                (
                    "paper",
                    models.OneToOneField(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="approvals.paper", verbose_name="paper"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="spent by"),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="activities.visit", verbose_name="visit"
                    ),
                ),
            ],
            options={
                "verbose_name": "expense",
                "verbose_name_plural": "expenses",
                "ordering": ["-day", "-id"],
            },
        ),
        migrations.CreateModel(
            name="ExpenseAct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("noted", "noted"),
                            ("corrected", "corrected"),
                            ("asked", "submitted as a paper"),
                            ("confirmed", "confirmed"),
                            ("returned", "returned"),
                            ("withdrawn", "withdrawn"),
                        ],
                        max_length=9,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="why")),
                ("before", models.JSONField(default=dict)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("actor", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("expense", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="acts", to="sales.expense")),
            ],
            options={
                "verbose_name": "act on an expense",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ExpenseBound",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fen", models.BigIntegerField(verbose_name="sum")),
            ],
            options={
                "verbose_name": "bound of expenses",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("fen__gte", 0), ("fen__lte", 999999999), ("pk", 1)), name="expense_bound_is_one_sum")
                ],
            },
        ),
        migrations.CreateModel(
            name="ExpenseReceipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64)),
                ("is_live", models.BooleanField(default=True)),
                ("expense", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="receipts", to="sales.expense")),
            ],
            options={
                "verbose_name": "receipt of an expense",
            },
        ),
        migrations.AddIndex(
            model_name="expense",
            index=models.Index(fields=["-day", "-id"], name="expense_newest"),
        ),
        migrations.AddIndex(
            model_name="expense",
            index=models.Index(fields=["person", "-day"], name="expense_of_person"),
        ),
        migrations.AddIndex(
            model_name="expense",
            index=models.Index(fields=["department", "-day"], name="expense_of_department"),
        ),
        migrations.AddIndex(
            model_name="expense",
            index=models.Index(fields=["customer", "-day"], name="expense_of_customer"),
        ),
        migrations.AddIndex(
            model_name="expense",
            index=models.Index(condition=models.Q(("opportunity__isnull", False)), fields=["opportunity", "-day"], name="expense_of_opportunity"),
        ),
        migrations.AddIndex(
            model_name="expense",
            index=models.Index(condition=models.Q(("state", "waiting")), fields=["department"], name="expense_waiting"),
        ),
        migrations.AddIndex(
            model_name="expense",
            index=django.contrib.postgres.indexes.GinIndex(fields=["places"], name="expense_places"),
        ),
        migrations.AddConstraint(
            model_name="expense",
            constraint=models.CheckConstraint(condition=models.Q(("fen__gte", 1), ("fen__lte", 999999999)), name="expense_has_a_sum"),
        ),
        migrations.AddConstraint(
            model_name="expense",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("state", "asked"), _negated=True), ("paper__isnull", False), _connector="OR"), name="expense_is_asked_by_a_paper"
            ),
        ),
        migrations.AddConstraint(
            model_name="expense",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("returned", "withdrawn")), _negated=True), models.Q(("because", ""), _negated=True), _connector="OR"
                ),
                name="expense_goes_back_with_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="expense",
            constraint=models.CheckConstraint(
                condition=models.Q(("invoice_code", ""), models.Q(("invoice_number", ""), _negated=True), _connector="OR"),
                name="expense_code_goes_with_a_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="expense",
            constraint=models.UniqueConstraint(
                condition=models.Q(models.Q(("invoice_number", ""), _negated=True), models.Q(("state", "withdrawn"), _negated=True)),
                fields=("invoice_code", "invoice_number"),
                name="one_expense_of_an_invoice",
            ),
        ),
        migrations.AddIndex(
            model_name="expenseact",
            index=models.Index(fields=["expense", "-id"], name="act_of_expense"),
        ),
        migrations.AddConstraint(
            model_name="expensereceipt",
            constraint=models.UniqueConstraint(condition=models.Q(("is_live", True)), fields=("sha256",), name="one_expense_of_a_receipt"),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
