"""What marketing puts on record."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import register_verbs

register_verbs(
    {
        "campaign.planned": _("planned a campaign"),
        "campaign.changed": _("changed a campaign"),
        "campaign.started": _("started a campaign"),
        "campaign.ended": _("ended a campaign"),
        "campaign.judged": _("judged a campaign"),
        "campaign.expense_tied": _("tied an expense to a campaign"),
        "campaign.expense_untied": _("untied an expense from a campaign"),
        "campaign_task.added": _("gave a task in a campaign"),
        "campaign_task.done": _("did a task of a campaign"),
        "rival.noted": _("noted a rival"),
        "rival.changed": _("changed a rival"),
        "rival_product.noted": _("noted a product of a rival"),
        "rival_fact.noted": _("noted a fact about a rival"),
    }
)
