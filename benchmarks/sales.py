"""Selling of a large plant: 100,000 opportunities with six stage spans each, 50,000 quotations, three yearly plans for 500 people, 500,000 sold lines.

Lists, the board, an opportunity; the funnel of a year by any cut; plan against actual for the whole plant.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.http import QueryDict

from benchmarks import customers
from benchmarks.context import Context
from benchmarks.pages import REFERENCE_BACKEND, cpu_rows
from benchmarks.rows import Row, at_most, told
from benchmarks.timing import fresh, median
from crm.catalogue.models import Brand, Product, Warehouse
from crm.customers.models import Customer, PortfolioHolding
from crm.plans.actual import CUTS as PLAN_CUTS
from crm.plans.actual import Ledger
from crm.plans.models import Plan, PlanLine, PlanVersion, Sold
from crm.plans.services.facts import place_of
from crm.plans.views.detail import rows_of
from crm.sales.funnel import CUTS, cut, funnel_of
from crm.sales.lists import OpportunityList
from crm.sales.models import Opportunity, Stage
from crm.sales.models.stages import SaleKind
from portal.accounts.models import User
from portal.lists.asked import Asked
from portal.lists.definition import list_of
from portal.organization.models import Department
from portal.organization.querysets import today

# Sold lines are a tenth of what a plant has after some years (5,000,000).
OPPORTUNITIES, QUOTATIONS, ORDERS, EACH, PRODUCTS, YEARS = 100_000, 50_000, 100_000, 5, 200, 3
LIST_GOAL, PAGE_GOAL, FUNNEL_GOAL, PLAN_GOAL = 1.5, 2.0, 200, 500
GIVEN = "(SELECT %(stages)s::bigint[] AS stages, %(products)s::bigint[] AS products, %(customers)s::bigint[] AS customers) AS given"
AT = "n * 7919 %% cardinality(customers) + 1"
SELLING = (
    f"""
    INSERT INTO sales_opportunity (name, customer_id, kind, stage_id, stage_since, furthest_id, state, owner_id, department_id, product_id, amount, opened_on,
        expected_on, closed_on, cause, cause_text, next_step, next_on)
    SELECT 'B' || n || ' 国庆陈列', c.id, 'relationship', stages[1 + n %% 5], opened + 50, stages[greatest(3, 1 + n %% 5)],
        CASE WHEN n %% 10 < 3 THEN 'open' WHEN n %% 10 < 6 THEN 'won' ELSE 'lost' END, held.person_id, p.department_id,
        products[1 + n %% cardinality(products)], 100000 + n * 37 %% 9000000, opened, CASE WHEN n %% 10 < 3 THEN current_date + n %% 90 ELSE opened + 60 END,
        CASE WHEN n %% 10 < 3 THEN NULL ELSE opened + 60 END,
        CASE WHEN n %% 10 < 3 THEN '' ELSE (ARRAY['price', 'supply', 'rival', 'service', 'other'])[1 + n %% 5] END, '', '', NULL
    FROM generate_series(1, %(opportunities)s) AS n CROSS JOIN {GIVEN}, LATERAL (SELECT current_date - 61 - n * 31 %% 1034) AS day(opened)
        JOIN customers_customer c ON true JOIN customers_portfolio p ON p.id = c.portfolio_id
        JOIN customers_portfolioholding held ON held.portfolio_id = p.id AND held.ends_on IS NULL
    WHERE c.id = customers[{AT}]
    """,
    """
    INSERT INTO sales_stagespan (opportunity_id, stage_id, entered_at, left_at, actor_id)
    SELECT o.id, CASE n WHEN 6 THEN o.stage_id ELSE stages[(ARRAY[1, 2, 1, 2, 3])[n]] END, o.opened_on + (n - 1) * interval '10 days',
        CASE WHEN n < 6 THEN o.opened_on + n * interval '10 days' WHEN o.state = 'open' THEN NULL ELSE o.closed_on::timestamptz END, o.owner_id
    FROM sales_opportunity o CROSS JOIN generate_series(1, 6) AS n CROSS JOIN (SELECT %(stages)s::bigint[] AS stages) AS given WHERE o.name LIKE 'B%%'
    """,
    """
    INSERT INTO sales_quotation (number, customer_id, opportunity_id, state, version, total, valid_through, order_id, declined_because, author_id, begun_at)
    SELECT 'BX' || o.id, o.customer_id, o.id, CASE WHEN o.id %% 3 = 0 THEN 'declined' ELSE 'sent' END, 1, o.amount, o.opened_on + 90, NULL, '', o.owner_id,
        o.opened_on + interval '20 days'
    FROM sales_opportunity o WHERE o.name LIKE 'B%%' ORDER BY o.id LIMIT %(quotations)s
    """,
    """
    INSERT INTO sales_quotationversion (quotation_id, number, reason, valid_through, total, author_id, sent_at)
    SELECT id, 1, '', valid_through, total, author_id, begun_at FROM sales_quotation WHERE number LIKE 'BX%%'
    """,
)
SOLD = (
    f"""
    INSERT INTO orders_order (number, customer_id, warehouse_id, state, wanted_on, total, remark, placed_at, placed_by_id, key, digest, verdict)
    SELECT 'BX' || n, customers[{AT}], %(warehouse)s, 'delivered', current_date - n %% 1095, 0, '', now() - (n %% 1095) * interval '1 day', %(actor)s,
        gen_random_uuid(), '', '{{}}'
    FROM generate_series(1, %(orders)s) AS n CROSS JOIN {GIVEN}
    """,
    """
    INSERT INTO orders_orderline (order_id, product_id, quantity, fen, price_list, promised_on, delivered, cancelled, returned)
    SELECT o.id, products[1 + (o.id * 31 + k * 37) %% cardinality(products)], 1 + (o.id + k) %% 9, 10000, 'bench', o.wanted_on, 1 + (o.id + k) %% 9, 0, 0
    FROM orders_order o CROSS JOIN generate_series(1, %(each)s) AS k CROSS JOIN (SELECT %(products)s::bigint[] AS products) AS given
    WHERE o.number LIKE 'BX%%'
    """,
    """
    INSERT INTO orders_handling (order_id, kind, fen, reason, at, actor_id, key)
    SELECT id, 'delivery', 1, '', placed_at, placed_by_id, gen_random_uuid() FROM orders_order WHERE number LIKE 'BX%%'
    """,
    """
    INSERT INTO orders_handlingline (handling_id, line_id, quantity)
    SELECT h.id, l.id, l.quantity FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id JOIN orders_handling h ON h.order_id = o.id
    WHERE o.number LIKE 'BX%%'
    """,
    """
    INSERT INTO plans_sold (line_id, day, customer_id, portfolio_id, place_id, person_id, product_id, quantity, fen)
    SELECT hl.id, o.wanted_on, c.id, c.portfolio_id, place.id, held.person_id, l.product_id, l.quantity, l.quantity * l.fen
    FROM orders_handlingline hl JOIN orders_orderline l ON l.id = hl.line_id JOIN orders_order o ON o.id = l.order_id
        JOIN customers_customer c ON c.id = o.customer_id JOIN customers_portfolio p ON p.id = c.portfolio_id
        JOIN plans_place place ON place.department_id = p.department_id
        JOIN customers_portfolioholding held ON held.portfolio_id = p.id AND held.ends_on IS NULL
    WHERE o.number LIKE 'BX%%'
    """,
)
VACUUM = """VACUUM ANALYZE sales_opportunity, sales_stagespan, sales_quotation, sales_quotationversion, plans_sold, plans_planline,
    orders_order, orders_orderline, orders_handling, orders_handlingline"""


def measure(context: Context) -> list[Row]:
    context.fill_plant()
    holder, keeper = customers.fill_customers(context)
    fill_sales(context, keeper)
    cookie, plain = context.sign_in(holder), context.sign_in(holder, backend=REFERENCE_BACKEND)
    mine = Opportunity.objects.filter(owner=holder, name__startswith="B").order_by("pk")[0]
    plan = Plan.objects.filter(made_by=keeper, period="year").order_by("-starts_on")[0]
    lists = [
        ("opportunities, a list", "/crm/opportunities/", cookie, True),
        ("the board", "/crm/sales/", cookie, True),
        ("quotations, a list", "/crm/quotations/", cookie, True),
        ("what was sold, a list", "/crm/plans/sold/", cookie, True),
    ]
    rows = [told("sales", "opportunities", Opportunity.objects.count(), "opportunities"), told("sales", "sold lines", Sold.objects.count(), "lines")]
    rows += cpu_rows(context, lists, plain, area="sales", goal=LIST_GOAL)
    rows += cpu_rows(context, [("an opportunity", mine.get_absolute_url(), cookie, True)], plain, area="sales", goal=PAGE_GOAL)
    rows += cpu_rows(context, [("a plan of the plant", plan.get_absolute_url(), context.sign_in(keeper), False)], plain, area="sales")
    return [*rows, *_funnels(context, keeper), *_planned(context, keeper, plan)]


def _worst(asked: dict[str, Callable[[], Any]]) -> tuple[str, float]:
    times = {name: median(ask) for name, ask in asked.items()}
    return max(times.items(), key=lambda one: one[1])


def _funnels(context: Context, keeper: User) -> list[Row]:
    context.say("the funnel of a year, by each cut")
    definition, last = list_of(OpportunityList.code), today()
    assert definition is not None
    values = QueryDict(f"opened_from={last - timedelta(days=365):%Y-%m-%d}&opened_to={last:%Y-%m-%d}")
    rows = Asked(definition, fresh(keeper), values).rows
    kind = str(SaleKind.RELATIONSHIP)
    name, slowest = _worst({by: partial(cut, rows, kind, by) for by in CUTS})
    return [
        told("sales", "opportunities of the year", rows.count(), "opportunities"),
        at_most("sales", "its funnel", median(partial(funnel_of, rows, kind)), "ms", FUNNEL_GOAL),
        at_most("sales", f"its slowest cut, by {name}", slowest, "ms", FUNNEL_GOAL),
    ]


def _planned(context: Context, keeper: User, plan: Plan) -> list[Row]:
    context.say("plan against actual")
    version, last = plan.versions.get(), today()
    top, ledger = version.lines.get(parent=None), Ledger(plan, fresh(keeper))
    name, slowest = _worst({by: lambda by=by: ledger.cut(by, top, plan.starts_on, last) for by in PLAN_CUTS})
    return [
        told("sales", "lines of the plan", version.lines.count(), "lines"),
        at_most("sales", "plan against actual, every line", median(lambda: rows_of(version, fresh(keeper), ledger, last)), "ms", PLAN_GOAL),
        at_most("sales", f"its slowest cut, by {name}", slowest, "ms", PLAN_GOAL),
    ]


def fill_sales(context: Context, keeper: User) -> None:
    """Made once and kept for the next run."""
    if Opportunity.objects.filter(name__startswith="B").exists():
        return
    context.say(f"writing {OPPORTUNITIES:,} opportunities, {QUOTATIONS:,} quotations and {ORDERS * EACH:,} sold lines")
    with transaction.atomic():
        brand = Brand.objects.create(name="bench of sales")
        drafts = [Product(code=f"BS{number}", name=f"金叶{number}号", brand=brand) for number in range(PRODUCTS)]
        for draft in drafts:
            draft.prepare()
        products = Product.objects.bulk_create(drafts)
        warehouse = Warehouse.objects.create(code="BS", name="bench of sales")
        for department in Department.objects.filter(pk__in=PortfolioHolding.objects.values("portfolio__department")):
            place_of(department.path, department.pk)
        given = {
            "stages": list(Stage.objects.of(SaleKind.RELATIONSHIP).values_list("pk", flat=True)),
            "products": [one.pk for one in products],
            "customers": list(Customer.objects.filter(code__startswith="B").values_list("pk", flat=True)),
            "opportunities": OPPORTUNITIES,
            "quotations": QUOTATIONS,
            "orders": ORDERS,
            "each": EACH,
            "warehouse": warehouse.pk,
            "actor": keeper.pk,
        }
        with connection.cursor() as cursor:
            for statement in (*SELLING, *SOLD):
                cursor.execute(statement, given)
        for year in range(today().year - YEARS + 1, today().year + 1):
            _plan(keeper, year)
    with connection.cursor() as cursor:
        cursor.execute(VACUUM)


def _plan(keeper: User, year: int) -> None:
    """For the whole plant, its departments that sell, and each account manager."""
    top = Department.objects.order_by("path")[0]
    plan = Plan.objects.create(
        period="year", starts_on=date(year, 1, 1), ends_on=date(year, 12, 31), measure="money", department=top, brand=None, made_by=keeper
    )
    version = PlanVersion.objects.create(plan=plan, number=1, reason="bench", author=keeper)
    whole = PlanLine.objects.create(version=version, department=top, amount=10**9, split_by="equal")
    people = defaultdict(list)
    for department, person in PortfolioHolding.objects.filter(portfolio__code__startswith="B").values_list("portfolio__department", "person"):
        people[department].append(person)
    for department, held in people.items():
        line = whole
        if department != top.pk:
            line = PlanLine.objects.create(version=version, parent=whole, department_id=department, amount=10**6, split_by="equal")
        PlanLine.objects.bulk_create(
            [PlanLine(version=version, parent=line, department_id=department, person_id=person, amount=10**4) for person in dict.fromkeys(held)]
        )
