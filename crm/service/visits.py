"""What is said on a visit becomes a request, owned by whoever was there; and what a diary is drafted from."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from crm.activities.diary_sources import bounds_of
from crm.activities.models import Visit
from crm.customers.needs import Fate
from crm.service.models import Channel, Request, RequestEvent, RequestKind
from crm.service.models.requests import LONGEST
from crm.service.policies import may_note_for, works_with_service
from crm.service.services.requests import note_request
from portal.access.policies import can

TOLD = {RequestEvent.Kind.ANSWERED, RequestEvent.Kind.SOLVED}
MOST = 30


def take_opinion(visit: Visit, *, actor: Any) -> Fate | None:
    """Once for each visit. None where the customer has gone to a portfolio in which this person notes nothing."""
    customer = visit.customer.root
    if not works_with_service(actor) or not may_note_for(actor, customer):
        return None
    made = note_request(
        actor=actor, customer=customer, kind=RequestKind.OPINION, channel=Channel.VISIT, text=visit.opinions[:LONGEST], visit=visit
    )  # fmt: skip
    return Fate(made.number, "", made.get_absolute_url())


def fate_of_opinion(visit: Visit, user: Any) -> Fate | None:
    row = Request.objects.select_related("customer__root__portfolio", "owner").filter(visit=visit.pk).first()
    if row is None:
        return None
    return Fate(f"{row.number} {row.get_state_display()} · {row.owner.name}", "", row.get_absolute_url() if can(user, "view", row) else "")


def told_of_day(person: Any, day: date) -> Iterable[tuple[datetime, str]]:
    """What this person answered and solved on a day."""
    first, after = bounds_of(day)
    rows = RequestEvent.objects.filter(actor=person.pk, at__gte=first, at__lt=after, kind__in=TOLD).select_related("request__customer__root")
    for row in rows[:MOST]:
        yield row.at, f"{row.request.number} {row.request.who}：{row.get_kind_display()} {' '.join(row.text.split())[:80]}"
