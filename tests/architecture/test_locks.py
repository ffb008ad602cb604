"""Rows are locked before they are joined: `portal.foundation.locking` says what comes of both in one statement."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PARTS = ("portal", "bulletin", "crm", "forum", "knowledge", "mail")
# What is joined never changes, or nobody else writes these rows while the lock of what they belong to is held.
SAFE = {
    "crm/customers/services/tiers.py",
    "knowledge/services/feedback.py",
    "knowledge/services/grants.py",
    "knowledge/services/import_working.py",
    "mail/services/drafts.py",
    "mail/services/sending.py",
    "portal/approvals/services/deciding.py",
    "portal/approvals/services/trail.py",
    "portal/attachments/services.py",
    "portal/organization/services/employments.py",
}


def test_no_statement_locks_and_joins():
    found = {
        str(path.relative_to(ROOT))
        for part in PARTS
        for path in (ROOT / part).rglob("*.py")
        if "select_for_update" in (source := path.read_text(encoding="utf-8"))
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and {"select_for_update", "select_related"} <= _chain(node)
    }
    assert found == SAFE


def _chain(node: ast.expr) -> set[str]:
    """The names of the methods called one after another."""
    names = set()
    while isinstance(node, ast.Call | ast.Attribute):
        if isinstance(node, ast.Attribute):
            names.add(node.attr)
            node = node.value
        else:
            node = node.func
    return names
