"""What the plant knows beside a thing: articles and policies that its reader may see, by the search."""

from collections.abc import Sequence
from typing import Any

from portal.search.asking import understand
from portal.search.engines.base import EngineAwayError
from portal.search.finding import Chosen, Fit, Result, find

MOST, LONGEST = 4, 60


def known_beside(user: Any, text: str, *, kinds: Sequence[str] = ("article", "policy")) -> list[Result]:
    """The best few of each kind in turn. Nothing where the search does not answer: the page is of the thing."""
    asked = understand(text[:LONGEST])
    if asked.is_empty:
        return []
    found: list[Result] = []
    try:
        for kind in kinds:
            answer = find(user, asked, Chosen(kind=kind), limit=MOST, has_facets=False)
            found += answer.results if answer.fit is not Fit.NEAR else answer.results[:1]
    except EngineAwayError:
        return []
    return found[:MOST]
