"""What a person has confirmed, of one thing and of many; each question is one statement along an index."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Exists, Max, OuterRef

from portal.access.policies import can
from portal.confirmations.models import Confirmation
from portal.confirmations.registry import Asking, confirmable_for


@dataclass(frozen=True, slots=True)
class State:
    """How a person stands to what a thing asks of version `number`: their newest confirmation that counts, or whether they may give one now."""

    asking: Asking
    confirmation: Confirmation | None
    may_confirm: bool
    number: int

    @property
    def is_of_an_earlier_version(self) -> bool:
        return self.confirmation is not None and self.confirmation.number < self.number


def state_of(person: Any, about: models.Model, number: int = 0) -> State | None:
    """None where the thing asks for no confirmation now, or none of the version `number` (the current one unless another is said)."""
    asking = confirmable_for(type(about)).asks(about)
    number = number or (asking.current if asking is not None else 0)
    if asking is None or (number != asking.current and number not in asking.also):
        return None
    latest = latest_confirmed(person, about)
    counts = latest if latest is not None and latest.number >= asking.counts_from(number) else None
    return State(asking, counts, counts is None and can(person, "confirm", about), number)


def latest_confirmed(person: Any, about: models.Model) -> Confirmation | None:
    """The newest version of a thing that this person has confirmed, whether it still counts or not."""
    latest: Confirmation | None = Confirmation.objects.of(about).by(person).order_by("-number").first()
    return latest


def latest_confirmed_of(person: Any, model: type[models.Model], ids: Collection[int]) -> dict[int, int]:
    """The same for many things of a model, as numbers of versions by id; those of which none was confirmed are left out."""
    rows = Confirmation.objects.of_any(model).by(person).filter(about_id__in=ids)
    return dict(rows.order_by().values_list("about_id").annotate(Max("number")))


def has_confirmed(person: Any, model: type[models.Model], *, since: str) -> Exists:
    """For rows of a model: whether this person has confirmed the version whose number stands in the field `since`, or a later one."""
    return Exists(Confirmation.objects.of_any(model).by(person).filter(about_id=OuterRef("pk"), number__gte=OuterRef(since)))
