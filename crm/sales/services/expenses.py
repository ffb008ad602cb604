"""Expenses: noted with their receipt, confirmed or approved, corrected and withdrawn with a reason. Whoever writes takes the row first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.activities.models import Visit
from crm.catalogue.units import say_yuan
from crm.customers.models import Customer
from crm.customers.policies import NOT_YOURS
from crm.sales.errors import SalesError
from crm.sales.models import Expense, ExpenseAct, ExpenseReceipt, Opportunity
from crm.sales.models.expenses import MOST_SPENT
from crm.sales.notifications import RETURNED
from crm.sales.policies import customers_sold_to
from crm.sales.receipts import contents_of, read_invoice, refuse_alike, refuse_taken
from crm.sales.services.expense_papers import bound, submit_expense
from portal.access.policies import can, decide
from portal.attachments.services import hang_files
from portal.audit.services import record
from portal.foundation.locking import lock_row
from portal.notifications.services import notify
from portal.numbers.series import NumberSeries
from portal.numbers.services import issue_number
from portal.organization.models import Department, Employment
from portal.organization.querysets import today

NUMBERS = NumberSeries("crm.expense", "F{year}{number:05}")
OLDEST = timedelta(days=366)
State, Act = Expense.State, ExpenseAct.Act
KEPT = ("kind", "fen", "day", "text", "invoice_code", "invoice_number")


@dataclass(frozen=True, slots=True)
class Spent:
    """What an expense says."""

    customer: Customer
    kind: str
    fen: int
    day: date
    text: str
    file_ids: Sequence[UUID]
    opportunity: Opportunity | None = None
    visit: Visit | None = None
    invoice_code: str = ""
    invoice_number: str = ""
    is_other: bool = False


def note_expense(spent: Spent, *, actor: Any) -> Expense:
    """Above the bound it goes as a paper, else to the head. Of two with one receipt at one moment the second is refused."""
    try:
        return _note(spent, actor)
    except IntegrityError:
        refuse_taken(contents_of(spent.file_ids), read_invoice(spent.invoice_code, spent.invoice_number), actor)
        raise


@transaction.atomic
def _note(spent: Spent, actor: Any) -> Expense:
    made, contents = _written(Expense(person=actor), spent, actor)
    year = today().year
    made.number = NUMBERS.write(issue_number(NUMBERS, year=year), year=year)
    made.save()
    _keep(made, contents, spent, actor)
    ExpenseAct.objects.create(expense=made, act=Act.NOTED, actor=actor)
    record(actor, "expense.noted", made, after={"sum": made.fen, "day": made.day.isoformat(), "customer": made.customer.code})
    return _send(made, actor)


def correct_expense(expense: Expense, spent: Spent, *, actor: Any, reason: str) -> Expense:
    """It says something else from now on, and is decided anew. What it said before is kept."""
    try:
        return _correct(expense, spent, actor, reason)
    except IntegrityError:
        invoice = read_invoice(spent.invoice_code, spent.invoice_number)
        refuse_taken(contents_of(spent.file_ids), invoice, actor, apart_from=expense.pk)
        raise


@transaction.atomic
def _correct(expense: Expense, spent: Spent, actor: Any, reason: str) -> Expense:
    held = lock_expense(expense, actor, "change")
    _refuse_under_way(held)
    if not reason.strip():
        raise SalesError(_("Say why it is corrected."))
    before = {key: _plain(getattr(held, key)) for key in KEPT} | {"customer": held.customer.root.name}
    held, contents = _written(held, spent, actor)
    after = {key: _plain(getattr(held, key)) for key in KEPT} | {"customer": held.customer.root.name}
    held.state, held.because, held.decided_by, held.paper, held.said = State.WAITING, "", None, None, ""
    held.save()
    _keep(held, contents, spent, actor)
    changed = {key: value for key, value in before.items() if after[key] != value}
    ExpenseAct.objects.create(expense=held, act=Act.CORRECTED, reason=reason.strip()[:200], before=changed, actor=actor)
    record(actor, "expense.corrected", held, before=changed, after={key: after[key] for key in changed}, reason=reason)
    return _send(held, actor)


@transaction.atomic
def withdraw_expense(expense: Expense, *, actor: Any, reason: str) -> Expense:
    """It counts no more, and its receipt is free for another."""
    held = lock_expense(expense, actor, "change")
    _refuse_under_way(held)
    if not reason.strip():
        raise SalesError(_("Say why it is withdrawn."))
    held.receipts.filter(is_live=True).update(is_live=False)
    return _settle(held, State.WITHDRAWN, actor, reason)


@transaction.atomic
def confirm_expense(expense: Expense, *, actor: Any) -> Expense:
    """It stands. Nobody confirms their own."""
    held = lock_expense(expense, actor, "confirm")
    _refuse_decided(held)
    return _settle(held, State.STANDS, actor, "")


@transaction.atomic
def return_expense(expense: Expense, *, actor: Any, reason: str) -> Expense:
    """To whoever spent it, who corrects or withdraws it."""
    held = lock_expense(expense, actor, "confirm")
    if held.state not in (State.WAITING, State.STANDS):
        _refuse_decided(held)
    if not reason.strip():
        raise SalesError(_("Say why it goes back."))
    settled = _settle(held, State.RETURNED, actor, reason)
    words = {"number": held.number, "reason": held.because}
    notify(RETURNED, words=words, about=held, recipients=[held.person_id], url=held.get_absolute_url(), actor=actor)
    return settled


def lock_expense(expense: Expense, actor: Any, action: str) -> Expense:
    held = lock_row(Expense.objects.select_related("customer__root__portfolio", "person", "paper"), expense.pk, no_key=True)
    decision = decide(actor, action, held)
    if not decision:
        raise SalesError(str(decision.rule))
    return held


def _refuse_under_way(held: Expense) -> None:
    if held.state == State.ASKED:
        assert held.paper is not None
        raise SalesError(_("It is under approval as the paper %(number)s. Withdraw the paper first.") % {"number": held.paper.number})
    if held.state == State.WITHDRAWN:
        raise SalesError(_("It was withdrawn. Note it anew."))


def _refuse_decided(held: Expense) -> None:
    if held.state != State.WAITING:
        raise SalesError(_("%(number)s does not wait any more: it is %(state)s.") % {"number": held.number, "state": held.get_state_display()})


def _settle(held: Expense, state: str, actor: Any, reason: str) -> Expense:
    act = {State.STANDS: Act.CONFIRMED, State.RETURNED: Act.RETURNED, State.WITHDRAWN: Act.WITHDRAWN}[State(state)]
    held.state, held.because, held.decided_by = state, reason.strip()[:200], actor
    held.save()
    ExpenseAct.objects.create(expense=held, act=act, reason=held.because, actor=actor)
    record(actor, f"expense.{act}", held, after={"sum": held.fen}, reason=reason)
    return held


def _send(made: Expense, actor: Any) -> Expense:
    return submit_expense(made, actor=actor) if made.fen > bound() else made


def _written(expense: Expense, spent: Spent, actor: Any) -> tuple[Expense, list[str]]:
    """The expense as it would be said, after all that can be refused."""
    _check(spent)
    root = Customer.objects.select_related("portfolio__department").get(kin=spent.customer.pk)
    is_same = expense.pk is not None and expense.customer.root_id == root.pk
    if not is_same and not _is_own(spent, root, actor):
        raise SalesError(str(NOT_YOURS))
    known = (expense.opportunity_id, expense.visit_id)
    for tied in (spent.opportunity, spent.visit):
        if tied is not None and (tied.customer.root_id != root.pk or (tied.pk not in known and not can(actor, "view", tied))):
            raise SalesError(_("The opportunity or the visit is at another customer. Choose the customer there, or leave it out."))
    contents, invoice = contents_of(spent.file_ids), read_invoice(spent.invoice_code, spent.invoice_number)
    refuse_taken(contents, invoice, actor, apart_from=expense.pk or 0)
    place = _place(actor, root, spent.day)
    expense.customer, expense.opportunity, expense.visit = root, spent.opportunity, spent.visit
    expense.department, expense.places = place, [*place.ancestor_ids, place.pk]
    expense.kind, expense.fen, expense.day, expense.text = Expense.Kind(spent.kind), spent.fen, spent.day, spent.text.strip()
    expense.invoice_code, expense.invoice_number = invoice
    if not spent.is_other:
        refuse_alike(expense, actor)
    return expense, contents


def _is_own(spent: Spent, root: Customer, actor: Any) -> bool:
    """Whoever writes the file, and whoever was there on the visit that it belongs to."""
    visited = spent.visit is not None and spent.visit.person_id == actor.pk
    return bool(actor.is_employee) and (visited or customers_sold_to(actor).filter(pk=root.pk).exists())


def _check(spent: Spent) -> None:
    if spent.fen < 1:
        raise SalesError(_("An expense of nought is none. Write what was spent, in yuan."))
    if spent.fen > MOST_SPENT:
        words = {"sum": say_yuan(spent.fen), "most": say_yuan(MOST_SPENT + 1)}
        raise SalesError(_("%(sum)s yuan is too much for one expense (below %(most)s). Is it written in fen?") % words)
    if spent.day > today():
        raise SalesError(_("%(day)s is still to come. Note an expense when it was spent.") % {"day": f"{spent.day:%Y-%m-%d}"})
    if today() - spent.day > OLDEST:
        raise SalesError(_("%(day)s is more than a year ago. Check the day.") % {"day": f"{spent.day:%Y-%m-%d}"})
    if not spent.text.strip():
        raise SalesError(_("Say what it was spent for."))


def _place(person: Any, customer: Customer, day: date) -> Department:
    """Where the person worked on that day; the department of the customer's portfolio where they held no post."""
    post = Employment.objects.on(day).filter(person=person).select_related("department").order_by("-is_primary", "-starts_on", "pk").first()
    found: Department = post.department if post is not None else customer.portfolio.department
    return found


def _keep(expense: Expense, contents: Sequence[str], spent: Spent, actor: Any) -> None:
    """Its files hang on it, and their contents are taken by it alone."""
    expense.receipts.filter(is_live=True).exclude(sha256__in=contents).update(is_live=False)
    there = set(expense.receipts.filter(is_live=True).values_list("sha256", flat=True))
    ExpenseReceipt.objects.bulk_create([ExpenseReceipt(expense=expense, sha256=one) for one in contents if one not in there])
    hang_files(actor=actor, about=expense, shown=spent.file_ids)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
