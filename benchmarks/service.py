"""Service of a large plant: half a million requests. The list with its clocks, what is late, a request, and warnings of the whole plant."""

from django.db import connection
from django.utils import timezone

from benchmarks import activities, customers
from benchmarks.context import Context
from benchmarks.pages import REFERENCE_BACKEND, cpu_rows
from benchmarks.rows import Row, at_most, told
from benchmarks.timing import fresh, median, timed
from crm.customers.warnings import warning_measures
from crm.service.models import Request
from crm.service.services.requests import reckon
from crm.service.services.warnings import look_for_warnings, set_warning_rule
from portal.accounts.models import User

REQUESTS = 500_000
LIST_GOAL, PAGE_GOAL, WARNINGS_GOAL, SHOWN = 1.5, 2.5, 30, 50
WRITE = """
    INSERT INTO service_request (number, customer_id, caller, kind, channel, text, state, owner_id, department_id, noted_by_id, noted_at, round, started_at,
        answer_hours, solve_hours, measure, answer_due_at, solve_due_at, due_at, answered_at, solved_at, was_late, is_told_late, fee)
    SELECT 'B' || lpad(n::text, 9, '0'), customer.id, '', 'supply', 'phone', '典藏缺货，什么时候到？', CASE WHEN is_open THEN 'open' ELSE 'solved' END,
        holding.person_id, portfolio.department_id, holding.person_id, at, 1, at, 8, 24, 'worked', at + interval '1 day', at + interval '3 days',
        CASE WHEN is_open THEN at + interval '1 day' END, CASE WHEN NOT is_open THEN at + interval '5 hours' END,
        CASE WHEN NOT is_open THEN at + interval '2 days' END, false, true, 0
    FROM (SELECT id, portfolio_id, row_number() OVER (ORDER BY id) AS place FROM customers_customer WHERE code LIKE 'B%%') AS customer
        JOIN customers_portfolio AS portfolio ON portfolio.id = customer.portfolio_id
        JOIN customers_portfolioholding AS holding ON holding.portfolio_id = portfolio.id AND holding.ends_on IS NULL
        JOIN (SELECT n, n %% (SELECT count(*) FROM customers_customer WHERE code LIKE 'B%%') + 1 AS place FROM generate_series(1, %(requests)s) AS n)
            AS numbered USING (place)
        CROSS JOIN LATERAL (SELECT now() - n %% 525600 * interval '1 minute' AS at, n %% 50 = 0 AS is_open) AS made
"""


def measure(context: Context) -> list[Row]:
    context.fill_plant()
    holder, keeper = customers.fill_customers(context)
    activities.fill_visits(context)
    fill_requests(context)
    cookie, plain = context.sign_in(holder), context.sign_in(holder, backend=REFERENCE_BACKEND)
    late = Request.objects.filter(owner=holder.pk, due_at__lt=timezone.now()).order_by("pk").first() or Request.objects.filter(owner=holder.pk)[0]
    lists = [("requests, due first", "/crm/service/", cookie, True), ("requests that are late", "/crm/service/?clock=late", cookie, True)]
    rows = [told("service", "requests in the plant", Request.objects.count(), "requests")]
    rows += cpu_rows(context, lists, plain, area="service", goal=LIST_GOAL)
    rows += cpu_rows(context, [("a request", late.get_absolute_url(), cookie, True)], plain, area="service", goal=PAGE_GOAL)
    return [*rows, _clocks(context), *_warned(context, keeper)]


def fill_requests(context: Context) -> None:
    """Made once and kept for the next run."""
    if Request.objects.filter(number__startswith="B").exists():
        return
    context.say(f"writing {REQUESTS:,} requests")
    with connection.cursor() as cursor:
        cursor.execute(WRITE, {"requests": REQUESTS})
        cursor.execute("VACUUM ANALYZE service_request")


def _clocks(context: Context) -> Row:
    """Dues are stored; this is what reckoning them anew would cost."""
    context.say("clocks")
    rows = list(Request.objects.order_by("-pk")[:SHOWN])
    return told("service", f"reckoning the clocks of {SHOWN} requests anew", median(lambda: [reckon(row, []) for row in rows]), "ms")


def _warned(context: Context, keeper: User) -> list[Row]:
    context.say("warnings of the whole plant")
    for code in warning_measures():
        set_warning_rule(actor=fresh(keeper), measure=code, tier="", yellow=1, orange=3, red=6)
    first = timed(look_for_warnings) / 1000
    again = timed(look_for_warnings) / 1000
    return [
        at_most("service", "warnings of the whole plant, the first night", first, "s", WARNINGS_GOAL),
        at_most("service", "the night after", again, "s", WARNINGS_GOAL),
    ]
