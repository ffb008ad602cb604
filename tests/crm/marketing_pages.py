"""Who may open what of marketing, a thing for each address, and its pages as they are looked at."""

from datetime import timedelta
from typing import Any

from crm.catalogue.models import Product
from crm.customers.models import Customer
from crm.marketing.services.campaigns import add_task, finish_task, start_campaign, tie_expense
from crm.marketing.services.channel import note_stock
from crm.marketing.services.information import judge_news, send_news
from crm.marketing.services.launches import note_opinion, take_opinion
from crm.marketing.services.meetings import add_point, note_meeting
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
    form("crm:channel_figures", SELLERS, outcome=200),
    form("crm:channel_stocks", SELLERS, outcome=DONE),
    form("crm:channel_customers", SELLERS, outcome=DONE),
    page("crm:channel_customer", SELLERS, "crm_customer", refusal=UNSEEN),
    act("crm:channel_step_in", SELLERS),
    form("crm:channel_stock_create", SELLERS, "crm_customer", refusal=UNSEEN),
    form("crm:launch_shops", SELLERS, outcome=DONE),
    form("crm:launch_opinions", EMPLOYEES, outcome=DONE),
    page("crm:launch_detail", SELLERS, "crm_launch", refusal=UNSEEN),
    form("crm:launch_opinion_create", SELLERS, "crm_launch", refusal=UNSEEN),
    form("crm:launch_opinion_take", ADMINISTRATORS, "crm_launch crm_launch_opinion", refusal=SEES),
    form("crm:meeting_list", EMPLOYEES, outcome=DONE),
    form("crm:meeting_points", EMPLOYEES, outcome=DONE),
    form("crm:meeting_create", ADMINISTRATORS),
    page("crm:meeting_detail", ANSWERS, "crm_meeting", refusal=UNSEEN),
    form("crm:meeting_update", ANSWERS, "crm_meeting", refusal=UNSEEN),
    form("crm:meeting_guests", ANSWERS, "crm_meeting", refusal=UNSEEN),
    form("crm:meeting_point_create", ANSWERS, "crm_meeting", refusal=UNSEEN),
    form("crm:meeting_point_done", ANSWERS, "crm_meeting crm_meeting_point", refusal=UNSEEN),
    form("crm:meeting_point_judge", ANSWERS, "crm_meeting crm_meeting_point", refusal=UNSEEN),
    form("crm:market_note_list", EMPLOYEES, outcome=DONE),
    form("crm:market_note_create", EMPLOYEES),
    page("crm:market_note_detail", SELLERS, "crm_market_note", refusal=UNSEEN),
    form("crm:market_note_judge", ADMINISTRATORS, "crm_market_note", refusal=SEES),
]


def make_marketing(cast: Cast, customer: Customer, product: Product) -> dict[str, Any]:
    """王伟 holds the portfolio and answers for a campaign."""
    campaign = make_campaign(cast.admin, product, owner=cast.inspector)
    task = add_task(campaign, actor=fresh(cast.admin), text="印海报", owner=cast.inspector, due_on=today())
    tie = tie_expense(campaign, actor=fresh(cast.inspector), number=spend(cast.inspector, customer, fen=12_300).number)
    note = send_news(actor=fresh(cast.inspector), kind="price", text="软蓝降价", customer=customer)
    launch = start_campaign(make_campaign(cast.admin, product, owner=cast.admin, is_launch=True, held_out=0, question=""), actor=fresh(cast.admin))
    opinion = note_opinion(launch, actor=fresh(cast.inspector), customer=customer, party="retailer", about="price", liking=2, text="利润薄")
    meeting = note_meeting(actor=fresh(cast.admin), kind="users", name="用户年会", held_on=today(), place="", summary="", owner=cast.inspector)
    point = add_point(meeting, actor=fresh(cast.admin), kind="ours", text="改滤嘴", owner=cast.admin, due_on=today())
    return {
        "crm_meeting": meeting.pk,
        "crm_meeting_point": point.pk,
        "crm_launch": launch.pk,
        "crm_launch_opinion": opinion.pk,
        "crm_campaign": campaign.pk,
        "crm_campaign_task": task.pk,
        "crm_campaign_expense": tie.pk,
        "crm_rival": make_rival(cast.admin).pk,
        "crm_market_note": note.pk,
    }


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
    note_stock(customer, actor=keeper, day=today(), stocks={product: (0, 10)})
    news = send_news(actor=fresh(cast.inspector), kind="price", text="南门口岳麓软蓝降到 19 元", place="南门口")
    other = send_news(actor=fresh(cast.inspector), kind="demand", text="婚宴问典藏的多")
    judge_news(other, actor=keeper, is_approved=True, reason="与拜访一致")
    launched = start_campaign(make_campaign(keeper, product, is_launch=True, name="松涛细支上市", held_out=0), actor=keeper)
    said = [
        note_opinion(launched, actor=keeper, customer=customer, party=party, about=about, liking=liking, text=text)
        for party, about, liking, text in (("retailer", "price", 4, "毛利比同价位高"), ("consumer", "taste", 2, "偏呛，老烟民不习惯"))
    ]
    take_opinion(said[1], actor=keeper, text="与技术中心复评吸味", owner=keeper, due_on=today() + timedelta(days=5))
    meeting = note_meeting(
        actor=keeper, kind="users", name="松涛用户年会", held_on=today(), place="厂部礼堂", summary="吸味与包装", owner=keeper, products=[product],
        guests=[("李秀兰", customer.name), ("王建国", "退休职工")],
    )  # fmt: skip
    done = add_point(meeting, actor=keeper, kind="question", text="焦油能否再降", owner=cast.operator, due_on=today(), raised_by="王建国", outcome="8 毫克")
    point = add_point(meeting, actor=keeper, kind="ours", text="三个月内改滤嘴", owner=keeper, due_on=today() + timedelta(days=60))
    met = meeting.get_absolute_url()
    of_launch = launched.launch_url
    told, shop = news.get_absolute_url(), f"/crm/marketing/channel/customers/{customer.pk}/"
    return [
        "/crm/marketing/channel/", "/crm/marketing/channel/?by=district", "/crm/marketing/channel/stocks/", "/crm/marketing/channel/customers/", shop,
        f"/crm/customers/{customer.pk}/stock/new/", "/crm/marketing/news/", "/crm/marketing/news/new/", told, f"{told}judgement/", other.get_absolute_url(),
        "/crm/marketing/meetings/", "/crm/marketing/meetings/new/", "/crm/marketing/meetings/points/", met, f"{met}change/", f"{met}guests/new/",
        f"{met}points/new/", f"{met}points/{point.pk}/", f"{met}points/{done.pk}/judgement/",
        of_launch, f"{of_launch}opinions/new/", f"{of_launch}opinions/{said[0].pk}/task/", "/crm/marketing/launches/opinions/",
        f"/crm/marketing/launches/shops/?launch={launched.number}&figure=missing",
        "/crm/marketing/", "/crm/marketing/campaigns/", "/crm/marketing/campaigns/new/", at, f"{at}change/", of, f"{of}tasks/new/", f"{of}tasks/{task.pk}/",
        f"{of}expenses/new/", f"/crm/marketing/campaigns/sales/?campaign={running.number}&part=targets-during", "/crm/marketing/rivals/",
        "/crm/marketing/rivals/new/", "/crm/marketing/rivals/sightings/", known, f"{known}change/", f"{known}products/new/", f"{known}facts/new/",
    ]  # fmt: skip
