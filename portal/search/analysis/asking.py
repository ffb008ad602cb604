"""What a person typed, as clauses of a question; and what to mark of it in a text."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field

from portal.foundation.names import name_syllables
from portal.search.analysis.folding import fold
from portal.search.analysis.manner import left_alone, without_asking
from portal.search.analysis.sounds import sounding_like
from portal.search.analysis.terms import CHAIN, LONGEST_CHAIN, SIGNED, as_one, is_unspaced, joined, pieces_of, signs_of, stem_of
from portal.search.question import Clause, Match, Near, Phrase, Prefix, Term

MOST_CLAUSES = 48
TITLE, STEM, NAME, NAMED, CHAIN_TOGETHER, ADJACENT, PREFIX, NEAR = 0.8, 0.6, 8.0, 4.0, 2.0, 2.0, 0.5, 0.4
LONGEST_NAME, LONGEST_WITH_NAME = 4, 12
SHORTEST_PREFIX, SHORTEST_NEAR = 3, 4
# What is called so exactly stands before what is called so and more; of many words, none names a thing by itself.
WHOLE, HEAD, MOST_NAMING = 12.0, 3.0, 3
# 8号, 第3条: what is written with a number is worth more together.
MOST_TOGETHER = 6


@dataclass(slots=True)
class Marks:
    """Folded pieces: runs to be found anywhere, words and beginnings of words, and pieces that say something `together` alone (8mg, 第5章).

    `is_forgiving` marks what is one letter away too.
    """

    runs: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    together: set[tuple[str, ...]] = field(default_factory=set)
    beginnings: set[str] = field(default_factory=set)
    is_forgiving: bool = False

    def add_word(self, word: str) -> None:
        self.words |= {word, stem_of(word)}


@dataclass(slots=True)
class Wording:
    """Clauses of the words, what a phrase requires in any case, what adds to the score, what does so as a name, and the pieces to mark.

    `runs` are the runs of two characters and more, whose single characters may count where their pairs do not, `alone` those that stand beside them.
    """

    clauses: list[Clause] = field(default_factory=list)
    required: list[Clause] = field(default_factory=list)
    liked: list[Match] = field(default_factory=list)
    named: list[Match] = field(default_factory=list)
    runs: list[str] = field(default_factory=list)
    alone: list[str] = field(default_factory=list)
    marks: Marks = field(default_factory=Marks)

    def add_alone(self, characters: Iterable[str]) -> None:
        """These may be what is meant, each by itself."""
        for character in characters:
            self.clauses.append(Clause(tuple(_alone(character))))
            self.marks.runs.add(character)


def wording_of(words: Iterable[str], phrases: Iterable[str] = (), *, is_typing: bool = False, is_forgiving: bool = False) -> Wording:
    """Words as they were typed, without spaces in them. `is_typing`: the last one may go on. `is_forgiving`: a wrong letter is let pass."""
    wording = Wording()
    wording.marks.is_forgiving = is_forgiving
    typed = [fold(word) for word in words]
    meant = without_asking(typed)
    for index, word in enumerate(meant):
        is_last = is_typing and index == len(meant) - 1 and typed[-1].endswith(word)
        _add_word(wording, word, is_last=is_last, is_forgiving=is_forgiving, is_alone=len(meant) == 1)
    for phrase in phrases:
        _add_phrase(wording, fold(phrase))
    wording.alone = left_alone(typed)
    for character in wording.alone:
        wording.liked += _alone(character)
        wording.marks.runs.add(character)
    _add_wholes(wording, typed, meant)
    if not (wording.clauses or wording.required):
        _add_signs(wording, typed)
    wording.clauses = list(dict.fromkeys(wording.clauses))[:MOST_CLAUSES]
    wording.required = list(dict.fromkeys(wording.required))[:MOST_CLAUSES]
    wording.liked = list(dict.fromkeys(wording.liked))[: 2 * MOST_CLAUSES]
    wording.named = list(dict.fromkeys(wording.named))[:MOST_CLAUSES]
    return wording


def excluded_clauses(words: Iterable[str]) -> list[Clause]:
    """What must not be there: each word or phrase as it stands."""
    return [Clause((_as_it_stands(terms),)) for word in words if (terms := _single_terms(fold(word)))]


def _add_word(wording: Wording, word: str, *, is_last: bool, is_forgiving: bool, is_alone: bool) -> None:
    chains = {match.start(): match.group() for match in (*CHAIN.finditer(word), *SIGNED.finditer(word))}
    _add_together(wording, word)
    place = 0
    while place < len(word):
        chain = chains.get(place)
        if chain is not None and SIGNED.fullmatch(chain):
            _add_signed(wording, chain, is_forgiving=is_forgiving)
            place += len(chain)
            continue
        if chain is not None and 1 < len(pieces_of(chain)) <= LONGEST_CHAIN:
            _add_chain(wording, chain)
            place += len(chain)
            continue
        following = min((start for start in chains if start > place), default=len(word))
        for piece in pieces_of(word[place:following]):
            if is_unspaced(piece):
                _add_run(wording, piece, is_word=piece == word, sounds_alike=is_forgiving and is_alone and piece == word)
            else:
                _add_latin(wording, piece, is_last=is_last, is_forgiving=is_forgiving)
        place = following


def _add_run(wording: Wording, run: str, *, is_word: bool, sounds_alike: bool) -> None:
    """Every pair of neighbours; one character alone anywhere, or as the beginning of a name. `sounds_alike`: or a name that is written otherwise."""
    if len(run) == 1:
        wording.clauses.append(Clause((Phrase((run,)), Prefix("names", run))))
        wording.liked += [Term("heads", run, HEAD)] if is_word else []
        wording.marks.runs.add(run)
        return
    wording.runs.append(run)
    pairs = list(map("".join, itertools.pairwise(run)))
    alike = (Term("names", "".join(name_syllables(run)), NEAR),) if sounds_alike and len(run) <= LONGEST_NAME else ()
    wording.clauses += [Clause((Term("pairs", pair), *alike)) for pair in pairs]
    wording.liked += [Term("title", pair, TITLE) for pair in pairs]
    wording.marks.runs.update(pairs)
    if len(run) <= LONGEST_NAME:
        wording.liked.append(Prefix("names", run, NAME))
    if len(run) <= LONGEST_WITH_NAME:
        # 质检科电话: the department whose name stands in it, before all that speaks of it.
        lengths = range(2, min(len(run), LONGEST_NAME) + 1)
        wording.named += [Term("names", run[at : at + length], NAMED) for length in lengths for at in range(len(run) - length + 1)]


def _add_latin(wording: Wording, word: str, *, is_last: bool, is_forgiving: bool) -> None:
    stem = stem_of(word)
    any_of: list[Match] = [Term("pairs", word), Term("loose", word, STEM)]
    if stem != word:
        any_of += [Term("pairs", stem, STEM), Term("loose", stem, STEM)]
    if word.isalpha():
        any_of.append(Prefix("names", word, NAME))
        if (title := sounding_like(word)) is not None:
            any_of.append(title)
    if is_last and len(word) >= SHORTEST_PREFIX:
        any_of.append(Prefix("pairs", word, PREFIX))
        wording.marks.beginnings.add(word)
    if is_forgiving and len(word) >= SHORTEST_NEAR and word.isalpha():
        any_of.append(Near("pairs", word, NEAR))
        any_of.append(Near("names", word, NEAR))
    wording.clauses.append(Clause(tuple(any_of)))
    wording.liked.append(Term("title", word, TITLE))
    wording.named.append(Term("names", word, NAMED))
    wording.marks.add_word(word)


def _alone(character: str) -> list[Match]:
    """A character that counts by itself: the rarer, the more; and where a title has it, or is it."""
    return [Term("single", character), Term("heads", character), Term("whole", character, NAMED)]


def _add_wholes(wording: Wording, typed: list[str], meant: list[str]) -> None:
    """All that was typed, and each of a few words, as what something is called exactly."""
    words = ["".join(typed), *(meant if len(meant) <= MOST_NAMING else ())]
    wording.liked += [Term("whole", whole, WHOLE) for whole in dict.fromkeys(map(as_one, words)) if whole]


def _add_together(wording: Wording, word: str) -> None:
    pieces, terms = pieces_of(word), _single_terms(word)
    if len(terms) <= MOST_TOGETHER and any(map(is_unspaced, pieces)) and any(piece.isdigit() for piece in pieces):
        wording.liked.append(Phrase(terms, ADJACENT))


def _add_signed(wording: Wording, word: str, *, is_forgiving: bool) -> None:
    """C++: with its signs; without them where nothing has these."""
    bare = pieces_of(word)
    wording.clauses.append(Clause((Term("loose", word, CHAIN_TOGETHER), *((Term("pairs", bare[-1], NEAR),) if is_forgiving else ()))))
    wording.liked.append(Term("title", word, TITLE))
    wording.marks.runs.add(word)


def _add_signs(wording: Wording, typed: list[str]) -> None:
    """Where nothing but signs was typed (℃, §), they are the words."""
    for sign in (sign for word in typed for sign in signs_of(word)):
        wording.clauses.append(Clause((Term("loose", sign),)))
        wording.liked.append(Term("title", sign, TITLE))
        wording.marks.runs.add(sign)


def _add_chain(wording: Wording, chain: str) -> None:
    """8mg, H1, GB/T, 2026-01: as one word or one after the other. Where each piece says enough by itself, anywhere, and better together."""
    pieces = pieces_of(chain)
    whole = joined(chain)[0]
    together: tuple[Match, ...] = (Term("loose", whole, CHAIN_TOGETHER), Phrase(tuple(pieces), ADJACENT), Prefix("names", whole, NAME))
    if all(len(piece) > 1 for piece in pieces):
        wording.clauses += [Clause((Term("pairs", piece), Term("loose", piece))) for piece in pieces]
        wording.liked += together
        for piece in pieces:
            wording.marks.add_word(piece)
    else:
        wording.clauses.append(Clause(together))
        wording.marks.together.add(tuple(pieces))
        wording.marks.words.add(whole)
    wording.liked += [Term("title", piece, TITLE) for piece in pieces]


def _add_phrase(wording: Wording, phrase: str) -> None:
    terms = _single_terms(phrase)
    if not terms:
        return
    # Where the phrase stands its pairs and words stand too; they score it, and are looked up quicker.
    pieces = pieces_of(phrase)
    for piece in pieces:
        if is_unspaced(piece):
            wording.required += [Clause((Term("pairs", piece[at : at + 2]),)) for at in range(len(piece) - 1)]
        else:
            wording.required.append(Clause((Term("pairs", piece),)))
    if len(pieces) > 1:
        wording.marks.together.add(tuple(pieces))
    elif is_unspaced(pieces[0]):
        wording.marks.runs.add(pieces[0])
    else:
        wording.marks.words.add(pieces[0])
    if len(terms) > 1 or is_unspaced(terms[0]):
        wording.required.append(Clause((Phrase(terms, ADJACENT),)))


def _as_it_stands(terms: tuple[str, ...]) -> Match:
    """Two characters are a pair, which is looked up quicker than a phrase."""
    return Term("pairs", "".join(terms)) if len(terms) == 2 and all(map(is_unspaced, terms)) else Phrase(terms)


def _single_terms(text: str) -> tuple[str, ...]:
    terms: list[str] = []
    for piece in pieces_of(text):
        terms.extend(piece if is_unspaced(piece) else [piece])
    return tuple(terms[:MOST_CLAUSES])
