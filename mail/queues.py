"""Mail from outside that could not be made a message of, for operators; its bytes are kept."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mail.models import RawMail
from portal.outbox.known_queues import Aside, Queue, register_queue


def _troubled() -> QuerySet[RawMail]:
    return RawMail.objects.filter(state="aside").order_by("pk")


def _aside(most: int) -> list[Aside]:
    return [Aside(f"mail:{pk}", problem, at) for pk, problem, at in _troubled().values_list("pk", "problem", "at")[:most]]


def _retry() -> int:
    return _troubled().update(state="waiting", tries=0)


register_queue(Queue("mail", _("mail from outside"), _aside, lambda: _troubled().count(), _retry))
