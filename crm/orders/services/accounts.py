"""Limits and terms, payments and what they settle. Whoever writes here holds the account first."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.catalogue.models import Product
from crm.catalogue.units import say_yuan
from crm.customers.models import Customer, Tier
from crm.customers.models.portfolios import portfolio_token
from crm.orders.capabilities import KEEP_ACCOUNTS
from crm.orders.errors import OrdersError
from crm.orders.models import Cap, CreditAccount, CreditEntry, DueBounds, Order, Payment, PaymentUse, Receivable
from crm.orders.models.orders import MOST_FEN
from crm.orders.notifications import BOUNCED
from crm.orders.policies import FOR_ACCOUNTS, keeps_accounts
from crm.orders.services.gate import enter, lock_account, within_time
from portal.access.registry import tokens_of_holders
from portal.access.standings import people_holding
from portal.audit.services import record
from portal.notifications.services import notify
from portal.organization.querysets import today

Bucket = CreditEntry.Bucket


def set_terms(customer: Customer, *, actor: Any, limit: int, term_days: int, grace_days: int) -> CreditAccount:
    """A limit below what is owed is allowed: what was promised holds, and nothing more passes until enough is paid."""
    with within_time():
        _require(actor)
        account = lock_account(customer.pk)
        before = {"limit": account.limit, "term_days": account.term_days, "grace_days": account.grace_days}
        if not 0 <= limit <= MOST_FEN:
            raise OrdersError(_("Write a limit of nought or more."))
        CreditAccount.objects.filter(pk=account.pk).update(limit=limit, term_days=term_days, grace_days=grace_days)
        account.limit, account.term_days, account.grace_days = limit, term_days, grace_days
        record(actor, "account.changed", customer, before=before, after={"limit": limit, "term_days": term_days, "grace_days": grace_days})
        return account


def set_cap(customer: Customer, *, actor: Any, product: Product, starts_on: date, ends_on: date, quantity: int) -> Cap:
    """The most of a product in a period."""
    with within_time():
        _require(actor)
        lock_account(customer.pk)
        if ends_on < starts_on:
            raise OrdersError(_("The last day is before the first. Exchange them."))
        if Cap.objects.filter(customer=customer, product=product, starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
            raise OrdersError(_("There is a cap of this product for some of these days already."))
        cap = Cap.objects.create(customer=customer, product=product, starts_on=starts_on, ends_on=ends_on, quantity=quantity)
        record(actor, "cap.set", customer, after={"product": product.name, "quantity": quantity, "from": starts_on.isoformat(), "to": ends_on.isoformat()})
        return cap


def set_bounds(*, actor: Any, tier: str, yellow: int, red: int | None) -> DueBounds:
    """From when what customers of a tier owe is yellow and red."""
    with within_time():
        _require(actor)
        row, _made = DueBounds.objects.update_or_create(tier=Tier(tier), defaults={"yellow": yellow, "red": red})
        record(actor, "account.bounds", row, after={"yellow": yellow, "red": red})
        return row


def book_payment(customer: Customer, *, actor: Any, fen: int, came_on: date, reference: str, key: UUID) -> Payment:
    """It settles what is due longest; what is left is paid ahead. The same key is one payment, the same reference is refused."""
    with within_time():
        _require(actor)
        account = lock_account(customer.pk)
        if (earlier := Payment.objects.filter(key=key).first()) is not None:
            return earlier
        if not 1 <= fen <= MOST_FEN:
            raise OrdersError(_("Write a sum above nought."))
        if came_on > today():
            raise OrdersError(_("A payment came today or earlier."))
        same = Payment.objects.filter(account=account, kind=Payment.Kind.MONEY, reference=reference).first()
        if same is not None:
            words = {"reference": reference, "day": same.came_on.isoformat(), "sum": say_yuan(same.fen)}
            raise OrdersError(_("The payment %(reference)s was booked already: %(sum)s on %(day)s.") % words)
        payment = Payment.objects.create(account=account, fen=fen, unused=fen, came_on=came_on, reference=reference, actor=actor, key=key)
        settle(payment, account, actor)
        record(actor, "payment.booked", customer, after={"sum": fen, "reference": reference})
        return payment


def bounce_payment(payment: Payment, *, actor: Any) -> Payment:
    """The bank took it back. It is booked always, also where the exposure ends above the limit; the gate is closed until it is paid."""
    with within_time():
        _require(actor)
        account = lock_account(payment.account.customer_id)
        held = Payment.objects.select_for_update().get(pk=payment.pk)
        if held.bounced_on is not None or held.kind != Payment.Kind.MONEY:
            raise OrdersError(_("This payment was taken back already, or is none."))
        for row in held.uses.order_by().values("receivable").annotate(net=Sum("fen")).filter(net__gt=0):
            PaymentUse.objects.create(payment=held, receivable_id=row["receivable"], fen=-row["net"], on=today())
            Receivable.objects.filter(pk=row["receivable"]).update(settled=F("settled") - row["net"])
            enter(account, Bucket.OWED, row["net"], held.reference, actor)
        enter(account, Bucket.ADVANCE, -held.unused, held.reference, actor)
        held.unused, held.bounced_on = 0, today()
        held.save(update_fields=["unused", "bounced_on"])
        record(actor, "payment.bounced", account.customer, after={"sum": held.fen, "reference": held.reference})
        use_advances(account, actor)
        _tell_of_bounce(held, actor)
        return held


def _tell_of_bounce(payment: Payment, actor: Any) -> None:
    """Whoever holds the portfolio, and those who keep the accounts."""
    customer = payment.account.customer
    people = people_holding([portfolio_token(customer.portfolio_id), *tokens_of_holders(KEEP_ACCOUNTS)]).values_list("pk", flat=True)
    words = {"customer": customer.name, "sum": say_yuan(payment.fen), "reference": payment.reference}
    notify(BOUNCED, words=words, about=payment, recipients=list(people), url=reverse("crm:account_detail", args=[customer.pk]), actor=actor)


def settle(payment: Payment, account: CreditAccount, actor: Any, *, first: Order | None = None) -> None:
    """Use a new payment for what is owed; what is left of it is paid ahead."""
    _use(payment, account, actor, first)
    enter(account, Bucket.ADVANCE, payment.unused, payment.reference, actor)


def use_advances(account: CreditAccount, actor: Any) -> None:
    """What was paid ahead settles what is owed now, the oldest payment first."""
    for payment in account.payments.filter(unused__gt=0).order_by("came_on", "pk"):
        used = _use(payment, account, actor, None)
        enter(account, Bucket.ADVANCE, -used, payment.reference, actor)


def _use(payment: Payment, account: CreditAccount, actor: Any, first: Order | None) -> int:
    rows = list(account.receivables.filter(settled__lt=F("fen")).order_by("due_on", "pk"))
    if first is not None:
        rows.sort(key=lambda row: row.order_id != first.pk)
    used = 0
    for row in rows:
        fen = min(payment.unused, row.open)
        if not fen:
            break
        PaymentUse.objects.create(payment=payment, receivable=row, fen=fen, on=today())
        Receivable.objects.filter(pk=row.pk).update(settled=F("settled") + fen)
        payment.unused -= fen
        used += fen
        enter(account, Bucket.OWED, -fen, payment.reference, actor)
    payment.save(update_fields=["unused"])
    return used


def _require(actor: Any) -> None:
    if not keeps_accounts(actor):
        raise OrdersError(str(FOR_ACCOUNTS))
