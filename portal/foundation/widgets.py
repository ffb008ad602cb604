"""Widgets of the home page: modules register theirs in `widgets.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from django.http import HttpRequest

from portal.foundation.navigation import Words

Column = Literal["main", "side"]


def _anyone(user: Any) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Widget:
    """A panel of the home page. Its template draws the body; home draws the heading.

    `context` gives what the template needs, or None when there is nothing to show. Its keys `count`, `more_url` and
    `more_label` go into the heading. One that `listens` to a kind of topic that each person has (`bell`) comes, changes and goes while home is open.
    """

    code: str
    label: Words
    template_name: str
    context: Callable[[HttpRequest], dict[str, Any] | None]
    column: Column = "main"
    order: int = 100
    is_allowed: Callable[[Any], bool] = _anyone
    listens: str = ""


_widgets: dict[str, Widget] = {}


def register_widget(widget: Widget) -> None:
    """Make a widget known. Refuses a second one of the same code."""
    if widget.code in _widgets:
        raise ValueError(f"two widgets {widget.code!r}")
    _widgets[widget.code] = widget


def allowed_widgets(user: Any) -> list[Widget]:
    """The widgets that this person may see, in their own order."""
    return sorted((widget for widget in _widgets.values() if widget.is_allowed(user)), key=lambda widget: (widget.column, widget.order, widget.code))
