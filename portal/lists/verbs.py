"""What is put on record of lists."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import register_verbs

register_verbs(
    {
        "list.exported": _("exported a list"),
        "view.saved": _("saved a view of a list"),
        "view.changed": _("changed a view of a list"),
        "view.deleted": _("deleted a view of a list"),
    }
)
