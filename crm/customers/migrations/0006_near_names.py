"""Names that differ by one character, or by a place before one of them, share a key: the name with each character left out, and without what stands before.

An index on the keys answers while somebody types; no column is added, so no version of a file is written.
"""

from django.db import migrations, models

KEYS = """
CREATE FUNCTION customers_name_keys(core text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array(
        SELECT core
        UNION SELECT overlay(core PLACING '' FROM place FOR 1) FROM generate_series(1, char_length(core)) AS place WHERE char_length(core) BETWEEN 4 AND 30
        UNION SELECT substr(core, 1 + before) FROM generate_series(2, 3) AS before WHERE char_length(core) - before BETWEEN 3 AND 30
    )
$$;
CREATE INDEX customer_near_names ON customers_customer USING gin (customers_name_keys(name_core));
"""
NO_KEYS = "DROP INDEX customer_near_names; DROP FUNCTION customers_name_keys(text);"
WHY = [("name", "same name"), ("sound", "sounds the same"), ("near", "nearly the same name"), ("phone", "same telephone")]


class Migration(migrations.Migration):
    dependencies = [("customers", "0005_dossiers_and_stages")]

    operations = [
        migrations.RunSQL(KEYS, NO_KEYS),
        migrations.AlterField("pair", "why", models.CharField(choices=WHY, max_length=8, verbose_name="by")),
    ]
