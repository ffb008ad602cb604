"""Files that were merged: `root` of each customer, itself until then; a trigger sets it, for a row does not know its key before it is there."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

from portal.foundation.history import KeepHistory

BEGIN = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE customers_customer DISABLE TRIGGER customers_customer_keep;
ALTER TABLE customers_customer_version DISABLE TRIGGER customers_customer_keep_refuse;
UPDATE customers_customer SET root_id = id;
UPDATE customers_customer_version SET root_id = id;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE customers_customer ENABLE TRIGGER customers_customer_keep;
ALTER TABLE customers_customer_version ENABLE TRIGGER customers_customer_keep_refuse;
"""
ROOT = """
CREATE FUNCTION customers_customer_root() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.root_id := coalesce(NEW.root_id, NEW.id);
    RETURN NEW;
END
$$;
CREATE TRIGGER customers_customer_root BEFORE INSERT ON customers_customer FOR EACH ROW EXECUTE FUNCTION customers_customer_root();
"""
NO_ROOT = "DROP TRIGGER customers_customer_root ON customers_customer; DROP FUNCTION customers_customer_root();"


def _root(*, null: bool) -> models.ForeignKey:
    return models.ForeignKey(
        editable=False, null=null, on_delete=django.db.models.deletion.PROTECT, related_name="kin", to="customers.customer", verbose_name="merged into"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0002_as_known"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("customer", "kin_found_by", models.TextField(blank=True, default="", editable=False), preserve_default=False),
        migrations.AddField("customerversion", "kin_found_by", models.TextField(blank=True, default="", editable=False), preserve_default=False),
        migrations.AddField("customer", "root", _root(null=True)),
        migrations.AddField("customerversion", "root_id", models.BigIntegerField(db_column="root_id", null=True)),
        migrations.RunSQL(BEGIN, migrations.RunSQL.noop),
        migrations.AlterField("customer", "root", _root(null=False)),
        migrations.AlterField("customerversion", "root_id", models.BigIntegerField(db_column="root_id")),
        migrations.RunSQL(ROOT, NO_ROOT),
        KeepHistory("Customer"),
        migrations.RemoveConstraint("customer", "one_customer_for_a_licence"),
        migrations.RemoveConstraint("customer", "one_customer_for_a_credit_code"),
        migrations.AddConstraint(
            "customer",
            models.UniqueConstraint(fields=["licence_no"], condition=~Q(licence_no="") & Q(root=F("id")), name="one_customer_for_a_licence"),
        ),
        migrations.AddConstraint(
            "customer",
            models.UniqueConstraint(fields=["uscc"], condition=~Q(uscc="") & Q(root=F("id")), name="one_customer_for_a_credit_code"),
        ),
        migrations.AddIndex("customer", models.Index(fields=["licence_no"], name="customer_licence", condition=~Q(licence_no=""))),
        migrations.AddIndex("customer", models.Index(fields=["uscc"], name="customer_credit_code", condition=~Q(uscc=""))),
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("taken", models.JSONField(default=dict)),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="why")),
                ("merged_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "absorbed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merges_into",
                        to="customers.customer",
                        verbose_name="the file that goes into it",
                    ),
                ),
                (
                    "survivor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="merges", to="customers.customer", verbose_name="the file that stays"
                    ),
                ),
                ("merged_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "undone_by",
                    models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "verbose_name": "merge of customers",
                "verbose_name_plural": "merges of customers",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=["absorbed"], condition=Q(undone_at__isnull=True), name="merged_into_one"),
                    models.CheckConstraint(name="merge_of_two", condition=~Q(survivor=F("absorbed"))),
                ],
            },
        ),
    ]
