"""What administrators are told of the calendar."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NotificationKind, register_kind

CALENDAR_MISSING = register_kind(
    NotificationKind("calendar.missing", _("Years missing in the calendar"), _("The working calendar has no holidays for %(year)s yet."), "calendar-off")
)
