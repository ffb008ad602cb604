"""Why a question finds what it finds."""

from collections.abc import Iterable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from portal.access.standings import standing_of
from portal.search.asking import Asked
from portal.search.engines import engine
from portal.search.finding import PAGE, Chosen, Findings, asking, find
from portal.search.models import Entry
from portal.search.snippets import Piece


@dataclass(slots=True)
class Explanation:
    """`parts` are (label, words) of the question as the engine gets it; `rows` (score, kind, title, page of the file, audience, key) of the
    first page; `passages` (title, text) what was found in texts, with what fits in brackets."""

    person: str
    tokens: list[str]
    level: int
    parts: list[tuple[str, str]]
    rows: list[tuple[str, str, str, str, str, str]]
    passages: list[tuple[str, str]]
    total: int
    fit: str
    milliseconds: float
    scores: dict[str, Any]


def explain(person: Any, asked: Asked) -> Explanation:
    standing = standing_of(person)
    begun = perf_counter()
    found: Findings = find(person, asked)
    milliseconds = (perf_counter() - begun) * 1000
    ask = asking(person, asked, Chosen(), limit=PAGE)
    question = ask.question(found.fit, ask.wording(found.fit))
    entries = Entry.objects.in_bulk([result.entry_id for result in found.results])
    parts = [(label, str(value)) for label, value in (("words", asked.words), ("phrases", asked.phrases), ("without", asked.excluded)) if value]
    parts += [(f"clause {number}", " or ".join(map(str, clause.any_of))) for number, clause in enumerate(question.clauses, 1)]
    parts += [(f"required {number}", " or ".join(map(str, clause.any_of))) for number, clause in enumerate(question.required, 1)]
    parts += [("liked", ", ".join(map(str, question.liked))), ("filters", str(question.filters))]
    rows = []
    for result in found.results:
        entry = entries[result.entry_id]
        rows.append((f"{result.score:.3f}", entry.kind, entry.title[:60], str(result.page or ""), _spelled(entry), f"{entry.key} {entry.part}"))
    passages = [(entries[result.entry_id].title[:60], _marked(result.snippet)) for result in found.results if result.snippet]
    scores = engine().explain(question, found.results[0].entry_id) if found.results else {}
    return Explanation(person.name, standing.tokens, standing.level, parts, rows, passages, found.total, found.fit, milliseconds, scores)


def _marked(pieces: Iterable[Piece]) -> str:
    return "".join(f"【{piece.text}】" if piece.is_marked else piece.text for piece in pieces)


def _spelled(entry: Entry) -> str:
    but = f" but not {' '.join(entry.exclude)}" if entry.exclude else ""
    audience = f"{' '.join(entry.include) or 'nobody'}{but}" + (f", level {entry.level}" if entry.level else "")
    return f"{audience}; or {' '.join(entry.readers)}" if entry.readers else audience
