"""No backup holds the search index: it is made anew from the feed."""

import logging

from portal.backup.after_restore import register_after_restore
from portal.search.engines.base import EngineAwayError
from portal.search.following import start_anew

logger = logging.getLogger(__name__)


def _make_index() -> None:
    """What the index knew is of another time than the feed now. Where the engine is away, the portal makes it when it can."""
    try:
        start_anew()
    except EngineAwayError as away:
        logger.warning("the search index could not be made anew: %s", away)


register_after_restore("the search index is made anew", _make_index)
