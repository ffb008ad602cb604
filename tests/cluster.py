"""The database that the run starts from: migrated once, kept in var/ until a migration or the server changes, and copied by every worker."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from portal.runtime.embedded.postgresql import EmbeddedPostgreSQL

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "var" / "test-cluster"
SAYS_WHAT_IT_HOLDS = ("constraints.txt", "requirements.txt", "tests/cluster.py", "portal/runtime/embedded/postgresql.py", "portal/runtime/baseline.sql.xz")
MAKE_TABLES = "import django; django.setup(); from portal.runtime.preparation import make_tables; make_tables()"


def start_migrated(database: EmbeddedPostgreSQL) -> None:
    """Start the server with every migration applied to its database, which is the template of the workers' own."""
    kept = KEPT / _fingerprint()
    if kept.exists():
        subprocess.run(["cp", "-a", kept, database.cluster], check=True)
        database.start()
        return
    database.start()
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_DATA_DIR": str(database.data_dir)}
    environment.pop("PYTEST_XDIST_WORKER", None)
    subprocess.run([sys.executable, "-W", "ignore", "-c", MAKE_TABLES], cwd=ROOT, env=environment, check=True)
    database.stop()
    shutil.rmtree(KEPT, ignore_errors=True)
    KEPT.mkdir(parents=True)
    draft = kept.with_suffix(f".{os.getpid()}")
    subprocess.run(["cp", "-a", database.cluster, draft], check=True)
    draft.rename(kept)
    database.start()


def _fingerprint() -> str:
    """Of all that decides what the migrated database holds."""
    migrations = [path for path in ROOT.glob("*/**/migrations/*.py") if not path.relative_to(ROOT).parts[0].startswith((".", "var"))]
    digest = hashlib.sha256()
    for path in sorted([*migrations, *(ROOT / name for name in SAYS_WHAT_IT_HOLDS)]):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:24]
