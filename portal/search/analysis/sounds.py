"""Titles by their sound: 体检通知 is found by tijian, tongzhi, tijiantongzhi, and by the first letters tjtz.

What is read in one way only in company (会计, 银行) is looked up as a word; the rest character by character, which takes a hundredth of the time.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from pypinyin.phrases_dict import phrases_dict
from pypinyin.pinyin_dict import pinyin_dict

from portal.search.analysis.folding import HAN
from portal.search.question import Match, Prefix, Term

WEIGHT = 2.0
LONGEST_SYLLABLES, LONGEST_LETTERS, LONGEST_PHRASE = 4, 8, 4
SHORTEST_TYPED, LONGEST_TYPED = 4, 40
HAN_RUN = re.compile(f"[{HAN}]+")
# No syllable begins with i, u or v.
LETTERS = re.compile(f"[a-hj-tw-z]{{{SHORTEST_TYPED},{LONGEST_LETTERS}}}")
VOWELS = frozenset("aeiouv")
TONES = str.maketrans("āáǎàēéěèêếềīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿ", "aaaaeeeeeeeiiiioooouuuuvvvvvnnnm")


def sounds_of(title: str) -> list[str]:
    """From each character on: up to four syllables in one word, and up to eight first letters."""
    found: dict[str, None] = {}
    for run in HAN_RUN.findall(title):
        syllables = _syllables(run)
        letters = "".join(syllable[:1] for syllable in syllables)
        for start in range(len(syllables) - 1):
            found["".join(syllables[start : start + LONGEST_SYLLABLES])] = None
        for start in range(len(letters) - SHORTEST_TYPED + 1):
            found[letters[start : start + LONGEST_LETTERS]] = None
    return list(found)


def sounding_like(word: str) -> Match | None:
    """What finds a title by this sound; nothing where the word is none of two syllables or four letters at least."""
    if not SHORTEST_TYPED <= len(word) <= LONGEST_TYPED or not word.isascii():
        return None
    parts = _parts(word)
    if len(parts) > LONGEST_SYLLABLES:
        return Term("spelled", "".join(parts[:LONGEST_SYLLABLES]), WEIGHT)
    return Prefix("spelled", word, WEIGHT) if len(parts) > 1 or (not parts and LETTERS.fullmatch(word)) else None


def _parts(word: str) -> list[str]:
    """Its syllables, the last of which may be a beginning of one; none where it is no pinyin."""
    whole, beginnings = _known()
    parts: list[list[str]] = [[] for _place in word]
    for start in reversed(range(len(word))):
        if word[start:] in beginnings:
            parts[start] = [word[start:]]
            continue
        for end in reversed(range(start + 1, min(len(word), start + 6) + 1)):
            if word[start:end] in whole and end < len(word) and parts[end]:
                parts[start] = [word[start:end], *parts[end]]
                break
    return parts[0]


@cache
def _known() -> tuple[frozenset[str], frozenset[str]]:
    """Every syllable, and every beginning of one."""
    every = {_plain(reading) for readings in pinyin_dict.values() for reading in readings.split(",")}
    whole = {syllable for syllable in every if VOWELS & {*syllable}}
    return frozenset(whole), frozenset(syllable[:length] for syllable in whole for length in range(1, len(syllable) + 1))


def _plain(reading: str) -> str:
    return reading.translate(TONES)


@lru_cache(maxsize=16_384)
def _syllables(run: str) -> tuple[str, ...]:
    return tuple(_each_syllable(run))


def _each_syllable(run: str) -> Iterator[str]:
    phrases, place = _phrases(), 0
    while place < len(run):
        for length in range(min(LONGEST_PHRASE, len(run) - place), 1, -1):
            if (known := phrases.get(run[place : place + length])) is not None:
                yield from known
                place += length
                break
        else:
            yield _reading(run[place])
            place += 1


@cache
def _reading(character: str) -> str:
    """How it is mostly read; a sign that nobody types for what has no reading."""
    return _plain(pinyin_dict.get(ord(character), "·").partition(",")[0])


@cache
def _phrases() -> dict[str, tuple[str, ...]]:
    """Those in which some character is not read as it mostly is."""
    found = {}
    for phrase, readings in phrases_dict.items():
        if 1 < len(phrase) <= LONGEST_PHRASE and len(phrase) == len(readings):
            read = tuple(_plain(options[0]) for options in readings)
            if read != tuple(map(_reading, phrase)):
                found[phrase] = read
    return found
