"""Reading what an address or a form brings: numbers and words, and nothing for what is none."""

from collections.abc import Mapping

LONGEST_WORDS = 80
GREATEST_DIGITS = 18  # what fits a bigint


def read_number(values: Mapping[str, object], name: str, default: int = 0) -> int:
    """The whole number that stands there, up to 18 digits; the default for anything else."""
    return number_of(values.get(name), default)


def number_of(value: object, default: int = 0) -> int:
    """The same for a text that is at hand."""
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= GREATEST_DIGITS else default


def read_words(values: Mapping[str, object], name: str = "q", *, longest: int = LONGEST_WORDS) -> str:
    """The words that stand there, without what no database stores, cut where they are too long."""
    return str(values.get(name) or "").replace("\x00", "")[:longest].strip()
