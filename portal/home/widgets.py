"""Home's own widget, and the registry under the name by which the floors above know it."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.foundation.frame import Frame
from portal.foundation.widgets import Widget, register_widget
from portal.lists.arranging import kept_views

__all__ = ["Widget", "register_widget"]

MOST_SHORTCUTS, MOST_VIEWS = 8, 5


def _shortcuts(request: HttpRequest) -> dict[str, Any] | None:
    """What stands in no rail: the views of lists that this person has kept, and what they may create."""
    frame = Frame(request)
    views = [{"label": view.name, "icon": view.icon, "url": view.url, "is_new": False} for view in kept_views(request.user, MOST_VIEWS)]
    creations = [{"label": entry["label"], "icon": entry["icon"], "url": entry["url"], "is_new": True} for entry in frame.creations]
    shortcuts = (views + creations)[:MOST_SHORTCUTS]
    return {"shortcuts": shortcuts} if shortcuts else None


register_widget(Widget("shortcuts", _("Shortcuts"), "home/_shortcuts.html", _shortcuts, column="side", order=90))
