"""Whoever is taken on has a mailbox from that moment on."""

from collections.abc import Collection

from mail.services.limits import apply_limits
from mail.services.mailboxes import ensure_mailboxes
from portal.organization.registry import follow_changes


def give_mailboxes(user_ids: Collection[int] | None) -> None:
    ensure_mailboxes(user_ids)
    apply_limits(user_ids)


follow_changes(give_mailboxes)
