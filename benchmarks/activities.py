"""Visits of a large plant: 200,000 customers in 500 portfolios, ten visits to each. The week, the lists, the measures, and a month laid for everybody."""

import time

from django.db import connection

from benchmarks import customers
from benchmarks.context import Context
from benchmarks.pages import REFERENCE_BACKEND, cpu_rows
from benchmarks.rows import Row, at_most, told
from benchmarks.timing import fresh
from crm.activities.models import Laying, Promise, PromiseRule, Visit
from crm.activities.services.months import begin_laying, lay_on
from crm.activities.services.promising import make_all_promises
from portal.accounts.models import User
from portal.organization.querysets import today

VISITS_OF_EACH = 10
LIST_GOAL, WEEK_GOAL, LAYING_GOAL = 1.5, 2.0, 60
MARK = "到店，陈列已按标准调整"
WRITE_DEALINGS = """
    INSERT INTO customers_dealing (customer_id, kind, text, happened_at, author_id, promise)
    SELECT customer.id, 'visit', %(mark)s, now() - n * interval '7 days' - (customer.id %% 480) * interval '1 minute', holding.person_id, ''
    FROM customers_customer AS customer
        JOIN customers_portfolioholding AS holding ON holding.portfolio_id = customer.portfolio_id AND holding.ends_on IS NULL
        CROSS JOIN generate_series(1, %(turns)s) AS n
    WHERE customer.code LIKE 'B%%'
"""
WRITE_VISITS = """
    INSERT INTO activities_visit (key, customer_id, person_id, dealing_id, purpose, outcome, arrived_at, said_at, received_at, sheet_out, sheet_back, tags_out,
        material, stock, opinions, results)
    SELECT gen_random_uuid(), customer_id, author_id, id, 'regular', CASE WHEN id %% 9 = 0 THEN 'absent' ELSE 'met' END, happened_at, happened_at, happened_at,
        id %% 2 = 0, id %% 3 = 0, id %% 12, '', '', '', %(mark)s
    FROM customers_dealing WHERE text = %(mark)s
"""


def measure(context: Context) -> list[Row]:
    context.fill_plant()
    holder, keeper = customers.fill_customers(context)
    fill_visits(context)
    cookie, plain = context.sign_in(holder), context.sign_in(holder, backend=REFERENCE_BACKEND)
    laid = _laid(context, keeper)
    lists = [("visits made, a list", "/crm/visits/all/", cookie, True), ("promises, a list", "/crm/visits/promises/", cookie, True)]
    rows = [told("activities", "visits in the plant", Visit.objects.count(), "visits")]
    rows += cpu_rows(context, lists, plain, area="activities", goal=LIST_GOAL)
    rows += cpu_rows(context, [("the week", "/crm/visits/", cookie, True)], plain, area="activities", goal=WEEK_GOAL)
    rows += cpu_rows(context, [("the measures of a month", "/crm/visits/measures/", cookie, False)], plain, area="activities")
    return [*rows, *laid]


def fill_visits(context: Context) -> None:
    """Made once and kept for the next run."""
    if Visit.objects.filter(results=MARK).exists():
        return
    context.say("writing visits")
    with connection.cursor() as cursor:
        cursor.execute(WRITE_DEALINGS, {"mark": MARK, "turns": VISITS_OF_EACH})
        cursor.execute(WRITE_VISITS, {"mark": MARK})
        cursor.execute("VACUUM ANALYZE customers_dealing, activities_visit")


def _laid(context: Context, keeper: User) -> list[Row]:
    """Each customer once a week; the month in which the last of the promises begin."""
    context.say("promises of four weeks for everybody")
    PromiseRule.objects.update_or_create(tier="none", kind="visit", defaults={"every": 1, "unit": "week"})
    begun = time.monotonic()
    made = make_all_promises()
    promised = time.monotonic() - begun
    month = Promise.objects.order_by("-starts_on").values_list("starts_on", flat=True).first() or today()
    context.say("laying a month for everybody")
    laying = begin_laying(actor=fresh(keeper), month=month)
    begun = time.monotonic()
    while lay_on(laying.pk):
        pass
    seconds = time.monotonic() - begun
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE activities_promise")
    return [
        told("activities", "promises made", made, "promises"),
        told("activities", "making them", promised, "s"),
        told("activities", "portfolios laid", Laying.objects.get(pk=laying.pk).done, "portfolios"),
        at_most("activities", "laying a month for all of them", seconds, "s", LAYING_GOAL),
    ]
