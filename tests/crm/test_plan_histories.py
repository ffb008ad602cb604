"""Over random histories with handovers, moves, merges and reorganizations: every cut comes to the total, no figure of the past changes, nothing leaks."""

import random
from datetime import timedelta
from typing import Any

import time_machine
from django.utils import timezone

from crm.customers.models import Customer
from crm.customers.services.customers import move_customer
from crm.customers.services.merges import merge_customers
from crm.customers.services.portfolios import hand_over
from crm.plans.actual import CUTS, Ledger
from crm.plans.capabilities import KEEP_PLANS
from crm.plans.models import Plan, PlanVersion, Sold
from crm.sales.policies import customers_sold_to
from portal.access.policies import viewers_of, visible_to
from portal.organization.querysets import today
from portal.organization.services.departments import change_department
from tests.cast import Cast, make_department
from tests.crm.dealing import give_credit
from tests.crm.goods import let, make_prices, make_product, make_warehouse, receive
from tests.crm.planning import bring_back, make_plan, publish, sell, split, top
from tests.crm.writing import fresh, let_keep, make_customer, make_portfolio


def check(plan: Plan, user: Any, version: PlanVersion) -> int:
    """Every cut of every line comes to the line, whose list sums to it; what falls below comes to the whole."""
    ledger = Ledger(plan, user)
    lines = list(version.lines.all())
    sums = ledger.by_line(lines, plan.starts_on, plan.ends_on)
    for line in lines:
        assert ledger.total(ledger.query(plan.starts_on, plan.ends_on, line)) == sums[line.pk]
        for by in CUTS:
            parts = ledger.cut(by, line, plan.starts_on, plan.ends_on)
            assert sum(part.actual for part in parts) == sums[line.pk], by
        below = list(version.lines.filter(parent=line))
        if below:
            assert sum(one.amount for one in below) + line.held_back == line.amount
            assert sum(sums[one.pk] for one in below) <= sums[line.pk] or any(sums[one.pk] < 0 for one in below)
    return next(sums[line.pk] for line in lines if line.parent_id is None)


def test_every_cut_comes_to_the_total_whatever_moves(cast: Cast, customer: Customer, portfolio) -> None:
    let_keep(cast.deputy, cast.admin)
    keeper = let(cast.deputy, KEEP_PLANS, cast.admin)
    north = make_department("SALES-N", "城北营销部", "Sales North", cast.sales)
    other = make_portfolio(cast, "城北一线", holder=cast.inspector, code="CB1", department=north)
    customers = [customer, make_customer(portfolio, cast.salesperson, "南门口惠民便利店"), make_customer(other, cast.inspector, "枫林路同乐副食店")]
    products = [make_product(cast), make_product(cast, "松涛（硬）", "4301120")]
    make_prices(cast, dict.fromkeys(products, 10_000))
    for product in products:
        receive(cast, product, make_warehouse(), 5_000)
    for one in customers:
        give_credit(cast, one, 100_000_000)
    plan = make_plan(cast, keeper, day=today(), amount=90_000_000)
    line = split(top(plan), keeper, 10_000_000, (cast.salesperson, 50_000_000), (north, 30_000_000))
    split(line.parts.get(department=north), keeper, 5_000_000, (cast.inspector, 25_000_000))
    version = publish(cast, plan, keeper)
    chance, total, start = random.Random(7), 0, timezone.now()
    Plan.objects.filter(pk=plan.pk).update(ends_on=today() + timedelta(days=20))
    plan.refresh_from_db()
    past: dict[str, int] = {}
    for turn in range(4):
        with time_machine.travel(start + timedelta(days=turn)):
            for _sale in range(3):
                number = chance.randrange(2, 30)
                handled = sell(cast, chance.choice(customers), chance.choice(products), number)
                back = chance.randrange(number)
                if back and chance.randrange(2):
                    bring_back(cast, handled, back)
                    number -= back
                total += number * 10_000
            before = {part.query: part.actual for part in Ledger(plan, keeper).cut("person", top(plan), plan.starts_on, today() - timedelta(days=1))}
            assert all(before[query] == fen for query, fen in past.items() if query in before)
            if turn == 0:
                hand_over(portfolio, actor=keeper, to=cast.head, starts_on=today() + timedelta(days=1))
            elif turn == 1:
                move_customer(customers[1], actor=keeper, to=other, reason="片区调整")
            elif turn == 2:
                merge_customers(customers[0], customers[2], actor=keeper, reason="同一家店")
                customers.pop()
            assert check(plan, keeper, version) == total
            past = {part.query: part.actual for part in Ledger(plan, keeper).cut("person", top(plan), plan.starts_on, today())}
    north.refresh_from_db()
    change_department(north, actor=cast.admin, parent=cast.quality)
    assert check(plan, keeper, version) == total, "what was sold stays where the department stood"
    for person in (*cast.employees, cast.admin):
        user = fresh(person)
        seen = set(visible_to(Sold, user).values_list("pk", flat=True))
        assert seen == {one.pk for one in Sold.objects.all() if viewers_of(one).filter(pk=user.pk).exists()}
        sold = set(Sold.objects.filter(customer__root__in=customers_sold_to(user)).values_list("pk", flat=True))
        assert sold <= seen
    assert not visible_to(Sold, fresh(cast.operator)).exists()
