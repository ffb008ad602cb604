"""The engine of one machine: `index` reads and writes, `documents` are what it keeps, `queries` how it asks."""

from django.conf import settings

from portal.search.engines.embedded.index import EmbeddedEngine

__all__ = ["EmbeddedEngine", "configured"]


def configured(feed: str) -> EmbeddedEngine:
    """In the data directory, of this feed."""
    return EmbeddedEngine(settings.DATA_DIR / "search", feed)
