"""The owner of a mailbox listens to it; who sent a message listens to whether it was read."""

from typing import Any

from mail.models import Mailbox, Message
from mail.services.mailboxes import settled
from portal.live.topics import register_topic


def _mailbox_cursor(user: Any, key: str) -> int:
    return Mailbox.objects.filter(owner=user.pk).values_list("moved", flat=True).first() or 0


def _hears_sent(user: Any, key: str) -> bool:
    return _is_id(key) and Message.objects.filter(pk=int(key), sender__owner=user.pk).exists()


def _sent_cursor(user: Any, key: str) -> int:
    return settled(int(key)) if _hears_sent(user, key) else 0


def _is_id(key: str) -> bool:
    return key.isdecimal() and key.isascii() and len(key) < 19


register_topic("mailbox", lambda user, key: key == str(user.pk) and user.is_employee, _mailbox_cursor, is_of_person=True)
register_topic("mail_sent", _hears_sent, _sent_cursor)
