"""Rights of the customers' site that belong to no single customer."""

from django.utils.translation import gettext_lazy as _

from portal.access.registry import register_capability

KEEP_OUTSIDERS = register_capability(
    "extranet.keep", _("Keep the accounts of outsiders"), _("See everybody of the customers who may sign in and where they are, and end any at once.")
)
