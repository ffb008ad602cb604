"""The engines that the contract is held against."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.search.engines.base import Engine
from portal.search.engines.embedded import EmbeddedEngine

ENGINES = ("embedded",)


@contextmanager
def made(name: str, directory: Path) -> Iterator[Engine]:
    """An engine without an index, for a feed that only the test knows."""
    assert name == "embedded"
    yield EmbeddedEngine(directory / "search", "tests")
