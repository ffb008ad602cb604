"""A request: noted, answered, waited for, solved, taken up again, handed on. Whoever writes takes its row first."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.activities.models import Visit
from crm.customers.models import Customer
from crm.customers.needs import need_taker
from crm.customers.outsiders import acts_for
from crm.service.errors import ServiceError
from crm.service.models import Request, RequestEvent, RequestPause
from crm.service.models.requests import MOST_FEN
from crm.service.notifications import HANDED
from crm.service.policies import FOR_DESK, may_note_for, works_with_service
from crm.service.services.rules import rule_for
from portal.access.policies import can, decide
from portal.accounts.models import User
from portal.audit.services import record
from portal.calendar.clocks import Wait, due_of
from portal.calendar.queries import hours_that_count
from portal.foundation.locking import lock_row
from portal.notifications.services import notify
from portal.numbers.series import NumberSeries
from portal.numbers.services import issue_number
from portal.organization.models import Employment
from portal.organization.querysets import today

REQUESTS = NumberSeries("service.request", "FW{year}{month:02}{number:05}", is_monthly=True)
State, Kind = Request.State, RequestEvent.Kind


@transaction.atomic
def note_request(
    *, actor: Any, kind: str, channel: str, text: str, customer: Customer | None = None, caller: str = "", owner: User | None = None, fee: int = 0,
    visit: Visit | None = None,
) -> Request:  # fmt: skip
    """What somebody asks. The actor owns it unless another is named; the clock runs from now. What is said of a merged file is of the file that stays.

    A customer's own people note for their firm alone, and name who is to own it.
    """
    if not (works_with_service(actor) or (customer is not None and acts_for(actor, customer))):
        raise ServiceError(str(FOR_DESK))
    if customer is not None:
        customer = Customer.objects.select_related("portfolio").get(pk=customer.root_id)
        if not may_note_for(actor, customer):
            raise ServiceError(_("This customer is of another portfolio. Those at the service desk can note it."))
    elif not caller.strip():
        raise ServiceError(_("Say who asks: a number, a name, a customer."))
    _check_fee(fee)
    owner = working(owner or actor)
    now = timezone.now()
    made = Request(
        customer=customer, caller="" if customer is not None else caller.strip(), kind=kind, channel=channel, text=text.strip(), owner=owner,
        department_id=department_of(owner), noted_by=actor, noted_at=now, started_at=now, fee=fee, visit=visit,
    )  # fmt: skip
    _begin_clock(made)
    reckon(made, [])
    year, month = today().year, today().month
    made.number = REQUESTS.write(issue_number(REQUESTS, year=year, month=month), year=year, month=month)
    made.save()
    write(made, Kind.NOTED, actor, person=None if owner.pk == actor.pk else owner)
    record(actor, "request.noted", made, after={"who": made.who, "owner": owner.name})
    if owner.pk != actor.pk:
        tell_handed(made, actor, made.text)
    return made


@transaction.atomic
def answer_request(request: Request, *, actor: Any, text: str) -> Request:
    """The first answer; what is said later is what was done."""
    held = lock_request(request, actor)
    if held.answered_at is not None:
        return log(held, Kind.WORKED, actor, text)
    held.answered_at = timezone.now()
    return _settle(held, Kind.ANSWERED, actor, text)


@transaction.atomic
def work_on_request(request: Request, *, actor: Any, text: str) -> Request:
    """What was done, without an answer to the customer."""
    return log(lock_request(request, actor), Kind.WORKED, actor, text)


@transaction.atomic
def wait_for_customer(request: Request, *, actor: Any, reason: str) -> Request:
    """The clock of the solution stands still until it goes on. The first answer waits for nobody."""
    held = lock_request(request, actor)
    if held.state == State.WAITING:
        raise ServiceError(_("It waits for the customer already."))
    if held.answered_at is None:
        raise ServiceError(_("Give the first answer first: what is asked back is an answer too. Only then can it wait for the customer."))
    if not reason.strip():
        raise ServiceError(_("Say what is waited for."))
    held.state = State.WAITING
    RequestPause.objects.create(request=held, round=held.round, begins_at=timezone.now(), reason=reason.strip())
    return _settle(held, Kind.WAITED, actor, reason)


@transaction.atomic
def resume_request(request: Request, *, actor: Any, text: str = "") -> Request:
    """The customer has done their part: the clock goes on."""
    held = lock_request(request, actor)
    if held.state != State.WAITING:
        raise ServiceError(_("It does not wait for the customer."))
    return go_on(held, actor, text)


def go_on(held: Request, actor: Any, text: str) -> Request:
    _end_pause(held)
    return _settle(held, Kind.RESUMED, actor, text)


@transaction.atomic
def solve_request(request: Request, *, actor: Any, text: str, fee: int | None = None) -> Request:
    """What solved it. Where nothing was answered yet, this is the answer as well."""
    held = lock_request(request, actor)
    if fee is not None:
        _check_fee(fee)
        held.fee = fee
    _end_pause(held)
    held.solved_at = timezone.now()
    held.answered_at = held.answered_at or held.solved_at
    held.state = State.SOLVED
    return _settle(held, Kind.SOLVED, actor, text)


@transaction.atomic
def reopen_request(request: Request, *, actor: Any, text: str) -> Request:
    """It goes on under a new clock. What was late stays late in the figures."""
    return take_up(lock_request(request, actor, is_open=False), actor, text)


def take_up(held: Request, actor: Any, text: str) -> Request:
    held.was_late = held.was_late or is_late(held)
    held.round, held.started_at, held.state = held.round + 1, timezone.now(), State.OPEN
    held.answered_at = held.solved_at = None
    _begin_clock(held)
    held.is_told_late = False
    return _settle(held, Kind.REOPENED, actor, text)


@transaction.atomic
def hand_on_request(request: Request, *, actor: Any, to: User, note: str) -> Request:
    """To another owner, never without a word; the clock runs on."""
    held = lock_request(request, actor)
    if not note.strip():
        raise ServiceError(_("Say to whoever takes it over what there is to know."))
    if to.pk == held.owner_id:
        raise ServiceError(_("%(person)s has it already.") % {"person": to.name})
    before = held.owner.name
    held.owner = working(to)
    held.department_id = department_of(to)
    held.save(update_fields=["owner", "department"])
    write(held, Kind.HANDED, actor, note, person=to)
    record(actor, "request.handed", held, before={"owner": before}, after={"owner": to.name}, reason=note)
    tell_handed(held, actor, note)
    return held


@transaction.atomic
def send_to_sales(request: Request, *, actor: Any) -> Request:
    """A need for goods: it becomes a lead at whoever holds the portfolio, once; the request is linked to it and goes on."""
    held = lock_request(request, actor, is_open=None)
    taker = need_taker()
    if held.need is not None or taker is None:
        raise ServiceError(_("Sales have this need already."))
    if held.customer is None:
        raise ServiceError(_("Say first whose it is: a need goes to whoever holds the customer's portfolio."))
    held.need = taker.take(actor=actor, customer=held.customer.root, text=held.text, origin=f"request:{held.pk}")
    held.save(update_fields=["need"])
    write(held, Kind.NEED, actor)
    record(actor, "request.need", held)
    return held


@transaction.atomic
def name_customer(request: Request, *, actor: Any, customer: Customer) -> Request:
    """Who asked is known now."""
    held = lock_request(request, actor, is_open=None)
    root = Customer.objects.select_related("portfolio").get(pk=customer.root_id)
    if held.customer is not None:
        raise ServiceError(_("Whose it is stands there already."))
    if not can(actor, "view", root):
        raise ServiceError(_("There is no such customer."))
    held.customer = root
    held.save(update_fields=["customer"])
    return log(held, Kind.WORKED, actor, _("%(caller)s is %(customer)s.") % {"caller": held.caller, "customer": root.name})


def lock_request(request: Request, actor: Any, *, is_open: bool | None = True) -> Request:
    """The row, held until the transaction ends, for who may work on it."""
    held = lock_row(Request.objects.select_related("customer__root__portfolio", "owner"), request.pk, no_key=True)
    decision = decide(actor, "change", held)
    if not decision:
        raise ServiceError(str(decision.rule))
    if is_open and not held.is_open:
        raise ServiceError(_("It was solved already. Take it up again first."))
    if is_open is False and held.is_open:
        raise ServiceError(_("It is open already."))
    return held


def reckon(request: Request, waits: Sequence[Wait]) -> None:
    """Its dues, from its clock and the calendar of now."""
    hours, started_at = hours_that_count(request.measure), request.started_at
    answer = due_of(hours, started_at=started_at, allowed=timedelta(hours=request.answer_hours))
    assert answer is not None, "nothing pauses the first answer"
    request.answer_due_at = answer
    request.solve_due_at = due_of(hours, started_at=started_at, allowed=timedelta(hours=request.solve_hours), waits=waits)
    if request.state == State.SOLVED:
        request.due_at = None
    else:
        request.due_at = request.answer_due_at if request.answered_at is None else request.solve_due_at


def waits_of(request: Request) -> list[Wait]:
    return [Wait(*row) for row in request.pauses.filter(round=request.round).values_list("begins_at", "ends_at")]


def is_late(request: Request, now: datetime | None = None) -> bool:
    """Was the first answer, or the solution, later than it was due, or is it?"""
    now = now or timezone.now()
    if (request.answered_at or now) > request.answer_due_at:
        return True
    return request.solve_due_at is not None and (request.solved_at or now) > request.solve_due_at


def write(request: Request, kind: str, actor: Any, text: str = "", *, person: User | None = None) -> None:
    RequestEvent.objects.create(request=request, kind=kind, text=text.strip(), actor=actor, person=person)


def department_of(person: User) -> int | None:
    post = Employment.objects.current().filter(person=person.pk).order_by("-is_primary", "pk").first()
    return post.department_id if post is not None else None


def tell_handed(request: Request, actor: Any, note: str) -> None:
    words = {"number": request.number, "who": request.who, "note": note.strip()[:80]}
    notify(HANDED, words=words, about=request, recipients=[request.owner_id], at_its_page=True, actor=actor)


def _begin_clock(request: Request) -> None:
    rule = rule_for(request.kind, request.customer)
    request.answer_hours, request.solve_hours, request.measure = rule.answer_hours, rule.solve_hours, rule.measure


def _settle(held: Request, kind: str, actor: Any, text: str) -> Request:
    reckon(held, waits_of(held))
    held.save()
    return log(held, kind, actor, text)


def log(held: Request, kind: str, actor: Any, text: str) -> Request:
    write(held, kind, actor, text)
    record(actor, f"request.{kind}", held)
    return held


def _end_pause(held: Request) -> None:
    """Never before it began, also where the portal's clock was set back meanwhile."""
    held.pauses.filter(ends_at__isnull=True).update(ends_at=Greatest(F("begins_at"), timezone.now()))
    if held.state == State.WAITING:
        held.state = State.OPEN


def working(person: Any) -> Any:
    if not User.objects.active().employees().filter(pk=person.pk).exists():
        raise ServiceError(_("%(person)s does not work here any more. Choose an employee who may sign in.") % {"person": person.name})
    return person


def _check_fee(fee: int) -> None:
    if not 0 <= fee <= MOST_FEN:
        raise ServiceError(_("Write a fee of nought or more, in yuan."))
