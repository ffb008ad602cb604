"""Running areas in a data directory of their own. Imported once the environment names it."""

import importlib
import json
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

import django
from rich.console import Console
from rich.table import Table

django.setup()

from benchmarks.context import Context  # noqa: E402  # Django must be set up first
from benchmarks.rows import Row  # noqa: E402
from portal.runtime import preparation  # noqa: E402
from portal.runtime.embedded.postgresql import EmbeddedPostgreSQL  # noqa: E402
from portal.runtime.embedded.valkey import EmbeddedValkey  # noqa: E402
from portal.runtime.guards import StartRefused, lock_data_dir  # noqa: E402

SIGNS = {True: "[green]yes[/green]", False: "[red]missed[/red]", None: ""}


def run_areas(areas: list[str], data_dir: Path, results: Path, stack: ExitStack) -> int:
    """Measure, print and keep; return 0 also when a goal is missed, for that is a result."""
    console = Console()
    try:
        stack.enter_context(lock_data_dir(data_dir))
    except StartRefused as refused:
        console.print(str(refused))
        return 1
    for server in (EmbeddedPostgreSQL(data_dir), EmbeddedValkey(data_dir)):
        stack.callback(server.stop)
        server.start()
    preparation.migrate_database()
    preparation.compile_translations()
    preparation.collect_static()
    every_row: list[Row] = []
    for area in areas:
        with console.status(f"{area} …") as status:
            context = Context(data_dir, lambda words, area=area, status=status: status.update(f"{area}: {words} …"))
            rows = importlib.import_module(f"benchmarks.{area}").measure(context)
        (results / f"{area}.json").write_text(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1) + "\n")
        every_row += rows
        console.print(_table(rows))
    if len(areas) > 1:
        missed = [row for row in every_row if row.holds is False]
        console.print(f"{len(every_row)} rows, {len(missed)} goals missed; written to {results}")
    return 0


def _table(rows: list[Row]) -> Table:
    table = Table("area", "what", box=None, pad_edge=False)
    for header in ("value", "unit", "reference", "goal", "holds"):
        table.add_column(header, justify="left" if header in {"unit", "holds"} else "right")
    for row in rows:
        table.add_row(row.area, row.name, _number(row.value), row.unit, _number(row.reference), _number(row.goal), SIGNS[row.holds])
    return table


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.2f}".rstrip("0").rstrip(".")
