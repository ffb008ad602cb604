"""A retailer on a telephone beside the account manager inside: an order through the gate, a complaint with a picture, decided, and the shop's word on it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from crm.orders.models import Order
from crm.orders.services.handling import deliver_order
from crm.service.capabilities import DIAGNOSE, JUDGE
from crm.service.models import Objection
from crm.service.services.objections import judge_objection
from portal.outbox.services import drain
from tests.attachments.samples import png
from tests.crm.dealing import give_credit
from tests.crm.goods import let, make_prices, make_product, make_warehouse, receive
from tests.crm.outside import PASSWORD, make_account, outside
from tests.crm.writing import fresh, make_customer, make_portfolio


@pytest.fixture
def phone(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A telephone of 360 points at the customers' site; its steps are taken within `outside()`, for both sites are of one process here."""
    with outside():
        site = LiveServer("127.0.0.1")
    context = browser.new_context(base_url=site.url, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    yield context.new_page()
    context.close()
    site.stop()


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def test_a_shop_orders_and_complains_and_is_answered(cast, open_page, phone):
    customer = make_customer(make_portfolio(cast), cast.salesperson)
    product = make_product(cast)
    make_prices(cast, {product: 15_250})
    receive(cast, product, make_warehouse(), 100)
    give_credit(cast, customer, 100_000)
    make_account(customer, cast.salesperson)
    let(cast.salesperson, DIAGNOSE, cast.admin)
    with outside():
        phone.goto("/order/")
        phone.locator("[name=login]").fill("138 0731 6620")
        phone.locator("[name=password]").fill(PASSWORD)
        phone.locator("form.stack button.primary").click()
        phone.locator("[name=q]").fill("songtao")
        phone.locator("[value=find]").click()
        quantity = phone.locator(f"[name='q-{product.code}']")
        quantity.fill("9")
        phone.locator("[value=ask]").click()
        expect(phone.locator(".out-verdict")).to_contain_text("信用额度")
        fits(phone)
        quantity.fill("3")
        phone.locator("[value=send]").click()
        expect(phone.get_by_role("status")).to_contain_text("457.50")
        fits(phone)
    placed = Order.objects.get()
    drain()
    manager = open_page("/notifications/", cast.salesperson)
    manager.get_by_role("button", name=re.compile(placed.number)).first.click()
    expect(manager.locator("h1")).to_contain_text(placed.number)
    expect(manager.locator("main")).to_contain_text("李秀兰")
    manager.goto("about:blank")
    deliver_order(placed, actor=fresh(cast.admin), quantities={placed.lines.get().pk: 3}, key=placed.key)
    with outside():
        phone.reload()
        phone.get_by_role("link", name="投诉").first.click()
        phone.locator("[name=quantity]").fill("1")
        phone.locator("[name=fault]").select_option("mould")
        phone.locator("[name=text]").fill("一条受潮，开条有霉味")
        phone.locator("[name=pictures]").set_input_files({"name": "受潮.png", "mimeType": "image/png", "buffer": png(60, 40)})
        phone.locator("form.stack button.primary").click()
        expect(phone.get_by_role("status")).to_contain_text("YY")
    made = Objection.objects.get()
    manager.goto(made.get_absolute_url())
    expect(manager.locator("main")).to_contain_text("受潮.png")
    manager.get_by_role("link", name="初步诊断").click()
    manager.locator("[name=text]").fill("照片可见霉斑，属实")
    manager.locator("form.stack button.primary").click()
    expect(manager.locator("main")).to_contain_text("照片可见霉斑，属实")
    manager.goto("about:blank")
    judge_objection(made, actor=let(cast.head, JUDGE, cast.admin), result="valid", cause="storage", text="换货")
    with outside():
        phone.goto("/help/")
        phone.get_by_role("link", name=re.compile(made.number)).click()
        phone.get_by_role("link", name="评价处理结果").click()
        phone.locator("[name=is_content][value=yes]").check()
        phone.locator("form.stack button.primary").click()
        expect(phone.get_by_role("status")).to_contain_text("已办结")
        fits(phone)
    made.refresh_from_db()
    assert (made.state, made.is_content) == ("closed", True)
