"""What people are told of their files."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NotificationKind, register_kind

INFECTED = register_kind(
    NotificationKind(
        "attachments.infected",
        _("Infected file"),
        _("“%(file)s”, which you uploaded, is infected (%(finding)s). Nobody can open it."),
        "shield-alert",
        asks_nothing=True,
    )
)
