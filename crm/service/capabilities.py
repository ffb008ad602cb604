"""Rights of service that belong to no single request."""

from django.utils.translation import gettext_lazy as _

from portal.access.registry import register_capability

WORK_AT_DESK = register_capability(
    "service.desk",
    _("Work at the service desk"),
    _("See and note what any customer asks or objects to, and what was delivered to them; hand it on. Looking customers up is a right of its own."),
)
KEEP_RULES = register_capability(
    "service.rules", _("Keep the rules of service"), _("Say within how many hours is answered and solved, and how objections are graded.")
)
