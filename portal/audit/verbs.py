"""What the verbs of the record are called. Modules register theirs in `verbs.py`."""

from collections.abc import Mapping
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import get_language

_labels: dict[str, str | Promise] = {}
_open: set[str] = set()


def register_verbs(labels: Mapping[str, str | Promise]) -> None:
    """Give verbs their words. A verb has one meaning, so a second one is refused."""
    for verb, label in labels.items():
        if verb in _labels:
            raise ValueError(f"two meanings of the verb {verb!r}")
        _labels[verb] = label


def register_open_verbs(*verbs: str) -> None:
    """Acts on what belongs to nobody (settings, rights, looks): whoever reads the record reads all of them."""
    _open.update(verbs)


def open_verbs() -> set[str]:
    return _open


def has_verb(verb: str) -> bool:
    """Whether a verb has its words."""
    return verb in _labels


def verb_label(verb: str) -> str:
    """The words of a verb; the verb itself where its module is no longer there."""
    return str(_labels.get(verb, verb))


def known_verbs() -> dict[str, str]:
    """All verbs with their words in the reader's language, by their words."""
    return _known_verbs(get_language(), len(_labels))


@cache
def _known_verbs(_language: str | None, _count: int) -> dict[str, str]:
    return dict(sorted(((verb, str(label)) for verb, label in _labels.items()), key=lambda item: item[1]))
