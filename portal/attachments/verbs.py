"""What files put on record."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import register_verbs

register_verbs(
    {
        "file.received": _("uploaded a file"),
        "file.copied": _("copied a file"),
        "file.dropped": _("took back a file"),
        "file.infected": _("a file turned out to be infected"),
        "files.hung": _("changed the attachments of"),
        "files.released": _("let go of the attachments of"),
    }
)
