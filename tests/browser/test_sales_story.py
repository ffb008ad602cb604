"""From a lead to the plan: an opportunity is opened, moved by keys, arrows and dragging, quoted, sent, ordered through the gate, and sold as planned."""

from datetime import timedelta
from uuid import uuid4

from playwright.sync_api import expect

from crm.orders.models import Order
from crm.orders.services.handling import deliver_order
from crm.sales.models import Opportunity
from crm.sales.services.leads import note_lead
from portal.organization.querysets import today
from tests.cast import employ
from tests.crm.dealing import give_credit
from tests.crm.goods import make_prices, make_product, make_warehouse, receive
from tests.crm.planning import make_plan, publish, split, top
from tests.crm.writing import fresh, make_customer, make_portfolio


def test_a_lead_becomes_an_order_and_counts_in_the_plan(cast, open_page):
    portfolio = make_portfolio(cast)
    customer = make_customer(portfolio, cast.salesperson)
    product, warehouse = make_product(cast), make_warehouse()
    make_prices(cast, {product: 42_400})
    receive(cast, product, warehouse, 300)
    give_credit(cast, customer, 9_000_000)
    lead = note_lead(actor=fresh(cast.salesperson), portfolio=portfolio, name="金穗店主", text="新品专柜", source="visit")
    page = open_page(f"/crm/leads/{lead.pk}/", cast.salesperson)
    page.get_by_role("link", name="开立商机").click()
    page.locator("[name=customer]").fill("jinsui")
    page.locator("[name=kind]").select_option("relationship")
    page.locator("[name=amount]").fill("36,000")
    page.locator("[name=expected_on]").fill(f"{today() + timedelta(days=30):%Y-%m-%d}")
    page.locator("form.stack button.primary").click()
    expect(page.locator("h1")).to_have_text("新品专柜")
    page.goto("/crm/sales/?kind=relationship")
    card = page.locator(".sale-card")
    for press, stage in ((lambda: card.press("ArrowRight"), "需求洽谈"), (lambda: card.locator("[data-way=on]").click(), "方案报价")):
        press()
        expect(page.get_by_role("region", name=stage).locator(".sale-card")).to_be_visible()
    page.locator("html[data-attached]").wait_for()
    card.drag_to(page.get_by_role("region", name="试销上柜"))
    expect(page.get_by_role("region", name="试销上柜").locator(".sale-card")).to_be_visible()
    page.goto(Opportunity.objects.get().get_absolute_url())
    page.get_by_role("link", name="报价", exact=True).click()
    page.locator(f"[name=q-{product.pk}]").fill("20")
    page.get_by_role("button", name="存为草稿").click()
    expect(page.locator("main")).to_contain_text("8,480.00")
    page.get_by_role("button", name="发出").click()
    page.get_by_role("link", name="下单").click()
    page.locator("form.stack button.primary").click()
    expect(page.locator("main")).to_contain_text("已下单")
    page.goto(customer.get_absolute_url())
    expect(page.locator("main")).to_contain_text("新品专柜")
    expect(page.get_by_role("link", name="D20")).to_be_visible()
    employ(cast.deputy, cast.sales, cast.head_post, is_primary=False)
    plan = make_plan(cast, cast.deputy)
    split(top(plan), cast.deputy, 0, (cast.salesperson, 100_000_000))
    publish(cast, plan, cast.deputy)
    order = Order.objects.get()
    deliver_order(order, actor=fresh(cast.admin), quantities={order.lines.get().pk: 20}, key=uuid4())
    page.goto(f"{plan.get_absolute_url()}?by=product")
    expect(page.get_by_role("link", name="8,480").first).to_be_visible()
    expect(page.locator("main")).to_contain_text(product.name)
