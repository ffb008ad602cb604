"""What people are told of service."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NotificationKind, register_kind

HANDED = register_kind(NotificationKind("service.handed", _("Requests handed to me"), _("%(number)s of %(who)s is yours now: %(note)s"), "headset"))
LATE = register_kind(NotificationKind("service.late", _("Requests that are late"), _("%(number)s of %(who)s is late. %(owner)s has it."), "alarm-clock"))
