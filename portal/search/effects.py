"""What happens after commit."""

import logging
from collections.abc import Sequence

from django.core.cache import cache
from django.db import transaction

from portal.outbox.registry import Payload, handler
from portal.outbox.services import enqueue
from portal.search.engines.base import EngineAwayError
from portal.search.feeding import AT_ONCE, feed_waiting
from portal.search.following import follow
from portal.search.services import FEED

logger = logging.getLogger(__name__)

# Why the index cannot follow, for operators.
TROUBLE = "search:trouble"
TROUBLE_KEPT = 300


@handler(FEED, batch=1_000)
def feed(_payloads: Sequence[Payload]) -> None:
    """Make anew what waits, then let the engine follow; where it is away, the beat tries again."""
    if feed_waiting() == AT_ONCE:
        enqueue(FEED)
    transaction.on_commit(follow_if_possible)


def follow_if_possible() -> None:
    """The index follows, or it is said why not."""
    try:
        follow()
    except EngineAwayError as away:
        logger.warning("the search index cannot follow now: %s", away)
        cache.set(TROUBLE, str(away)[:200], TROUBLE_KEPT)
    else:
        cache.delete(TROUBLE)
