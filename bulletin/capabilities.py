"""Rights of the boards that belong to no single notice."""

from django.utils.translation import gettext_lazy as _

from portal.access.registry import register_capability

OVERSEE = register_capability(
    "bulletin.oversee", _("Watch over the boards"), _("See what departments have published, by title, and retract anything with a reason.")
)
EDIT_NEWS = register_capability("bulletin.news", _("Edit the news"), _("Write news, choose the lead story, take or drop what the feeds bring."))
