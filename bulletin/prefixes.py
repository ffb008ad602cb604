"""Prefixes of document numbers: how one is stored, and when two are the same."""

import unicodedata

from portal.foundation.names import clean_name
from portal.foundation.signs import one_line
from portal.numbers.series import NumberSeries
from portal.search.analysis.folding import fold

DOCUMENTS = NumberSeries("bulletin.document", "{prefix}〔{year}〕{number}号")


def clean_prefix(text: str) -> str:
    """The prefix as it is stored and printed: half width, without spaces and hidden signs."""
    return clean_name(one_line(text))


def prefix_key(text: str) -> str:
    """What two spellings of one prefix have in common: 厂发, 厂 发 and 廠發 are the same."""
    return "".join(fold(unicodedata.normalize("NFKC", clean_prefix(text))).split())


def document_key(prefix: str, year: int, number: int) -> str:
    """Names a document number in the whole plant, however its prefix is spelled."""
    return f"{prefix_key(prefix)}/{year}/{number}"
