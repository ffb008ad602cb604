"""What a page costs: CPU and queries of the main pages as a ratio to a bare Django page, and requests per second."""

import gc
import statistics
import time
from collections.abc import Mapping
from importlib import import_module
from io import BytesIO

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings

from benchmarks.context import Context
from benchmarks.rows import Row, at_least, at_most, told
from portal.accounts.models import User
from portal.organization.models import Department, Employment
from tests.runtime.portal_process import free_ports

ROUNDS, PAGES_A_ROUND = 9, 20
REFERENCE = "/reference/"
LIST_GOAL, THROUGHPUT_GOAL = 1.5, 0.7
TURNS = 8
REFERENCE_BACKEND = "django.contrib.auth.backends.ModelBackend"
ENVIRON = {
    "REQUEST_METHOD": "GET",
    "HTTP_HOST": "127.0.0.1:8000",
    "SERVER_NAME": "127.0.0.1",
    "SERVER_PORT": "8000",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "REMOTE_ADDR": "127.0.0.1",
    "wsgi.url_scheme": "http",
}


def measure(context: Context) -> list[Row]:
    context.fill_plant()
    employment = Employment.objects.current().primary().filter(person__is_superuser=False, person__is_active=True, position__is_head=False).order_by("pk")[100]
    person, department = employment.person, Department.objects.order_by("path")[3]
    cookie, plain_cookie = context.sign_in(person), context.sign_in(person, backend=REFERENCE_BACKEND)
    keeper = context.sign_in(User.objects.filter(is_superuser=True).order_by("pk")[0])
    pages = [
        ("home", "/", cookie, False),
        ("directory", "/organization/people/", cookie, True),
        ("directory, search by pinyin", "/organization/people/?q=wangwei", cookie, True),
        ("a person's card", f"/organization/people/{person.pk}/", cookie, False),
        ("departments", "/organization/departments/", cookie, True),
        ("a department", f"/organization/departments/{department.pk}/", cookie, False),
        ("organization chart", "/organization/chart/", cookie, True),
        ("notifications", "/notifications/", cookie, True),
        ("groups", "/access/groups/", cookie, True),
        ("preferences", "/accounts/preferences/", cookie, False),
        ("positions", "/organization/positions/", keeper, True),
        ("record", "/administration/record/", keeper, True),
    ]
    return [*cpu_rows(context, pages, plain_cookie), *_throughput(context, cookie, plain_cookie)]


def cpu_rows(
    context: Context, pages: list[tuple[str, str, str, bool]], plain_cookie: str, *, area: str = "pages", goal: float = LIST_GOAL, site: "Site | None" = None
) -> list[Row]:
    """Pages and reference take turns, so that whatever else the machine does falls on both. `site` where it is not the intranet's."""
    ours, bare = site or Site("portal.config.settings"), Site("benchmarks.reference.settings")
    rows: list[Row] = []
    for name, path, cookie, is_list in pages:
        context.say(name)
        queries, size = ours.weigh(path, cookie)
        ratios, own_times = [], []
        for _round in range(ROUNDS):
            reference = bare.time(REFERENCE, plain_cookie)
            own = ours.time(path, cookie)
            ratios.append(own / reference)
            own_times.append((own, reference))
        ratio = statistics.median(ratios)
        own_ms, reference_ms = (statistics.median(times) * 1000 for times in zip(*own_times, strict=True))
        rows.append(told(area, f"{name}: CPU", own_ms, "ms", reference=reference_ms))
        label = f"{name}: CPU of the reference"
        rows.append(at_most(area, label, ratio, "x", goal, reference=1) if is_list else told(area, label, ratio, "x", reference=1))
        rows.append(told(area, f"{name}: queries", queries, "queries"))
        rows.append(told(area, f"{name}: HTML", size / 1024, "kB"))
    return rows


def _throughput(context: Context, cookie: str, plain_cookie: str) -> list[Row]:
    """Both servers stand; they are asked in turns, so that whatever else the machine does falls on both."""
    page_port, reference_port = free_ports(), free_ports()
    page, reference = (page_port, "/organization/people/", cookie), (reference_port, REFERENCE, plain_cookie)
    pairs: list[tuple[float, float]] = []
    with (
        context.server(context.pages_command(page_port), page_port),
        context.server(context.pages_command(reference_port, "benchmarks.reference.wsgi:application"), reference_port),
    ):
        for turn in range(TURNS + 1):
            context.say(f"8 connections, {turn} of {TURNS}")
            own, bare = (context.load(port, path, cookie=own_cookie, seconds=2).per_second for port, path, own_cookie in (page, reference))
            pairs.append((own, bare))
    own_rates, bare_rates = zip(*pairs[1:], strict=True)
    ratio = statistics.median(own / bare for own, bare in pairs[1:])
    return [
        told("pages", "directory, 8 connections", statistics.median(own_rates), "requests/s", reference=statistics.median(bare_rates)),
        at_least("pages", "directory, 8 connections: of the reference", ratio, "x", THROUGHPUT_GOAL, reference=1),
    ]


def settings_of(settings_module: str) -> dict[str, object]:
    """Those in which ours and the reference differ."""
    module = import_module(settings_module)
    return {name: getattr(module, name) for name in ("MIDDLEWARE", "ROOT_URLCONF", "AUTHENTICATION_BACKENDS", "TEMPLATES")}


class Site:
    """A way to ask for pages under these settings, in this process. They are named by their module, or given."""

    def __init__(self, values: str | Mapping[str, object]) -> None:
        self.values = settings_of(values) if isinstance(values, str) else dict(values)
        with override_settings(**self.values):
            self.application = WSGIHandler()

    def ask(self, path: str, cookie: str) -> bytes:
        where, _, query = path.partition("?")
        environ = ENVIRON | {"PATH_INFO": where, "QUERY_STRING": query, "HTTP_COOKIE": cookie, "wsgi.input": BytesIO()}
        status: list[str] = []
        response = self.application(environ, lambda given, headers, exc_info=None: status.append(given))
        body = b"".join(response)
        response.close()
        if not status[0].startswith("200"):
            raise RuntimeError(f"{path}: {status[0]}")
        return body

    def time(self, path: str, cookie: str) -> float:
        """CPU seconds of one page, the mean of a round."""
        with override_settings(**self.values):
            self.ask(path, cookie)
            gc.collect()
            gc.disable()
            begun = time.process_time()
            for _turn in range(PAGES_A_ROUND):
                self.ask(path, cookie)
            took = time.process_time() - begun
            gc.enable()
        return took / PAGES_A_ROUND

    def weigh(self, path: str, cookie: str) -> tuple[int, int]:
        """Queries, and bytes of HTML."""
        with override_settings(**self.values):
            self.ask(path, cookie)
            with CaptureQueriesContext(connection) as captured:
                body = self.ask(path, cookie)
        return len(captured), len(body)
