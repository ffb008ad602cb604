"""Mailboxes, messages that never change, and where each person has them."""

from mail.models.away import LONGEST_ANSWER, Away, AwayAnswer
from mail.models.drafts import Draft
from mail.models.journal import JournalEntry, Look
from mail.models.limits import Limit
from mail.models.mailboxes import USUAL_LIMIT, Address, Folder, Mailbox
from mail.models.messages import LONGEST_SUBJECT, MOST_RECIPIENTS, OPEN_ROLES, Envelope, Message, Placement, Reminder
from mail.models.outside import Foreign, Outbound, OutwardCopy, RawMail

__all__ = [
    "LONGEST_ANSWER",
    "LONGEST_SUBJECT",
    "MOST_RECIPIENTS",
    "OPEN_ROLES",
    "USUAL_LIMIT",
    "Address",
    "Away",
    "AwayAnswer",
    "Draft",
    "Envelope",
    "Folder",
    "Foreign",
    "JournalEntry",
    "Limit",
    "Look",
    "Mailbox",
    "Message",
    "Outbound",
    "OutwardCopy",
    "Placement",
    "RawMail",
    "Reminder",
]
