"""Rights of activities that belong to no single customer."""

from django.utils.translation import gettext_lazy as _

from portal.access.registry import register_capability

KEEP_ACTIVITIES = register_capability(
    "activities.keep",
    _("Keep the rules of visits and calls"),
    _("Say how often customers of a tier are visited and called; lay the month for everybody; call for market reports and grade them."),
)
