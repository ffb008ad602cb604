"""What modules tell about their pages: where a person works, and what follows when a page is saved or published.

Lower floors do not know the modules; these are called inside the transaction of the save or the publication.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from wagtail.models import Page, Revision

Workplaces = Callable[[Any], Iterable[Page]]


@dataclass(frozen=True, slots=True)
class PageRules:
    """`check(page, revision, actor)` refuses a publication by a PortalError; the others are told of what happened.

    `actor` is None where a schedule acted, not a person.
    """

    check: Callable[[Any, Revision, Any], None]
    saved: Callable[[Any, Revision, Any], None]
    scheduled: Callable[[Any, Revision, Any], None]
    published: Callable[[Any, Revision, Any], None]
    unpublished: Callable[[Any, Any], None]


_workplaces: list[Workplaces] = []
_rules: dict[type[Page], PageRules] = {}


def register_workplaces(workplaces: Workplaces) -> None:
    """`workplaces(user)` gives the branches of the tree of pages in which this person may write and publish today."""
    if workplaces not in _workplaces:
        _workplaces.append(workplaces)


def workplaces_of(user: Any) -> Iterator[Page]:
    for workplaces in _workplaces:
        yield from workplaces(user)


def register_page(model: type[Page], rules: PageRules) -> None:
    if model in _rules:
        raise ValueError(f"{model._meta.label} has rules already")
    _rules[model] = rules


def rules_of(model: type[Page]) -> PageRules:
    return _rules[model]
