"""What activities put on record."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import register_open_verbs, register_verbs

register_verbs(
    {
        "care.aid_set": _("set aid for customers"),
        "care.answered": _("took down what a customer said of a disaster"),
        "care.decided": _("approved aid for customers"),
        "care.evaluated": _("evaluated a campaign of care"),
        "care.extended": _("took more customers into a campaign of care"),
        "care.handed_over": _("said what a customer was given"),
        "care.not_decided": _("did not approve aid for customers"),
        "care.opened": _("opened a campaign of care"),
        "care.submitted": _("asked for a decision on aid"),
        "care.taken": _("took the figures of a campaign of care away"),
        "diary.answered": _("answered a diary"),
        "diary.changed": _("changed a diary"),
        "diary.written": _("wrote a diary"),
        "market.called": _("called for market reports"),
        "market.changed": _("changed a market report"),
        "market.graded": _("graded a market report"),
        "market.handed_in": _("handed in a market report"),
        "market.sent_back": _("sent a market report back"),
        "measures.taken": _("took the known measures away"),
        "promise.agreed": _("agreed on a visit or a call"),
        "promise.excused": _("excused a promised visit or call"),
        "promise.explained": _("said why a visit or a call was missed"),
        "promise.planned": _("moved a visit to another day"),
        "promises.rule_ended": _("ended a rule of visits and calls"),
        "promises.rule_set": _("set a rule of visits and calls"),
        "visit.handed_on": _("handed what was said at a visit to service"),
        "visit.taken": _("wrote a visit"),
        "visits.laid": _("laid visits on days"),
        "visits.month_begun": _("began to lay a month of visits"),
        "visits.line_ordered": _("ordered the line of calls"),
        "visits.measured": _("said how many visits a day holds"),
    }
)
register_open_verbs("promises.rule_set", "promises.rule_ended")
