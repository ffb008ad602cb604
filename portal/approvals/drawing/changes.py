"""What a drawing changes of the version of now, in sentences."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from portal.approvals.definitions.labels import said
from portal.approvals.definitions.paths import nodes_of
from portal.approvals.models import Drawing, PaperKind

Raw = Mapping[str, Any]


def changes_of(kind: PaperKind, drawing: Drawing) -> list[str]:
    """Fields, then steps: new, gone, changed. Nothing where nothing differs."""
    if kind.form is None or kind.route is None:
        return [_("It was not published yet.")]
    before, after = _fields(kind.form.fields, kind.form.tables), _fields(drawing.fields, drawing.tables)
    found = _between(before, after, _("the field “%(name)s”"))
    if list(before) != list(after) and set(before) == set(after):
        found.append(_("The order of the fields is another."))
    old, new = _steps(kind.route.steps), _steps(drawing.steps)
    found += _between(old, new, _("the step “%(name)s”"))
    if kind.route.steps != drawing.steps and old == new:
        found.append(_("The order of the steps, or what leads to them, is another."))
    return found


def _between(before: Mapping[str, Raw], after: Mapping[str, Raw], name: str) -> list[str]:
    def named(raw: Raw) -> str:
        return name % {"name": said(raw.get("label", {}))}

    found = [_("New: %(what)s.") % {"what": named(raw)} for key, raw in after.items() if key not in before]
    found += [_("Gone: %(what)s.") % {"what": named(raw)} for key, raw in before.items() if key not in after]
    return found + [_("Changed: %(what)s.") % {"what": named(raw)} for key, raw in after.items() if key in before and before[key] != raw]


def _fields(fields: Sequence[Raw], tables: Sequence[Raw]) -> dict[str, Raw]:
    found = {str(raw["key"]): raw for raw in fields}
    for table in tables:
        found[str(table["key"])] = {name: value for name, value in table.items() if name != "columns"}
        found |= {f"{table['key']}.{raw['key']}": raw for raw in table.get("columns", ())}
    return found


def _steps(steps: list[Any]) -> dict[str, Raw]:
    return {str(node.get("key")): node for _path, node in nodes_of(steps) if node.get("type") != "choose"}
