"""What rights put on record."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import register_verbs

register_verbs(
    {
        "group.created": _("created a group"),
        "group.changed": _("changed a group"),
        "group.deleted": _("deleted a group"),
        "capability.granted": _("granted a capability"),
        "readers.changed": _("changed who takes part in"),
        "view_as.started": _("began to view the site as"),
        "view_as.page": _("opened a page as"),
        "view_as.ended": _("stopped viewing the site as"),
    }
)
