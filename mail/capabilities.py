"""Rights of mail that belong to no single message. None of them opens a mailbox."""

from django.utils.translation import gettext_lazy as _

from portal.access.registry import register_capability

SEND_MASS = register_capability(
    "mail.mass", _("Send mass mail"), _("Write to any part of the plant at once. Heads of departments may write to their own people without it.")
)
