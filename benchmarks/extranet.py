"""The customers' site with 10,000 of their people signed in over a day, on the orders that `orders` has written.

What its pages cost; the Monday morning: 500 customers who order within five minutes, as people do: the page, what it comes to, the order.
"""

import gzip
import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.client import HTTPConnection
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.test.utils import override_settings
from django.utils import timezone

from benchmarks.context import Context
from benchmarks.orders import fill_orders
from benchmarks.pages import REFERENCE_BACKEND, Site, cpu_rows
from benchmarks.rows import Row, at_most, told
from benchmarks.timing import p95
from crm.catalogue.models import Product
from crm.customers.models import Customer
from crm.extranet.models import Account, SignIn
from crm.extranet.tokens import digest_of
from crm.orders.models import Order
from portal.accounts.models import User
from portal.config.extranet import extranet_settings
from portal.foundation.assets import join_outside_styles
from portal.foundation.once import FIELD
from tests.runtime.portal_process import free_ports

ACCOUNTS, ORDERING, SECONDS, CLIENTS = 10_000, 500, 300, 32
PAGE_GOAL, QUERIES_GOAL, COLD_GOAL, ANSWER_GOAL = 1.5, 8, 60, 300
COOKIE, CSRF_COOKIE = "gongfang_customers", "gongfang_customers_csrf"
FACE = ("MIDDLEWARE", "ROOT_URLCONF", "TEMPLATES", "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "CSRF_COOKIE_HTTPONLY", "MESSAGE_STORAGE")
HIDDEN = re.compile(rf'name="(csrfmiddlewaretoken|{FIELD})" value="([^"]+)"')


def measure(context: Context) -> list[Row]:
    context.fill_plant()
    actor = User.objects.filter(is_superuser=True).order_by("pk")[0]
    fill_orders(context, actor)
    fill_accounts(context)
    plain = context.sign_in(actor, backend=REFERENCE_BACKEND)
    given = extranet_settings(settings.BASE_DIR)
    site = Site({name: given[name] for name in FACE})
    cookie = f"{COOKIE}={token_of(7)}"
    order = Order.objects.filter(customer=Account.objects.get(login="bench-7@shop.cn").customer).order_by("pk")[0]
    pages = [
        ("home", "/", cookie, True),
        ("products", "/products/", cookie, True),
        ("the order page", "/order/", cookie, True),
        ("orders", "/orders/", cookie, True),
        ("an order", f"/orders/{order.key}/", cookie, True),
        ("due", "/due/", cookie, True),
        ("help", "/help/", cookie, True),
        ("notices and knowledge", "/read/", cookie, True),
    ]
    rows = [told("extranet", "people signed in", SignIn.objects.filter(ended_at__isnull=True).count(), "people")]
    rows += cpu_rows(context, pages, plain, area="extranet", goal=PAGE_GOAL, site=site)
    weighed = [site.weigh(path, cookie) for _name, path, _cookie, _is_list in pages]
    styles = len(gzip.compress(join_outside_styles(settings.BASE_DIR / "static").encode()))
    with override_settings(**site.values):
        cold = max(len(gzip.compress(site.ask(path, cookie))) for _name, path, _cookie, _is_list in pages) + styles
    rows.append(at_most("extranet", "queries of a page, at most", max(queries for queries, _size in weighed), "queries", QUERIES_GOAL))
    rows.append(at_most("extranet", "a page and its styles, compressed, cold, at most", cold / 1000, "kB", COLD_GOAL))
    return rows + _monday(context)


def _monday(context: Context) -> list[Row]:
    context.say(f"{ORDERING} customers order within {SECONDS} s")
    codes = list(Product.objects.filter(code__startswith="B", code__regex="^B[0-9]+$").order_by("pk").values_list("code", flat=True)[:100])
    port = free_ports()
    with context.server(context.pages_command(port), port, environment={"PORTAL_FACE": "extranet"}), ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(lambda turn: _order(port, ORDERING + turn, codes), range(8)))  # both processes are warm, as on any Monday
        begun = time.perf_counter()
        answers = list(pool.map(lambda turn: _come_and_order(port, turn, codes, begun), range(ORDERING)))
    times = [spent for found, _status in answers for spent in found]
    refused = sum(status != 302 for _found, status in answers)
    return [
        at_most("extranet", f"{ORDERING} customers within {SECONDS} s: not ordered", refused, "customers", 0),
        at_most("extranet", "an answer while they order, p95", p95(times), "ms", ANSWER_GOAL),
        told("extranet", "an answer while they order, slowest", max(times), "ms"),
        told("extranet", "the order itself, p95", p95([found[-1] for found, _status in answers]), "ms"),
    ]


def _come_and_order(port: int, turn: int, codes: list[str], begun: float) -> tuple[list[float], int]:
    time.sleep(max(0.0, begun + turn * SECONDS / ORDERING - time.perf_counter()))
    return _order(port, turn, codes)


def _order(port: int, turn: int, codes: list[str]) -> tuple[list[float], int]:
    """The milliseconds of each of the three answers, and the status of the last."""
    client, cookie, times = HTTPConnection("127.0.0.1", port, timeout=30), f"{COOKIE}={token_of(turn)}", []

    def ask(method: str, body: str = "") -> tuple[int, str, str]:
        begun = time.perf_counter()
        client.request(method, "/order/", body, {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"})
        answer = client.getresponse()
        text = answer.read().decode()
        times.append((time.perf_counter() - begun) * 1000)
        return answer.status, text, answer.headers.get("Set-Cookie", "")

    _status, page, given = ask("GET")
    cookie += f"; {given.partition(';')[0]}"
    wanted = {f"q-{codes[(turn * 7 + place) % len(codes)]}": 2 for place in range(5)}
    _status, page, _given = ask("POST", urlencode({**dict(HIDDEN.findall(page)), **wanted, "act": "ask"}))
    status, _page, _given = ask("POST", urlencode({**dict(HIDDEN.findall(page)), **wanted, "act": "send"}))
    client.close()
    return times, status


def token_of(number: int) -> str:
    return f"bench-{number:05}-{UUID(int=number).hex}"


def fill_accounts(context: Context) -> None:
    """Made once and kept for the next run; some customers have two people."""
    now = timezone.now()
    if not Account.objects.filter(login="bench-0@shop.cn").exists():
        context.say(f"writing {ACCOUNTS:,} accounts")
        customers = list(Customer.objects.filter(code__startswith="B", code__regex="^B[0-9]+$").order_by("pk").values_list("pk", flat=True))
        users = User.objects.bulk_create(
            [User(employee_number=f"kh-bench-{number}", name=f"店主{number}", kind="customer", is_active=False, password="!") for number in range(ACCOUNTS)],
            batch_size=1_000,
        )
        accounts = Account.objects.bulk_create(
            [
                Account(customer_id=customers[number % len(customers)], user=user, name=user.name, login=f"bench-{number}@shop.cn", password="!")
                for number, user in enumerate(users)
            ],
            batch_size=1_000,
        )
        SignIn.objects.bulk_create(
            [SignIn(account=account, digest=digest_of(token_of(number)), expires_at=now + timedelta(days=14)) for number, account in enumerate(accounts)],
            batch_size=1_000,
        )
    day = timedelta(days=1) / ACCOUNTS
    rows = list(SignIn.objects.filter(account__login__startswith="bench-").order_by("pk"))
    for number, row in enumerate(rows):
        row.began_at, row.seen_at, row.expires_at = now - day * number, now, now + timedelta(days=14)
    SignIn.objects.bulk_update(rows, ["began_at", "seen_at", "expires_at"], batch_size=2_000)
