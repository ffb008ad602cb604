"""Whoever is given a number finds the file: what the tables of numbers name exists, and no number is missing."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
GIVEN = set(range(1, 166)) - {90, 97, 107, 108, 141}  # numbers that the plant's papers do not use
ROW = re.compile(r"^\| R(\d+) \|(.*)\|$", re.MULTILINE)


def test_every_requirement_has_its_row_and_what_it_names_exists() -> None:
    rows = {int(number): cells for number, cells in ROW.findall((ROOT / "docs" / "requirements.md").read_text())}
    assert set(rows) == GIVEN
    named = {number: [name for name in re.findall(r"`([^`]+)`", cells) if not name.startswith("/")] for number, cells in rows.items()}
    assert {number: missing for number, names in named.items() if (missing := [name for name in names if not (ROOT / name).exists()])} == {}
    for number, cells in rows.items():
        assert "not yet" in cells or any(name.startswith("tests/") for name in named[number]), f"R{number} has neither a test nor 'not yet'"


def test_every_number_that_is_cited_is_explained() -> None:
    explained = set(re.findall(r"\b([SD]\d{1,2})\b", (ROOT / "docs" / "withstands.md").read_text()))
    listed = subprocess.run(["git", "ls-files", "*.py", "docs/*.md"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    files = [ROOT / name for name in listed if (ROOT / name).exists()]
    cited = {number for path in files for number in re.findall(r"\((?:see )?([SD]\d{1,2})(?:, [SDR]\d{1,3})*\)", path.read_text())}
    assert len(cited) > 10
    assert cited <= explained
