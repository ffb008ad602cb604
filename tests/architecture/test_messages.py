"""Texts for people are collected by gettext, which reads a program without reading what stands inside its f-strings."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDERS = ("portal", "bulletin", "forum", "knowledge", "benchmarks", "deploy")
GETTEXT = frozenset({"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "npgettext", "npgettext_lazy", "pgettext", "pgettext_lazy"})


def test_no_text_for_people_stands_inside_an_f_string() -> None:
    paths = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    assert len(paths) > 400
    assert [f"{path.relative_to(ROOT)}:{line}" for path in paths for line in _texts_in_f_strings(path.read_text())] == []


def test_one_that_does_is_found() -> None:
    assert _texts_in_f_strings("""name = f"{_('Notices')}-{day}"\nwords = _('Notices')\nweekday = f"{_(WEEKDAYS[0])}"\n""") == [1]


def _texts_in_f_strings(source: str) -> list[int]:
    """The lines of calls with a text of their own; one that is read from elsewhere is collected there."""
    joined = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.JoinedStr))
    calls = {call for text in joined for call in ast.walk(text) if isinstance(call, ast.Call)}
    return sorted({call.lineno for call in calls if _name(call.func) in GETTEXT and any(isinstance(value, ast.Constant) for value in call.args)})


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
