"""Which things ask to be confirmed. Modules register theirs in `confirmations.py`, after their policies and kinds of notifications."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse

from portal.access.policies import policy_for
from portal.access.rules import AudienceRule
from portal.audit.verbs import has_verb
from portal.foundation.form_pages import Crumb
from portal.notifications.registry import NotificationKind

NEEDED_ACTIONS = {"view", "confirm", "report", "report_own"}
ACTS = ("confirmed", "reminded")


@dataclass(frozen=True, slots=True)
class Asking:
    """What a thing asks now. `current` is the version that is read and confirmed; from `number` on a confirmation counts.

    `by` is until when. A correction that asks nobody anew leaves `number` where it is. `also` are other versions that may be confirmed, because they are
    read beside it (a rule in force while the next one is out already), each with the number from which on a confirmation counts for it.
    """

    number: int
    current: int
    by: datetime | None = None
    also: Mapping[int, int] = field(default_factory=dict)

    def counts_from(self, number: int) -> int:
        """From which version on a confirmation counts where version `number` is read."""
        return self.number if number == self.current else self.also[number]


@dataclass(frozen=True, slots=True)
class Expected:
    """What was asked as of a moment: a confirmation of version `number` or of a later one, of everyone in the rule on that day."""

    number: int
    rule: AudienceRule


def _no_number(about: Any) -> str:
    return ""


def _reads_current(person: Any, about: Any, number: int) -> bool:
    return True


def _no_crumbs(about: Any) -> list[Crumb]:
    return []


@dataclass(frozen=True, slots=True)
class Confirmable:
    """`asks(thing)` is what it asks now, from its row alone; None where it asks nothing, or no longer. `expected(thing, moment)` is what it had asked by a
    moment, today's or a past one; None before it first did.

    `noun` is that of the record (`notice.confirmed`, `notice.reminded`) and of its addresses (`confirmation_urls`), `namespace` that of the addresses.
    `remind` is said with `title` and, where there is time left, `day`; `overdue` with `title` and `number`.

    `label` names it, `number` is the one by which it is cited; `crumbs` lead to it on the report. `opened(thing, people, before)` says when these people first
    opened it, `confirmed(thing, actor)` does what follows in the same transaction, `changes_url(thing, number)` shows what has changed since a version.
    `reads(person, thing, number)` is asked of versions that are read beside the current one.
    """

    model: type[models.Model]
    noun: str
    namespace: str
    asks: Callable[[Any], Asking | None]
    expected: Callable[[Any, datetime], Expected | None]
    url: Callable[[Any], str]
    remind: NotificationKind
    overdue: NotificationKind
    label: Callable[[Any], str] = str
    number: Callable[[Any], str] = _no_number
    crumbs: Callable[[Any], list[Crumb]] = _no_crumbs
    opened: Callable[[Any, Collection[int], datetime], Mapping[int, datetime]] | None = None
    confirmed: Callable[[Any, Any], None] | None = None
    changes_url: Callable[[Any, int], str] | None = None
    reads: Callable[[Any, Any, int], bool] = _reads_current

    def address(self, name: str, about: Any) -> str:
        """Of one of its four pages: `confirmation`, `confirmation_report`, `confirmation_summary`, `confirmation_reminder`."""
        return reverse(f"{self.namespace}:{self.noun}_{name}", args=[about.pk])

    def missing_url(self, about: Any) -> str:
        """Where a head finds who of their people has not confirmed."""
        return f"{self.address('confirmation_report', about)}?state=missing"


_confirmables: dict[type[models.Model], Confirmable] = {}


def register_confirmable(confirmable: Confirmable) -> Confirmable:
    """Let things of a model ask to be confirmed.

    Its policy must know `view`, `confirm`, `report` (all who have and have not) and `report_own` (a head's own people).
    """
    label = confirmable.model._meta.label
    missing = NEEDED_ACTIONS - set(policy_for(confirmable.model).actions)
    if missing:
        raise LookupError(f"the policy of {label} does not know {', '.join(sorted(missing))}")
    for act in ACTS:
        if not has_verb(f"{confirmable.noun}.{act}"):
            raise LookupError(f"the record has no verb {confirmable.noun}.{act}")
    if confirmable.model in _confirmables:
        raise ValueError(f"{label} can be confirmed already")
    _confirmables[confirmable.model] = confirmable
    return confirmable


def all_confirmables() -> list[Confirmable]:
    return list(_confirmables.values())


def confirmable_for(model: type[models.Model]) -> Confirmable:
    """LookupError where things of this model ask for no confirmation."""
    if model not in _confirmables:
        raise LookupError(f"{model._meta.label} asks for no confirmation")
    return _confirmables[model]


def confirmable_of_type(type_id: int) -> Confirmable | None:
    """By the id of a content type, as topics have it."""
    return next((one for one in _confirmables.values() if ContentType.objects.get_for_model(one.model).pk == type_id), None)
