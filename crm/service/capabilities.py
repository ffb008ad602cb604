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
DIAGNOSE = register_capability(
    "service.diagnose",
    _("Diagnose complaints and objections"),
    _("Experienced handlers: say first what is the matter, from pictures and words."),
)
JUDGE = register_capability(
    "service.judge", _("Judge complaints and objections"), _("Say whether an objection is justified and what is compensated; never one's own.")
)
WATCH_SERVICE = register_capability(
    "service.watch", _("Watch over service"), _("Heads of quality and sales: see every request, objection and warning, and be told of objections at once.")
)
READ_REPORTS = register_capability(
    "service.reports", _("Read confidential reports"), _("Reports on the integrity of customers, on counterfeits and smuggling: read them and follow them up.")
)
