"""What modules tell about their pages: where a person works, and what follows when a page is published.

Lower floors do not know the modules; these are called inside the transaction of the act.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from wagtail.models import Page, Revision, Task, Workflow

from portal.notifications.registry import NotificationKind

Workplaces = Callable[[Any], Iterable[Page]]


@dataclass(frozen=True, slots=True)
class Publication:
    """A revision becomes public. `publisher` answers for it, also where a schedule acted; `note` says what it corrects."""

    publisher: Any
    at: datetime
    is_first: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRules:
    """What one kind of page adds to the life that all pages share.

    `missing(page)`: a sentence for each field that keeps it from being published, beyond what every page needs.
    `facts(page, publication)`: further kept fields that the publication changes.
    `published(page, publication)`, `ended(page)`, `retracted(page, actor, reason)`: what follows; a draft that is deleted has ended too.
    `not_published(page, revision, reason)`: a planned publication was refused at its time.
    """

    missing: Callable[[Any], dict[str, str]] = lambda page: {}
    facts: Callable[[Any, Publication], dict[str, Any]] = lambda page, publication: {}
    published: Callable[[Any, Publication], None] = lambda page, publication: None
    ended: Callable[[Any], None] = lambda page: None
    retracted: Callable[[Any, Any, str], None] = lambda page, actor, reason: None
    not_published: Callable[[Any, Revision, str], None] = lambda page, revision, reason: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """How one kind of page is approved.

    `workflow` is its name in the database, `task` the model of its one task. Whoever holds one of `tokens(page)` today approves; `rows(user)` are
    the pages that this person could approve. `nobody` is said where there is no second person, `others_only` to who wrote it.
    """

    workflow: str
    task: type[Task]
    tokens: Callable[[Any], Iterable[str]]
    rows: Callable[[Any], QuerySet[Any]]
    asked: NotificationKind
    approved: NotificationKind
    sent_back: NotificationKind
    nobody: Any
    others_only: Any
    first: Callable[[Any], Iterable[str]] | None = None


_workplaces: list[Workplaces] = []
_rules: dict[type[Page], PageRules] = {}
_approvals: dict[type[Page], Approval] = {}


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


def register_approval(model: type[Page], approval: Approval) -> None:
    if model in _approvals:
        raise ValueError(f"{model._meta.label} is approved in one way already")
    _approvals[model] = approval


def approval_of(model: type[Page]) -> Approval:
    return _approvals[model]


def approval_by(task: type[Task]) -> Approval:
    return next(approval for approval in _approvals.values() if approval.task is task)


def workflow_of(model: type[Page]) -> Workflow:
    return Workflow.objects.get(name=approval_of(model).workflow)
