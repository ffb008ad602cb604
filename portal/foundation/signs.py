"""What people type or paste, without the signs that nobody sees: they turn texts around, break XML, and make two names look like one."""

import unicodedata

JOINERS = {"\u200c", "\u200d"}  # which some scripts and emoji need
HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
NO_CHARACTERS = {"\ufffe", "\uffff"}


def visible(text: str, *, kept: str = "") -> str:
    """Without control and direction marks, but for those that are `kept`."""
    return "".join(sign for sign in text if sign in kept or sign in JOINERS or not _is_hidden(sign))


def one_line(text: str) -> str:
    """A title or a note: white space made single, at the ends none. What broke a line (in slides a vertical tab does) parts words."""
    return visible(" ".join(text.split())).strip()


def _is_hidden(sign: str) -> bool:
    return unicodedata.category(sign) in HIDDEN or sign in NO_CHARACTERS
