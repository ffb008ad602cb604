"""Writing to a pair of indexes: in pieces of bounded size, slower where the cluster is full, and nothing said to be there that is not."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.dsl import Search
from elasticsearch.dsl.query import Terms
from elasticsearch.helpers import streaming_bulk

from portal.search.engines.base import NO_INDEX, Change, ChangeRefusedError, EngineAwayError, IndexMissingError, freshness, newest
from portal.search.engines.elasticsearch.connection import MISSING, failures
from portal.search.engines.elasticsearch.mapping import CURSOR
from portal.search.question import Gone, IndexedEntry, IndexedPassage
from portal.search.weights import marks_of, open_terms

CHUNK, CHUNK_BYTES = 500, 8_000_000
# Of a cluster that says it has too much to do: 0.2, 0.4, … 5 seconds, some 20 in all.
MOST_TRIES, FIRST_PAUSE, LONGEST_PAUSE = 8, 0.2, 5.0
MOST_UNDER_WAY = 2
AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Places:
    """Where entries and passages are written to: always an alias, so that an index that has vanished is noticed and not made anew by the cluster."""

    entries: str
    passages: str

    @staticmethod
    def building_of(index: str) -> str:
        return f"{index}-building"

    @property
    def building(self) -> "Places":
        """The names by which indexes are filled that are not in use yet."""
        return Places(self.building_of(self.entries), self.building_of(self.passages))


class Rebuild:
    """Fills new indexes from a thread, so that one batch is read while the one before is written; at most two wait."""

    def __init__(self, client: Elasticsearch, places: Places, *, use: Callable[[int], None]) -> None:
        self.is_finished = False
        self.refused: dict[int, str] = {}
        self._client = client
        self._places = places
        self._use = use
        self._written: set[int] = set()
        self._sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="search-rebuild")
        self._under_way: deque[Future[None]] = deque()

    def write(self, changes: Iterable[Change]) -> None:
        changes = list(changes)
        again = [change.id for change in changes if change.id in self._written]
        self._written.update(change.id for change in changes)
        if again:
            self._wait(0)
            with failures():
                send(self._client, _removed_passages(self._client, self._places, [change for change in changes if change.id in again]))
        self._wait(MOST_UNDER_WAY - 1)
        self._under_way.append(self._sender.submit(self._send, changes))

    def finish(self, cursor: int) -> None:
        self._wait(0)
        with failures():
            self._use(cursor)
        self.is_finished = True

    def close(self) -> None:
        self._sender.shutdown(wait=True, cancel_futures=True)

    def _send(self, changes: Sequence[Change]) -> None:
        """All at once; where one of them is refused, one by one."""
        with failures():
            try:
                send(self._client, _actions(self._places, changes))
            except ChangeRefusedError as refusal:
                if len(changes) > 1:
                    for change in changes:
                        self._send([change])
                    return
                self.refused[changes[0].id] = str(refusal)
                send(self._client, _actions(self._places, [Gone(changes[0].id, changes[0].version)]))

    def _wait(self, most: int) -> None:
        while len(self._under_way) > most:
            self._under_way.popleft().result()


def write(client: Elasticsearch, places: Places, changes: Sequence[Change]) -> None:
    """Write entries with their passages over what is kept of them, and leave alone what is kept in a newer version."""
    kept = _kept_versions(client, places, [change.id for change in changes])
    fresh = [change for change in changes if change.version >= kept.get(change.id, 0)]
    if fresh:
        send(client, _removed_passages(client, places, fresh))
        send(client, _actions(places, fresh))


def mark(client: Elasticsearch, places: Places, cursor: int) -> None:
    """When all that was written can be found, the cursor says so."""
    client.indices.refresh(index=[places.passages, places.entries])
    client.index(index=places.entries, id=CURSOR, document={}, version=cursor, version_type="external_gte", require_alias=True)


def send(client: Elasticsearch, actions: Iterable[dict[str, Any]]) -> None:
    """All of them, in pieces. What the cluster is too busy for is sent again after growing pauses; anything else that fails ends it."""
    sent = streaming_bulk(
        client, actions, chunk_size=CHUNK, max_chunk_bytes=CHUNK_BYTES, raise_on_error=False, yield_ok=False, require_alias=True,
        max_retries=MOST_TRIES, initial_backoff=FIRST_PAUSE, max_backoff=LONGEST_PAUSE,
    )  # fmt: skip
    for _ok, item in sent:
        answer = next(iter(item.values()))
        error = answer.get("error") or {}
        if isinstance(error, dict) and error.get("type") == MISSING:
            raise IndexMissingError(NO_INDEX)
        # What is gone already, or kept in a newer version, is as it should be.
        if answer.get("status") == 400:  # of this document; https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-bulk
            raise ChangeRefusedError(f"entry {answer.get('_id')}: {error}"[:500])
        if answer.get("result") != "not_found" and answer.get("status") != 409:
            raise EngineAwayError(f"the cluster does not take entry {answer.get('_id')}: {answer.get('status')} {error}"[:500])


def _actions(places: Places, changes: Iterable[Change]) -> Iterator[dict[str, Any]]:
    for change in changes:
        if isinstance(change, Gone):
            yield _delete(places.entries, change.id, change.version)
            continue
        for passage in change.passages:
            yield _index(places.passages, passage.id, change.version, {"id": passage.id, "entry": str(change.id), **_terms(passage)})
        yield _index(places.entries, change.id, change.version, _document(change))


def _removed_passages(client: Elasticsearch, places: Places, changes: Sequence[Change]) -> Iterator[dict[str, Any]]:
    """The passages that are kept of these entries and belong to them no more, also those of a writing that was cut off."""
    client.indices.refresh(index=places.passages)
    versions = {change.id: change.version for change in changes}
    staying = {passage.id for change in changes if isinstance(change, IndexedEntry) for passage in change.passages}
    search = Search().query(Terms(entry=[str(pk) for pk in versions])).sort("id").source(False)
    search = search.extra(size=AT_ONCE, docvalue_fields=["entry"])
    after: list[Any] = []
    while True:
        asked = search.extra(search_after=after) if after else search
        hits = client.search(index=places.passages, allow_partial_search_results=False, body=asked.to_dict())["hits"]["hits"]
        yield from (_delete(places.passages, int(hit["_id"]), versions[int(hit["fields"]["entry"][0])]) for hit in hits if int(hit["_id"]) not in staying)
        if len(hits) < AT_ONCE:
            return
        after = hits[-1]["sort"]


def _kept_versions(client: Elasticsearch, places: Places, ids: Sequence[int]) -> dict[int, int]:
    if not ids:
        return {}
    found = client.mget(index=places.entries, ids=[str(pk) for pk in ids], source=False)["docs"]
    if any("error" in one for one in found):
        raise IndexMissingError(NO_INDEX)
    return {int(one["_id"]): int(one["_version"]) for one in found if one["found"]}


def _index(index: str, pk: int, version: int, document: dict[str, Any]) -> dict[str, Any]:
    return {"_op_type": "index", "_index": index, "_id": str(pk), "version": version, "version_type": "external_gte", "_source": document}


def _delete(index: str, pk: int, version: int) -> dict[str, Any]:
    return {"_op_type": "delete", "_index": index, "_id": str(pk), "version": version, "version_type": "external_gte"}


def _document(entry: IndexedEntry) -> dict[str, Any]:
    """What is empty is left out: it is neither asked for nor counted."""
    document: dict[str, Any] = {name: getattr(entry, name) for name in ("id", "version", "key", "kind", "file_type", "place", "dated_at", "ends_at")}
    document |= {name: str(value) for name in ("department", "author", "year") if (value := getattr(entry, name))}
    document["departments"] = [str(pk) for pk in entry.departments]
    document["allow"] = [f"{token}@{entry.level}" for token in entry.allow]
    document["deny"] = list(entry.deny)
    document["readers"] = [f"{token}@{entry.readers_level}" for token in entry.readers]
    document |= {"newest": newest(entry), "freshness": freshness(entry), "open": " ".join(open_terms(entry)), "weights": " ".join(marks_of(entry))}
    document |= {name: " ".join(getattr(entry, name)) for name in ("title", "names", "whole", "heads", "spelled")} | _terms(entry)
    return {name: value for name, value in document.items() if value not in ("", [])}


def _terms(terms: IndexedEntry | IndexedPassage) -> dict[str, str]:
    pairs, loose = dict.fromkeys(terms.pairs), dict.fromkeys(terms.loose)
    return {"pairs": " ".join(pairs), "single": " ".join(terms.single), "loose": " ".join(loose)}
