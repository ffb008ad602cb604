from portal.search.engines.embedded.index import EmbeddedEngine

__all__ = ["EmbeddedEngine"]
