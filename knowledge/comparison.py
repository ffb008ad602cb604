"""The comparison table between two versions of a policy, from the articles that were stored of each, or of a draft that is not published yet."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

from django.utils.safestring import SafeString

from knowledge.clauses import Clause, articles_of, recognise
from knowledge.models import PolicyClause, PolicyVersion
from knowledge.pairing import Change, pair
from portal.foundation.rich_text import difference

MOST_KEPT = 32  # in each process


@dataclass(frozen=True, slots=True)
class Line:
    """One article in both versions. `marked` is the new text with what was put in and struck out."""

    change: Change
    before: Clause | None
    after: Clause | None
    before_key: int | None
    digest: str
    marked: str

    @property
    def key(self) -> int | None:
        return self.before_key


@dataclass(frozen=True, slots=True)
class Comparison:
    lines: list[Line]

    @property
    def numbers(self) -> dict[str, int]:
        """How many of each change."""
        counted = Counter(line.change.value for line in self.lines)
        return {change.value: counted[change.value] for change in Change}

    @property
    def removed(self) -> list[Line]:
        return [line for line in self.lines if line.after is None]

    @property
    def changed(self) -> list[Line]:
        """All but those that are the same or have only another number."""
        return [line for line in self.lines if line.change not in {Change.SAME, Change.RENUMBERED}]


def compare_versions(before: PolicyVersion, after: PolicyVersion) -> Comparison:
    """Between two versions as they were published, whatever lies between them. Which article is which was stored when they were.

    The process keeps some, for neither of the two ever changes; whether somebody may read both is asked before.
    """
    return _kept(before.pk, before.published_at, after.pk, after.published_at)


@lru_cache(maxsize=MOST_KEPT)
def _kept(before: int, _before_at: datetime, after: int, _after_at: datetime) -> Comparison:
    """The moments tell apart what a restored database numbers anew."""
    return compare_stored(*(PolicyVersion.objects.get(pk=pk) for pk in (before, after)))


def compare_stored(before: PolicyVersion, after: PolicyVersion) -> Comparison:
    """The same, worked out."""
    olds, news = clauses_of(before), clauses_of(after)
    old_places = {row.key: place for place, row in enumerate(olds)}
    given = {place: old_places.get(row.key) for place, row in enumerate(news)}
    return _compare([clause_of(row) for row in olds], [clause_of(row) for row in news], [row.key for row in olds], given)


def compare_draft(before: PolicyVersion, body: str, pairs: Mapping[str, Any]) -> Comparison:
    """Between what was published last and a text that is being written; `pairs` are those that its writer has set."""
    olds = clauses_of(before)
    news = articles_of(recognise(body))
    return _compare([clause_of(row) for row in olds], news, [row.key for row in olds], given_pairs(news, [row.key for row in olds], pairs))


def given_pairs(news: Sequence[Clause], keys: Sequence[int], pairs: Mapping[str, Any]) -> dict[int, int | None]:
    """{new place: old place or None} of the pairs that a person has set, which are kept as {digest of the new text: key of the old article, or nothing}."""
    places = {key: place for place, key in enumerate(keys)}
    found: dict[int, int | None] = {}
    taken: set[int] = set()
    for place, clause in enumerate(news):
        digest = digest_of(clause)
        if digest not in pairs:
            continue
        old = places.get(pairs[digest]) if pairs[digest] is not None else None
        if pairs[digest] is None or (old is not None and old not in taken):
            found[place] = old
            taken |= {old} if old is not None else set()
    return found


def digest_of(clause: Clause) -> str:
    return sha256(f"{clause.label}\n{clause.plain}".encode()).hexdigest()[:16]


def clauses_of(version: PolicyVersion) -> list[PolicyClause]:
    """The articles of a version, without the titles of chapters."""
    return [row for row in version.clauses.all() if row.kind in {"article", "preamble"}]


def clause_of(row: PolicyClause) -> Clause:
    return Clause(row.kind, row.label, row.html, row.text, row.chapter)  # type: ignore[arg-type]


def _compare(olds: list[Clause], news: list[Clause], keys: Sequence[int], given: Mapping[int, int | None]) -> Comparison:
    lines = []
    for one in pair(olds, news, given):
        before = olds[one.before] if one.before is not None else None
        after = news[one.after] if one.after is not None else None
        marked: SafeString | str = ""
        if one.change is Change.CHANGED and before is not None and after is not None:
            marked = difference(before.html, after.html)
        key = keys[one.before] if one.before is not None else None
        lines.append(Line(one.change, before, after, key, digest_of(after) if after is not None else "", str(marked)))
    return Comparison(lines)
