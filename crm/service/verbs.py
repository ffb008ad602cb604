"""What service puts on record."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import register_open_verbs, register_verbs

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
        "objection.noted": _("noted a complaint or objection"),
        "objection.diagnosis": _("diagnosed an objection"),
        "objection.judgement": _("judged an objection"),
        "objection.pay": _("booked the compensation of an objection"),
        "objection.word": _("closed an objection with the customer's word"),
        "objection.content": _("was content with what came of a complaint"),
        "objection.reopened": _("took an objection up again"),
        "objection.evidence": _("added evidence to an objection"),
        "objection.cost": _("noted a cost of an objection"),
        "objection.handed": _("handed an objection on"),
        "warning.treated": _("said cause and measure of a warning"),
        "warning.verified": _("verified and closed a warning"),
        "warning.refuted": _("opened a warning again"),
        "warning.handed": _("handed a warning on"),
        "report.made": _("made a confidential report"),
        "report.taken": _("took up a confidential report"),
        "report.closed": _("closed a confidential report"),
        "service_rule.set": _("set a rule of response"),
        "service_rule.removed": _("removed a rule of response"),
    }
)
register_open_verbs("service_rule.set", "service_rule.removed")
