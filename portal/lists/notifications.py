"""What people are told of their exports."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NotificationKind, register_kind

EXPORTED = register_kind(NotificationKind("lists.exported", _("Export is ready"), _("The file “%(file)s” is ready."), "file-down"))
NOT_EXPORTED = register_kind(NotificationKind("lists.not_exported", _("Export failed"), _("The file “%(file)s” could not be made."), "file-exclamation-point"))
