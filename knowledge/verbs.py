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
        "policy.drafted": _("began a policy"),
        "policy.brought_in": _("made a Word document the text of a policy"),
        "policy.deleted": _("deleted the draft of a policy"),
        "policy.published": _("published a policy"),
        "policy.corrected": _("published a new version of a policy"),
        "policy.scheduled": _("scheduled a policy"),
        "policy.unscheduled": _("took a policy off the schedule"),
        "policy.retracted": _("took a policy down"),
        "policy.expired": _("let a policy expire"),
        "policy.version_withdrawn": _("took a version of a policy back"),
        "policy.repealed": _("repealed a policy"),
        "policy.reviewed": _("reviewed a policy"),
        "policy.confirmed": _("confirmed the reading of a policy"),
        "policy.reminded": _("reminded those who had not confirmed a policy"),
        "policy.granted": _("let somebody read a policy"),
        "policy.grant_ended": _("ended a grant of reading"),
        "policy.asked_to_read": _("asked to read a policy"),
        "policy_shelf.changed": _("changed how a department's policies are kept"),
        "file_import.begun": _("began an import of files"),
        "file_import.started": _("started an import of files"),
        "file_import.tried_again": _("tried again what an import had not taken"),
        "file_import.removed": _("removed an import that was not started"),
        "file_import.done": _("imported files as drafts of articles"),
        "edit_suggestion.made": _("suggested a change to an article"),
        "edit_suggestion.answered": _("answered a suggested change"),
    }
)
