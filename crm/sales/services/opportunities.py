"""An opportunity: opened, worked on, put from stage to stage, won or lost. Whoever writes takes its row first."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.catalogue.models import Product
from crm.catalogue.units import say_yuan
from crm.customers.errors import CustomersError
from crm.customers.models import Customer, PortfolioHolding
from crm.customers.services.customers import lock_customer
from crm.sales.errors import SalesError
from crm.sales.models import Lead, Opportunity, Rival, Stage, StageSpan, Step
from crm.sales.models.opportunities import MOST_FEN
from crm.sales.services.leads import take_lead
from crm.sales.services.stages import lay_stages
from portal.access.policies import decide
from portal.audit.services import record
from portal.foundation.locking import lock_row
from portal.organization.querysets import today
from portal.search.services import touch

MOST_RIVALS = 10
LONGEST_WAIT = 5 * 366  # days until it is expected


@transaction.atomic
def open_opportunity(
    *,
    actor: Any,
    customer: Customer,
    name: str,
    kind: str,
    amount: int,
    expected_on: date,
    product: Product | None = None,
    rivals: Iterable[str] = (),
    next_step: str = "",
    next_on: date | None = None,
    lead: Lead | None = None,
) -> Opportunity:
    """In the first stage of its kind. Who holds the portfolio today answers for it; the actor where nobody does."""
    held = _customer(customer, actor)
    _check(amount, expected_on)
    _check_next(next_step, next_on)
    lay_stages(kind)
    first = Stage.objects.of(kind).first()
    if first is None:
        raise SalesError(_("There are no stages of this kind of selling yet. Somebody who keeps the stages can add them."))
    holding = PortfolioHolding.objects.current().filter(portfolio=held.portfolio_id).select_related("person").first()
    made = Opportunity.objects.create(
        name=name.strip(),
        customer=held,
        kind=kind,
        stage=first,
        furthest=first,
        owner=holding.person if holding is not None else actor,
        department_id=held.portfolio.department_id,
        product=product,
        amount=amount,
        opened_on=today(),
        expected_on=expected_on,
        next_step=next_step.strip(),
        next_on=next_on,
    )
    StageSpan.objects.create(opportunity=made, stage=first, entered_at=made.stage_since, actor=actor)
    _set_rivals(made, rivals)
    if lead is not None:
        take_lead(lead, made, actor=actor)
    touch(Opportunity, [made.pk])
    record(actor, "opportunity.opened", made, after={"customer": held.name, "amount": amount})
    return made


@transaction.atomic
def change_opportunity(
    opportunity: Opportunity, *, actor: Any, name: str, amount: int, expected_on: date, product: Product | None = None, rivals: Iterable[str] = ()
) -> Opportunity:
    """What it is about. Its stages have services of their own."""
    held = lock_opportunity(opportunity, actor)
    _check(amount, expected_on, known=held.expected_on)
    before = {"amount": held.amount, "expected_on": held.expected_on.isoformat()}
    held.name, held.amount, held.expected_on, held.product = name.strip(), amount, expected_on, product
    held.save()
    _set_rivals(held, rivals)
    touch(Opportunity, [held.pk])
    record(actor, "opportunity.changed", held, before=before, after={"amount": amount, "expected_on": expected_on.isoformat()})
    return held


@transaction.atomic
def move_opportunity(opportunity: Opportunity, *, actor: Any, stage: Stage, seen: int = 0) -> Opportunity:
    """Into another stage of its kind. `seen` is the stage in which the actor saw it: where somebody has moved it meanwhile, that is said and nothing moves."""
    held = lock_opportunity(opportunity, actor)
    if stage.kind != held.kind or stage.ended_on is not None:
        raise SalesError(_("“%(stage)s” is no stage of this kind of selling. Open the page again.") % {"stage": stage.label})
    if seen and held.stage_id not in (seen, stage.pk):
        raise SalesError(_("Somebody has put it into “%(stage)s” meanwhile. Look at it again.") % {"stage": held.stage.label})
    if held.stage_id == stage.pk:
        return held
    before = held.stage.name
    _enter(held, stage, actor)
    held.save()
    touch(Opportunity, [held.pk])
    record(actor, "opportunity.moved", held, before={"stage": before}, after={"stage": stage.name})
    return held


@transaction.atomic
def close_opportunity(opportunity: Opportunity, *, actor: Any, state: str, cause: str, text: str = "") -> Opportunity:
    """Won or lost, today, with its cause. What is won has gone through to the last stage."""
    if state not in (Opportunity.State.WON, Opportunity.State.LOST) or cause not in Opportunity.Cause.values:
        raise SalesError(_("Say whether it was won or lost, and why."))
    held = lock_opportunity(opportunity, actor)
    if state == Opportunity.State.WON:
        last = Stage.objects.of(held.kind).last()
        if last is not None and last.pk != held.stage_id:
            _enter(held, last, actor)
    held.spans.filter(left_at__isnull=True).update(left_at=timezone.now())
    held.state, held.cause, held.cause_text, held.closed_on = state, cause, text.strip(), today()
    held.next_step, held.next_on = "", None
    held.save()
    touch(Opportunity, [held.pk])
    record(actor, f"opportunity.{state}", held, after={"cause": cause, "amount": held.amount})
    return held


@transaction.atomic
def reopen_opportunity(opportunity: Opportunity, *, actor: Any) -> Opportunity:
    """It goes on, in the stage in which it ended."""
    held = lock_opportunity(opportunity, actor, is_open=False)
    held.state, held.cause, held.cause_text, held.closed_on = Opportunity.State.OPEN, "", "", None
    stage = held.stage if held.stage.ended_on is None else Stage.objects.of(held.kind).filter(place__lte=held.stage.place).last()
    if stage is None:
        raise SalesError(_("Its stage is not entered any more, nor any before it. Open a new opportunity."))
    _enter(held, stage, actor)
    held.save()
    touch(Opportunity, [held.pk])
    record(actor, "opportunity.reopened", held)
    return held


@transaction.atomic
def note_step(opportunity: Opportunity, *, actor: Any, text: str, next_step: str = "", next_on: date | None = None) -> Step:
    """What was done, and what is next: a thing and a day, or neither."""
    held = lock_opportunity(opportunity, actor)
    _check_next(next_step, next_on)
    made = Step.objects.create(opportunity=held, text=text.strip(), author=actor)
    held.next_step, held.next_on = next_step.strip(), next_on
    held.save()
    touch(Opportunity, [held.pk])
    record(actor, "opportunity.stepped", held, after={"next_on": next_on.isoformat() if next_on else ""})
    return made


def lock_opportunity(opportunity: Opportunity, actor: Any, *, is_open: bool | None = True) -> Opportunity:
    """The row, held until the transaction ends, for who may work on it."""
    held = lock_row(Opportunity.objects.select_related("customer__root__portfolio", "stage", "furthest"), opportunity.pk, no_key=True)
    decision = decide(actor, "change", held)
    if not decision:
        raise SalesError(str(decision.rule))
    if is_open and not held.is_open:
        raise SalesError(_("It is closed since %(day)s. Take it up again first.") % {"day": f"{held.closed_on:%Y-%m-%d}"})
    if is_open is False and held.is_open:
        raise SalesError(_("It is open already."))
    return held


def _enter(held: Opportunity, stage: Stage, actor: Any) -> None:
    now = timezone.now()
    held.spans.filter(left_at__isnull=True).update(left_at=now)
    StageSpan.objects.create(opportunity=held, stage=stage, entered_at=now, actor=actor)
    held.stage, held.stage_since = stage, now
    if stage.place > held.furthest.place:
        held.furthest = stage


def _customer(customer: Customer, actor: Any) -> Customer:
    try:
        return lock_customer(customer, actor=actor)
    except CustomersError as error:
        raise SalesError(str(error)) from error


def _check(amount: int, expected_on: date, *, known: date | None = None) -> None:
    if amount < 1:
        raise SalesError(_("A sum of nought is no opportunity. Write what may be sold, in yuan; note a lead where nobody knows yet."))
    if amount > MOST_FEN:
        words = {"sum": say_yuan(amount), "most": say_yuan(MOST_FEN + 1)}
        raise SalesError(_("%(sum)s yuan is too much for one opportunity (below %(most)s). Is it written in fen? Otherwise make several of it.") % words)
    if expected_on == known:
        return
    if expected_on < today():
        raise SalesError(_("%(day)s is past. Write a day from today on which you expect it.") % {"day": f"{expected_on:%Y-%m-%d}"})
    if (expected_on - today()).days > LONGEST_WAIT:
        raise SalesError(_("%(day)s is more than five years from now. Check the year.") % {"day": f"{expected_on:%Y-%m-%d}"})


def _check_next(next_step: str, next_on: date | None) -> None:
    if bool(next_step.strip()) != (next_on is not None):
        raise SalesError(_("Say what is next and until which day, both or neither."))
    if next_on is not None and next_on < today():
        raise SalesError(_("What is next cannot be due on %(day)s, which is past.") % {"day": f"{next_on:%Y-%m-%d}"})


def _set_rivals(opportunity: Opportunity, names: Iterable[str]) -> None:
    wanted = list(dict.fromkeys(name.strip()[:60] for name in names if name.strip()))
    if len(wanted) > MOST_RIVALS:
        raise SalesError(_("No more than %(number)s rivals.") % {"number": MOST_RIVALS})
    Rival.objects.bulk_create([Rival(name=name) for name in wanted], ignore_conflicts=True)
    opportunity.rivals.set(Rival.objects.filter(name__in=wanted))
