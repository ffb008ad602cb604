"""What a word weighs in a text, for every engine alike.

BM25 counts over the whole index, so the order of results would tell which words stand in texts that one may not see. Here a word's points depend on
three things only: how often it stands in this text, how long this text is, and how rare the word is among what everybody may see. All points are whole
64ths, so that they add up to the same in whatever order an engine adds them, and equal texts stay equal.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from portal.access.rules import EVERYONE
from portal.search.question import Clause, IndexedEntry, Match, Question, Term

# Robertson's k1 and b; lengths are compared with fixed ones: the mean of all texts would speak of hidden ones too.
SATURATION, LENGTH = 1.2, 0.75
USUAL_LENGTH, USUAL_TITLE = 600, 10
# The share of its greatest score that a word reaches in a text, in steps of 1/15, in a title of 1/3. An index keeps the step as marks on the word,
# one for each digit to the base of four that is not nought: fewer marks than binary digits, fewer to look up than one for each step.
STEPS, TITLE_STEPS = 15, 3
MARKS_OF = [[mark for mark in (step & 3, step & 12) if mark] for step in range(STEPS + 1)]
# Stems and what is written together, characters alone, and the words of a passage, score alike wherever they stand.
ALIKE = 0.45
# How rare a word is, is told in powers of four, so that it does not move with every text; what stands in nearly all still scores a little.
COARSENESS = 4
COMMONEST = 0.35
POINT = 1 / 64
# Stands in every text that everybody may see, and is no term of any.
ANY = "·"


@dataclass(frozen=True, slots=True)
class Points:
    """What an entry scores where `value` stands in `field` of the index."""

    field: str
    value: str
    score: float


@dataclass(frozen=True, slots=True)
class Rarities:
    """In how many of the texts that everybody may see each word stands; of `ANY`, how many those are."""

    holding: Mapping[str, int] = field(default_factory=dict)

    def of(self, value: str) -> float:
        """ln(1 / the share of texts that have the word)."""
        among = self.holding.get(ANY, 0)
        power = round(math.log((among + 1) / (min(self.holding.get(value, 0), among) + 1), COARSENESS))
        return max(COMMONEST, power * math.log(COARSENESS))

    def points(self, term: Term, *, is_passage: bool = False) -> list[Points]:
        """What an entry or a passage that has the word scores is the sum of some of these."""
        most = term.weight * self.of(term.value) * (SATURATION + 1)
        if is_passage or term.field in ("loose", "single"):
            return [Points(term.field, term.value, rounded(most * ALIKE))]
        if term.field == "title":
            return [Points("weights", f"{term.value}^t{mark}", rounded(most * mark / TITLE_STEPS)) for mark in (1, 2, 3)]
        return [Points("weights", f"{term.value}^{mark}", rounded(most * mark / STEPS)) for mark in (1, 2, 3, 4, 8, 12)]


def rounded(score: float) -> float:
    """In whole 64ths, one at least."""
    return max(1, round(score / POINT)) * POINT


def is_weighed(match: Match) -> bool:
    """Whether it scores by the text; any other match scores its weight."""
    return isinstance(match, Term) and match.field in ("pairs", "title", "loose", "single")


def weighed_terms(question: Question) -> list[Term]:
    return weighed_among((*question.clauses, *question.required), question.liked)


def weighed_among(clauses: Iterable[Clause], liked: Iterable[Match] = ()) -> list[Term]:
    """Those that score by the text; one that stands there twice counts twice."""
    matches = [match for clause in clauses for match in clause.any_of] + list(liked)
    return [match for match in matches if isinstance(match, Term) and is_weighed(match)]


def counted_for(values: Iterable[str]) -> list[str]:
    """The values of `open` that an engine counts to know what these words weigh."""
    return list(dict.fromkeys([ANY, *values]))


def marks_of(entry: IndexedEntry) -> list[str]:
    """Its words with the marks of their steps: the field `weights` of an index."""
    text, title = Counter(entry.pairs), Counter(entry.title)
    steps = {count: MARKS_OF[step_of(count, len(entry.pairs), USUAL_LENGTH, STEPS)] for count in set(text.values())}
    marks = [f"{value}^{mark}" for value, count in text.items() for mark in steps[count]]
    return marks + [f"{value}^t{step_of(count, len(entry.title), USUAL_TITLE, TITLE_STEPS)}" for value, count in title.items()]


def open_terms(entry: IndexedEntry) -> list[str]:
    """The field `open` of an index: the words of a text that everybody may see; nothing of any other."""
    if EVERYONE not in entry.allow or entry.deny or entry.level:
        return []
    return [ANY, *dict.fromkeys([*entry.pairs, *entry.loose, *entry.single])]


def step_of(count: int, length: int, usual: int, steps: int) -> int:
    """The step that is nearest to what BM25 gives a word that stands `count` times in a text of this length; one at least."""
    return max(1, round(steps * count / (count + SATURATION * (1 - LENGTH + LENGTH * length / usual))))
