"""Home's panel of what a person has not read."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.foundation.widgets import Widget, register_widget
from portal.notifications.models import Notification

MOST = 6


def _unread(request: Any) -> dict[str, Any] | None:
    """Nothing while an administrator views the site as someone else."""
    if request.view_as is not None:
        return None
    unread = Notification.objects.newest_unread_of(request.user, MOST)
    return {"notifications": unread} if unread else None


register_widget(Widget("notifications", _("Unread notifications"), "notifications/_widget.html", _unread, column="main", order=10, listens="bell"))
