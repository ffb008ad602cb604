"""A mail of a customer becomes a request: its words stand in the form, whose way is “by mail”."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from crm.service.models import Channel
from crm.service.models.requests import LONGEST
from crm.service.policies import works_with_service
from mail.handing import Hand, register_hand
from mail.models import Placement
from mail.words import subject_of
from portal.access.policies import visible_to


def asked_by_mail(user: Any, pk: int) -> dict[str, Any]:
    """What the form begins with: of a mail in one's own mailbox that was opened. Nothing of any other."""
    placement = visible_to(Placement, user).select_related("message__sender__owner", "message__foreign").filter(pk=pk).first()
    if placement is None or not placement.is_told:
        return {}
    message = placement.message
    text = "\n".join(part.strip() for part in (subject_of(message), message.body) if part.strip())
    return {"who": message.writer[:100] if message.is_foreign else "", "channel": Channel.MAIL, "text": text[:LONGEST]}


def register_mails() -> None:
    def address(pk: int) -> str:
        return f"{reverse('crm:request_create')}?mail={pk}"

    register_hand(Hand("service.request", gettext_lazy("Note it as a request"), "headset", address, works_with_service))
