"""From the feed to the engine: following what is new, and making the index anew beside the one in use."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial

from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.foundation.locks import TakenError, alone, wait_for
from portal.organization.models import Department
from portal.outbox.models import Trouble
from portal.outbox.troubles import apart, forget_trouble, is_everybodys, note_trouble
from portal.search import locks
from portal.search.analysis.names import place_of_name, spellings, wholes
from portal.search.analysis.sounds import sounds_of
from portal.search.analysis.terms import Terms, is_unspaced, terms_of
from portal.search.contents import without_contents
from portal.search.engines import engine
from portal.search.engines.base import Change, Engine, EngineAwayError, IndexMissingError
from portal.search.feeding import last_version
from portal.search.models import Entry, Feed, Passage, Waiting
from portal.search.question import Gone, IndexedEntry, IndexedPassage, seconds

logger = logging.getLogger(__name__)

AT_ONCE = 300
# So many pieces of text at once, lest a few great files fill the memory.
MOST_PASSAGES = 2_000
FOR_EVER = 2**61
INDEX_QUEUE = "index"  # the queue of entries, as operators see it
# How far the rebuild that holds the lock is, for operators.
REBUILDING = "search:rebuilding"
STILL_REBUILDING = 300

Progress = Callable[[int, int], None]


class RebuildingError(Exception):
    """Somebody else is making the index anew already."""


def follow() -> int:
    """Bring the index up to the feed, and rebuild it where there is none that can be used; how many entries were written.

    One process at a time; the others wait, and find nothing to do. Raises EngineAwayError where the engine cannot be reached: what is new goes on waiting.
    """
    try:
        return _follow()
    except IndexMissingError as missing:
        logger.warning("the search index is made anew: %s", missing)
        try:
            return rebuild()
        except RebuildingError:
            return 0


def rebuild(progress: Progress = lambda _done, _total: None) -> int:
    """Make the index anew from the feed while the old one answers, and put it in its place in one step; how many entries it holds.

    Raises RebuildingError where that is under way. Ended in between, by whatever, the old one stays.
    """
    try:
        with alone(locks.REBUILD):
            return _rebuild(progress)
    except TakenError as taken:
        raise RebuildingError from taken


def start_anew() -> int:
    """After a restore: what the index holds may have the versions of this feed and another content, so the feed gets a new name, and an index of its own."""
    old = engine()
    with transaction.atomic():
        wait_for(locks.INDEX)
        sources = Feed.objects.get().sources
        Feed.objects.all().delete()
        Feed.objects.create(sources=sources)
    engine.cache_clear()
    with suppress(EngineAwayError):
        old.destroy()
    return rebuild()


def clear_leftovers() -> None:
    """What rebuilds that were killed have left; another time where the engine is away or an index is just being made."""
    with suppress(EngineAwayError, TakenError), alone(locks.REBUILD):
        engine().clear()


def _rebuild(progress: Progress) -> int:
    cursor, total = last_version(), Entry.objects.filter(is_gone=False).count()
    done = 0
    cache.set(REBUILDING, (done, total), STILL_REBUILDING)
    with engine().rebuild() as index:
        for entries in _batches():
            write_apart(index.write, entries)
            done += len(entries)
            progress(done, max(total, done))
            cache.set(REBUILDING, (done, max(total, done)), STILL_REBUILDING)
        with transaction.atomic():
            wait_for(locks.INDEX)
            for entries, last in _since(cursor):
                write_apart(index.write, entries)
                cursor = last
            index.finish(cursor)
            for pk, reason in index.refused.items():
                note_trouble(INDEX_QUEUE, pk, reason)
            Waiting.objects.filter(version__lte=cursor).delete()
    cache.delete(REBUILDING)
    return done


def changes_of(entries: Sequence[Entry]) -> list[Change]:
    """Entries of the feed as engines take them."""
    pieces: dict[int, list[Passage]] = defaultdict(list)
    for passage in Passage.objects.filter(entry__in=[entry.pk for entry in entries]).order_by("entry", "number"):
        pieces[passage.entry_id].append(passage)
    departments = Department.objects.in_bulk({entry.department_id for entry in entries if entry.department_id})
    return [change_of(entry, pieces[entry.pk], departments.get(entry.department_id or 0)) for entry in entries]


def change_of(entry: Entry, passages: list[Passage], department: Department | None) -> Change:
    """One of them with what belongs to it. What nobody may see is not there."""
    if entry.is_gone or not (entry.include or entry.readers):
        return Gone(entry.pk, entry.version)
    parts = [terms_of(passage.text) for passage in passages]
    title = terms_of(entry.title)
    names = spellings(entry.names)
    return IndexedEntry(
        id=entry.pk,
        version=entry.version,
        key=entry.key,
        allow=entry.include,
        deny=entry.exclude,
        level=entry.level,
        readers=entry.readers,
        readers_level=entry.readers_level,
        kind=entry.kind,
        departments=[*department.ancestor_ids, department.pk] if department else [],
        department=entry.department_id or 0,
        author=entry.author_id or 0,
        file_type=entry.file_type,
        place=entry.place,
        year=timezone.localtime(entry.dated_at).year if entry.dated_at else 0,
        dated_at=seconds(entry.dated_at) if entry.dated_at else 0,
        ends_at=seconds(entry.ends_at) if entry.ends_at else FOR_EVER,
        title=title.pairs + title.loose,
        names=names,
        # A file has the number of what it hangs on, and is not what is looked for by it.
        whole=wholes(entry.names, entry.called, "" if entry.part else entry.number, entry.title),
        heads=list(dict.fromkeys(filter(is_unspaced, title.single))),
        spelled=[] if entry.names else sounds_of(entry.title),
        order=place_of_name(entry.names),
        pairs=_joined([title, *parts], "pairs"),
        single=_joined([title, *parts], "single"),
        loose=_joined([title, *parts], "loose"),
        passages=[_place(passage, part) for passage, part in zip(passages, parts, strict=True)] if len(passages) > 1 else (),
    )


def _follow() -> int:
    index = engine()
    written = 0
    with transaction.atomic():
        wait_for(locks.INDEX)
        index.verify()
        cursor = index.state().cursor
        if cursor > last_version():
            raise IndexMissingError(_("the index is ahead of the feed, which was restored from a backup"))
        for entries, last in _since(cursor):
            try:
                with transaction.atomic():
                    _write(partial(index.write, cursor=last), entries)
            except Exception as error:
                if isinstance(error, EngineAwayError) or is_everybodys(error):
                    raise
                write_apart(partial(index.write, cursor=cursor), entries)
                index.write([], cursor=last)
            cursor = last
            written += len(entries)
        _try_again(index, cursor)
        Waiting.objects.filter(version__lte=cursor).delete()
    return written


def write_apart(write: Callable[[list[Change]], None], entries: Sequence[Entry]) -> None:
    """Write these entries; one over which that fails is put aside, and taken out of the index lest it be found as it was."""
    by_id = {entry.pk: entry for entry in entries}
    failed = apart(INDEX_QUEUE, list(by_id), lambda ids: _write(write, [by_id[pk] for pk in ids]), raises=EngineAwayError)
    if failed:
        write([Gone(pk, by_id[pk].version) for pk in failed])


def _write(write: Callable[[list[Change]], None], entries: Sequence[Entry]) -> None:
    write(changes_of(entries))
    forget_trouble(INDEX_QUEUE, [entry.pk for entry in entries])


def _try_again(index: Engine, cursor: int) -> None:
    """Entries that the index did not take, and that are due once more."""
    waiting = Trouble.objects.filter(queue=INDEX_QUEUE, due_at__lte=timezone.now())
    ids = set(waiting.values_list("thing", flat=True)[:AT_ONCE])
    if ids:
        entries = list(Entry.objects.filter(pk__in=ids))
        write_apart(partial(index.write, cursor=cursor), entries)
        forget_trouble(INDEX_QUEUE, ids - {entry.pk for entry in entries})


def _since(cursor: int) -> Iterator[tuple[list[Entry], int]]:
    while entries := portion(Entry.objects.filter(version__gt=cursor).order_by("version")):
        cursor = entries[-1].version
        yield entries, cursor


def _batches() -> Iterator[list[Entry]]:
    last = 0
    while entries := portion(Entry.objects.filter(pk__gt=last, is_gone=False).order_by("pk")):
        last = entries[-1].pk
        yield entries


def portion(entries: QuerySet[Entry]) -> list[Entry]:
    """The first of them, as many as go at once; one at least."""
    taken: list[Entry] = []
    passages = 0
    for entry in entries[:AT_ONCE]:
        passages += entry.passage_count
        if taken and passages > MOST_PASSAGES:
            break
        taken.append(entry)
    return taken


def _place(passage: Passage, part: Terms) -> IndexedPassage:
    """Where words stand: a table of contents has them too, and is not what is looked for."""
    text = without_contents(passage.text)
    place = part if text == passage.text else terms_of(text)
    return IndexedPassage(passage.pk, place.pairs, place.single, place.loose)


def _joined(parts: Iterable[Terms], name: str) -> list[str]:
    return [term for part in parts for term in getattr(part, name)]
