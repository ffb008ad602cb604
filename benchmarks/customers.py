"""The customers' file of a large plant: 200,000 customers, 10,000 of them with 21 versions, 500 portfolios.

Pages, a past day, who calls, duplicates, imports, merges, a handover.
"""

import time
from datetime import date, timedelta
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import Count

from benchmarks.context import Context
from benchmarks.pages import REFERENCE_BACKEND, cpu_rows
from benchmarks.rows import Row, at_most, told
from benchmarks.timing import fresh, median, p95, timed
from crm.customers.callers import callers
from crm.customers.duplicates import alike
from crm.customers.models import Customer, CustomerVersion, Intake, Merge, Portfolio, PortfolioHolding, ReachPoint
from crm.customers.reading import end_of
from crm.customers.services.many import undo_intake
from crm.customers.services.merges import merge_customers, undo_merge
from crm.customers.services.pairs import look_for_pairs
from crm.customers.services.portfolios import hand_over
from portal.access.policies import visible_to
from portal.access.services import refresh_people
from portal.accounts.models import User
from portal.imports.models import Import
from portal.imports.running import run_import
from portal.imports.services import confirm_import, plan_import, start_import
from portal.organization.models import Employment
from portal.organization.querysets import today

CUSTOMERS, PORTFOLIOS, OFTEN_CHANGED, CHANGES, LINES, TURNS = 200_000, 500, 10_000, 20, 10_000, 60
LIST_GOAL, PAGE_GOAL, PAST_GOAL = 1.5, 2.5, 2.0
CALL_GOAL, ALIKE_GOAL, MERGE_GOAL, HANDOVER_GOAL, IMPORT_GOAL = 5, 20, 200, 2_000, 60
STREETS = ["红星路", "书院路", "白沙路", "南门口", "五一路", "芙蓉路", "人民路", "解放路", "韶山路", "劳动路", "城南路", "桂花路"]
SHOPS = ["金穗", "惠民", "佳佳", "好邻居", "福万家", "鑫源", "顺发", "兴隆", "盛达", "祥和", "悦来", "家家乐", "一品", "百姓", "和顺", "宏运"]
WRITE = """
    INSERT INTO customers_customer (root_id, code, name, earlier_names, kind, stage, trade, market, uscc, licence_no, licence_ends_on, address, portfolio_id,
        remark, name_pinyin, name_core, found_by, kin_found_by, created_at)
    SELECT NULL, 'B' || lpad(n::text, 8, '0'), name || '烟酒商行', '', 'retailer', 'maturity', 'tobacco',
        CASE WHEN n %% 3 = 0 THEN 'country' ELSE 'town' END, '', '43' || lpad(n::text, 10, '0'), current_date + (n %% 1600 - 20)::int, '长沙市' || n || '号',
        portfolios[1 + n %% cardinality(portfolios)], '',
        'b' || lpad((n * 7919 %% 1000003)::text, 8, '0'), name,
        lower(name || ' B' || lpad(n::text, 8, '0') || ' ' || '43' || lpad(n::text, 10, '0')), '', now() - interval '900 days'
    FROM generate_series(1, %(customers)s) AS n,
        (SELECT %(portfolios)s::bigint[] AS portfolios,
            %(streets)s::text[] AS streets, %(shops)s::text[] AS shops) AS given,
        LATERAL (SELECT streets[1 + n %% cardinality(streets)]
            || shops[1 + (n / 12) %% cardinality(shops)]
            || chr(19968 + n * 31 %% 15000) || chr(19968 + n * 17 %% 9000)) AS made(name)
"""
CHANGE = """
    UPDATE customers_customer SET remark = %s
    WHERE id IN (SELECT id FROM customers_customer WHERE code LIKE 'B%%' ORDER BY portfolio_id, id LIMIT %s)
"""
WRITE_NUMBERS = """
    INSERT INTO customers_reachpoint (customer_id, contact_id, shown, normal, extension)
    SELECT id, NULL, '0731-8' || lpad((id % 10000000)::text, 7, '0'),
        '07318' || lpad((id % 10000000)::text, 7, '0'), '' FROM customers_customer WHERE code LIKE 'B%'
"""


def measure(context: Context) -> list[Row]:
    context.fill_plant()
    holder, keeper = fill_customers(context)
    cookie, plain = context.sign_in(holder), context.sign_in(holder, backend=REFERENCE_BACKEND)
    often = Customer.objects.filter(portfolio__holdings__person=holder, code__startswith="B").order_by("pk")[0]
    past = f"{often.get_absolute_url()}?on={today() - timedelta(days=1):%Y-%m-%d}"
    rows = cpu_rows(context, [("a portfolio as a list", "/crm/customers/", cookie, True)], plain, area="customers", goal=LIST_GOAL)
    rows += cpu_rows(context, [("a customer's page", often.get_absolute_url(), cookie, True)], plain, area="customers", goal=PAGE_GOAL)
    rows += cpu_rows(context, [("the page of a past day", past, cookie, True)], plain, area="customers", goal=PAGE_GOAL)
    return [*rows, *_asked(context, holder), *_written(context, keeper), *_brought(context, keeper)]


def _asked(context: Context, holder: User) -> list[Row]:
    context.say("who calls, what is alike, a past day")
    mine = list(visible_to(Customer, fresh(holder)).order_by("pk")[:TURNS])
    numbers = dict(ReachPoint.objects.filter(customer__in=mine).values_list("customer", "normal"))
    calls = [timed(lambda number=number: callers(fresh(holder), number)) for number in numbers.values()]
    typed = [timed(lambda row=row: alike(fresh(holder), name=row.name[:-4] + "便利店", licence_no=row.licence_no)) for row in mine]
    moment = end_of(today() - timedelta(days=1))
    shown = visible_to(Customer, fresh(holder))
    now = median(lambda: list(shown.all()))
    portfolios = list(PortfolioHolding.objects.on(today()).filter(person=holder).values_list("portfolio", flat=True))
    then = median(lambda: list(CustomerVersion.objects.at(moment).filter(portfolio_id__in=portfolios)))
    night = timed(look_for_pairs)
    return [
        at_most("customers", "who calls? p95", p95(calls), "ms", CALL_GOAL),
        at_most("customers", "alike while one types, p95", p95(typed), "ms", ALIKE_GOAL),
        at_most("customers", "all of a portfolio as of a past day", then, "ms", PAST_GOAL * now, reference=now),
        told("customers", "the night's look for pairs", night / 1000, "s"),
    ]


def _written(context: Context, keeper: User) -> list[Row]:
    context.say("merging, undoing, handing over")
    rows = list(Customer.objects.filter(code__startswith="B").order_by("-pk")[: 2 * TURNS])
    merged, undone = [], []
    for one, other in zip(rows[::2], rows[1::2], strict=True):
        merged.append(timed(lambda one=one, other=other: merge_customers(one, other, actor=fresh(keeper))))
        merge = Merge.objects.get(survivor=one, absorbed=other, undone_at__isnull=True)
        undone.append(timed(lambda merge=merge: undo_merge(merge, actor=fresh(keeper))))
    large = Portfolio.objects.annotate(number=Count("customers")).order_by("-number")[0]
    to = Employment.objects.current().primary().filter(person__is_superuser=False).order_by("-pk")[0].person
    with transaction.atomic():
        handed = timed(lambda: hand_over(large, actor=fresh(keeper), to=to, starts_on=today() + timedelta(days=1)))
        transaction.set_rollback(True)
    return [
        at_most("customers", "merging two files, p95", p95(merged), "ms", MERGE_GOAL),
        at_most("customers", "undoing it, p95", p95(undone), "ms", MERGE_GOAL),
        told("customers", "customers in the portfolio that is handed over", large.number, "customers"),  # type: ignore[attr-defined]
        at_most("customers", "handing it over", handed, "ms", HANDOVER_GOAL),
    ]


def _brought(context: Context, keeper: User) -> list[Row]:
    context.say(f"bringing {LINES:,} customers from a file, and taking them out")
    content = _file()
    begun = time.monotonic()
    started = start_import("crm.customers", content=content, file_name="零售户.csv", actor=fresh(keeper))
    plan_import(started, header_row=started.header_row, mapping=started.mapping, actor=fresh(keeper))
    confirm_import(Import.objects.get(pk=started.pk), leaves_out_refused=True, actor=fresh(keeper))
    run_import(started.pk)
    brought = time.monotonic() - begun
    ended = Import.objects.get(pk=started.pk)
    if ended.status != Import.Status.DONE:
        raise RuntimeError(f"the import ended as {ended.status}: {ended.failure}")
    intake = Intake.objects.order_by("-pk")[0]
    taken = timed(lambda: undo_intake(intake, actor=fresh(keeper))) / 1000
    return [
        at_most("customers", f"an import of {LINES:,} rows", brought, "s", IMPORT_GOAL),
        at_most("customers", "taking it out again", taken, "s", IMPORT_GOAL),
        told("customers", "of it left", Customer.objects.filter(code__startswith="N").count(), "customers"),
    ]


def _file() -> bytes:
    mark = uuid4().hex[:6]
    code = Portfolio.objects.filter(closed_on__isnull=True).order_by("pk")[0].code
    lines = [
        f"N{mark}{number:06},{STREETS[number % 12]}{SHOPS[number % 16]}{chr(19968 + number)}超市,零售户,城镇,{code},0731-8{number:07},长沙市{number}号"
        for number in range(LINES)
    ]
    return "\r\n".join(["客户编号,客户名称,客户类别,市场类型,客户片区,联系电话,地址", *lines]).encode("gb18030")


def fill_customers(context: Context) -> tuple[User, User]:
    """Somebody who holds a portfolio of 400, and one who keeps the file. Made once and kept for the next run."""
    keeper = User.objects.filter(is_superuser=True).order_by("pk")[0]
    posts = list(
        Employment.objects.current().primary().filter(person__is_superuser=False).select_related("person", "department").order_by("pk")[200 : 200 + PORTFOLIOS]
    )
    if not Portfolio.objects.filter(code="B1").exists():
        context.say(f"writing {CUSTOMERS:,} customers in {PORTFOLIOS} portfolios")
        _write(posts)
    refresh_people(None)
    holder = next(post.person for post in posts if visible_to(Customer, fresh(post.person)).count() < 2 * CUSTOMERS // PORTFOLIOS)
    return holder, keeper


def _write(posts: list[Employment]) -> None:
    with transaction.atomic():
        made = Portfolio.objects.bulk_create(
            [
                Portfolio(code=f"B{place + 1}", name=f"片区{place + 1}", name_pinyin=f"pianqu{place}", department=post.department)
                for place, post in enumerate(posts)
            ]
        )
        PortfolioHolding.objects.bulk_create(
            [PortfolioHolding(portfolio=row, person=post.person, starts_on=date(2024, 1, 1)) for row, post in zip(made, posts, strict=True)]
        )
        with connection.cursor() as cursor:
            cursor.execute(WRITE, {"customers": CUSTOMERS, "portfolios": [row.pk for row in made], "streets": STREETS, "shops": SHOPS})
            cursor.execute(WRITE_NUMBERS)
            for turn in range(CHANGES):
                cursor.execute(
                    CHANGE,
                    [f"备注{turn}", OFTEN_CHANGED],
                )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE customers_customer, customers_customer_version, customers_reachpoint")
    refresh_people(None)
