"""What people are told of their mail by the bell. That mail has come is the number in the rail, and no bell."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NotificationKind, register_kind

NOT_SENT = register_kind(
    NotificationKind("mail.not_sent", _("Mail of mine that could not be sent"), _("A message of yours was not sent: %(reason)s"), "mail-x", asks_nothing=True)
)
REMINDED = register_kind(
    NotificationKind(
        "mail.reminded", _("Mass mail that I have not read"), _("%(person)s reminds you of a message of %(day)s"), "mail-warning", asks_nothing=True
    )
)
