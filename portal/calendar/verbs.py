"""What the calendar puts on record."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import register_verbs

register_verbs(
    {
        "calendar.day_set": _("set a day of the calendar"),
        "calendar.year_filled": _("filled a year of the calendar"),
        "calendar.hours_set": _("set the working hours"),
    }
)
