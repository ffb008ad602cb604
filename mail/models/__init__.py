"""Mailboxes, messages that never change, and where each person has them."""

from mail.models.drafts import Draft
from mail.models.mailboxes import Address, Folder, Mailbox
from mail.models.messages import LONGEST_SUBJECT, MOST_RECIPIENTS, OPEN_ROLES, Envelope, Message, Placement, Reminder

__all__ = ["LONGEST_SUBJECT", "MOST_RECIPIENTS", "OPEN_ROLES", "Address", "Draft", "Envelope", "Folder", "Mailbox", "Message", "Placement", "Reminder"]
