"""What people are told of service."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NotificationKind, register_kind

HANDED = register_kind(NotificationKind("service.handed", _("Requests handed to me"), _("%(number)s of %(who)s is yours now: %(note)s"), "headset"))
LATE = register_kind(NotificationKind("service.late", _("Requests that are late"), _("%(number)s of %(who)s is late. %(owner)s has it."), "clock-alert"))
OBJECTED = register_kind(
    NotificationKind("service.objected", _("Complaints and objections"), _("%(customer)s: %(number)s was noted, %(grade)s."), "message-square-warning")
)
STEP = register_kind(
    NotificationKind("service.step", _("Steps of complaints and objections"), _("%(number)s of %(customer)s: %(state)s."), "message-square-warning")
)
SAID = register_kind(
    NotificationKind("service.said", _("What customers say to it themselves"), _("%(customer)s on %(number)s: %(text)s"), "message-square-warning")
)
WARNED = register_kind(NotificationKind("service.warned", _("Warnings of customers"), _("%(customer)s: %(measure)s, %(level)s."), "siren"))
WARNING_STEP = register_kind(
    NotificationKind("service.warning_step", _("Steps of warnings"), _("%(customer)s, %(measure)s: the warning is %(state)s."), "siren")
)
REPORTED = register_kind(
    NotificationKind("service.reported", _("Confidential reports"), _("There is a confidential report: %(number)s."), "message-square-lock")
)
REPORT_CLOSED = register_kind(
    NotificationKind(
        "service.report_closed", _("My confidential reports"), _("Your report %(number)s was closed; read what came of it."), "message-square-lock"
    )
)
