"""The engines that the contract is held against."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portal.search.engines.base import Engine
from portal.search.engines.elasticsearch import ElasticsearchEngine
from portal.search.engines.elasticsearch.connection import Addresses
from portal.search.engines.embedded import EmbeddedEngine
from tests.services.elasticsearch import NEWEST, OLDEST, address_of, lacking

VERSIONS = {"elasticsearch": OLDEST, "elasticsearch 9": NEWEST}
# What starts a server is a drill, and the tests of one server go to one worker, which starts it.
ENGINES = [
    pytest.param("embedded"),
    *(pytest.param(name, marks=[pytest.mark.drill, pytest.mark.skipif(bool(lacking(version)), reason=lacking(version))]) for name, version in VERSIONS.items()),
]


@contextmanager
def made(name: str, directory: Path) -> Iterator[Engine]:
    """An engine without an index, for a feed that only the test knows."""
    if name == "embedded":
        yield EmbeddedEngine(directory / "search", "tests")
        return
    engine = on_server(VERSIONS[name])
    try:
        yield engine
    finally:
        engine.destroy()


def on_server(version: str = OLDEST, feed: str = "") -> ElasticsearchEngine:
    """An engine on the server of this run, apart from every other."""
    return ElasticsearchEngine(Addresses([address_of(version)]), feed or uuid.uuid4().hex, prefix="tests")
