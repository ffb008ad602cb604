"""Feeds that failed several times in a row, for operators. They are read again after growing pauses, or when somebody asks for it."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bulletin.news.models import NewsFeed
from portal.outbox.known_queues import Aside, Queue, register_queue
from portal.outbox.troubles import FEW_TRIES


def _failing() -> QuerySet[NewsFeed]:
    return NewsFeed.objects.filter(is_active=True, failures__gte=FEW_TRIES).order_by("failing_since", "pk")


def _aside(most: int) -> list[Aside]:
    return [Aside(f"feed:{feed.pk}", f"{feed.problem} {feed.detail}".strip(), feed.failing_since) for feed in _failing()[:most]]


@transaction.atomic
def _retry() -> int:
    return _failing().update(next_at=timezone.now())


register_queue(Queue("feeds", _("news feeds"), _aside, lambda: _failing().count(), _retry))
