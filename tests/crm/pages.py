"""The pages of the CRM, with one of each to see; and what is photographed of them."""

from datetime import timedelta
from uuid import uuid4

from crm.catalogue.capabilities import KEEP_PRODUCTS, KEEP_STOCK
from crm.catalogue.services.stock import plan_supply
from crm.customers.services.dealings import note_dealing
from crm.customers.services.merges import merge_customers
from crm.customers.services.pairs import look_for_pairs
from crm.customers.services.tiers import describe_tier
from crm.extranet.services.accounts import invite
from crm.orders.capabilities import DELIVER_ORDERS, KEEP_ACCOUNTS
from crm.orders.services.accounts import book_payment
from crm.orders.services.handling import deliver_order
from crm.plans.capabilities import KEEP_PLANS
from crm.plans.models import Plan
from crm.plans.services.plans import explain_deviation
from crm.sales.capabilities import KEEP_EXPENSES, KEEP_STAGES
from crm.sales.services.leads import note_lead
from crm.sales.services.opportunities import note_step
from crm.sales.services.quotations import begin_quotation, decline_quotation, send_quotation
from portal.accounts.models import User
from portal.organization.querysets import today
from tests.cast import Cast
from tests.crm.dealing import give_credit, make_release, order
from tests.crm.goods import let, make_prices, make_product, make_warehouse, receive
from tests.crm.marketing_pages import furnish_marketing
from tests.crm.outside import browser_of, make_account
from tests.crm.planning import make_plan, publish, split, top
from tests.crm.selling import close, move, open_sale, stages
from tests.crm.serving import furnish_service
from tests.crm.spending import spend
from tests.crm.surveying import furnish_surveys
from tests.crm.visit_pages import furnish_visits
from tests.crm.writing import LICENCE, change, fresh, let_keep, make_contact, make_customer, make_portfolio

SHOTS = (
    ("customers", "/crm/customers/"),
    ("customer", "main table tbody a"),
    ("products", "/crm/products/"),
    ("product", "main table tbody a"),
    ("sales", "/crm/sales/"),
    ("opportunity", ".sale-card a"),
    ("funnel", "/crm/sales/funnel/"),
    ("service", "/crm/service/"),
    ("request", "main table tbody a"),
    ("visits", "/crm/visits/"),
    ("expenses", "/crm/expenses/"),
    ("plans", "/crm/plans/"),
    ("plan", "main table tbody a"),
    ("objections", "/crm/service/objections/"),
    ("objection", "main table tbody a"),
    ("orders", "/crm/orders/"),
    ("order", "main table tbody a"),
    ("campaigns", "/crm/marketing/campaigns/"),
    ("campaign", "main table tbody a"),
    ("surveys", "/crm/surveys/"),
    ("survey", "main table tbody a"),
)


def furnish_plan(cast: Cast) -> Plan:
    """This year's, split and in force; 孙丽 keeps plans."""
    let(cast.salesperson, KEEP_PLANS, cast.admin)
    plan = make_plan(cast, cast.salesperson)
    line = split(top(plan), cast.salesperson, 20_000_000, (cast.salesperson, 80_000_000)).parts.get()
    publish(cast, plan, cast.salesperson)
    explain_deviation(line, actor=fresh(cast.salesperson), on=today(), actual=0, reason="新店推迟开业", measure="三月补齐")
    return plan


def furnish(cast: Cast) -> tuple[User, list[str]]:
    """孙丽 holds a portfolio and keeps the file."""
    portfolio = make_portfolio(cast)
    let_keep(cast.salesperson, cast.admin)
    customer = make_customer(portfolio, cast.salesperson, licence_no=LICENCE, licence_ends_on=today() + timedelta(days=20), remark="周二订货，上午接货。")
    double = make_customer(portfolio, cast.salesperson, "红星路金穗便利店", licence_ends_on=today() - timedelta(days=3))
    contact = make_contact(customer, cast.salesperson)
    change(customer, cast.salesperson, name="红星路金穗名烟名酒", reason="招牌更换")
    actor = fresh(cast.salesperson)
    note_dealing(customer, actor=actor, kind="call", text="询问松涛（典藏）能否多给", promise="典藏货源答复", due_on=today() - timedelta(days=1))
    note_dealing(customer, actor=actor, kind="complaint", text="上周少送一条")
    product, warehouse = make_product(cast, remark="典藏系列，按片区投放。"), make_warehouse()
    for capability in (KEEP_PRODUCTS, KEEP_STOCK):
        let(cast.salesperson, capability, cast.admin)
    priced = make_prices(cast, {product: 42_400})
    receive(cast, product, warehouse, 1_283)
    plan_supply(actor=fresh(cast.admin), product=product, warehouse=warehouse, day=today() + timedelta(days=3), quantity=500, source="月度生产计划")
    give_credit(cast, customer, 9_000_000)
    placed = order(cast.salesperson, customer, {product: 55})
    deliver_order(placed, actor=fresh(cast.admin), quantities={placed.lines.get().pk: 20}, key=uuid4())
    book_payment(customer, actor=fresh(cast.admin), fen=500_000, came_on=today(), reference="转 001", key=uuid4())
    released = make_release(cast, cast.salesperson, customer, product)
    for capability in (DELIVER_ORDERS, KEEP_ACCOUNTS):
        let(cast.salesperson, capability, cast.admin)
    let(cast.salesperson, KEEP_STAGES, cast.admin)
    sale = open_sale(customer, cast.salesperson, product=product, rivals=["湘江烟草"], next_step="送陈列方案", next_on=today() + timedelta(days=2))
    note_step(move(sale, cast.salesperson, 2), actor=fresh(cast.salesperson), text="上门看了柜台位置，量了尺寸。")
    spending = spend(cast.salesperson, customer, opportunity=sale).get_absolute_url()
    let(cast.salesperson, KEEP_EXPENSES, cast.admin)
    lost = close(open_sale(customer, cast.salesperson, "宴席用烟"), cast.salesperson, "lost", "rival")
    lead = note_lead(actor=fresh(cast.salesperson), portfolio=portfolio, name="枫林宾馆", text="宴席用烟", source="call")
    quoted = begin_quotation(actor=fresh(cast.salesperson), customer=customer, quantities={product.pk: 20}, valid_through=today(), opportunity=sale)
    send_quotation(quoted, actor=fresh(cast.salesperson))
    other = begin_quotation(actor=fresh(cast.salesperson), customer=customer, quantities={product.pk: 7}, valid_through=today())
    decline_quotation(other, actor=fresh(cast.salesperson), reason="价格高")
    quotation, serving = quoted.get_absolute_url(), furnish_service(cast, customer)
    plan = furnish_plan(cast).get_absolute_url()
    quotation = quoted.get_absolute_url()
    selling, stage = sale.get_absolute_url(), stages()[0]
    bought, account = placed.get_absolute_url(), f"/crm/accounts/{customer.pk}/"
    good, prices = product.get_absolute_url(), priced.get_absolute_url()
    at, of = customer.get_absolute_url(), f"/crm/portfolios/{portfolio.pk}/"
    merge_customers(customer, make_customer(portfolio, cast.salesperson, "金穗烟酒"), actor=fresh(cast.salesperson), reason="同一家店")
    look_for_pairs()
    describe_tier(actor=fresh(cast.salesperson), tier="strategic", strategy="每周走访一次，新品优先投放。", team="李敏、孙丽")
    visits = furnish_visits(cast, portfolio, customer, double, cast.salesperson)
    outsider = make_account(customer, cast.salesperson)
    browser_of(outsider)
    invited = invite(actor=fresh(cast.salesperson), customer=customer, name="唐建军", login="tang@shop.cn").get_absolute_url()
    marketing = furnish_marketing(cast, customer, product, cast.salesperson)
    return cast.salesperson, [
        *marketing,
        *furnish_surveys(cast, cast.salesperson),
        "/crm/outsiders/", outsider.get_absolute_url(), invited, f"{at}outsiders/new/",
        *visits,
        "/crm/customers/", "/crm/customers/?q=没有的", "/crm/customers/new/", at, f"{at}?on=2026-03-03", f"{at}history/", f"{at}change/", f"{at}portfolio/",
        "/crm/products/", good, f"{good}change/", f"{good}receipts/new/", f"{good}issues/new/", f"{good}counts/new/", f"{good}transfers/new/",
        f"{good}supplies/new/", "/crm/products/new/", "/crm/stock/", "/crm/prices/", "/crm/prices/new/", prices, f"{prices}issue/",
        f"{at}merge/", f"{at}merge/{double.pk}/", f"{at}merges/", f"{at}contacts/new/",
        f"{at}contacts/{contact.pk}/", f"{at}dealings/new/", "/crm/portfolios/", "/crm/portfolios/new/", "/crm/tiers/",
        "/crm/tiers/decisions/new/", "/crm/tiers/key/", "/crm/callers/?number=13800000000", "/crm/duplicates/", "/crm/customers/imports/", of, f"{of}handover/",
        "/crm/quotations/", quotation, f"{quotation}change/", f"{quotation}decline/", f"{quotation}order/", f"{quotation}print/", f"{at}quotations/new/",
        "/crm/sales/", "/crm/sales/funnel/", "/crm/sales/stages/", "/crm/sales/stages/new/", f"/crm/sales/stages/{stage.pk}/", "/crm/leads/", "/crm/leads/new/",
        f"/crm/leads/{lead.pk}/", f"/crm/leads/{lead.pk}/drop/", "/crm/opportunities/", "/crm/opportunities/new/", selling, f"{selling}change/",
        f"{selling}steps/new/", f"{selling}win/", f"{selling}lose/", lost.get_absolute_url(),
        "/crm/expenses/", "/crm/expenses/new/", "/crm/expenses/bound/", "/crm/expenses/figures/", spending, f"{spending}correction/", f"{spending}withdrawal/",
        "/crm/plans/", "/crm/plans/new/", "/crm/plans/sold/", plan, f"{plan}?by=person", f"{plan}sufficiency/", f"{plan}versions/new/",
        "/crm/orders/", "/crm/orders/new/", f"/crm/orders/new/{customer.pk}/", bought, f"{bought}change/", f"{bought}delivery/", f"{bought}return/",
        "/crm/receivables/colours/",
        f"{good}price/?customer={customer.code}&quantity=50", f"{good}price/?customer=jinsui",
        "/crm/releases/", released.get_absolute_url(),
        *serving,
        "/crm/receivables/", "/crm/receivables/ageing/", account, f"{account}terms/", f"{account}payments/new/", f"{account}caps/new/",
    ]  # fmt: skip
