"""What is overdue, and how what is owed ages, as of any day."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from crm.orders.models import CreditAccount, PaymentUse, Receivable

BOUNDS = (0, 30, 60, 90)


def open_on(rows: QuerySet[Receivable], day: date) -> QuerySet[Any]:
    """Receivables that were open at the end of a day, each with `left`, what was still owed of it."""
    uses = PaymentUse.objects.filter(receivable=OuterRef("pk"), on__lte=day).order_by().values("receivable").annotate(taken=Sum("fen")).values("taken")
    return rows.filter(booked_on__lte=day).annotate(left=F("fen") - Coalesce(Subquery(uses), Value(0))).filter(left__gt=0)


def overdue_of(account: CreditAccount, day: date) -> tuple[int, date | None]:
    """What is due longer than the grace allows, and since when. Due today is not overdue."""
    rows = Receivable.objects.filter(account=account.pk, settled__lt=F("fen"), due_on__lt=day - timedelta(days=account.grace_days)).order_by("due_on")
    found = list(rows)
    return sum(row.open for row in found), found[0].due_on if found else None


@dataclass(slots=True)
class Ageing:
    """What a customer owed on a day: not due, up to 30, 60, 90 days overdue, and longer."""

    customer: Any
    buckets: list[int]
    level: str = ""

    @property
    def total(self) -> int:
        return sum(self.buckets)


def ageing(rows: QuerySet[Receivable], day: date) -> list[Ageing]:
    """By customer, who owes most overdue first. Yellow: due within a week; orange: overdue; red: longer than the grace of the account."""
    found: dict[int, Ageing] = {}
    for row in open_on(rows, day).select_related("account__customer"):
        one = found.setdefault(row.account_id, Ageing(row.account.customer, [0] * (len(BOUNDS) + 1)))
        late = (day - row.due_on).days
        one.buckets[sum(late > bound for bound in BOUNDS)] += row.left
        one.level = max(one.level, level_of(row, day), key=LEVELS.index)
    return sorted(found.values(), key=lambda one: (-sum(one.buckets[1:]), -one.total))


LEVELS = ["", "yellow", "orange", "red"]


def level_of(row: Receivable, day: date) -> str:
    late = (day - row.due_on).days
    if late > row.account.grace_days and late > 0:
        return "red"
    return "orange" if late > 0 else "yellow" if late >= -7 else ""
