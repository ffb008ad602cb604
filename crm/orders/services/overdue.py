"""What is overdue, and how what is owed ages, as of any day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from crm.customers.models import Customer
from crm.customers.models.tiers import spans_on
from crm.orders.models import CreditAccount, DueBounds, PaymentUse, Receivable

BOUNDS = (0, 30, 60, 90)
LEVELS = ["", "yellow", "orange", "red"]
YELLOW = 7
OWED = """
    WITH kin AS (
        SELECT account.id, account.customer_id, account.promised + account.owed - account.advance AS exposure
        FROM customers_customer customer JOIN orders_creditaccount account ON account.customer_id = customer.id WHERE customer.root_id = %(root)s
    )
    SELECT (SELECT coalesce(sum(greatest(exposure, 0)), 0)::bigint FROM kin WHERE customer_id <> %(customer)s),
        coalesce(sum(owed.fen - owed.settled), 0)::bigint, min(owed.due_on)
    FROM kin JOIN orders_receivable owed ON owed.account_id = kin.id WHERE owed.settled < owed.fen AND owed.due_on < %(before)s
"""


def open_on(rows: QuerySet[Receivable], day: date) -> QuerySet[Any]:
    """Receivables that were open at the end of a day, each with `left`, what was still owed of it.

    What is open now or was settled since is looked at, not everything that was ever owed.
    """
    later = PaymentUse.objects.filter(on__gt=day)
    since = later.filter(receivable=OuterRef("pk")).order_by().values("receivable").annotate(taken=Sum("fen")).values("taken")
    rows = rows.filter(Q(settled__lt=F("fen")) | Q(pk__in=later.values("receivable")), booked_on__lte=day)
    return rows.annotate(left=F("fen") - F("settled") + Coalesce(Subquery(since), Value(0))).filter(left__gt=0)


@dataclass(frozen=True, slots=True)
class Owed:
    """What is due longer than the grace allows, and since when, of a file and all that were merged with it; and what those others owe and were promised."""

    by_kin: int = 0
    overdue: int = 0
    oldest: date | None = None


def owed_by(customer: Customer, account: CreditAccount, day: date) -> Owed:
    """Due today is not overdue."""
    with connection.cursor() as cursor:
        cursor.execute(OWED, {"root": customer.root_id, "customer": customer.pk, "before": day - timedelta(days=account.grace_days)})
        return Owed(*cursor.fetchone())


@dataclass(slots=True)
class Ageing:
    """What a customer owed on a day: not due, up to 30, 60, 90 days overdue, and longer. `customer` and `level` are those of the first alone."""

    customer_id: int
    buckets: list[int]
    oldest: date
    grace: int
    customer: Any = None
    level: str = ""

    @property
    def total(self) -> int:
        return sum(self.buckets)


def ageing(rows: QuerySet[Receivable], day: date, *, most: int = 200) -> list[Ageing]:
    """By customer, who owes most overdue first. Yellow: due soon; orange: overdue; red: longer than the grace; from when, the tier says."""
    found: dict[int, Ageing] = {}
    for customer, grace, due_on, left in open_on(rows, day).order_by().values_list("account__customer", "account__grace_days", "due_on", "left"):
        one = found.get(customer)
        if one is None:
            one = found[customer] = Ageing(customer, [0] * (len(BOUNDS) + 1), due_on, grace)
        late = (day - due_on).days
        one.buckets[sum(late > bound for bound in BOUNDS)] += left
        one.oldest = min(one.oldest, due_on)
    ranked = sorted(found.values(), key=lambda one: (-sum(one.buckets[1:]), -one.total, one.customer_id))
    first = ranked[:most]
    customers = Customer.objects.in_bulk([one.customer_id for one in first])
    bounds = bounds_of(customers, day)
    for one in first:
        one.customer = customers[one.customer_id]
        one.level = level_on(day, one.oldest, one.grace, bounds.get(one.customer_id))
    return ranked


def bounds_of(customer_ids: Collection[int], day: date) -> dict[int, DueBounds]:
    """By customer, the bounds of their tier on a day, where it has any."""
    by_tier = {row.tier: row for row in DueBounds.objects.all()}
    if not by_tier:
        return {}
    spans = spans_on(day).filter(customer__in=customer_ids, tier__in=by_tier)
    return {customer: by_tier[tier] for customer, tier in spans.values_list("customer", "tier")}


def level_on(day: date, due_on: date, grace: int, bounds: DueBounds | None = None) -> str:
    late = (day - due_on).days
    red = grace if bounds is None or bounds.red is None else bounds.red
    if late > red and late > 0:
        return "red"
    return "orange" if late > 0 else "yellow" if late >= -(YELLOW if bounds is None else bounds.yellow) else ""


def level_of(row: Receivable, day: date, bounds: DueBounds | None = None) -> str:
    return level_on(day, row.due_on, row.account.grace_days, bounds)
