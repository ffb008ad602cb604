"""What a question finds, computed as slowly and plainly as can be."""

from collections import Counter
from collections.abc import Sequence
from math import log

from portal.search.question import Clause, Filters, IndexedEntry, Match, Near, Phrase, Prefix, Question, Term


def finds(question: Question, entries: Sequence[IndexedEntry]) -> set[int]:
    return {entry.id for entry in entries if passes(question.filters, entry) and fits(question, entry)}


def counts(question: Question, entries: Sequence[IndexedEntry], facet: str) -> dict[str, int]:
    found = finds(question, entries)
    values = Counter(str(getattr(entry, facet)) for entry in entries if entry.id in found)
    return {value: count for value, count in values.items() if value not in ("", "0")}


def score(question: Question, entry: IndexedEntry, corpus: Sequence[IndexedEntry]) -> float:
    """The points of the words by this text and by what everybody may see; other matches score their weight."""
    matched = [match for clause in (*question.clauses, *question.required) for match in clause.any_of] + list(question.liked)
    return sum(points(match, entry, corpus) for match in matched if matches(match, entry))


def points(match: Match, entry: IndexedEntry, corpus: Sequence[IndexedEntry]) -> float:
    if not isinstance(match, Term) or match.field not in ("pairs", "title", "loose", "single"):
        return whole(match.weight)
    shown = [other for other in corpus if "all" in other.allow and not other.deny and other.level == 0]
    holding = sum(match.value in {*other.pairs, *other.loose, *other.single} for other in shown)
    rarity = max(0.35, round(log((len(shown) + 1) / (holding + 1), 4)) * log(4))
    if match.field in ("loose", "single"):
        return whole(match.weight * rarity * 2.2 * 0.45)
    terms = getattr(entry, match.field)
    steps, usual = (3, 10) if match.field == "title" else (15, 600)
    count = terms.count(match.value)
    step = max(1, round(steps * count / (count + 1.2 * (0.25 + 0.75 * len(terms) / usual))))
    digits = [digit for digit in (step % 4, step - step % 4) if digit]
    return sum(whole(match.weight * rarity * 2.2 * digit / steps) for digit in digits)


def whole(points: float) -> float:
    """In 64ths."""
    return max(1, round(64 * points)) / 64


def fits(question: Question, entry: IndexedEntry) -> bool:
    held = sum(holds(clause, entry) for clause in question.clauses)
    least = len(question.clauses) if question.least is None else min(question.least, len(question.clauses))
    return held >= least and all(holds(clause, entry) for clause in question.required) and not any(holds(clause, entry) for clause in question.excluded)


def holds(clause: Clause, entry: IndexedEntry) -> bool:
    return any(matches(match, entry) for match in clause.any_of)


def matches(match: Match, entry: IndexedEntry) -> bool:
    if isinstance(match, Phrase):
        length = len(match.values)
        return any(tuple(entry.single[start : start + length]) == match.values for start in range(len(entry.single) - length + 1))
    terms = getattr(entry, match.field)
    if isinstance(match, Term):
        return match.value in terms
    if isinstance(match, Prefix):
        return any(term.startswith(match.value) for term in terms)
    assert isinstance(match, Near)
    return any(distance_is_one(term, match.value) for term in terms)


def distance_is_one(word: str, other: str) -> bool:
    """At most one letter inserted, left out, changed, or two neighbours swapped."""
    if word == other:
        return True
    letters = set(word) | set(other)
    near = {word[:at] + word[at + 1 :] for at in range(len(word))}
    near |= {word[:at] + letter + word[at + 1 :] for at in range(len(word)) for letter in letters}
    near |= {word[:at] + letter + word[at:] for at in range(len(word) + 1) for letter in letters}
    near |= {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)}
    return other in near


def passes(filters: Filters, entry: IndexedEntry) -> bool:
    tokens = set(filters.tokens)
    return bool(
        (
            (tokens & set(entry.allow) and not tokens & set(entry.deny) and entry.level <= filters.level)
            or (tokens & set(entry.readers) and entry.readers_level <= filters.level)
        )
        and entry.ends_at > filters.now
        and (not filters.kinds or entry.kind in filters.kinds)
        and (not filters.departments or set(filters.departments) & set(entry.departments))
        and (not filters.authors or entry.author in filters.authors)
        and (not filters.file_types or entry.file_type in filters.file_types)
        and (not filters.places or entry.place in filters.places)
        and (filters.after is None or entry.dated_at >= filters.after)
        and (filters.before is None or entry.dated_at < filters.before)
        and entry.key not in filters.without
        and (not filters.entries or entry.id in filters.entries)
    )
