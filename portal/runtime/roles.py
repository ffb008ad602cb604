"""What the application's role may do: read and write, but only add to the record, and never change a table.

The tables belong to the owner, who runs the migrations. Rights are compared with what they should be at each preparation.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from portal.foundation.locks import alone
from portal.runtime.addresses import APPLICATION_ROLE

ORDINARY = ("SELECT", "INSERT", "UPDATE", "DELETE")
# The record and what was confirmed only grow, who has run which migration is the owner's to say, and sealed authors are read through a function alone.
SPECIAL = {
    "audit_record": ("SELECT", "INSERT"),
    "audit_link": ("SELECT",),
    "confirmations_confirmation": ("SELECT", "INSERT"),
    "django_migrations": ("SELECT",),
    "forum_seal": ("INSERT",),
}
PREPARING_LOCK = 482241
# What the role has been given itself on each table, view and sequence that belongs to whoever asks.
HELD = """
    SELECT c.relname, c.relkind, array_remove(array_agg(a.privilege_type), NULL)
    FROM pg_class c LEFT JOIN LATERAL (
        SELECT privilege_type FROM aclexplode(c.relacl) JOIN pg_roles ON pg_roles.oid = grantee WHERE rolname = %s
    ) a ON true
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND pg_has_role(c.relowner, 'USAGE')
    GROUP BY c.oid ORDER BY c.relname
"""
SCHEMA = """
    SELECT has_schema_privilege(%s, 'public', 'USAGE'), EXISTS (
        SELECT FROM pg_namespace, aclexplode(nspacl) WHERE nspname = 'public' AND grantee = 0 AND privilege_type = 'CREATE'
    )
"""
TO_COME = """
    SELECT d.defaclobjtype, a.privilege_type FROM pg_default_acl d, aclexplode(d.defaclacl) a JOIN pg_roles ON pg_roles.oid = a.grantee
    WHERE d.defaclnamespace = 'public'::regnamespace AND pg_has_role(d.defaclrole, 'USAGE') AND rolname = %s
"""


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


def alone_at_preparing() -> AbstractContextManager[BaseDatabaseWrapper]:
    """One process at a time brings tables and rights in step; others wait."""
    return alone(PREPARING_LOCK, waits=True)


@transaction.atomic
def give_rights(application_role: str = APPLICATION_ROLE) -> list[str]:
    """Compare the rights of the application's role with what they should be, on every table there is and on those to come; the names of what was put right.

    In one transaction, and only what differs: what is right is not touched, so a portal that runs meanwhile never lacks a right. Runs as the owner.
    """
    role = sql.Identifier(application_role)
    changed: list[str] = []
    with connection.cursor() as cursor:
        cursor.execute(HELD, [application_role])
        for name, kind, held in cursor.fetchall():
            wanted = {"USAGE", "SELECT"} if kind == "S" else {*SPECIAL.get(name, ORDINARY)}
            thing = sql.SQL("SEQUENCE {}" if kind == "S" else "TABLE {}").format(sql.Identifier(name))
            for statement, rights in (("GRANT {} ON {} TO {}", wanted - set(held)), ("REVOKE {} ON {} FROM {}", set(held) - wanted)):
                if rights:
                    listed = sql.SQL(", ").join(sql.SQL(right) for right in sorted(rights))
                    cursor.execute(sql.SQL(statement).format(listed, thing, role))
                    changed.append(name)
        cursor.execute(SCHEMA, [application_role])
        if cursor.fetchone() != (True, False):
            cursor.execute(sql.SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC"))
            cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role))
            changed.append("public")
        cursor.execute(TO_COME, [application_role])
        if {(kind, right) for kind, right in cursor.fetchall()} < {*(("r", right) for right in ORDINARY), ("S", "USAGE"), ("S", "SELECT")}:
            start = sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ")
            cursor.execute(start + sql.SQL("SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}").format(role))
            cursor.execute(start + sql.SQL("USAGE, SELECT ON SEQUENCES TO {}").format(role))
            changed.append("tables to come")
    return sorted(set(changed))
