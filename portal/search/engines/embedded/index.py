"""The engine of one machine: a tantivy index in the data directory. One writer at a time, any number of readers in any process.

`current` names the generation in use; a rebuild makes another beside it and changes the name. Each question looks whether something was committed
since the last one (two looks at the disk), so what `write` has returned from is found at once, by every process.
"""

import contextlib
import json
import os
import shutil
import threading
import uuid
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from tantivy import Index, IndexWriter, Query, Searcher, SearchResult

from portal.search.engines.base import NO_INDEX, Change, ChangeRefusedError, EngineAwayError, IndexMissingError, IndexState
from portal.search.engines.embedded.documents import CURSOR, ENTRIES, PASSAGES, entry_documents, mark, marked, passage_documents, remove
from portal.search.engines.embedded.integrity import Looks, Verified, looks_of
from portal.search.engines.embedded.queries import passages_query_of, query_of, scored_query_of
from portal.search.question import Answer, Clause, Hit, Order, Question, Term
from portal.search.weights import Rarities, counted_for, weighed_among, weighed_terms

FORMAT = 8
HEAP = 64_000_000
REBUILD_HEAP = 256_000_000
MOST_FACET_VALUES = 500
# So many that score the same are put in order where a page ends among them; mostly they are few.
FEW_EQUALS, MOST_EQUALS = 200, 10_000
NO_VALUE = 0
MOST_HELD = 50_000  # terms whose counts one process keeps


@dataclass(slots=True)
class _Opened:
    """A generation as one process reads it, and what the disk looked like then."""

    stamp: tuple[str, Looks, Looks]
    entries: Index
    passages: Index
    searcher: Searcher
    passage_searcher: Searcher
    holding: dict[str, int] = field(default_factory=dict)

    def rarities(self, values: Iterable[str]) -> Rarities:
        """How many entries hold each, as everybody may see them. Counted once: what is committed opens anew."""
        if len(self.holding) > MOST_HELD:
            self.holding.clear()
        return Rarities({value: self._count(value) for value in counted_for(values)})

    def rarities_of(self, terms: Iterable[Term]) -> Rarities:
        return self.rarities(term.value for term in terms)

    def _count(self, value: str) -> int:
        if (known := self.holding.get(value)) is None:
            known = self.holding[value] = self.searcher.doc_freq("open", value)
        return known


class EmbeddedEngine:
    name = "embedded"

    def __init__(self, directory: Path, feed: str) -> None:
        self._directory = directory
        self._feed = feed
        self._opened: _Opened | None = None
        self._lock = threading.Lock()
        self._counting = ThreadPoolExecutor(max_workers=4, thread_name_prefix="facets")
        self._verified = Verified()

    # What is there.

    def state(self) -> IndexState:
        searcher = self._open().searcher
        with _failures():
            found = searcher.search(marked(), 1).hits
            cursor = searcher.fast_field_values(CURSOR, [found[0][1]])[0] if found else None
        if cursor is None:
            raise IndexMissingError(_("the index has no cursor"))
        return IndexState(cursor=int(cursor), entries=searcher.num_docs - 1)

    def verify(self) -> None:
        place = self._place()
        try:
            for part in ("passages", "entries"):
                self._verified.verify(place / part)
        except (OSError, ValueError, KeyError, TypeError) as error:
            self._verified.forget()
            raise IndexMissingError(format_lazy(_("the index is damaged: {reason}"), reason=str(error))) from error

    def versions(self) -> Iterator[tuple[int, int]]:
        searcher = self._open().searcher
        with _failures():
            found = [address for _score, address in searcher.search(Query.all_query(), max(1, searcher.num_docs)).hits]
            ids, versions = searcher.fast_field_values("id", found), searcher.fast_field_values("version", found)
        yield from ((int(pk), int(version or 0)) for pk, version in zip(ids, versions, strict=True) if pk is not None)

    # Writing.

    def write(self, changes: Iterable[Change], *, cursor: int) -> None:
        opened = self._open()
        changes = list(changes)
        kept = self._kept_versions(opened.searcher, [change.id for change in changes])
        fresh = [change for change in changes if change.version >= kept.get(change.id, 0)]
        made = [(passage_documents(change), entry_documents(change)) for change in fresh]
        with _failures():
            # Passages first: a passage without its entry is never asked for.
            for place, (index, schema) in enumerate(((opened.passages, PASSAGES), (opened.entries, ENTRIES))):
                writer = index.writer(HEAP, 1)
                remove(writer, schema, [change.id for change in fresh])
                for documents in made:
                    for document in documents[place]:
                        writer.add_document(document)
                if index is opened.entries:
                    mark(writer, cursor)
                writer.commit()
                writer.wait_merging_threads()

    @contextlib.contextmanager
    def rebuild(self) -> Iterator["_Rebuild"]:
        place = self._directory / uuid.uuid4().hex[:12]
        begun = _Rebuild(self, place)
        try:
            begun.open()
            yield begun
        finally:
            begun.close()
            if self._generation() != place.name:
                shutil.rmtree(place, ignore_errors=True)

    def clear(self) -> None:
        current = self._generation()
        if current is not None and (self._directory / current).is_dir():
            self._remove_all_but(current)

    def destroy(self) -> None:
        with self._lock:
            self._opened = None
        shutil.rmtree(self._directory, ignore_errors=True)

    def use(self, place: Path) -> None:
        """Make a finished generation the one in use, and remove the others."""
        (place / "about.json").write_text(json.dumps(self._about()))
        beside = self._directory / "current.new"
        beside.write_text(place.name)
        _flush(beside)
        beside.replace(self._directory / "current")
        _flush(self._directory)
        self._remove_all_but(place.name)

    def _remove_all_but(self, generation: str) -> None:
        for other in self._directory.iterdir():
            if other.is_dir() and other.name != generation:
                shutil.rmtree(other, ignore_errors=True)

    # Asking.

    def search(self, question: Question) -> Answer:
        opened = self._open()
        searcher = opened.searcher
        is_scored = question.order is Order.RELEVANCE and bool(question.clauses or question.required) and question.limit > 0
        query = query_of(question) if question.facets or not is_scored else Query.empty_query()
        wanted = {name: {"terms": {"field": name, "size": MOST_FACET_VALUES}} for name in question.facets}
        with _failures():
            # Both go through all that fits, outside of Python's lock: beside each other they take half the time.
            counting = self._counting.submit(searcher.aggregate, query, wanted) if wanted else None
            if question.limit == 0:
                hits, total = [], _count(searcher.search(query, 1))
            elif not is_scored:
                found = searcher.search(query, question.limit, offset=question.offset, order_by_field="newest")
                total = _count(found)
                hits = [Hit(int(pk or 0), 0.0) for pk in searcher.fast_field_values("id", [address for _newest, address in found.hits])]
            else:
                end = question.offset + question.limit
                best, total = _with_equals(searcher, scored_query_of(question, opened.rarities_of(weighed_terms(question))), end)
                hits = _in_order(searcher, best)[question.offset : end]
            facets = counting.result() if counting is not None else {}
        return Answer(hits, total, {name: _facet(facets[name]["buckets"]) for name in question.facets})

    def best_passages(self, entry_ids: Sequence[int], clauses: Sequence[Clause]) -> dict[int, int]:
        if not entry_ids or not clauses:
            return {}
        opened = self._open()
        best: dict[int, int] = {}
        with _failures():
            rarities = opened.rarities_of(weighed_among(clauses))
            _collect_passages(best, opened.passage_searcher, passages_query_of(entry_ids, clauses, rarities), limit=10 * len(entry_ids))
            for entry_id in entry_ids:
                if entry_id not in best and len(best) < len(entry_ids):
                    _collect_passages(best, opened.passage_searcher, passages_query_of([entry_id], clauses, rarities), limit=1)
        return best

    def rarities(self, values: Sequence[str]) -> Rarities:
        opened = self._open()
        with _failures():
            return opened.rarities(values)

    def explain(self, question: Question, entry_id: int) -> dict[str, Any]:
        opened = self._open()
        found = opened.searcher.search(Query.term_query(ENTRIES, "id", entry_id), 1).hits
        if not found:
            return {}
        try:
            query = scored_query_of(question, opened.rarities_of(weighed_terms(question)))
            return dict(json.loads(query.explain(opened.searcher, found[0][1]).to_json()))
        except ValueError:  # it does not fit
            return {}

    # Opening.

    def _about(self) -> dict[str, Any]:
        return {"feed": self._feed, "format": FORMAT}

    def _generation(self) -> str | None:
        try:
            return (self._directory / "current").read_text().strip() or None
        except (OSError, ValueError):
            return None

    def _place(self) -> Path:
        generation = self._generation()
        if generation is None:
            raise IndexMissingError(NO_INDEX)
        return self._directory / generation

    def _open(self) -> _Opened:
        """The index as it was last committed."""
        with self._lock:
            for attempt in (1, 2):
                try:
                    place = self._place()
                except IndexMissingError:
                    self._opened = None
                    raise
                try:
                    with _panics():
                        return self._open_generation(place)
                except (OSError, ValueError, KeyError) as error:
                    # Between the reading of its name and the opening another process may have put a new one in its place.
                    self._opened = None
                    if attempt == 2:
                        raise IndexMissingError(format_lazy(_("the index cannot be opened: {reason}"), reason=str(error))) from error
            raise AssertionError("unreachable")

    def _open_generation(self, place: Path) -> _Opened:
        stamp = (place.name, looks_of(place / "entries" / "meta.json"), looks_of(place / "passages" / "meta.json"))
        known = self._opened
        if known is not None and known.stamp == stamp:
            return known
        if known is None or known.stamp[0] != place.name:
            if json.loads((place / "about.json").read_text()) != self._about():
                raise ValueError("it belongs to another feed, or another release made it")
            entries, passages = Index(ENTRIES, path=str(place / "entries")), Index(PASSAGES, path=str(place / "passages"))
            for index in (entries, passages):
                index.config_reader("manual")
        else:
            entries, passages = known.entries, known.passages
        for index in (passages, entries):
            index.reload()
        self._opened = _Opened(stamp, entries, passages, entries.searcher(), passages.searcher())
        return self._opened

    def _kept_versions(self, searcher: Searcher, ids: list[int]) -> dict[int, int]:
        if not ids:
            return {}
        with _failures():
            found = [address for _score, address in searcher.search(Query.term_set_query(ENTRIES, "id", ids), len(ids)).hits]
            kept = zip(searcher.fast_field_values("id", found), searcher.fast_field_values("version", found), strict=True)
        return {int(pk or 0): int(version or 0) for pk, version in kept}


class _Rebuild:
    """Two writers into a new generation; what is written anew takes the place of what was written before."""

    def __init__(self, engine: EmbeddedEngine, place: Path) -> None:
        self._engine = engine
        self._place = place
        self.refused: dict[int, str] = {}
        self._written: set[int] = set()
        self._writers: list[IndexWriter] = []

    def open(self) -> None:
        with _failures():
            for schema, part in ((PASSAGES, "passages"), (ENTRIES, "entries")):
                (self._place / part).mkdir(parents=True)
                self._writers.append(Index(schema, path=str(self._place / part)).writer(REBUILD_HEAP, 1))

    def write(self, changes: Iterable[Change]) -> None:
        passages, entries = self._writers
        with _failures():
            for change in changes:
                if change.id in self._written:
                    remove(passages, PASSAGES, [change.id])
                    remove(entries, ENTRIES, [change.id])
                try:
                    made = ((passages, passage_documents(change)), (entries, entry_documents(change)))
                except ChangeRefusedError as refusal:
                    self.refused[change.id] = str(refusal)
                    continue
                self._written.add(change.id)
                for writer, documents in made:
                    for document in documents:
                        writer.add_document(document)

    def finish(self, cursor: int) -> None:
        with _failures():
            mark(self._writers[1], cursor)
            for writer in self._writers:
                writer.commit()
                writer.wait_merging_threads()
            self._writers = []
            self._engine.use(self._place)

    def close(self) -> None:
        self._writers = []


@contextlib.contextmanager
def _failures() -> Iterator[None]:
    """What tantivy and the disk complain of, as one kind of error. A full disk shows here; nothing half-written is ever read."""
    try:
        with _panics():
            yield
    except (OSError, ValueError, SystemError) as error:
        raise EngineAwayError(str(error)) from error


@contextlib.contextmanager
def _panics() -> Iterator[None]:
    """Files with other bytes than were written can make tantivy give up; that must not end the process."""
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise ValueError(f"tantivy gave up: {error}") from error


def _with_equals(searcher: Searcher, query: Query, wanted: int) -> tuple[list[tuple[Any, Any]], int]:
    """As many as are wanted with all that score like the last of them, and how many fit: tantivy orders equals by the parts of the index that they lie in."""
    for limit in (wanted + FEW_EQUALS, MOST_EQUALS):
        found = searcher.search(query, limit, weight_by_field="freshness")
        hits = found.hits
        if len(hits) < limit or hits[wanted - 1][0] != hits[-1][0]:
            break
    least = hits[min(wanted, len(hits)) - 1][0] if hits else 0.0
    return [hit for hit in hits if hit[0] >= least], _count(found)


def _count(found: SearchResult) -> int:
    return int(found.count)  # type: ignore[attr-defined]  # the stub does not know it


def _in_order(searcher: Searcher, found: list[tuple[Any, Any]]) -> list[Hit]:
    """What fits equally well stands with the newest first."""
    addresses = [address for _score, address in found]
    ids, newest = searcher.fast_field_values("id", addresses), searcher.fast_field_values("newest", addresses)
    rows = sorted(zip([float(score) for score, _address in found], newest, ids, strict=True), key=lambda row: (-row[0], -int(row[1] or 0)))
    return [Hit(int(pk or 0), score) for score, _newest, pk in rows]


def _facet(buckets: list[dict[str, Any]]) -> list[tuple[str, int]]:
    values = [(str(int(bucket["key"]) if isinstance(bucket["key"], float) else bucket["key"]), int(bucket["doc_count"])) for bucket in buckets]
    return sorted(((value, count) for value, count in values if value not in ("", str(NO_VALUE))), key=lambda pair: (-pair[1], pair[0]))


def _collect_passages(best: dict[int, int], searcher: Searcher, query: Query, *, limit: int) -> None:
    """The first of each entry. Passages of an entry lie one after the other, so of equal ones it is the first in the text."""
    found = [address for _score, address in searcher.search(query, limit, count=False).hits]
    for passage, entry in zip(searcher.fast_field_values("id", found), searcher.fast_field_values("entry", found), strict=True):
        best.setdefault(int(entry or 0), int(passage or 0))


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
