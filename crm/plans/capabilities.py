"""Rights of plans that belong to no single plan."""

from django.utils.translation import gettext_lazy as _

from portal.access.registry import register_capability

KEEP_PLANS = register_capability(
    "plans.keep", _("Keep plans of sales"), _("Make, split and submit plans of every department, and see every figure of what was sold, without customers.")
)
