"""Rights of mail that belong to no single message. None of them opens a mailbox."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from mail.gateway.connection import sends_out
from portal.access.registry import has_capability, register_capability
from portal.access.standings import standing_of

SEND_MASS = register_capability(
    "mail.mass", _("Send mass mail"), _("Write to any part of the plant at once. Heads of departments may write to their own people without it.")
)
KEEP_LIMITS = register_capability("mail.limits", _("Set limits of mail"), _("Say how large mailboxes are and what may be sent, for a person or a level."))
READ_JOURNAL = register_capability("mail.journal", _("Read the journal of mail"), _("See who sent mail and when, and to how many; never what it says."))
LOOK = register_capability(
    "mail.look", _("Look into kept mail"), _("Open a single message of the journal, with a reason and on record. Administrators have to be granted it by name.")
)


WRITE_OUTSIDE = register_capability(
    "mail.outside", _("Write to the internet"), _("Send mail to addresses outside the plant, where it is connected. What comes from there needs no right.")
)


def may_write_outside(user: Any) -> bool:
    return bool(user.is_employee and sends_out() and has_capability(user, WRITE_OUTSIDE))


def may_look(user: Any) -> bool:
    """By a right that was granted by name."""
    return bool(user.is_employee and user.is_active and standing_of(user).has_capability(LOOK))
