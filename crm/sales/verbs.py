"""What sales put on record."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import register_open_verbs, register_verbs

register_verbs(
    {
        "lead.noted": _("noted a lead"),
        "lead.dropped": _("dropped a lead"),
        "opportunity.opened": _("opened an opportunity"),
        "opportunity.changed": _("changed an opportunity"),
        "opportunity.moved": _("put an opportunity into another stage"),
        "opportunity.won": _("won an opportunity"),
        "opportunity.lost": _("lost an opportunity"),
        "opportunity.reopened": _("took an opportunity up again"),
        "opportunity.stepped": _("noted what was done for an opportunity"),
        "quotation.begun": _("began a quotation"),
        "quotation.written": _("wrote a quotation anew"),
        "quotation.sent": _("sent a quotation"),
        "quotation.declined": _("noted that a quotation was declined"),
        "quotation.ordered": _("ordered what was quoted"),
        "expense.noted": _("noted an expense"),
        "expense.corrected": _("corrected an expense"),
        "expense.submitted": _("submitted an expense as a paper"),
        "expense.confirmed": _("confirmed an expense"),
        "expense.returned": _("sent an expense back"),
        "expense.withdrawn": _("withdrew an expense"),
        "expense_bound.set": _("said above which sum expenses go through a paper"),
        "stage.created": _("added a stage of selling"),
        "stage.renamed": _("renamed a stage of selling"),
        "stage.ended": _("ended a stage of selling"),
    }
)
register_open_verbs("expense_bound.set", "stage.created", "stage.renamed", "stage.ended")
