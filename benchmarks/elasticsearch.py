"""The same plant searched through Elasticsearch: the bare server that the tests use, on this machine. Needs Java and Maven; nothing is measured without."""

import time
from dataclasses import replace

from django.conf import settings

from benchmarks import board, search
from benchmarks.context import Context
from benchmarks.rows import Row, at_least, told
from portal.search.engines import engine
from portal.search.following import rebuild
from tests.services.elasticsearch import OLDEST, lacking, running

HEAP = "2g"


def measure(context: Context) -> list[Row]:
    reason = lacking(OLDEST)
    if reason:
        return [told("elasticsearch", f"not measured: {reason}", 0, "")]
    context.fill_plant()
    board.fill_boards(context)
    search.fill(context)
    context.say("starting the server")
    with running(OLDEST, heap=HEAP) as server:
        settings.ELASTICSEARCH_URLS = [server.address]
        engine.cache_clear()
        try:
            return _measured(context)
        finally:
            settings.ELASTICSEARCH_URLS = []
            engine.cache_clear()


def _measured(context: Context) -> list[Row]:
    context.say("making the index")
    begun = time.monotonic()
    written = rebuild()
    rows = [at_least("elasticsearch", "indexing", written / (time.monotonic() - begun), "entries/s", search.INDEXING_GOAL)]
    context.say("finding")
    reader = search.some_reader()
    # The goals are those of the engine in the process; a server apart has none of its own.
    rows += [replace(row, area="elasticsearch", goal=None, holds=None) for row in (*search.finding(reader), *search.typing(reader))]
    rows += [replace(row, area="elasticsearch") for row in search.publishing()]
    return rows
