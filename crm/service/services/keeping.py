"""What the portal itself does with open requests: renews dues when the calendar changes, hands on what a leaver had, tells of what is late."""

from collections.abc import Collection, Iterator
from itertools import chain
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from crm.customers.capabilities import KEEP_CUSTOMERS
from crm.customers.models import Customer, PortfolioHolding
from crm.service.capabilities import WORK_AT_DESK
from crm.service.models import CustomerWarning, Objection, ObjectionStep, Request, RequestEvent
from crm.service.notifications import LATE
from crm.service.services.objections import due_of_step
from crm.service.services.requests import department_of, reckon, tell_handed, waits_of, write
from crm.service.services.warnings import tell_warned
from portal.access.registry import tokens_of_holders
from portal.access.rules import person_token
from portal.access.standings import people_holding
from portal.accounts.models import User
from portal.audit.services import record
from portal.foundation.locking import lock_row
from portal.notifications.services import notify
from portal.organization.models import Employment

MOST = 500
CALENDAR, LEAVERS = "service.calendar", "service.leavers"
VERBS: dict[type[Any], str] = {Request: "request", Objection: "objection", CustomerWarning: "warning"}
DUES = ["answer_due_at", "solve_due_at", "due_at"]


def renew_dues() -> int:
    """A corrected calendar moves every clock that runs; returns how many were moved."""
    moved, after = 0, 0
    while True:
        with transaction.atomic():
            rows = list(_open().filter(pk__gt=after).order_by("pk").select_for_update(of=("self",))[:MOST])
            if not rows:
                return moved + _renew_steps()
            for row in rows:
                reckon(row, waits_of(row))
            Request.objects.bulk_update(rows, DUES)
            moved, after = moved + len(rows), rows[-1].pk


@transaction.atomic
def _renew_steps() -> int:
    rows = list(ObjectionStep.objects.filter(done_at__isnull=True).order_by("pk").select_for_update())
    for row in rows:
        row.due_at = due_of_step(row)
        Objection.objects.filter(pk=row.objection_id).update(due_at=row.due_at)
    ObjectionStep.objects.bulk_update(rows, ["due_at"], batch_size=MOST)
    return len(rows)


def hand_on_leavers(user_ids: Collection[int] | None = None) -> int:
    """What is open of people who do not work here any more goes to whoever holds the customer's portfolio, the head of the department, the desk."""
    gone = ~Exists(Employment.objects.current().filter(person=OuterRef("owner"))) | Q(owner__is_active=False)
    if user_ids is not None:
        gone &= Q(owner__in=user_ids)
    requests = list(_open().filter(gone).order_by("pk").values_list("pk", flat=True)[:MOST])
    objections = list(Objection.objects.exclude(state=Objection.State.CLOSED).filter(gone).order_by("pk").values_list("pk", flat=True)[:MOST])
    warnings = list(CustomerWarning.objects.exclude(state=CustomerWarning.State.CLOSED).filter(gone).order_by("pk").values_list("pk", flat=True)[:MOST])
    return sum(_hand_on(model, pk) for model, keys in ((Request, requests), (Objection, objections), (CustomerWarning, warnings)) for pk in keys)


@transaction.atomic
def _hand_on(model: type[Any], pk: int) -> int:
    held = lock_row(model.objects.select_related("customer__root__portfolio", "owner"), pk, no_key=True)
    heir = next(_heirs(held), None)
    if heir is None or not held.is_open:
        return 0
    before = held.owner
    held.owner, held.department_id = heir, department_of(heir) or held.department_id
    held.save(update_fields=["owner", "department"])
    if model is Request:
        write(held, RequestEvent.Kind.HANDED, None, before.name, person=heir)
        tell_handed(held, None, held.text)
    elif model is CustomerWarning:
        tell_warned(held, [person_token(heir.pk)])
    record(None, f"{VERBS[model]}.handed", held, before={"owner": before.name}, after={"owner": heir.name})
    return 1


def _heirs(request: Any) -> Iterator[User]:
    working = _working_people().exclude(pk=request.owner_id)
    if request.customer is not None:
        yield from _of_file(request.customer.root, working)
    if request.department_id:
        yield from working.filter(pk__in=people_holding([f"head:{request.department_id}"]).values("pk")).order_by("pk")
    yield from _of_service(working)


def who_answers_for(customer: Customer) -> User | None:
    """Who is to own what a customer asks by themselves: the holder of the portfolio, the head of its department, somebody at the desk."""
    working = _working_people()
    return next(chain(_of_file(customer.root, working), _of_service(working)), None)


def _working_people() -> QuerySet[User]:
    return User.objects.active().employees().filter(Exists(Employment.objects.current().filter(person=OuterRef("pk"))))


def _of_file(root: Customer, working: QuerySet[User]) -> Iterator[User]:
    holding = PortfolioHolding.objects.current().filter(portfolio=root.portfolio_id).first()
    if holding is not None:
        yield from working.filter(pk=holding.person_id)
    yield from working.filter(pk__in=people_holding([f"head:{root.portfolio.department_id}"]).values("pk")).order_by("pk")


def _of_service(working: QuerySet[User]) -> Iterator[User]:
    for capability in (WORK_AT_DESK, KEEP_CUSTOMERS):
        yield from working.filter(pk__in=people_holding(tokens_of_holders(capability)).values("pk")).order_by("pk")


def tell_of_late() -> int:
    """The owner and the head of the department learn once, in each round, that it is late."""
    found = list(_open().filter(due_at__lt=timezone.now(), is_told_late=False).select_related("owner", "customer__root").order_by("due_at")[:MOST])
    for row in found:
        with transaction.atomic():
            if not Request.objects.filter(pk=row.pk, is_told_late=False).update(is_told_late=True):
                continue
            heads = people_holding([f"head:{row.department_id}"]).values_list("pk", flat=True) if row.department_id else []
            words = {"number": row.number, "who": row.who, "owner": row.owner.name}
            notify(LATE, words=words, about=row, recipients=[row.owner_id, *heads], url=row.get_absolute_url())
    return len(found)


def _open() -> QuerySet[Request]:
    return Request.objects.exclude(state=Request.State.SOLVED)
