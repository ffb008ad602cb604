"""What service puts on record."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import register_verbs

register_verbs(
    {
        "request.noted": _("noted a request"),
        "request.answered": _("answered a request"),
        "request.worked": _("noted what was done for a request"),
        "request.waited": _("let a request wait for the customer"),
        "request.resumed": _("went on with a request"),
        "request.solved": _("solved a request"),
        "request.reopened": _("took a request up again"),
        "request.handed": _("handed a request on"),
        "request.need": _("handed a need to sales"),
        "service_rule.set": _("set a rule of response"),
        "service_rule.removed": _("removed a rule of response"),
    }
)
