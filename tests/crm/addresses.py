"""Who may open what of the CRM, and a thing for each address to be about."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from crm.catalogue.capabilities import READ_PRODUCTS
from crm.catalogue.services.stock import plan_supply
from crm.customers.models import Intake, Pair
from crm.customers.services.dealings import note_dealing
from crm.customers.services.dossiers import add_to_dossier
from crm.customers.services.merges import merge_customers
from crm.extranet.services.accounts import invite
from crm.orders.services.accounts import book_payment
from crm.sales.services.leads import note_lead
from crm.sales.services.quotations import begin_quotation
from crm.service.models import CustomerWarning
from crm.service.services.objections import note_objection
from crm.service.services.reports import make_report
from crm.service.services.rules import set_response_rule
from crm.service.services.warnings import set_warning_rule
from portal.imports.models import Import
from portal.organization.querysets import today
from tests.cast import Cast
from tests.crm.dealing import give_credit, make_release, order
from tests.crm.goods import let, make_prices, make_product, make_warehouse, receive
from tests.crm.marketing_pages import MARKETING_ADDRESSES, make_marketing
from tests.crm.outside import make_account
from tests.crm.planning import make_plan, top
from tests.crm.selling import open_sale, stages
from tests.crm.serving import ask
from tests.crm.spending import spend
from tests.crm.surveying import SURVEY_ADDRESSES, survey_things
from tests.crm.visit_pages import VISIT_ADDRESSES, make_visits
from tests.crm.writing import fresh, make_contact, make_customer, make_portfolio
from tests.permissions.roles import ADMINISTRATORS, EMPLOYEES
from tests.permissions.rules import DONE, UNSEEN, Answers, act, form, imported, page

KEEPERS = {"head", "deputy", "admin"}  # 李敏 heads the department of the portfolio, 赵静 stands in for her
WRITERS = {"inspector", *KEEPERS}  # 王伟 holds it
HOLDS: Answers = {**UNSEEN, "inspector": 403}
LOOKS_UP = HOLDS  # 王伟 may look up products too, without prices

ADDRESSES = [
    form("crm:customer_list", WRITERS, outcome=DONE),
    form("crm:customer_create", WRITERS),
    *imported("crm:customer_import", ADMINISTRATORS, "crm_import"),
    *imported("crm:product_import", ADMINISTRATORS, "crm_product_file"),
    *imported("crm:count_import", ADMINISTRATORS, "crm_count_file"),
    act("crm:intake_undo", ADMINISTRATORS, "crm_intake"),
    page("crm:caller_list", WRITERS),
    page("crm:tier_list", WRITERS),
    form("crm:tier_decide", ADMINISTRATORS),
    form("crm:tier_describe", ADMINISTRATORS, "crm_tier", outcome=DONE),
    form("crm:stage_describe", ADMINISTRATORS, "crm_life_stage", outcome=DONE),
    page("crm:pair_list", KEEPERS),
    act("crm:pair_apart", KEEPERS, "crm_pair", refusal=HOLDS),
    page("crm:customers_alike", WRITERS),
    page("crm:customer_detail", WRITERS, "crm_customer", refusal=UNSEEN),
    page("crm:customer_history", WRITERS, "crm_customer", refusal=UNSEEN),
    form("crm:customer_update", WRITERS, "crm_customer", refusal=UNSEEN),
    form("crm:customer_move", KEEPERS, "crm_customer", refusal=HOLDS),
    form("crm:customer_other", KEEPERS, "crm_customer", refusal=HOLDS),
    form("crm:customer_merge", KEEPERS, "crm_customer crm_double", refusal=HOLDS),
    page("crm:customer_merges", WRITERS, "crm_customer", refusal=UNSEEN),
    act("crm:merge_undo", KEEPERS, "crm_customer crm_merge", refusal=HOLDS),
    form("crm:contact_create", WRITERS, "crm_customer", refusal=UNSEEN),
    form("crm:contact_update", WRITERS, "crm_customer crm_contact", refusal=UNSEEN),
    form("crm:dossier_add", WRITERS, "crm_customer", refusal=UNSEEN),
    page("crm:dossier_entry", WRITERS, "crm_customer crm_dossier", refusal=UNSEEN),
    form("crm:dossier_replace", WRITERS, "crm_customer crm_dossier", refusal=UNSEEN),
    form("crm:dealing_create", WRITERS, "crm_customer", refusal=UNSEEN),
    act("crm:promise_kept", WRITERS, "crm_customer crm_dealing", refusal=UNSEEN),
    form("crm:portfolio_list", WRITERS, outcome=DONE),
    form("crm:portfolio_create", ADMINISTRATORS),
    page("crm:portfolio_detail", WRITERS, "crm_portfolio", refusal=UNSEEN),
    form("crm:portfolio_update", KEEPERS, "crm_portfolio", refusal=HOLDS),
    form("crm:portfolio_handover", KEEPERS, "crm_portfolio", refusal=HOLDS),
]
ADDRESSES += [
    form("crm:product_list", ADMINISTRATORS | {"inspector"}, outcome=DONE),
    form("crm:product_create", ADMINISTRATORS),
    page("crm:product_detail", ADMINISTRATORS | {"inspector"}, "crm_product", refusal=UNSEEN),
    form("crm:product_update", ADMINISTRATORS, "crm_product", refusal=LOOKS_UP),
    form("crm:cost_create", ADMINISTRATORS, "crm_product", refusal=LOOKS_UP),
    *(form(f"crm:{name}_create", ADMINISTRATORS, "crm_product", refusal=LOOKS_UP) for name in ("receipt", "issue", "count", "transfer", "supply")),
    act("crm:supply_end", ADMINISTRATORS, "crm_supply", refusal=LOOKS_UP),
    form("crm:stock_ledger", ADMINISTRATORS | {"inspector"}, outcome=DONE),
    form("crm:price_list_list", ADMINISTRATORS, outcome=DONE),
    form("crm:price_list_create", ADMINISTRATORS),
    page("crm:price_list_detail", ADMINISTRATORS, "crm_price_list", refusal=UNSEEN),
    act("crm:prices_export", ADMINISTRATORS, "crm_price_list", outcome=200, refusal=UNSEEN),
    form("crm:prices_issue", ADMINISTRATORS, "crm_price_list", refusal=UNSEEN),
]
SEEN: Answers = {**UNSEEN, **dict.fromkeys(WRITERS - ADMINISTRATORS, 403)}  # who holds the portfolio sees, and neither delivers nor keeps accounts
ADDRESSES += [
    form("crm:order_list", WRITERS, outcome=DONE),
    page("crm:order_start", WRITERS),
    form("crm:order_take", WRITERS, "crm_customer", refusal=UNSEEN, outcome=200),
    page("crm:order_verdict", WRITERS, "crm_customer", refusal=UNSEEN),
    page("crm:order_rows", WRITERS, "crm_customer", refusal=UNSEEN),
    page("crm:order_detail", WRITERS, "crm_order", refusal=UNSEEN),
    form("crm:order_change", WRITERS, "crm_order", refusal=UNSEEN),
    act("crm:order_cancel", WRITERS, "crm_order", refusal=UNSEEN),
    form("crm:order_deliver", ADMINISTRATORS, "crm_order", refusal=SEEN),
    form("crm:order_return", ADMINISTRATORS, "crm_order", refusal=SEEN),
    form("crm:release_list", WRITERS, outcome=DONE),
    page("crm:release_detail", WRITERS, "crm_release", refusal=UNSEEN),
    act("crm:release_confirm", WRITERS, "crm_release", refusal=UNSEEN),
    form("crm:receivable_list", WRITERS, outcome=DONE),
    page("crm:ageing_report", WRITERS),
    form("crm:bounds_update", ADMINISTRATORS),
    page("crm:price_explained", ADMINISTRATORS, "crm_product", refusal=LOOKS_UP),
    page("crm:account_detail", WRITERS, "crm_customer", refusal=UNSEEN),
    *(form(f"crm:{name}", ADMINISTRATORS, "crm_customer", refusal=SEEN) for name in ("terms_update", "payment_create", "cap_create")),
    act("crm:payment_bounce", ADMINISTRATORS, "crm_payment", refusal=SEEN),
]
ADDRESSES += [
    page("crm:opportunity_board", WRITERS),
    form("crm:sales_funnel", WRITERS, outcome=200),
    *(form(f"crm:stage_{name}", ADMINISTRATORS, about) for name, about in (("create", ""), ("update", "crm_stage"))),
    page("crm:stage_list", ADMINISTRATORS),
    act("crm:stage_end", ADMINISTRATORS, "crm_stage"),
    form("crm:lead_list", WRITERS, outcome=DONE),
    form("crm:lead_create", WRITERS),
    page("crm:lead_detail", WRITERS, "crm_lead", refusal=UNSEEN),
    form("crm:lead_drop", WRITERS, "crm_lead", refusal=UNSEEN),
    form("crm:opportunity_list", WRITERS, outcome=DONE),
    form("crm:opportunity_create", WRITERS),
    page("crm:opportunity_detail", WRITERS, "crm_opportunity", refusal=UNSEEN),
    *(form(f"crm:{name}", WRITERS, "crm_opportunity", refusal=UNSEEN) for name in ("opportunity_update", "step_create", "opportunity_win", "opportunity_lose")),
    form("crm:quotation_list", WRITERS, outcome=DONE),
    form("crm:quotation_create", WRITERS, "crm_customer", refusal=UNSEEN, outcome=200),
    page("crm:quotation_detail", WRITERS, "crm_quotation", refusal=UNSEEN),
    page("crm:quotation_print", WRITERS, "crm_quotation", refusal=UNSEEN),
    form("crm:quotation_write", WRITERS, "crm_quotation", refusal=UNSEEN, outcome=200),
    act("crm:quotation_send", WRITERS, "crm_quotation", refusal=UNSEEN),
    form("crm:quotation_decline", WRITERS, "crm_quotation", refusal=UNSEEN),
    form("crm:quotation_order", WRITERS, "crm_quotation", refusal=UNSEEN),
    act("crm:opportunity_move", WRITERS, "crm_opportunity", refusal=UNSEEN),
    act("crm:opportunity_reopen", WRITERS, "crm_opportunity", refusal=UNSEEN),
]
ADDRESSES += [
    form("crm:request_list", WRITERS, outcome=DONE),
    form("crm:request_create", WRITERS),
    page("crm:service_rules", WRITERS),
    form("crm:response_rule_set", ADMINISTRATORS),
    act("crm:response_rule_remove", ADMINISTRATORS, "crm_response_rule"),
    page("crm:request_detail", WRITERS, "crm_request", refusal=UNSEEN),
    *(form(f"crm:request_{name}", WRITERS, "crm_request", refusal=UNSEEN) for name in ("answer", "wait", "solve", "reopen", "hand_on", "name")),
    act("crm:request_resume", WRITERS, "crm_request", refusal=UNSEEN),
    form("crm:grade_rule_set", ADMINISTRATORS),
    form("crm:step_rule_set", ADMINISTRATORS),
    form("crm:objection_list", WRITERS, outcome=DONE),
    form("crm:objection_start", WRITERS),
    form("crm:objection_create", WRITERS, "crm_customer", refusal=403),
    page("crm:objection_detail", WRITERS, "crm_objection", refusal=UNSEEN),
    form("crm:objection_diagnose", ADMINISTRATORS, "crm_objection", refusal=SEEN),
    form("crm:objection_judge", ADMINISTRATORS, "crm_objection", refusal=SEEN),
    form("crm:objection_compensate", set(), "crm_objection", refusal={**SEEN, **dict.fromkeys(ADMINISTRATORS, 403)}),
    form("crm:objection_close", WRITERS, "crm_objection", refusal=UNSEEN),
    form("crm:objection_reopen", WRITERS, "crm_objection", refusal=UNSEEN),
    form("crm:objection_cost_create", WRITERS, "crm_objection", refusal=UNSEEN),
    form("crm:evidence_add", WRITERS, "crm_objection", refusal=UNSEEN, outcome=DONE),
    form("crm:warning_rule_set", ADMINISTRATORS),
    form("crm:service_figures", WRITERS, outcome=200),
    form("crm:warning_list", WRITERS, outcome=DONE),
    act("crm:warning_look", ADMINISTRATORS),
    page("crm:warning_detail", WRITERS, "crm_warning", refusal=UNSEEN),
    form("crm:warning_treat", WRITERS, "crm_warning", refusal=UNSEEN),
    form("crm:warning_verify", KEEPERS, "crm_warning", refusal=HOLDS),
    form("crm:warning_hand_on", WRITERS, "crm_warning", refusal=UNSEEN),
    form("crm:report_list", EMPLOYEES, outcome=DONE),
    form("crm:report_create", EMPLOYEES),
    page("crm:report_detail", {"inspector", "admin"}, "crm_report", refusal=UNSEEN),
    act("crm:report_take", ADMINISTRATORS, "crm_report", refusal=HOLDS),
    form("crm:report_close", ADMINISTRATORS, "crm_report", refusal=HOLDS),
    act("crm:request_to_sales", WRITERS, "crm_request", refusal=UNSEEN),
]
ADDRESSES += VISIT_ADDRESSES
ADDRESSES += MARKETING_ADDRESSES
PLANNERS = KEEPERS | {"curator"}  # 陈刚 heads the plant
ADDRESSES += [
    form("crm:plan_list", EMPLOYEES, outcome=DONE),
    form("crm:sold_list", EMPLOYEES, outcome=DONE),
    form("crm:plan_create", PLANNERS),
    form("crm:plan_detail", PLANNERS, "crm_plan", refusal=UNSEEN, outcome=200),
    form("crm:plan_sufficiency", PLANNERS, "crm_plan", refusal=UNSEEN, outcome=200),
    form("crm:plan_amount", PLANNERS, "crm_plan", refusal=UNSEEN),
    act("crm:plan_submit", PLANNERS, "crm_plan", refusal=UNSEEN),
    form("crm:plan_revise", PLANNERS, "crm_plan", refusal=UNSEEN),
    form("crm:plan_split", PLANNERS, "crm_plan crm_plan_line", refusal=UNSEEN),
    form("crm:deviation_create", PLANNERS, "crm_plan crm_plan_line", refusal=UNSEEN),
]
SPENT_BELOW = {"inspector", *PLANNERS}  # 王伟 spent it, and heads above see it
ADDRESSES += [
    form("crm:expense_list", EMPLOYEES, outcome=DONE),
    form("crm:expense_create", WRITERS),
    form("crm:expense_bound", ADMINISTRATORS),
    form("crm:expense_figures", EMPLOYEES, outcome=200),
    page("crm:expense_detail", SPENT_BELOW, "crm_expense", refusal=UNSEEN),
    *(form(f"crm:expense_{name}", {"inspector"}, "crm_expense", refusal={**UNSEEN, **dict.fromkeys(PLANNERS, 403)}) for name in ("correct", "withdraw")),
    form("crm:expense_return", PLANNERS, "crm_expense", refusal=HOLDS),
    act("crm:expense_confirm", PLANNERS, "crm_expense", refusal=HOLDS),
]
ADDRESSES += [
    form("crm:outsider_list", WRITERS, outcome=DONE),
    form("crm:outsider_invite", WRITERS, "crm_customer", refusal=UNSEEN),
    page("crm:outsider_detail", WRITERS, "crm_outsider", refusal=UNSEEN),
    *(act(f"crm:outsider_{name}", WRITERS, "crm_outsider", refusal=UNSEEN) for name in ("end", "sign_out", "first", "anew")),
    page("crm:outsider_invitation", WRITERS, "crm_invitation", refusal=UNSEEN),
    act("crm:outsider_withdraw", WRITERS, "crm_invitation", refusal=UNSEEN),
]
ADDRESSES += SURVEY_ADDRESSES
EXCEPTIONS: dict[Any, Any] = {}
QUERIES: dict[str, int] = {}  # not everybody opens these pages


def make_things(cast: Cast) -> dict[str, Any]:
    """A portfolio of 质检科 that 王伟 holds, a customer in it with somebody to speak to, and something promised."""
    portfolio = make_portfolio(cast, "城北一线", holder=cast.inspector, code="CB1", department=cast.quality)
    customer = make_customer(portfolio, cast.inspector)
    contact = make_contact(customer, cast.inspector)
    promise = note_dealing(customer, actor=fresh(cast.inspector), kind="call", text="来电", promise="回电", due_on=today() + timedelta(days=1))
    entry = add_to_dossier(customer, actor=fresh(cast.inspector), heading="agreement", text="一年一签")
    let(cast.inspector, READ_PRODUCTS, cast.admin)
    product, warehouse = make_product(cast), make_warehouse()
    supply = plan_supply(actor=fresh(cast.admin), product=product, warehouse=warehouse, day=today(), quantity=50)
    priced = make_prices(cast, {product: 15_250})
    catalogue = {"crm_product": product.pk, "crm_supply": supply.pk, "crm_price_list": priced.pk}
    give_credit(cast, customer, 10_000_000)
    receive(cast, product, warehouse, 100)
    placed = order(cast.inspector, customer, {product: 10})
    paid = book_payment(customer, actor=fresh(cast.admin), fen=100, came_on=today(), reference="转 001", key=uuid4())
    catalogue |= {"crm_order": placed.pk, "crm_payment": paid.pk, "crm_release": make_release(cast, cast.inspector, customer, product).pk}
    double, third = make_customer(portfolio, cast.inspector, "红星路金穗便利店"), make_customer(portfolio, cast.inspector, "金穗")
    merge = merge_customers(customer, third, actor=fresh(cast.admin))
    sale = open_sale(customer, cast.inspector)
    lead = note_lead(actor=fresh(cast.inspector), portfolio=portfolio, name="枫林宾馆", text="宴席用烟", source="call")
    quoted = begin_quotation(actor=fresh(cast.inspector), customer=customer, quantities={product.pk: 10}, valid_through=today())
    catalogue |= {"crm_quotation": quoted.pk, "crm_opportunity": sale.pk, "crm_lead": lead.pk, "crm_stage": stages()[1].pk}
    rule = set_response_rule(actor=fresh(cast.admin), kind="", tier="", answer_hours=8, solve_hours=24)
    catalogue |= make_visits(cast, customer)
    catalogue["crm_expense"] = spend(cast.inspector, customer, opportunity=sale).pk
    catalogue |= make_marketing(cast, customer, product)
    plan = make_plan(cast, cast.head, department=cast.quality)
    catalogue |= {"crm_plan": plan.pk, "crm_plan_line": top(plan).pk}
    objection = note_objection(actor=fresh(cast.inspector), customer=customer, kind="complaint", fault="manner", text="态度差")
    late = set_warning_rule(actor=fresh(cast.admin), measure="service.late", tier="", yellow=1, orange=2, red=3)
    warning = CustomerWarning.objects.create(rule=late, measure=late.measure, customer=customer, level="yellow", rank=1, value=1, owner=cast.inspector)
    CustomerWarning.objects.filter(pk=warning.pk).update(department=cast.quality)
    report = make_report(actor=fresh(cast.inspector), kind="counterfeit", text="条码对不上", place="农贸市场")
    catalogue |= {"crm_warning": warning.pk, "crm_report": report.pk}
    catalogue |= {"crm_objection": objection.pk, "crm_request": ask(cast.inspector, customer).pk, "crm_response_rule": rule.pk}
    outsider = make_account(customer, cast.inspector)
    invited = invite(actor=fresh(cast.inspector), customer=customer, name="唐建军", login="13807310002")
    catalogue |= {"crm_outsider": outsider.pk, "crm_invitation": invited.pk}
    catalogue |= survey_things(cast)
    return catalogue | {
        "crm_portfolio": portfolio.pk,
        "crm_customer": customer.pk,
        "crm_contact": contact.pk,
        "crm_dealing": promise.pk,
        "crm_double": double.pk,
        "crm_merge": merge.pk,
        "crm_import": Import.objects.create(importer="crm.customers", actor=cast.salesperson, file_name="零售户.csv", rows=[["备注"], ["放假"]]).pk,
        "crm_product_file": Import.objects.create(importer="crm.products", actor=cast.admin, file_name="产品.csv", rows=[["备注"], ["放假"]]).pk,
        "crm_count_file": Import.objects.create(importer="crm.counts", actor=cast.admin, file_name="盘点.csv", rows=[["备注"], ["放假"]]).pk,
        "crm_intake": Intake.objects.create(actor=cast.admin).pk,
        "crm_pair": Pair.objects.create(one=customer, other=double, why="name").pk,
        "crm_tier": "key",
        "crm_life_stage": "maturity",
        "crm_dossier": entry.pk,
    }
