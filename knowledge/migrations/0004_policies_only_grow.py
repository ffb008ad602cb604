"""Versions of policies, their articles, what took them back and repealed them are only added: the database refuses to change or remove one."""

from django.db import migrations

from portal.confirmations.keeping import keep_confirmed

TABLES = ("policyversion", "policyclause", "policywithdrawal", "policyrepeal")
FORWARD = "".join(
    f"CREATE TRIGGER knowledge_{table}_refuse BEFORE UPDATE OR DELETE ON knowledge_{table} FOR EACH ROW EXECUTE FUNCTION knowledge_refuse();\n"
    for table in TABLES
)
BACKWARD = "".join(f"DROP TRIGGER knowledge_{table}_refuse ON knowledge_{table};\n" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0003_policies"), ("confirmations", "0002_only_grows")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD), keep_confirmed("knowledge", "policy", table="knowledge_policy", pk="page_ptr_id")]
