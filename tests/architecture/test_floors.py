"""What the house promises about itself: floors, sizes, no hidden imports, no signals as control flow."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings

from portal.config.modules import MODULES

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = ("portal", *MODULES)
SOURCES = sorted(path for folder in (*OURS, "benchmarks", "deploy", "tests") for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts)
PORTAL = [path for path in SOURCES if path.relative_to(ROOT).parts[0] in OURS]
LONGEST_FILE = 400
OUTSIDE = ROOT / "crm" / "extranet" / "pages"  # templates of the customers' site


def test_imports_go_down_only() -> None:
    checked = subprocess.run([Path(sys.executable).with_name("lint-imports"), "--no-logo"], cwd=ROOT, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout


def test_every_app_has_its_floor() -> None:
    contract = (ROOT / "pyproject.toml").read_text()
    for app in apps.get_app_configs():
        if app.name.startswith("portal."):
            assert re.search(rf'"[^"]*\b{app.name.removeprefix("portal.")}\b[^"]*",', contract), f"{app.name} has no floor in pyproject.toml"


def test_nothing_is_imported_inside_a_function() -> None:
    hidden = [
        f"{_place(path)}:{node.lineno}"
        for path in PORTAL
        for function in _nodes(path, ast.FunctionDef, ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_signals_do_not_carry_our_own_consequences() -> None:
    """Only what a library tells us (a sign-in, a worker that is ready) may be received; never our own models."""
    pattern = re.compile(r"\b(pre|post)_(save|delete)\b|\bm2m_changed\b")
    assert [_place(path) for path in PORTAL if pattern.search(path.read_text())] == []


def test_every_file_is_short_enough_to_be_read() -> None:
    lengths = {_place(path): len(path.read_text().splitlines()) for path in SOURCES}
    assert len(lengths) > 600
    assert {place: length for place, length in lengths.items() if length > LONGEST_FILE} == {}


def test_every_file_says_what_it_is_for() -> None:
    texts = {path: path.read_text() for path in PORTAL if path.name not in {"apps.py", "urls.py"}}
    assert [_place(path) for path, text in texts.items() if text.strip() and not ast.get_docstring(ast.parse(text))] == []


def test_templates_run_no_inline_script_or_style() -> None:
    """The Content-Security-Policy would refuse them anyway; an attribute is found here rather than in a browser."""
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in sorted([*(ROOT / "templates").rglob("*.html"), *OUTSIDE.rglob("*.html")])
        for match in re.finditer(r"<script(?![^>]*\bsrc=)[^>]*>|\sstyle=|\son[a-z]+=\"|<style\b|javascript:", path.read_text())
        if 'type="application/json"' not in match[0]
    ]
    assert found == []


def test_no_file_names_a_machine_or_a_registry() -> None:
    """Neither paths of whoever wrote it nor an index of packages belongs into the repository."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    pattern = re.compile("/" + "work/main|/" + "root/|index" + "-url|/home" + "/[a-z]+/")
    found = [
        name
        for name in listed
        if (ROOT / name).is_file() and (ROOT / name).suffix not in {".png", ".ico"} and pattern.search((ROOT / name).read_text(errors="ignore"))
    ]
    assert found == []


def test_fixed_settings_are_safe() -> None:
    assert not settings.DEBUG
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SECURE_CONTENT_TYPE_NOSNIFF


def _place(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _nodes(path: Path, *kinds: type[ast.AST]) -> Iterator[ast.AST]:
    return (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, kinds))
