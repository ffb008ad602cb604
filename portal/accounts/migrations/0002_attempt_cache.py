"""The table of the default cache, which counts sign-in attempts: limits hold when Valkey is gone."""

from django.db import migrations

FORWARD = """
CREATE TABLE accounts_attempt_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX accounts_attempt_cache_expires ON accounts_attempt_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, "DROP TABLE accounts_attempt_cache")]
