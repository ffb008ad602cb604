"""What people are told of their imports: they may have left the page long ago."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NotificationKind, register_kind

APPLIED = register_kind(NotificationKind("imports.applied", _("Import carried out"), _("The file “%(file)s” was carried out."), "file-check"))
OVERTAKEN = register_kind(
    NotificationKind(
        "imports.overtaken",
        _("Import overtaken"),
        _("The file “%(file)s” was not carried out: something changed since the preview. Look at the new one."),
        "file-clock",
    )
)
FAILED = register_kind(
    NotificationKind("imports.failed", _("Import failed"), _("The file “%(file)s” could not be carried out. Nothing was changed."), "file-exclamation-point")
)
