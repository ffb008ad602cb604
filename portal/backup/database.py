"""The database's side of a backup: one moment held, dumped by PostgreSQL's own program, and put back."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from portal.attachments.storage import FILES_LOCK
from portal.backup.errors import AnotherBackupError, BackupError
from portal.backup.manifest import Table
from portal.backup.progress import Progress
from portal.runtime.addresses import owner_settings
from portal.runtime.embedded.postgresql import EmbeddedPostgreSQL
from portal.runtime.embedded.processes import EmbeddedServerError
from portal.runtime.embedded.programs import postgresql_programs
from portal.runtime.guards import StartRefused, lock_data_dir

# Held while a backup is made or restored, so that there is one at a time.
BACKUP_LOCK = 482219
OWN_TABLES = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') ORDER BY c.relname
"""
TABLE_LINE = re.compile(r'(?:dumping contents of table|processing data for table) "(?:public\.)?"?([^"]+)"?')
SESSION = " ".join(
    f"-c {setting}"
    for setting in ("TimeZone=UTC", "DateStyle=ISO", "extra_float_digits=1", "bytea_output=hex", "statement_timeout=0", "idle_in_transaction_session_timeout=0")
)
SSL_OPTIONS = ("sslmode", "sslrootcert", "sslcert", "sslkey")


@contextmanager
def database_server() -> Iterator[None]:
    """The database reachable: it is, while the portal runs; else the embedded one is started for the block."""
    environment = settings.ENVIRONMENT
    with ExitStack() as stack:
        if not environment.database_url:
            try:
                stack.enter_context(lock_data_dir(environment.data_dir))
            except StartRefused:
                pass
            else:
                server = EmbeddedPostgreSQL(environment.data_dir)
                stack.callback(server.stop)
                stack.callback(connection.close)
                try:
                    server.start()
                except EmbeddedServerError as error:
                    raise BackupError(str(error)) from error
        yield


def owner_access() -> dict[str, Any]:
    """How to reach the portal's database as the owner of its tables, or as its one role."""
    environment = settings.ENVIRONMENT
    owner = owner_settings(environment.database_url, environment.database_owner_url, environment.data_dir)
    return (owner or connection.settings_dict) | {"NAME": connection.settings_dict["NAME"]}


def connect() -> psycopg.Connection:
    """A session of our own, in which texts of rows look the same everywhere."""
    if settings.ENVIRONMENT.database_pooler and not settings.ENVIRONMENT.database_owner_url:
        raise BackupError("A backup holds one session of the database, which a pooler does not give: let DATABASE_OWNER_URL lead to PostgreSQL itself.")
    access = owner_access()
    options = {name: value for name, value in access["OPTIONS"].items() if name in SSL_OPTIONS}
    try:
        return psycopg.connect(
            host=access["HOST"] or None,
            port=access["PORT"] or None,
            user=access["USER"] or None,
            password=access["PASSWORD"] or None,
            dbname=access["NAME"],
            options=SESSION,
            application_name="gongfang-backup",
            connect_timeout=5,
            autocommit=True,
            **options,
        )
    except psycopg.OperationalError as error:
        raise BackupError(f"The database cannot be reached: {str(error).strip().splitlines()[-1]}") from error


def hold_alone(session: psycopg.Connection) -> None:
    """Until the session ends there is no other backup, and no content of files is deleted."""
    if not session.execute("SELECT pg_try_advisory_lock(%s)", [BACKUP_LOCK]).fetchone()[0]:  # type: ignore[index]
        raise AnotherBackupError("Another backup is being made or restored; try again when it has finished.")
    session.execute("SELECT pg_advisory_lock_shared(%s)", [FILES_LOCK])


def tables_of(session: psycopg.Connection, progress: Progress) -> dict[str, Table]:
    """Every table with its rows and their fingerprint, as this session sees them."""
    names = [name for (name,) in session.execute(OWN_TABLES)]
    progress.begin("counting rows", len(names))
    found = {}
    for name in names:
        query = sql.SQL("SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text FROM {} t").format(sql.Identifier("public", name))
        rows, fingerprint = session.execute(query).fetchone()  # type: ignore[misc]
        found[name] = Table(rows, fingerprint)
        progress.advance()
    return found


def dump(target: Path, snapshot: str, server_version: int, tables: int, progress: Progress) -> None:
    """What the snapshot sees, as one compressed file that `pg_restore` reads."""
    progress.begin("database", tables)
    command = [_program("pg_dump", server_version), "--format=custom", "--no-owner", "--no-privileges", "--verbose", f"--snapshot={snapshot}"]
    _run([*command, f"--file={target}"], progress)


def restore(source: Path, server_version: int, tables: int, progress: Progress) -> None:
    """All of it or nothing, into an empty database; everything then belongs to the role that restores."""
    progress.begin("database", tables)
    command = [_program("pg_restore", server_version), "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", "--verbose"]
    _run([*command, f"--dbname={owner_access()['NAME']}", str(source)], progress)


def can_be_listed(source: Path) -> bool:
    """Whether `pg_restore` can read the dump's table of contents."""
    return subprocess.run([_program("pg_restore", 0), "--list", source], capture_output=True).returncode == 0


def _run(command: list[str], progress: Progress) -> None:
    access = owner_access()
    named = {"PGHOST": access["HOST"], "PGPORT": access["PORT"], "PGUSER": access["USER"], "PGPASSWORD": access["PASSWORD"], "PGDATABASE": access["NAME"]}
    named |= {f"PG{name.upper()}": str(value) for name, value in access["OPTIONS"].items() if name in SSL_OPTIONS}
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"} | {name: str(value) for name, value in named.items() if value}
    said: list[str] = []
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stderr is not None
            for line in process.stderr:
                if TABLE_LINE.search(line):
                    progress.advance()
                else:
                    said = [*said[-20:], line.strip()]
        except BaseException:
            process.kill()
            raise
    if process.returncode != 0:
        reason = next((line for line in said if "No space left" in line), None) or next((line for line in said if "error:" in line), said[-1] if said else "")
        raise BackupError("The disk is full." if "No space left" in reason else f"{Path(command[0]).name} failed: {reason}")


def _program(name: str, server_version: int) -> str:
    """The wheel's own program, or the one on the path where the server is newer."""
    candidates = []
    try:
        candidates.append(str(postgresql_programs() / name))
    except EmbeddedServerError:
        pass
    if found := shutil.which(name):
        candidates.append(found)
    for candidate in candidates:
        said = subprocess.run([candidate, "--version"], capture_output=True, text=True).stdout
        version = re.search(r"(\d+)", said)
        if version and int(version[1]) >= server_version // 10_000:
            return candidate
    raise BackupError(f"There is no {name} for PostgreSQL {server_version // 10_000}; install the client programs of that version.")
