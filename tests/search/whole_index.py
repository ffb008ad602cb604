"""A look at the index of a whole portal, and at what it says of it."""

import json
from pathlib import Path

from portal.search.engines.base import EngineAwayError
from portal.search.engines.embedded import EmbeddedEngine
from tests.bulletin.whole_portal import ask, effects
from tests.runtime.portal_process import PortalProcess


def place(portal: PortalProcess) -> Path:
    return portal.data_dir / "search"


def generation(portal: PortalProcess) -> Path:
    return place(portal) / (place(portal) / "current").read_text()


def equals_feed(portal: PortalProcess) -> bool:
    """All has been followed, and what the index holds is what the feed has, and nothing of another time lies about."""
    if effects(portal) or ask(portal, "SELECT count(*) FROM search_waiting") != [(0,)]:
        return False
    index = EmbeddedEngine(place(portal), str(ask(portal, "SELECT id FROM search_feed")[0][0]))
    feed = dict(ask(portal, "SELECT id, version FROM search_entry WHERE NOT is_gone AND (include <> '{}' OR readers <> '{}')"))
    try:
        index.verify()
        held = dict(index.versions())
    except EngineAwayError:
        return False
    return held == feed and len([other for other in place(portal).iterdir() if other.is_dir()]) == 1


def search_row(portal: PortalProcess) -> dict[str, str]:
    """What /readyz says of it; nothing while no process of the pages is there to answer."""
    status, body = portal.readiness()
    return dict(json.loads(body)["checks"]["search"]) if status == 200 else {"state": "", "detail": body}
