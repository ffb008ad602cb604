"""A complaint or an objection: noted and graded, diagnosed, judged by another, compensated through the ledger of orders, closed with the customer's word."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.catalogue.units import say_yuan
from crm.customers.models import Customer
from crm.customers.outsiders import acts_for
from crm.orders.capabilities import KEEP_ACCOUNTS
from crm.orders.models import OrderLine
from crm.orders.services.credits import credit_customer
from crm.service.capabilities import JUDGE, WATCH_SERVICE
from crm.service.errors import ServiceError
from crm.service.models import CostLine, Grade, GradeRule, Measured, Objection, ObjectionStep, Request, Step
from crm.service.models.requests import MOST_FEN
from crm.service.notifications import OBJECTED, STEP
from crm.service.policies import FOR_DESK, may_note_for, works_with_service
from crm.service.services.requests import department_of, working
from crm.service.services.rules import grade_rules, step_rules
from portal.access.policies import decide
from portal.access.registry import tokens_of_holders
from portal.access.rules import person_token
from portal.access.standings import people_holding
from portal.accounts.models import User
from portal.attachments.queries import attachments_on
from portal.attachments.services import hang_files
from portal.audit.services import record
from portal.calendar.clocks import Measure, due_of
from portal.calendar.queries import hours_that_count
from portal.foundation.locking import lock_row
from portal.notifications.services import notify
from portal.numbers.series import NumberSeries
from portal.numbers.services import issue_number
from portal.organization.querysets import today

OBJECTIONS = NumberSeries("service.objection", "YY{year}{number:05}")
ALIKE_WITHIN = timedelta(days=30)
REOPENED_WITHIN = timedelta(days=30)
State, Result = Objection.State, Objection.Result


@transaction.atomic
def note_objection(
    *,
    actor: Any,
    customer: Customer,
    kind: str,
    fault: str,
    text: str,
    channel: str = "phone",
    line: OrderLine | None = None,
    quantity: int | None = None,
    lot: str = "",
    loss: int = 0,
    has_accident: bool = False,
    request: Request | None = None,
    file_ids: Sequence[UUID] = (),
    owner: User | None = None,
) -> Objection:
    """Graded at once; those who watch over service are told. Refuses what was never delivered, or is more than was delivered and not objected to yet.

    A customer's own people object for their firm alone, and name who is to handle it.
    """
    root = Customer.objects.select_related("portfolio").get(pk=customer.root_id)
    if not (works_with_service(actor) or acts_for(actor, root)):
        raise ServiceError(str(FOR_DESK))
    if not may_note_for(actor, root):
        raise ServiceError(_("This customer is of another portfolio. Those at the service desk can note it."))
    owner = working(owner or actor)
    if not 0 <= loss <= MOST_FEN:
        raise ServiceError(_("Write a loss of nought or more, in yuan."))
    if kind == Objection.Kind.QUALITY and (line is None or not quantity):
        raise ServiceError(_("An objection to quality names what was delivered, and how much of it."))
    if line is not None:
        line = _delivered(line, root, quantity or 0)
    grade = grade_of(kind=kind, fault=fault, line=line, quantity=quantity or 0, loss=loss, has_accident=has_accident)
    made = Objection(
        customer=root, request=request, kind=kind, fault=fault, channel=channel, line=line, lot=lot.strip(), quantity=quantity if line is not None else None,
        loss=loss, has_accident=has_accident, text=text.strip(), grade=grade, owner=owner, department_id=department_of(owner), noted_by=actor,
        number=OBJECTIONS.write(issue_number(OBJECTIONS, year=today().year), year=today().year),
    )  # fmt: skip
    made.save()
    _begin(made, Step.DIAGNOSIS)
    made.save(update_fields=["state", "due_at"])
    if file_ids:
        hang_files(actor=actor, about=made, shown=list(file_ids))
    record(actor, "objection.noted", made, after={"customer": root.name, "grade": made.grade})
    _tell(OBJECTED, made, [*tokens_of_holders(WATCH_SERVICE), person_token(owner.pk)], actor)
    return made


@transaction.atomic
def diagnose_objection(objection: Objection, *, actor: Any, text: str) -> Objection:
    """By an experienced handler, who handles it from now on."""
    held = lock_objection(objection, actor, "diagnose", State.DIAGNOSIS)
    held.owner, held.department_id, held.diagnosed_by = actor, department_of(actor), actor
    return go_on(held, actor, text, Step.JUDGEMENT)


@transaction.atomic
def judge_objection(objection: Objection, *, actor: Any, result: str, cause: str, text: str, awarded: int = 0) -> Objection:
    """By another than who noted or diagnosed it. What is not justified is not compensated; nothing above what the goods and the loss are worth."""
    held = lock_objection(objection, actor, "judge", State.JUDGEMENT)
    most = worth_of(held)
    if result == Result.INVALID and awarded:
        raise ServiceError(_("What is not justified is not compensated."))
    if not 0 <= awarded <= most:
        raise ServiceError(_("Goods and loss are worth %(most)s yuan; more cannot be compensated.") % {"most": say_yuan(most)})
    held.result, held.cause, held.awarded = Result(result), cause, awarded
    held.judged_by, held.judged_at = actor, timezone.now()
    return go_on(held, actor, text, Step.COMPENSATION if awarded else Step.WORD)


@transaction.atomic
def compensate_objection(objection: Objection, *, actor: Any, key: UUID, text: str = "") -> Objection:
    """A credit note in the customer's account, once: it settles what is owed, first of that order, the rest is paid ahead."""
    held = lock_objection(objection, actor, "compensate", State.COMPENSATION)
    of, first = (held.line.order.customer, held.line.order) if held.line is not None else (held.customer.root, None)
    held.payment = credit_customer(of, actor=actor, fen=held.awarded, reference=held.number, key=key, first=first)
    return go_on(held, actor, text, Step.WORD)


@transaction.atomic
def close_objection(objection: Objection, *, actor: Any, text: str, is_content: bool, gift: str = "") -> Objection:
    """With the customer's word. A justified complaint closes with a gift (R10)."""
    held = lock_objection(objection, actor, "change", State.WORD)
    if owes_gift(held) and not gift.strip():
        raise ServiceError(_("A justified complaint closes with a gift: write what the customer was given."))
    held.is_content, held.gift = is_content, gift.strip()
    return go_on(held, actor, text, None)


def owes_gift(objection: Objection) -> bool:
    return objection.kind == Objection.Kind.COMPLAINT and objection.result != Result.INVALID


@transaction.atomic
def reopen_objection(objection: Objection, *, actor: Any, reason: str) -> Objection:
    """Diagnosed and judged anew, within a month of its closing. What was paid stays paid; what is awarded then comes on top of it, within what it is worth."""
    held = lock_objection(objection, actor, "change", State.CLOSED)
    refuse_late(held)
    return take_up(held, actor, reason)


def taken_up_until(objection: Objection) -> date:
    assert objection.closed_at is not None
    return timezone.localdate(objection.closed_at) + REOPENED_WITHIN


def refuse_late(held: Objection) -> None:
    last = taken_up_until(held)
    if today() > last:
        raise ServiceError(_("It could be taken up again until %(day)s. Note a new one.") % {"day": f"{last:%Y-%m-%d}"})


def take_up(held: Objection, actor: Any, reason: str) -> Objection:
    """From the first step on, whichever it has reached."""
    if not reason.strip():
        raise ServiceError(_("Say why it is taken up again."))
    if held.line is not None and held.result == Result.INVALID:
        _delivered(held.line, held.customer.root, held.quantity or 0)  # what was not justified may have been objected to again since
    before = {"result": held.result, "awarded": held.awarded, "judged by": held.judged_by.name if held.judged_by else ""}
    held.paid_before, held.awarded, held.payment = held.paid_before + held.awarded, 0, None
    held.result, held.cause, held.judged_by, held.judged_at = "", "", None, None
    held.is_content, held.closed_at = None, None
    held.steps.filter(done_at__isnull=True).update(done_at=timezone.now(), done_by=actor, text=reason.strip())
    _begin(held, Step.DIAGNOSIS, why=reason.strip()[:300])
    held.save()
    record(actor, "objection.reopened", held, before=before, reason=reason)
    _tell(STEP, held, [person_token(held.owner_id), *tokens_of_holders(WATCH_SERVICE)], actor)
    return held


@transaction.atomic
def add_evidence(objection: Objection, *, actor: Any, file_ids: Sequence[UUID]) -> Objection:
    """Photos, video, papers; what hangs there stays."""
    held = lock_objection(objection, actor, "change")
    hang_files(actor=actor, about=held, shown=list(dict.fromkeys([*(row.pk for row in attachments_on(held)), *file_ids])))
    record(actor, "objection.evidence", held)
    return held


@transaction.atomic
def add_cost(objection: Objection, *, actor: Any, kind: str, fen: int, text: str = "") -> CostLine:
    held = lock_objection(objection, actor, "change")
    if not 1 <= fen <= MOST_FEN:
        raise ServiceError(_("Write a sum above nought."))
    made = CostLine.objects.create(objection=held, kind=CostLine.Kind(kind), fen=fen, text=text.strip(), by=actor)
    record(actor, "objection.cost", held, after={"kind": made.kind, "sum": fen})
    return made


def worth_of(objection: Objection) -> int:
    """What the goods cost, and the loss that was said, in fen; without what was compensated already."""
    goods = objection.line.fen * (objection.quantity or 0) if objection.line is not None else 0
    return goods + objection.loss - objection.paid_before


def lock_objection(objection: Objection, actor: Any, action: str, state: str = "") -> Objection:
    """The row, held until the transaction ends, for who may do this to it now."""
    held = lock_row(Objection.objects.select_related("customer__root__portfolio", "owner", "line__order__customer", "line__product"), objection.pk, no_key=True)
    decision = decide(actor, action, held)
    if not decision:
        raise ServiceError(str(decision.rule))
    if state and held.state != state:
        raise ServiceError(_("It is another step's turn: %(state)s.") % {"state": held.get_state_display()})
    return held


def grade_of(*, kind: str, fault: str, line: OrderLine | None, quantity: int, loss: int, has_accident: bool) -> str:
    """By the rules as they stand; of three alike in a month the third is typical."""
    alike = Objection.objects.filter(kind=kind, fault=fault, noted_at__gt=timezone.now() - ALIKE_WITHIN)
    if line is not None:
        alike = alike.filter(line__product=line.product_id)
    facts: dict[str, int] = {Measured.LOSS: loss, Measured.QUANTITY: quantity, Measured.ACCIDENT: int(has_accident), Measured.ALIKE: alike.count() + 1}
    return grade_by(grade_rules(), facts)


def grade_by(rules: Sequence[GradeRule], facts: Mapping[str, int]) -> str:
    """The gravest grade of which a rule holds. Pure."""
    held = {rule.grade for rule in rules if facts[rule.measure] >= rule.bound}
    return str(next((grade for grade in (Grade.SERIOUS, Grade.TYPICAL) if grade in held), Grade.ORDINARY))


def _delivered(line: OrderLine, root: Customer, quantity: int) -> OrderLine:
    """The line, locked: two who object to the last of it at one moment do not both get it."""
    held = lock_row(OrderLine.objects.select_related("order__customer", "product"), line.pk, no_key=True)
    words = {"product": held.product.name, "number": held.order.number}
    if held.order.customer.root_id != root.pk:
        raise ServiceError(_("Order %(number)s is of another customer.") % words)
    if not held.delivered:
        raise ServiceError(_("%(product)s of order %(number)s was never delivered. Choose what was.") % words)
    objected = Objection.objects.filter(line=held).exclude(result=Result.INVALID).aggregate(sum=Sum("quantity"))["sum"] or 0
    left = held.delivered - objected
    if quantity > left:
        said = held.product.packing.said
        words |= {"delivered": said(held.delivered), "objected": said(objected), "left": said(left)}
        raise ServiceError(_("Of %(product)s of order %(number)s %(delivered)s were delivered and %(objected)s objected to already: at most %(left)s.") % words)
    return held


def _begin(held: Objection, step: str, why: str = "") -> None:
    rule = step_rules()[step]
    within = rule.serious_hours if held.grade == Grade.SERIOUS else rule.hours
    row = ObjectionStep(objection=held, step=step, hours=within, why=why)
    row.due_at = due_of_step(row)
    row.save()
    held.state, held.due_at = State(str(step)), row.due_at


def due_of_step(row: ObjectionStep) -> Any:
    return due_of(hours_that_count(Measure.DAYS), started_at=row.started_at, allowed=timedelta(hours=row.hours))


def go_on(held: Objection, actor: Any, text: str, step: str | None) -> Objection:
    done = held.state
    held.steps.filter(done_at__isnull=True).update(done_at=timezone.now(), done_by=actor, text=text.strip())
    if step is None:
        held.state, held.due_at, held.closed_at = State.CLOSED, None, timezone.now()
    else:
        _begin(held, step)
    held.save()
    record(actor, f"objection.{done}", held, after={"state": held.state})
    if step is not None:
        _tell(STEP, held, [person_token(held.owner_id), *_next_tokens(step)], actor)
    return held


def _next_tokens(step: str) -> list[str]:
    capability = {Step.JUDGEMENT: JUDGE, Step.COMPENSATION: KEEP_ACCOUNTS}.get(Step(step))
    return tokens_of_holders(capability) if capability else []


def _tell(kind: Any, held: Objection, tokens: Sequence[str], actor: Any) -> None:
    people = list(people_holding(tokens).values_list("pk", flat=True))
    words = {"number": held.number, "customer": held.customer.root.name, "grade": str(held.get_grade_display()), "state": str(held.get_state_display())}
    notify(kind, words=words, about=held, recipients=people, at_its_page=True, actor=actor)
