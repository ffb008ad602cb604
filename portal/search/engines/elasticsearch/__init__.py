"""The engine for several machines: an index for entries and one for passages on an Elasticsearch cluster (8.19 or 9).

An alias names the generation in use, and carries the feed and the format in its name: an index of another feed is simply not there. A rebuild fills two
new indexes beside, moves both aliases in one step and lets the old ones go. What has been followed is the version of one document beside the entries,
written after all else is stored and can be found; versions are the feed's own, so nothing older takes the place of what is newer, whoever writes.
"""

import contextlib
import hashlib
import re
import uuid
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.conf import settings
from elastic_transport import ObjectApiResponse
from elasticsearch import Elasticsearch, NotFoundError
from elasticsearch.dsl import Search
from elasticsearch.dsl.query import Exists

from portal.search.engines.base import Change, EngineAwayError, IndexMissingError, IndexState
from portal.search.engines.elasticsearch import queries
from portal.search.engines.elasticsearch.connection import Addresses, checking, connect, failures, for_writing
from portal.search.engines.elasticsearch.mapping import CURSOR, ENTRIES, FORMAT, PASSAGES
from portal.search.engines.elasticsearch.writing import Places, Rebuild, mark, write
from portal.search.question import Answer, Clause, Hit, Order, Question, Term
from portal.search.weights import Rarities, counted_for, weighed_among, weighed_terms

MOST_FACET_VALUES = 500
# Elasticsearch shows no hits beyond this; the pages of the portal end earlier.
DEEPEST = 10_000
AT_ONCE = 5_000


class ElasticsearchEngine:
    name = "elasticsearch"

    def __init__(self, addresses: Addresses, feed: str, *, prefix: str = "gongfang", replicas: int = 0) -> None:
        self.feed = feed
        self._client: Elasticsearch = connect(addresses)
        self._writer = for_writing(self._client, addresses)
        known = hashlib.sha256(feed.encode()).hexdigest()[:10]
        self._current = Places(f"{prefix}-entries-{known}-f{FORMAT}", f"{prefix}-passages-{known}-f{FORMAT}")
        self._generation = re.compile(rf"{re.escape(prefix)}-(entries|passages)-{known}-f\d+-[0-9a-f]{{12}}")
        self._all = f"{prefix}-*-{known}-f*"
        self._replicas = replicas

    # What is there.

    def state(self) -> IndexState:
        with failures():
            found = self._client.get(index=self._current.entries, id=CURSOR, source=False, realtime=True)
            count = self._client.count(index=self._current.entries, query=Exists(field="id").to_dict())
        return IndexState(cursor=int(found["_version"]), entries=int(count["count"]))

    def versions(self) -> Iterator[tuple[int, int]]:
        after: list[Any] = []
        while True:
            search = Search().query(Exists(field="id")).sort("id").source(False).extra(size=AT_ONCE, docvalue_fields=["version"])
            hits = self._ask(self._writer, self._current.entries, search.extra(search_after=after) if after else search)["hits"]["hits"]
            yield from ((int(hit["_id"]), int(hit["fields"]["version"][0])) for hit in hits)
            if len(hits) < AT_ONCE:
                return
            after = hits[-1]["sort"]

    # Writing.

    def write(self, changes: Iterable[Change], *, cursor: int) -> None:
        with failures():
            write(self._writer, self._current, list(changes))
            mark(self._writer, self._current, cursor)

    @contextlib.contextmanager
    def rebuild(self) -> Iterator[Rebuild]:
        generation = uuid.uuid4().hex[:12]
        beside = Places(f"{self._current.entries}-{generation}", f"{self._current.passages}-{generation}")
        with failures():
            for name, mapping in ((beside.entries, ENTRIES), (beside.passages, PASSAGES)):
                self._create(name, mapping)
        begun = Rebuild(self._writer, beside.building, use=lambda cursor: self._use(beside, cursor))
        try:
            yield begun
        finally:
            begun.close()
            if not begun.is_finished:
                with contextlib.suppress(EngineAwayError), failures():
                    self._remove([beside.entries, beside.passages])

    def verify(self) -> None:
        """A cluster looks after its files itself."""

    def clear(self) -> None:
        with failures():
            used = {name for alias in (self._current.entries, self._current.passages) for name in self._held(alias)}
            if used:
                self._remove([name for name in self.indexes() if name not in used])

    def destroy(self) -> None:
        with failures():
            self._remove(self.indexes())

    # Asking.

    def search(self, question: Question) -> Answer:
        is_by_date = question.order == Order.NEWEST or not (question.clauses or question.required)
        size = question.limit if question.offset + question.limit <= DEEPEST else 0
        query = queries.query_of(question) if is_by_date else queries.scored_query_of(question, self._weighing(weighed_terms(question)))
        search = Search().query(query).source(False)
        search = search.extra(track_total_hits=True, size=size, **{"from": question.offset if size else 0})
        search = search.sort(*(() if is_by_date else ("_score",)), "-newest") if size else search
        for name in question.facets:
            search.aggs.bucket(name, "terms", field=name, size=MOST_FACET_VALUES)
        found = self._ask(self._client, self._current.entries, search, alike=" ".join(question.filters.tokens))
        hits = [Hit(int(hit["_id"]), 0.0 if is_by_date else float(hit["_score"])) for hit in found["hits"]["hits"]]
        facets = {name: _facet(found["aggregations"][name]["buckets"]) for name in question.facets}
        return Answer(hits, int(found["hits"]["total"]["value"]), facets)

    def best_passages(self, entry_ids: Sequence[int], clauses: Sequence[Clause]) -> dict[int, int]:
        if not entry_ids or not clauses:
            return {}
        search = Search().query(queries.passages_of(entry_ids, clauses, self._weighing(weighed_among(clauses)))).source(False)
        search = search.extra(size=len(entry_ids), track_total_hits=False, collapse={"field": "entry"}).sort("_score", "id")
        found = self._ask(self._client, self._current.passages, search)
        return {int(hit["fields"]["entry"][0]): int(hit["_id"]) for hit in found["hits"]["hits"]}

    def explain(self, question: Question, entry_id: int) -> dict[str, Any]:
        query = queries.scored_query_of(question, self._weighing(weighed_terms(question))).to_dict()
        with failures():
            try:
                answer = self._client.explain(index=self._current.entries, id=str(entry_id), query=query)
            except NotFoundError as error:
                if isinstance(error.body, dict) and "matched" in error.body:  # there is no such entry
                    return {}
                raise
        return dict(answer["explanation"]) if answer.get("matched") else {}

    def _weighing(self, terms: Sequence[Term]) -> Rarities:
        return self.rarities([term.value for term in terms]) if terms else Rarities()

    def rarities(self, values: Sequence[str]) -> Rarities:
        """How often each word stands in `open`, by the vector of a text of all these words that is nowhere kept."""
        values = counted_for(values)
        text = {"open": " ".join(values)}
        found = _twice(
            lambda: self._client.termvectors(
                index=self._current.entries, doc=text, term_statistics=True, field_statistics=False, positions=False, offsets=False, payloads=False
            )
        )
        counted = found["term_vectors"].get("open", {}).get("terms", {})
        return Rarities({value: int(counted.get(value, {}).get("doc_freq", 0)) for value in values})

    def _ask(self, client: Elasticsearch, index: str, search: Search, *, alike: str = "") -> Mapping[str, Any]:
        """All of it or nothing: half an answer would be a wrong one. Who stands for the same is answered by the same copy, so that pages follow each other."""
        asked = _arguments(search.to_dict())
        preference = str(zlib.crc32(alike.encode()))
        return _twice(lambda: client.search(index=index, preference=preference, allow_partial_search_results=False, **asked))

    # Generations.

    def _create(self, name: str, mapping: Mapping[str, Any]) -> None:
        """An index that is filled quickly: nothing reads it yet, and a crash loses all of it anyway."""
        settings = {"number_of_shards": 1, "number_of_replicas": 0, "refresh_interval": "-1", "translog.durability": "async"}
        made = self._writer.indices.create(index=name, mappings=mapping, settings={"index": settings}, aliases={Places.building_of(name): {}})
        if not made["shards_acknowledged"]:
            self._remove([name])
            raise EngineAwayError("the cluster has no room for a new index")

    def _use(self, beside: Places, cursor: int) -> None:
        """Make a filled generation the one in use, and remove the others."""
        last = {"number_of_replicas": self._replicas, "refresh_interval": None, "translog.durability": "request"}
        self._writer.indices.put_settings(index=[beside.entries, beside.passages], settings={"index": last})
        # What was not kept with each request is, from here on.
        self._writer.indices.flush(index=[beside.entries, beside.passages])
        mark(self._writer, beside.building, cursor)
        actions: list[dict[str, Any]] = []
        for alias, name in ((self._current.entries, beside.entries), (self._current.passages, beside.passages)):
            actions += [{"remove": {"index": old, "alias": alias}} for old in self._held(alias)]
            actions += [{"add": {"index": name, "alias": alias}}, {"remove": {"index": name, "alias": Places.building_of(name)}}]
        self._writer.indices.update_aliases(actions=actions)
        with contextlib.suppress(EngineAwayError), failures():
            self._remove([old for old in self.indexes() if old not in (beside.entries, beside.passages)])

    def _held(self, alias: str) -> list[str]:
        return list(checking(self._writer.options(ignore_status=404).indices.get_alias(name=alias), 404))

    def indexes(self) -> list[str]:
        """Every index of this feed, also what a rebuild left that was killed. Others, of another portal on the cluster, are not ours to touch."""
        known = self._writer.indices.get_alias(index=self._all, allow_no_indices=True, expand_wildcards="all")
        return [name for name in known if self._generation.fullmatch(name)]

    def _remove(self, names: list[str]) -> None:
        for name in names:
            self._writer.options(ignore_status=404).indices.delete(index=name)


def configured(feed: str) -> ElasticsearchEngine:
    """The one that the settings name, of this feed."""
    environment = settings.ENVIRONMENT
    addresses = Addresses(settings.ELASTICSEARCH_URLS, environment.elasticsearch_ca)
    return ElasticsearchEngine(addresses, feed, prefix=environment.search_index, replicas=environment.search_replicas)


def _twice(ask: Callable[[], ObjectApiResponse[Any]]) -> Mapping[str, Any]:
    """Asked once more where the index has just been replaced."""
    for attempt in (1, 2):
        try:
            with failures():
                return dict(ask().body)
        except IndexMissingError:
            if attempt == 2:
                raise
    raise AssertionError("unreachable")


def _arguments(body: Mapping[str, Any]) -> dict[str, Any]:
    return {"from_" if name == "from" else "source" if name == "_source" else name: value for name, value in body.items()}


def _facet(buckets: Iterable[Mapping[str, Any]]) -> list[tuple[str, int]]:
    return sorted(((str(bucket["key"]), int(bucket["doc_count"])) for bucket in buckets), key=lambda pair: (-pair[1], pair[0]))
