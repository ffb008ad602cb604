"""Mailboxes, messages that never change, and where each person has them."""

from mail.models.drafts import Draft
from mail.models.journal import JournalEntry, Look
from mail.models.limits import Limit
from mail.models.mailboxes import USUAL_LIMIT, Address, Folder, Mailbox
from mail.models.messages import LONGEST_SUBJECT, MOST_RECIPIENTS, OPEN_ROLES, Envelope, Message, Placement, Reminder

__all__ = [
    "LONGEST_SUBJECT",
    "MOST_RECIPIENTS",
    "OPEN_ROLES",
    "USUAL_LIMIT",
    "Address",
    "Draft",
    "Envelope",
    "Folder",
    "JournalEntry",
    "Limit",
    "Look",
    "Mailbox",
    "Message",
    "Placement",
    "Reminder",
]
