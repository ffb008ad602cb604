"""What the application's role may do: read and write, but only add to the record, and never change a table.

The tables belong to the owner, who runs the migrations. Granted anew after every migration.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from psycopg import sql

from portal.runtime.addresses import APPLICATION_ROLE

ONLY_GROWING = {"audit_record": "SELECT, INSERT", "audit_link": "SELECT"}
KEPT_BY_OWNER = {"django_migrations": "SELECT"}


@contextmanager
def as_role(settings: dict[str, Any] | None) -> Iterator[None]:
    """Run the block with the default connection under another role's settings; None leaves it as it is."""
    if settings is None:
        yield
        return
    own = connection.settings_dict
    before = {name: own[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")}
    connection.close()
    own.update({name: settings[name] for name in before})
    try:
        yield
    finally:
        connection.close()
        own.update(before)


def grant_roles(application_role: str = APPLICATION_ROLE) -> None:
    """Give the application's role its rights on every table there is, and on those to come. Runs as the owner."""
    role = sql.Identifier(application_role)
    statements = [
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        "GRANT USAGE ON SCHEMA public TO {role}",
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}",
    ]
    for table, rights in (ONLY_GROWING | KEPT_BY_OWNER).items():
        statements += [f"REVOKE ALL ON {table} FROM {{role}}", f"GRANT {rights} ON {table} TO {{role}}"]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(sql.SQL(statement).format(role=role))  # type: ignore[arg-type]  # the names are constants above
