"""What the knowledge base puts on record."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import register_verbs

register_verbs(
    {
        "category.created": _("created a category of the knowledge base"),
        "category.changed": _("changed a category of the knowledge base"),
        "category.deleted": _("deleted a category of the knowledge base"),
        "article.drafted": _("began an article"),
        "article.deleted": _("deleted the draft of an article"),
        "article.submitted": _("asked for admission of an article"),
        "article.approved": _("admitted an article"),
        "article.taken_back": _("took back an article that waited for admission"),
        "article.sent_back": _("sent an article back"),
        "article.assigned": _("handed the admission of an article to somebody"),
        "article.published": _("put an article into the knowledge base"),
        "article.corrected": _("put a new version of an article into the knowledge base"),
        "article.moved": _("put an article into another category"),
        "article.reviewed": _("reviewed an article"),
        "article.retracted": _("withdrew an article"),
        "article.expired": _("let an article expire"),
        "article.scheduled": _("scheduled an article"),
        "article.unscheduled": _("took an article off the schedule"),
        "edit_suggestion.made": _("suggested a change to an article"),
        "edit_suggestion.answered": _("answered a suggested change"),
    }
)
