"""What discussions put on record."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import register_verbs

register_verbs(
    {
        "comment.posted": _("wrote a comment"),
        "comment.edited": _("changed a comment"),
        "comment.removed": _("removed a comment"),
        "discussion.deleted": _("deleted a discussion"),
    }
)
