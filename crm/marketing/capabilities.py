"""Rights of marketing that belong to no single campaign."""

from django.utils.translation import gettext_lazy as _

from portal.access.registry import register_capability

KEEP_MARKETING = register_capability(
    "marketing.keep",
    _("Work in marketing"),
    _("Plan every campaign, keep what is known of rivals, see the whole channel. Looking customers up is a right of its own."),
)
