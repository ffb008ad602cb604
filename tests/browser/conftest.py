"""A browser for the tests that need one: Debian's Chromium, driven by Playwright, with axe."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page, Response, expect, sync_playwright

from portal.accounts.models import User
from tests.browser.chromium import CHROMIUM, launch
from tests.browser.sockets import SocketServer
from tests.cast import Cast, make_cast
from tests.runtime.portal_process import free_ports

# What a browser writes on its console by itself: pages that are refused, and the socket where none listens.
EXPECTED = (
    "Failed to load resource: the server responded with a status of 4",
    "Failed to load resource: the server responded with a status of 507",
    "WebSocket connection to",
    "Failed to load resource: net::ERR_INTERNET_DISCONNECTED",
)
# The frame is the same on every page: those who walk over many look at it once.
FRAME = [".top", ".rail", ".bottom-bar"]
VIOLATIONS = """(leftOut) => axe.run({include: [document], exclude: leftOut}, {resultTypes: ["violations"]}).then(({violations}) =>
  violations.map(({id, impact, nodes}) => [id, impact, nodes.map((node) => node.html.slice(0, 200))]))"""
expect.set_options(timeout=30_000)  # a fact may take its time on a machine that does much else
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright has a loop in this thread; the database is used outside it


def wait_until_attached(page: Page) -> None:
    """Until every behaviour that the page asks for listens: some are modules, which come after the page. A person's hand is slower than a script's."""
    expect(page.locator("html[data-attached]")).to_have_count(1)


def _wait_before_acting(page: Page) -> None:
    """The same before whatever is pressed or filled in, also where a press led to another page or htmx brought a part of one."""
    page.add_locator_handler(page.locator("html:has(script[src*='js/portal.']):not([data-attached])"), lambda: None)


def _slow_down(page: Page) -> None:
    """As over a poor line, each time anew: shows who is quicker than the page's scripts. `SLOW=1 pytest tests/browser`."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.send("Network.emulateNetworkConditions", {"offline": False, "latency": 5, "downloadThroughput": 150_000, "uploadThroughput": 1_000_000})


def _then_attached(page: Page, go: Callable[..., Response | None]) -> Callable[..., Response | None]:
    """The same way to a page, which ends when the page can be used; pages without our script are left as they are."""

    def go_there(*arguments: Any, **options: Any) -> Response | None:
        answer = go(*arguments, **options)
        if page.locator("html[data-scripted]").count():
            wait_until_attached(page)
        return answer

    return go_there


@pytest.fixture(scope="module")  # a loop left running would be in the way of tests that start their own
def browser() -> Iterator[Browser]:
    if CHROMIUM is None and not os.environ.get("CI"):
        pytest.skip("Chromium is not installed; on Debian: apt install chromium-headless-shell")
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """The cast, where the server of the test can see it."""
    return make_cast()


@pytest.fixture
def sockets(settings, live_server, cast: Cast) -> Iterator[SocketServer]:
    """Where pages find their socket, as with the portal's own two ports."""
    settings.SOCKET_PORT = free_ports()
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"port": live_server.thread.port})
    server = SocketServer(settings.SOCKET_PORT)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def open_page(browser: Browser, live_server) -> Iterator[Callable[..., Page]]:
    """`open_page("/", person)`: the page in a fresh window of that person, or of nobody. Errors on its console fail the test."""
    contexts = []
    errors: list[str] = []

    def open_one(path: str, person: User | None = None, *, width: int = 1280, theme: str = "light", scripts: bool = True) -> Page:
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": width, "height": 860}, color_scheme=theme, java_script_enabled=scripts, bypass_csp=False
        )
        contexts.append(context)
        if person is not None:
            client = Client()
            client.force_login(person)
            context.add_cookies([{"name": "gongfang_session", "value": client.cookies["gongfang_session"].value, "url": live_server.url}])
        context.on("weberror", lambda error: errors.append(str(error.error)))
        context.on("console", lambda message: errors.append(message.text) if message.type == "error" and not message.text.startswith(EXPECTED) else None)
        page = context.new_page()
        if scripts:
            _wait_before_acting(page)
        if os.environ.get("SLOW"):
            _slow_down(page)
        for way in ("goto", "reload"):
            setattr(page, way, _then_attached(page, getattr(page, way)))
        page.goto(path)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not errors


@pytest.fixture
def assert_accessible() -> Callable[..., None]:
    """axe finds nothing (in all of the page, or in what stands within the frame), and nothing scrolls sideways."""
    axe = Axe().axe_script

    def check(page: Page, *, with_frame: bool = True) -> None:
        page.evaluate(axe)
        found = page.evaluate(VIOLATIONS, [] if with_frame else FRAME)
        assert not found, found
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"

    return check
