"""Rights of activities that belong to no single customer."""

from django.utils.translation import gettext_lazy as _

from portal.access.registry import register_capability

KEEP_ACTIVITIES = register_capability(
    "activities.keep",
    _("Keep the rules of visits and calls"),
    _("Say how often customers of a tier are visited and called, and by when questions are answered; lay the month for everybody."),
)
TAKE_INQUIRIES = register_capability(
    "activities.take",
    _("Take questions of customers"),
    _("Note questions, opinions, requests and suggestions of customers that somebody may look up, and see how each stands: the call centre."),
)
