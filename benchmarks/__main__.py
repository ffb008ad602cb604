"""`python -m benchmarks [AREA ...]`."""

import importlib
import os
import sys
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Each fills the plant further, so the one with 50,000 audiences comes last.
AREAS = (
    "start",
    "servers",
    "pages",
    "board",
    "nodes",
    "bell",
    "search",
    "elasticsearch",
    "retrieval",
    "lists",
    "imports",
    "knowledge",
    "approvals",
    "forum",
    "mail",
    "customers",
    "activities",
    "service",
    "sales",
    "orders",
    "surveys",
    "extranet",
    "replay",
    "access",
)
RESULTS = ROOT / "var" / "bench"


def main(names: list[str]) -> None:
    present = [area for area in AREAS if (ROOT / "benchmarks" / f"{area}.py").exists()]
    unknown = sorted(set(names) - set(present))
    if unknown:
        sys.exit(f"There is no area {unknown[0]!r}; there are {', '.join(present)}.")
    data_dir = RESULTS / "data"
    for name in [name for name in os.environ if name.startswith("PORTAL_")] + ["DATABASE_URL", "DATABASE_OWNER_URL", "VALKEY_URL", "ELASTICSEARCH_URL", "PORT"]:
        os.environ.pop(name, None)
    os.environ |= {"DJANGO_SETTINGS_MODULE": "portal.config.settings", "PORTAL_DATA_DIR": str(data_dir)}
    with ExitStack() as stack:
        run = importlib.import_module("benchmarks.run")
        sys.exit(run.run_areas(names or present, data_dir, RESULTS, stack))


if __name__ == "__main__":
    main(sys.argv[1:])
