"""Why a feed could not be read, as it is kept and as it is said."""

from bulletin.news.feeds import FeedError
from bulletin.news.feeds import Reason as FeedReason
from portal.foundation.fetching import FetchError
from portal.foundation.fetching import Reason as FetchReason
from portal.foundation.storable import storable


def problem_of(error: FetchError | FeedError) -> tuple[str, str]:
    """The code and the detail that are kept of a failure."""
    return str(error.reason), storable(error.detail)[:200]


def say_problem(problem: str, detail: str) -> str:
    """One sentence, in the reader's language; nothing where there is no problem."""
    if not problem:
        return ""
    if problem in set(FeedReason):
        return str(FeedError(FeedReason(problem)))
    return str(FetchError(FetchReason(problem), detail)) if problem in set(FetchReason) else problem
