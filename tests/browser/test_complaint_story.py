"""A complaint by three people: taken, diagnosed by a handler, judged by another, compensated, and closed with the customer's word."""

from playwright.sync_api import Page, expect

from crm.orders.capabilities import KEEP_ACCOUNTS
from crm.orders.models import Payment
from crm.service.capabilities import DIAGNOSE, JUDGE
from tests.crm.dealing import give_credit
from tests.crm.goods import let
from tests.crm.writing import make_customer, make_portfolio


def send(page: Page) -> None:
    page.locator("form.stack button.primary").click()


def test_a_complaint_goes_through_three_pairs_of_hands(cast, open_page):
    customer = make_customer(make_portfolio(cast), cast.salesperson)
    give_credit(cast, customer, 9_000_000)
    let(let(cast.inspector, DIAGNOSE, cast.admin), KEEP_ACCOUNTS, cast.admin)
    let(cast.head, JUDGE, cast.admin)
    taker = open_page(f"/crm/service/objections/new/{customer.pk}/", cast.salesperson)
    taker.locator("[name=kind]").select_option("complaint")
    taker.locator("[name=fault]").select_option("manner")
    taker.locator("[name=text]").fill("送货员态度差，摔坏一条烟")
    taker.locator("[name=loss]").fill("300")
    send(taker)
    expect(taker.locator("h1")).to_contain_text("YY")
    at = taker.url
    handler = open_page(at, cast.inspector)
    handler.get_by_role("link", name="初步诊断").click()
    handler.locator("[name=text]").fill("监控可见，属实")
    send(handler)
    expect(handler.locator("main")).to_contain_text("监控可见，属实")
    expect(handler.get_by_role("link", name="裁定")).to_have_count(0)
    judge = open_page(at, cast.head)
    judge.get_by_role("link", name="裁定").click()
    judge.locator("[name=result]").select_option("valid")
    judge.locator("[name=cause]").select_option("service")
    judge.locator("[name=text]").fill("按规定赔付并道歉")
    judge.locator("[name=awarded]").fill("300")
    send(judge)
    expect(judge.locator("main")).to_contain_text("300.00")
    handler.goto(at)
    handler.get_by_role("link", name="赔付").click()
    send(handler)
    handler.get_by_role("link", name="客户意见").click()
    handler.locator("[name=text]").fill("认可")
    send(handler)
    expect(handler.get_by_role("alert").first).to_be_visible()
    handler.locator("[name=gift]").fill("购物袋一个")
    send(handler)
    expect(handler.locator("main")).to_contain_text("购物袋一个")
    taker.reload()
    expect(taker.locator("main")).to_contain_text("已关闭")
    assert Payment.objects.get(kind="note").fen == 30_000
