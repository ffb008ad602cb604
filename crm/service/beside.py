"""What the plant knows that may help with a request: articles and policies that this reader may see, by the search."""

from typing import Any

from portal.search.asking import understand
from portal.search.engines.base import EngineAwayError
from portal.search.finding import Chosen, Fit, Result, find

MOST = 4
LONGEST = 60
KINDS = ("article", "policy")


def known_beside(user: Any, text: str) -> list[Result]:
    """Nothing where the search does not answer: the page is of the request."""
    asked = understand(text[:LONGEST])
    if asked.is_empty:
        return []
    found: list[Result] = []
    try:
        for kind in KINDS:
            answer = find(user, asked, Chosen(kind=kind), limit=MOST, has_facets=False)
            found += answer.results if answer.fit is not Fit.NEAR else answer.results[:1]
    except EngineAwayError:
        return []
    return found[:MOST]
