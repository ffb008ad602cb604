"""Telling people of what was done in the organization, which knows nothing of notifications itself."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from portal.directory.notifications import MOVED, STANDS_IN, STOOD_IN_FOR
from portal.notifications.services import notify
from portal.organization.models import Deputyship, Employment
from portal.organization.querysets import today
from portal.organization.services.deputyships import APPOINTED
from portal.organization.services.employments import MOVED as PERSON_MOVED
from portal.outbox.registry import Payload, handler


@handler(APPOINTED)
def tell_of_deputies(payloads: Sequence[Payload]) -> None:
    """The deputy, and whoever is stood in for; neither of their own act."""
    deputyships = Deputyship.objects.select_related("deputy", "employment__person", "employment__department", "employment__position")
    for payload in payloads:
        deputyship = deputyships.filter(pk=payload["deputyship_id"]).first()
        if deputyship is None:
            continue
        holder, deputy = deputyship.employment.person, deputyship.deputy
        words = {"post": _post(deputyship.employment), "day": deputyship.starts_on.isoformat()}
        for kind, recipient, other in ((STANDS_IN, deputy, holder), (STOOD_IN_FOR, holder, deputy)):
            if recipient.pk != payload["actor_id"]:
                notify(kind, words=words | {"person": other.name}, recipients=[recipient.pk], url=_card(other))


@handler(PERSON_MOVED)
def tell_of_moves(payloads: Sequence[Payload]) -> None:
    """Those who have moved, if the move still stands on its day and they did not make it themselves."""
    for payload in payloads:
        employment = Employment.objects.select_related("person", "department", "position").filter(pk=payload["employment_id"]).first()
        stands = employment is not None and employment.holds_on(today()) and [employment.department_id, employment.position_id] == payload["post"]
        if employment is None or not stands or employment.person_id == payload["actor_id"]:
            continue
        words = {"post": _post(employment), "day": employment.starts_on.isoformat()}
        notify(MOVED, words=words, recipients=[employment.person_id], url=_card(employment.person))


def _post(employment: Employment) -> str:
    return f"{employment.department.name} {employment.position.name}"


def _card(person: Any) -> str:
    return reverse("organization:person_detail", args=[person.pk])
