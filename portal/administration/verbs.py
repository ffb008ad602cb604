"""What administration puts on record."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import register_open_verbs, register_verbs

register_verbs(
    {
        "record.exported": _("exported the record"),
        "record.uncovered": _("looked at what an act was done to"),
        "effects.retried": _("tried again what was put aside"),
    }
)
# Rights, rules of the house and looks: they are there to be supervised, and name no content.
register_open_verbs("record.uncovered", "capability.granted", "calendar.day_set", "calendar.hours_set")
