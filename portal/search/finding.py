"""Finding: the engine proposes, the policies decide, the feed tells how it reads."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from time import time
from typing import Any

from django.db import connection

from portal.access.standings import standing_of
from portal.attachments.queries import shown_among
from portal.search.analysis.asking import Marks, Wording, excluded_clauses, wording_of
from portal.search.analysis.folding import is_common
from portal.search.asking import Asked, year_bounds
from portal.search.engines import engine
from portal.search.engines.base import Engine
from portal.search.question import FACETS, Answer, Clause, Facets, Filters, Hit, Order, Question, seconds
from portal.search.snippets import Piece, marked, snippet
from portal.search.sources import kind_for, source_for
from portal.search.weights import ANY

PAGE = 20
DEEPEST = 1_000
# A character of a run counts by itself where it stands in fewer than one of so many texts, or is one that few write (䲟又叫做: 䲟).
RARE, MOST_CHARACTERS = 256, 8
# Where so many fit, nobody needs what only comes near.
FEW = 10
NEAR_ENOUGH = 0.25
MOST_WAITING = 2_000

ENTRIES = """
    SELECT entry.id, entry.source, entry.object_id, entry.part, entry.kind, entry.title, entry.url, entry.department_id, entry.author_id, entry.file_type,
        entry.dated_at, entry.number, thing.title, thing.url, entry.passage_count
    FROM search_entry entry
    LEFT JOIN search_entry thing ON entry.part <> '' AND thing.source = entry.source AND thing.object_id = entry.object_id AND thing.part = ''
    WHERE entry.id = ANY(%s) AND NOT entry.is_gone
"""
PASSAGES = "SELECT entry_id, page, text FROM search_passage WHERE id = ANY(%s) OR (entry_id = ANY(%s) AND number = 0)"
WAITING = f"SELECT source, object_id FROM search_waiting WHERE hides ORDER BY id DESC LIMIT {MOST_WAITING + 1}"  # noqa: S608  # a constant


class Fit(StrEnum):
    """How well what was found fits: every word, every word but for a letter, the phrase in quotes without all words beside it, or the nearest that there is.

    The nearest are one page without a count or facets, for any word would do to be among them.
    """

    EXACT = "exact"
    FORGIVEN = "forgiven"
    PHRASE = "phrase"
    NEAR = "near"


@dataclass(slots=True)
class Result:
    """An entry that this person may see, as lists show it. `page` is the page of the file on which the passage stands, `about` what the file hangs on,
    `told_by` what tells it from others of its title.
    """

    entry_id: int
    kind: str
    title: list[Piece]
    url: str
    department_id: int | None
    author_id: int | None
    file_type: str
    dated_at: datetime | None
    source: str
    object_id: int
    part: str
    score: float
    snippet: list[Piece] = field(default_factory=list)
    page: int | None = None
    about: str = ""
    about_url: str = ""
    number: str = ""
    told_by: str = ""

    @property
    def whole_title(self) -> str:
        return "".join(piece.text for piece in self.title)


@dataclass(slots=True)
class Findings:
    """What was found. `total` and `facets` count what this person may see; `is_about` where much is being written anew just now.

    Where it is little, the last `near` of the results are what else comes near; they are not counted.
    """

    results: list[Result]
    near: int = 0
    total: int = 0
    facets: Facets = field(default_factory=dict)
    fit: Fit = Fit.EXACT
    is_about: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen beside the words: values of facets, the order, the page (counted from 1)."""

    kind: str = ""
    department: int = 0
    author: int = 0
    file_type: str = ""
    place: str = ""
    year: int = 0
    after: datetime | None = None
    order: Order = Order.RELEVANCE
    page: int = 1

    @property
    def restricts(self) -> bool:
        return bool(self.kind or self.department or self.author or self.file_type or self.place or self.year)


def find(user: Any, asked: Asked, chosen: Chosen | None = None, *, limit: int = PAGE, has_facets: bool = True, is_typing: bool = False) -> Findings:
    """What this person may see of what was asked for, the best first. Raises EngineAwayError where the engine cannot answer."""
    ask = asking(user, asked, chosen or Chosen(), limit=limit, has_facets=has_facets, is_typing=is_typing)
    fit, answer = ask.best()
    wording = ask.wording(fit)
    results = _results(ask.index, user, answer.hits, wording)
    dropped = len(answer.hits) - len(results)
    facets = ask.facets_with_chosen(answer, fit) if has_facets else {}
    total = len(results) if fit is Fit.NEAR else max(0, answer.total - dropped)
    near = ask.near(fit, answer)
    others = _results(ask.index, user, near, ask.wording(Fit.NEAR)) if near else []
    return Findings([*results, *others], len(others), total, facets, fit, is_about=ask.is_about)


def find_while_typing(user: Any, asked: Asked, most: Mapping[str, int]) -> Findings:
    """The best few of each group (`most`: how many of which), for what is typed so far."""
    ask = asking(user, asked, Chosen(), limit=2 * sum(most.values()), has_facets=False, is_typing=True)
    fit, answer = ask.best()
    rows = _rows(answer.hits)
    left, chosen = dict(most), []
    for hit in answer.hits:
        kind = kind_for(rows[hit.entry_id][4]) if hit.entry_id in rows else None
        if kind is not None and left.get(kind.group, 0):
            left[kind.group] -= 1
            chosen.append(hit)
    results = _results(ask.index, user, chosen, ask.wording(fit), rows)
    return Findings(results, total=len(results) if fit is Fit.NEAR else answer.total, fit=fit)


def find_entries(user: Any, entry_ids: Sequence[int], asked: Asked) -> list[Result]:
    """These entries as results, in their order, without those that this person may not see."""
    if not entry_ids:
        return []
    index = engine()
    filters = replace(_filters(user, Asked(), Chosen(), _waiting()[:MOST_WAITING]), entries=tuple(entry_ids))
    answer = index.search(Question(clauses=(), filters=filters, limit=len(entry_ids)))
    places = {pk: place for place, pk in enumerate(entry_ids)}
    hits = sorted(answer.hits, key=lambda hit: places[hit.entry_id])
    return _results(index, user, hits, wording_of(asked.words, asked.phrases))


def asking(user: Any, asked: Asked, chosen: Chosen, *, limit: int, has_facets: bool = True, is_typing: bool = False) -> "Asking":
    """How the engine is asked in the name of this person."""
    waiting = _waiting()
    filters = _filters(user, asked, chosen, waiting[:MOST_WAITING])
    return Asking(engine(), asked, filters, chosen, limit, FACETS if has_facets else (), is_typing, len(waiting) > MOST_WAITING)


@dataclass(slots=True)
class Asking:
    """Asking more and more kindly until something is found."""

    index: Engine
    asked: Asked
    filters: Filters
    chosen: Chosen
    limit: int
    facets: tuple[str, ...]
    is_typing: bool
    is_about: bool
    wordings: dict[Fit, Wording] = field(default_factory=dict)

    def best(self) -> tuple[Fit, Answer]:
        exact = self.wording(Fit.EXACT)
        if not (exact.clauses or exact.required or self.asked.restricts or self.chosen.restricts or self.chosen.after):
            return Fit.EXACT, Answer([], 0)
        answer = self.index.search(self.question(Fit.EXACT, exact))
        if answer.total:
            return Fit.EXACT, answer
        forgiving = self.wording(Fit.FORGIVEN)
        if forgiving.clauses != exact.clauses:
            kinder = self.index.search(self.question(Fit.FORGIVEN, forgiving))
            if kinder.total:
                return Fit.FORGIVEN, kinder
        fit = Fit.PHRASE if exact.required else Fit.NEAR
        question = self.question(fit, self.wording(fit))
        if (exact.clauses if fit is Fit.PHRASE else len(question.clauses) > 1) and (softer := self.index.search(question)).total:
            return fit, softer
        return Fit.EXACT, answer

    def near(self, fit: Fit, answer: Answer) -> list[Hit]:
        """What comes near beside the few that fit; of many words, some that have all of them may do so by chance."""
        is_first_look = self.chosen.order is Order.RELEVANCE and self.chosen.page == 1 and self.chosen.after is None and not self.is_typing
        wording = self.wording(Fit.NEAR)
        if fit in (Fit.PHRASE, Fit.NEAR) or not is_first_look or not 0 < answer.total < FEW <= self.limit or len(wording.clauses) < 2:
            return []
        found = {hit.entry_id for hit in answer.hits}
        hits = self.index.search(replace(self.question(Fit.PHRASE if wording.required else Fit.NEAR, wording), limit=FEW)).hits
        return [hit for hit in hits if hit.entry_id not in found and hit.score > hits[0].score * NEAR_ENOUGH][: FEW - len(found)]

    def wording(self, fit: Fit) -> Wording:
        if fit not in self.wordings:
            wording = wording_of(self.asked.words, self.asked.phrases, is_typing=self.is_typing, is_forgiving=fit is not Fit.EXACT)
            if fit is Fit.NEAR:
                wording.add_alone(self.telling(wording))
            self.wordings[fit] = wording
        return self.wordings[fit]

    def question(self, fit: Fit, wording: Wording) -> Question:
        """Beside a phrase all words are only liked where none has them. Of the nearest, what is rare tells the most: any word will do."""
        offset = (self.chosen.page - 1) * self.limit if fit is not Fit.NEAR else 0
        clauses, liked = list(wording.clauses), [*wording.liked, *wording.named]
        if fit is Fit.PHRASE:
            clauses, liked = [], [match for clause in wording.clauses for match in clause.any_of]
        elif fit is Fit.NEAR:
            # What stands in the title counts where all words are there; of a few words, those in a title would beat the rest.
            liked = list(wording.named)
        return Question(
            clauses=tuple(clauses),
            required=tuple(wording.required),
            filters=self.filters,
            excluded=tuple(excluded_clauses(self.asked.excluded)),
            liked=tuple(liked),
            least=1 if fit is Fit.NEAR else None,
            order=Order.RELEVANCE if fit is Fit.NEAR else self.chosen.order,
            limit=self.limit if offset < DEEPEST else 0,
            offset=min(offset, DEEPEST),
            facets=self.facets if fit is not Fit.NEAR else (),
        )

    def telling(self, wording: Wording) -> list[str]:
        """Characters that say something by themselves: what is left alone, and of runs the rarest first."""
        characters = list(dict.fromkeys("".join(wording.runs)))
        held = self.index.rarities(characters).holding if characters else {}
        rare = [character for character in characters if not is_common(character) or held[character] * RARE < held[ANY]]
        return [*wording.alone, *sorted(rare, key=lambda character: held[character])][:MOST_CHARACTERS]

    def facets_with_chosen(self, answer: Answer, fit: Fit) -> Facets:
        """A facet of which a value is chosen still offers the others: it is counted as if nothing of it were chosen."""
        if fit is Fit.NEAR or not self.chosen.restricts:
            return dict(answer.facets)
        facets = dict(answer.facets)
        freed: dict[str, tuple[Any, dict[str, Any]]] = {
            "kind": (self.chosen.kind, {"kinds": tuple(self.asked.kinds)}),
            "department": (self.chosen.department, {"departments": tuple(self.asked.departments)}),
            "author": (self.chosen.author, {"authors": tuple(self.asked.authors)}),
            "file_type": (self.chosen.file_type, {"file_types": tuple(self.asked.file_types)}),
            "year": (self.chosen.year, {"after": _latest(self.asked.after, self.chosen.after), "before": _earliest(self.asked.before)}),
        }
        question = self.question(fit, self.wording(fit))
        for name, (value, freely) in freed.items():
            if value:
                asked = replace(question, filters=replace(self.filters, **freely), limit=0, offset=0, facets=(name,))
                facets[name] = self.index.search(asked).facets[name]
        return facets


def _filters(user: Any, asked: Asked, chosen: Chosen, waiting: Iterable[tuple[str, int]]) -> Filters:
    standing = standing_of(user)
    begins, ends = year_bounds(chosen.year) if chosen.year else (None, None)
    return Filters(
        tokens=tuple(standing.tokens),
        level=standing.level,
        now=int(time()),
        kinds=(chosen.kind,) if chosen.kind else tuple(asked.kinds),
        departments=(chosen.department,) if chosen.department else tuple(asked.departments),
        authors=(chosen.author,) if chosen.author else tuple(asked.authors),
        file_types=(chosen.file_type,) if chosen.file_type else tuple(asked.file_types),
        places=(chosen.place,) if chosen.place else (),
        after=_latest(asked.after, begins, chosen.after),
        before=_earliest(asked.before, ends),
        without=tuple(dict.fromkeys(f"{source}:{pk}" for source, pk in waiting)),
    )


def _waiting() -> list[tuple[str, int]]:
    """What is being written anew, the newest first: the engine may know it as it was."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return list(cursor.fetchall())


def _rows(hits: Sequence[Hit]) -> dict[int, Sequence[Any]]:
    if not hits:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(ENTRIES, [[hit.entry_id for hit in hits]])
        return {row[0]: row for row in cursor.fetchall()}


def _results(index: Engine, user: Any, hits: Sequence[Hit], wording: Wording, rows: Mapping[int, Sequence[Any]] | None = None) -> list[Result]:
    """The hits that the policies let through, with the passages that fit best."""
    rows = _rows(hits) if rows is None else rows
    scores = {hit.entry_id: hit.score for hit in hits if hit.entry_id in rows}
    permitted = _permitted(user, [rows[pk] for pk in scores])
    kept = [rows[pk] for pk in scores if pk in permitted]
    passages = _passages(index, {row[0]: row[-1] for row in kept}, [*wording.required, *wording.clauses])
    return [_result(row, scores[row[0]], passages.get(row[0]), wording.marks) for row in kept]


def _permitted(user: Any, rows: Iterable[Sequence[Any]]) -> set[int]:
    things: dict[str, set[int]] = defaultdict(set)
    files: set[str] = set()
    for _pk, source, object_id, part, *_rest in rows:
        things[source].add(object_id)
        if part:
            files.add(part)
    allowed = {code: found.permitted(user, ids) if (found := source_for(code)) else set() for code, ids in things.items()}
    shown = shown_among(files) if files else set()
    return {pk for pk, source, object_id, part, *_rest in rows if object_id in allowed[source] and (not part or part in shown)}


def _passages(index: Engine, counts: Mapping[int, int], clauses: Sequence[Clause]) -> dict[int, tuple[int | None, str]]:
    """(page, text) for each entry that has text: the passage that fits best, else the first."""
    best = index.best_passages([pk for pk, count in counts.items() if count > 1], clauses)
    first = [pk for pk, count in counts.items() if count and pk not in best]
    if not best and not first:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(PASSAGES, [list(best.values()), first])
        return {entry: (page, text) for entry, page, text in cursor.fetchall()}


def _result(row: Sequence[Any], score: float, passage: tuple[int | None, str] | None, marks: Marks) -> Result:
    pk, source, object_id, part, kind, title, url, department_id, author_id, file_type, dated_at, number, about, about_url, _count = row
    page, text = passage or (None, "")
    return Result(
        entry_id=pk,
        kind=kind,
        title=marked(title, marks),
        url=f"{url}?from={page}" if page and page > 1 else url,
        department_id=department_id,
        author_id=author_id,
        file_type=file_type,
        dated_at=dated_at,
        source=source,
        object_id=object_id,
        part=part,
        score=score,
        snippet=snippet(text, marks) if text else [],
        page=page,
        about=about or "",
        about_url=about_url or "",
        number=number,
    )


def _latest(*moments: datetime | None) -> int | None:
    return max((seconds(moment) for moment in moments if moment is not None), default=None)


def _earliest(*moments: datetime | None) -> int | None:
    return min((seconds(moment) for moment in moments if moment is not None), default=None)
