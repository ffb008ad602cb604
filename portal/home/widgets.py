"""Home's own widget, and the registry under the name by which the floors above know it."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.foundation.frame import Frame
from portal.foundation.widgets import Widget, register_widget

__all__ = ["Widget", "register_widget"]

MOST_SHORTCUTS = 8


def _shortcuts(request: HttpRequest) -> dict[str, Any] | None:
    """What this person may create and where they may go, except home itself."""
    frame = Frame(request)
    creations = [{"label": entry["label"], "icon": entry["icon"], "url": entry["url"], "is_new": True} for entry in frame.creations]
    places = [{"label": entry["label"], "icon": entry["icon"], "url": entry["url"], "is_new": False} for entry in frame.places if entry["url"] != "/"]
    shortcuts = (creations + places)[:MOST_SHORTCUTS]
    return {"shortcuts": shortcuts} if shortcuts else None


register_widget(Widget("shortcuts", _("Shortcuts"), "home/_shortcuts.html", _shortcuts, column="side", order=90))
