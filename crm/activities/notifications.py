"""What people are told of visits, calls and questions."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NotificationKind, register_kind

MISSED = register_kind(
    NotificationKind(
        "activities.missed", _("Visits and calls that I missed"), _("%(portfolio)s: %(number)s promised visits or calls were missed. Say why."), "calendar-x"
    )
)
UNFIT = register_kind(
    NotificationKind(
        "activities.unfit",
        _("Visits that do not fit into a week"),
        _("%(portfolio)s: %(number)s promised visits do not fit into the week from %(day)s. Move them, or excuse them."),
        "calendar-clock",
    )
)
