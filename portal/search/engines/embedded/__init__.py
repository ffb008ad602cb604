"""The engine of one machine: `index` reads and writes, `documents` are what it keeps, `queries` how it asks."""

from portal.search.engines.embedded.index import EmbeddedEngine

__all__ = ["EmbeddedEngine"]
