"""Who may open what of marketing, a thing for each address, and its pages as they are looked at."""

from datetime import timedelta
from typing import Any

from crm.catalogue.models import Product
from crm.customers.models import Customer
from crm.marketing.services.campaigns import add_task, finish_task, start_campaign, tie_expense
from crm.marketing.services.rivals import note_fact, note_rival_product
from portal.accounts.models import User
from portal.organization.querysets import today
from tests.cast import Cast
from tests.crm.promoting import in_marketing, make_campaign, make_rival, see_rival
from tests.crm.spending import spend
from tests.crm.writing import fresh
from tests.permissions.roles import ADMINISTRATORS, EMPLOYEES
from tests.permissions.rules import DONE, UNSEEN, Answers, act, form, page

SELLERS = {"inspector", "head", "deputy", "admin"}
ANSWERS = {"inspector", "admin"}  # 王伟 answers for the campaign
SEES: Answers = {**UNSEEN, "inspector": 403, "head": 403, "deputy": 403}
OWN: Answers = {**UNSEEN, "inspector": 403}
MARKETING_ADDRESSES = [
    page("crm:marketing_home", SELLERS),
    form("crm:campaign_list", EMPLOYEES, outcome=DONE),
    form("crm:campaign_sales", EMPLOYEES, outcome=DONE),
    form("crm:campaign_create", ADMINISTRATORS),
    page("crm:campaign_detail", ANSWERS, "crm_campaign", refusal=UNSEEN),
    form("crm:campaign_update", ANSWERS, "crm_campaign", refusal=UNSEEN),
    act("crm:campaign_start", ANSWERS, "crm_campaign", refusal=UNSEEN),
    act("crm:campaign_end", ANSWERS, "crm_campaign", refusal=UNSEEN),
    form("crm:campaign_judge", ADMINISTRATORS, "crm_campaign", refusal=OWN),
    form("crm:campaign_task_create", ANSWERS, "crm_campaign", refusal=UNSEEN),
    form("crm:campaign_task_done", ANSWERS, "crm_campaign crm_campaign_task", refusal=UNSEEN, outcome=DONE),
    form("crm:campaign_expense_tie", ANSWERS, "crm_campaign", refusal=UNSEEN),
    act("crm:campaign_expense_untie", ANSWERS, "crm_campaign crm_campaign_expense", refusal=UNSEEN),
    form("crm:rival_list", SELLERS, outcome=DONE),
    form("crm:sighting_list", SELLERS, outcome=DONE),
    form("crm:rival_create", ADMINISTRATORS),
    form("crm:rival_detail", SELLERS, "crm_rival", refusal=UNSEEN, outcome=200),
    form("crm:rival_update", ADMINISTRATORS, "crm_rival", refusal=SEES),
    form("crm:rival_product_create", ADMINISTRATORS, "crm_rival", refusal=SEES),
    form("crm:rival_fact_create", SELLERS, "crm_rival", refusal=UNSEEN),
]


def make_marketing(cast: Cast, customer: Customer, product: Product) -> dict[str, Any]:
    """王伟 holds the portfolio and answers for a campaign."""
    campaign = make_campaign(cast.admin, product, owner=cast.inspector)
    task = add_task(campaign, actor=fresh(cast.admin), text="印海报", owner=cast.inspector, due_on=today())
    tie = tie_expense(campaign, actor=fresh(cast.inspector), number=spend(cast.inspector, customer, fen=12_300).number)
    return {"crm_campaign": campaign.pk, "crm_campaign_task": task.pk, "crm_campaign_expense": tie.pk, "crm_rival": make_rival(cast.admin).pk}


def furnish_marketing(cast: Cast, customer: Customer, product: Product, actor: User) -> list[str]:
    keeper = in_marketing(cast, actor)
    planned = make_campaign(
        keeper, product, owner=cast.operator, name="国庆宴席推广", starts_on=today() + timedelta(days=9), ends_on=today() + timedelta(days=19)
    )
    running = start_campaign(make_campaign(keeper, product), actor=keeper)
    done = add_task(running, actor=keeper, text="印制海报", owner=keeper, due_on=today())
    finish_task(done, actor=keeper, outcome="印了 300 张")
    task = add_task(running, actor=keeper, text="走访到位", owner=keeper, due_on=today() + timedelta(days=3))
    tie_expense(running, actor=keeper, number=spend(keeper, customer, fen=23_400).number)
    rival = make_rival(keeper, "岳麓卷烟", other_names=["岳麓"])
    note_fact(
        rival,
        actor=keeper,
        kind="price",
        text="陈列返利每条 5 元",
        learnt_on=today(),
        product=note_rival_product(rival, actor=keeper, name="软蓝", price_class="3"),
    )
    for back, fen in ((2, 22_000), (40, 21_000)):
        see_rival(keeper, customer, fen, name="岳麓卷烟", product="软蓝", back=back)
    at, of, known = planned.get_absolute_url(), running.get_absolute_url(), rival.get_absolute_url()
    return [
        "/crm/marketing/", "/crm/marketing/campaigns/", "/crm/marketing/campaigns/new/", at, f"{at}change/", of, f"{of}tasks/new/", f"{of}tasks/{task.pk}/",
        f"{of}expenses/new/", f"/crm/marketing/campaigns/sales/?campaign={running.number}&part=targets-during", "/crm/marketing/rivals/",
        "/crm/marketing/rivals/new/", "/crm/marketing/rivals/sightings/", known, f"{known}change/", f"{known}products/new/", f"{known}facts/new/",
    ]  # fmt: skip
