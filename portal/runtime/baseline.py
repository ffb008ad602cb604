"""The tables of a new plant in one go: what all migrations up to a release leave behind, as `pg_dump` wrote it.

Hundreds of migrations, most of them Wagtail's, take a minute of computing in an empty database; the baseline takes a second, and only later ones follow it.
It is a shortcut and nothing else: a drill compares what both ways leave. Made anew by `make baseline`, for each release.
"""

import lzma
import re
import subprocess
import uuid
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from portal.runtime.embedded.programs import postgresql_programs

BASELINE = Path(__file__).with_name("baseline.sql.xz")
DUMPED_FROM = re.compile(r"^-- Dumped from database version (\d+)", re.MULTILINE)
# Settings of the session that `pg_dump` begins with, and what only psql understands.
FOR_PSQL = re.compile(r"^(?:SET \w+ = .*;|SELECT pg_catalog\.set_config\('search_path'.*;|\\(?:un)?restrict .*)\n", re.MULTILINE)
OF_THE_TRANSACTION = "SET LOCAL search_path = ''; SET LOCAL check_function_bodies = off; SET LOCAL client_min_messages = warning;\n"
UUID = re.compile(r"'[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'")
HAS_TABLES = "SELECT EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S'))"


def lay_baseline() -> bool:
    """Make the baseline's tables where the database is empty and its server of the version they were written by; return whether that was so.

    All or nothing. What a plant has for itself alone (the identities of its rows) is made anew.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(HAS_TABLES)
        (has_tables,) = cursor.fetchone()
        if has_tables:
            return False
        text = lzma.decompress(BASELINE.read_bytes()).decode()
        written_by = DUMPED_FROM.search(text)
        version: int = connection.pg_version  # type: ignore[attr-defined]
        if written_by is None or version // 10_000 != int(written_by[1]):
            return False
        own = {found: f"'{uuid.uuid4()}'" for found in set(UUID.findall(text))}
        cursor.execute(OF_THE_TRANSACTION + UUID.sub(lambda found: own[found[0]], text))
        cursor.execute("UPDATE public.django_migrations SET applied = now()")
    return True


def write_baseline(access: dict[str, Any]) -> None:
    """Keep what this database holds as the baseline; `access` is Django's entry for it, under the owner of the tables."""
    BASELINE.write_bytes(lzma.compress(dumped(access).encode(), preset=9))


def dumped(access: dict[str, Any], *options: str) -> str:
    """Tables, functions, triggers and rows as statements that a connection of Django understands."""
    program = postgresql_programs() / "pg_dump"
    where = [f"--host={access['HOST']}", f"--port={access['PORT']}", f"--username={access['USER']}", f"--dbname={access['NAME']}"]
    plain = ["--no-owner", "--no-privileges", "--no-comments", "--rows-per-insert=100"]
    return FOR_PSQL.sub("", subprocess.run([program, *where, *plain, *options], stdout=subprocess.PIPE, text=True, check=True).stdout)
