"""Orders on the telephone, by the keyboard alone: who calls, how much of what, the verdict, confirmed, and the next in the line."""

from playwright.sync_api import expect

from crm.orders.models import Order
from tests.crm.dealing import give_credit
from tests.crm.goods import make_prices, make_product, make_warehouse, receive
from tests.crm.writing import make_customer, make_portfolio

SHOPS = ("红星路金穗烟酒商行", "书院路惠民便利店", "白沙路佳佳超市")


def test_orders_are_taken_one_after_the_other_without_the_mouse(cast, open_page, assert_accessible):
    portfolio = make_portfolio(cast)
    soft, hard, warehouse = make_product(cast, "松涛（软）", "4301120"), make_product(cast), make_warehouse()
    make_prices(cast, {soft: 10_000, hard: 42_400})
    for product in (soft, hard):
        receive(cast, product, warehouse, 300)
    for shop in SHOPS:
        give_credit(cast, make_customer(portfolio, cast.salesperson, shop), 9_000_000)
    page = open_page("/crm/orders/new/", cast.salesperson)
    for turn, shop in enumerate(SHOPS, start=1):
        page.keyboard.type(shop[:5])
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text(shop)
        expect(page.locator(":focus")).to_have_attribute("inputmode", "numeric")
        page.keyboard.type("10")
        expect(page.locator("#verdict")).to_contain_text("可以通过")
        page.locator("html[data-attached]").wait_for()
        page.keyboard.press("ArrowDown")
        page.keyboard.type("1" if turn < 3 else "999")
        expect(page.locator("#verdict")).to_contain_text("4,340.00" if turn < 3 else "暂不通过")
        if turn == 3:
            page.keyboard.press("Control+A")
            page.keyboard.type("2")
            expect(page.locator("#verdict")).to_contain_text("4,440.00")
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="确认订单")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("接单")
        expect(page.locator("main input[name=q]")).to_be_focused()
    assert_accessible(page)
    assert [order.total for order in Order.objects.order_by("pk")] == [434_000, 434_000, 444_000]
