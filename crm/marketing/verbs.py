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
        "channel_stock.noted": _("noted stock in the trade"),
        "launch_opinion.noted": _("noted an opinion on a launch"),
        "launch_opinion.taken": _("made a task of an opinion"),
        "market_note.sent": _("sent in news of the market"),
        "market_note.approved": _("approved news of the market"),
        "market_note.refused": _("did not take news of the market"),
        "meeting.noted": _("noted a meeting"),
        "meeting.changed": _("changed a meeting"),
        "meeting.guests_noted": _("noted who came to a meeting"),
        "meeting_point.noted": _("noted a question or commitment of a meeting"),
        "meeting_point.done": _("did what was asked or promised at a meeting"),
        "meeting_point.kept": _("judged a point of a meeting done"),
        "meeting_point.reopened": _("opened a point of a meeting again"),
        "rival.noted": _("noted a rival"),
        "rival.changed": _("changed a rival"),
        "rival_product.noted": _("noted a product of a rival"),
        "rival_fact.noted": _("noted a fact about a rival"),
    }
)
