"""Effects as a queue: those that were given up, and those that have failed a few times and are tried again later."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.outbox.known_queues import Aside, Queue, register_queue
from portal.outbox.models import Effect
from portal.outbox.services import retry_failed
from portal.outbox.troubles import FEW_TRIES


def _troubled() -> QuerySet[Effect]:
    return Effect.objects.filter(Q(failed_at__isnull=False) | Q(failed_at__isnull=True, attempts__gte=FEW_TRIES))


def _aside(most: int) -> list[Aside]:
    return [Aside(f"{effect.kind}:{effect.pk}", _last_line(effect.last_error), effect.created_at) for effect in _troubled()[:most]]


def _last_line(text: str) -> str:
    """Of a traceback, what was wrong."""
    lines = text.strip().splitlines()
    return lines[-1] if lines else ""


register_queue(Queue("effects", _("effects"), _aside, lambda: _troubled().count(), retry_failed))
