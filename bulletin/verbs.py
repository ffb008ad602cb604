"""What the bulletin board puts on record."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import register_open_verbs, register_verbs

register_verbs(
    {
        "notice.drafted": _("began a notice"),
        "notice.deleted": _("deleted a draft"),
        "notice.scheduled": _("scheduled a notice"),
        "notice.unscheduled": _("took a notice off the schedule"),
        "notice.submitted": _("asked for approval of a notice"),
        "notice.approved": _("approved a notice"),
        "notice.taken_back": _("took back what waited for approval"),
        "notice.sent_back": _("sent a notice back"),
        "notice.published": _("published a notice"),
        "notice.corrected": _("corrected a notice"),
        "notice.retracted": _("retracted a notice"),
        "notice.expired": _("let a notice expire"),
        "notice.referred": _("put a notice on a further board"),
        "notice.unreferred": _("took a notice off a further board"),
        "notice.reminded": _("reminded those who had not confirmed"),
        "notice.confirmed": _("confirmed a reading"),
        "suggestion.adopted": _("adopted a suggestion"),
        "suggestion.adoption_changed": _("changed what will be done about a suggestion"),
        "suggestion.adoption_withdrawn": _("took the adoption of a suggestion back"),
        "suggestion.done": _("said what was done about a suggestion"),
        "topic.closed": _("closed a topic"),
        "board.changed": _("changed how a board is kept"),
        "feed.renewed": _("renewed a private feed address"),
        "feed.all_ended": _("the private addresses of feeds ended"),
        "feed.ended": _("ended a private feed address"),
        "publishing.delegated": _("delegated publishing"),
        "publishing.delegation_ended": _("ended a delegation of publishing"),
    }
)
register_open_verbs("publishing.delegated", "publishing.delegation_ended")
