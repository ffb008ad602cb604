"""Everyone who was there before there was mail has a mailbox from the first start on."""

from mail.services.mailboxes import ensure_mailboxes
from portal.runtime.at_start import register_at_start


def bring_in_step() -> None:
    ensure_mailboxes()


register_at_start(bring_in_step)
