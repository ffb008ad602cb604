"""Panels of a visit's page that apps above add: what was spent on it."""

from collections.abc import Callable
from typing import Any

from crm.activities.models import Visit

VisitPanel = Callable[[Visit, Any], dict[str, Any] | None]

_panels: dict[str, VisitPanel] = {}


def register_visit_panel(template: str, panel: VisitPanel) -> None:
    """`panel(visit, user)` gives what the template needs, or None where there is nothing for this reader. Refuses a second one of the same template."""
    if template in _panels:
        raise ValueError(f"two panels {template!r}")
    _panels[template] = panel


def panels_of(visit: Visit, user: Any) -> list[tuple[str, dict[str, Any]]]:
    """Templates with what they need."""
    found = [(template, panel(visit, user)) for template, panel in _panels.items()]
    return [(template, context) for template, context in found if context is not None]
