"""Who answers for an opportunity is told once of each next step that is late; who confirms expenses, each morning, how many wait."""

from collections import Counter, defaultdict

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse

from crm.customers.models import PortfolioHolding
from crm.sales.models import Expense, Opportunity
from crm.sales.notifications import LATE_STEP, WAITING
from portal.access.standings import people_holding
from portal.notifications.services import notify
from portal.organization.querysets import today

MOST = 2_000


@transaction.atomic
def tell_of_late_steps() -> int:
    """Who holds the customer's portfolio today; the one who opened it where nobody does. A step that is put off and late again rings again."""
    late = Opportunity.objects.filter(state=Opportunity.State.OPEN, next_on__lt=today()).filter(Q(next_told_for__isnull=True) | ~Q(next_told_for=F("next_on")))
    locked = list(late.select_for_update(of=("self",), no_key=True, skip_locked=True).order_by("pk").values_list("pk", flat=True)[:MOST])
    rows = list(Opportunity.objects.filter(pk__in=locked).select_related("customer__root").order_by("pk"))
    holders = dict(PortfolioHolding.objects.on(today()).values_list("portfolio", "person"))
    for row in rows:
        recipient = holders.get(row.customer.root.portfolio_id, row.owner_id)
        words = {"name": row.name, "step": row.next_step, "day": f"{row.next_on:%Y-%m-%d}"}
        notify(LATE_STEP, words=words, about=row, recipients=[recipient], url=row.get_absolute_url())
        row.next_told_for = row.next_on
    Opportunity.objects.bulk_update(rows, ["next_told_for"])
    return len(rows)


@transaction.atomic
def tell_of_waiting_expenses() -> int:
    """The heads of the department where it was spent, or of the nearest above that has one: one bell for all that wait. How many were told."""
    waiting: Counter[int] = Counter()
    needs: dict[int, set[str]] = defaultdict(set)
    heads: dict[int, list[int]] = {}
    for places, person in Expense.objects.filter(state=Expense.State.WAITING).values_list("places", "person"):
        for place in reversed(places):
            if place not in heads:
                heads[place] = list(people_holding([f"head:{place}"]).values_list("pk", flat=True))
            if others := [pk for pk in heads[place] if pk != person]:
                waiting.update(others)
                for other in others:
                    needs[other].add(f"head:{place}")
                break
    url = f"{reverse('crm:expense_list')}?state={Expense.State.WAITING}"
    for head, count in sorted(waiting.items()):
        notify(WAITING, words={"count": count}, recipients=[head], url=url, needs=needs[head])
    return len(waiting)
