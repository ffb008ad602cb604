"""A campaign: targets and those held out are frozen, and what it brought is held against a naive count."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.utils import timezone

from crm.customers.models import Customer, Portfolio
from crm.customers.services.merges import merge_customers
from crm.marketing.comparing import LEAST, compare
from crm.marketing.drawing import draw
from crm.marketing.errors import MarketingError
from crm.marketing.figures import GROUPS, PERIODS, brought_by
from crm.marketing.models import Campaign, CampaignExpense, CampaignTarget
from crm.marketing.services.campaigns import (
    add_task,
    change_campaign,
    end_campaign,
    end_what_is_over,
    finish_task,
    judge_campaign,
    start_campaign,
    tie_expense,
    untie_expense,
)
from crm.orders.models import OrderLine
from crm.sales.services.expenses import withdraw_expense
from portal.access.policies import can, viewers_of, visible_to
from portal.notifications.models import Notification
from portal.organization.querysets import today
from portal.outbox.services import drain
from tests.cast import Cast
from tests.crm.goods import make_prices, make_product, make_warehouse, receive
from tests.crm.promoting import in_marketing, make_campaign, place
from tests.crm.spending import spend
from tests.crm.writing import fresh, make_customer, make_portfolio


@pytest.fixture
def product(cast: Cast):
    return make_product(cast)


def test_the_draw_is_the_same_for_the_same_and_of_the_right_size_on_300_random_sets() -> None:
    dice = Random(5)
    for _number in range(300):
        keys = dice.sample(range(10_000), dice.randrange(1, 200))
        percent, seed = dice.randrange(51), dice.randrange(2**40)
        chosen = draw(keys, percent=percent, seed=seed)
        dice.shuffle(keys)
        assert draw(keys, percent=percent, seed=seed) == chosen <= set(keys)
        assert abs(len(chosen) - len(keys) * percent / 100) <= 0.5
    assert draw(range(100), percent=30, seed=1) != draw(range(100), percent=30, seed=2)


def test_a_difference_is_said_only_where_it_is_more_than_chance() -> None:
    assert compare([5] * (LEAST - 1), [0] * 100).verdict == "few"
    assert compare([0] * LEAST, [0] * LEAST).verdict == "chance"
    dice = Random(9)
    noise, lifted = ([round(dice.gauss(mean, 4)) for _n in range(200)] for mean in (0, 3))
    found = compare(lifted, noise)
    assert found.verdict == "more"
    assert found.low < 3 < found.high
    assert compare(noise, lifted).verdict == "less"
    wrong = sum(compare([dice.randrange(9) for _n in range(30)], [dice.randrange(9) for _n in range(30)]).verdict != "chance" for _n in range(400))
    assert wrong < 40, "of equal groups some one in twenty differs by chance"


def test_a_campaign_is_planned_started_ended_and_judged_by_another(cast: Cast, portfolio: Portfolio, product: Any) -> None:
    keeper = in_marketing(cast, cast.operator)
    for number in range(10):
        make_customer(portfolio, cast.salesperson, f"店{number}", numbers=[f"0731-855500{number:02}"])
    with pytest.raises(MarketingError):
        make_campaign(cast.salesperson, product)
    campaign = make_campaign(keeper, product, owner=cast.salesperson)
    assert campaign.number == f"HD{today().year}001"
    change_campaign(campaign, actor=fresh(cast.salesperson), products=[product], **_values(campaign, held_out=30))
    for stranger in (cast.inspector, cast.head):
        with pytest.raises(MarketingError):
            start_campaign(campaign, actor=fresh(stranger))
    started = start_campaign(campaign, actor=fresh(cast.salesperson))
    assert (started.state, started.targets.count(), started.targets.filter(is_held_out=True).count()) == ("running", 10, 3)
    with pytest.raises(MarketingError, match="已经开始"):
        start_campaign(campaign, actor=fresh(cast.salesperson))
    with pytest.raises(MarketingError):
        change_campaign(campaign, actor=fresh(cast.salesperson), products=[product], **_values(campaign))
    with pytest.raises(MarketingError):
        judge_campaign(campaign, actor=keeper, judgement="好")
    assert end_campaign(campaign, actor=fresh(cast.salesperson)).ends_on == today()
    in_marketing(cast, cast.salesperson)
    with pytest.raises(MarketingError, match="不由其负责人"):
        judge_campaign(campaign, actor=fresh(cast.salesperson), judgement="好")
    assert judge_campaign(campaign, actor=fresh(cast.admin), judgement="礼盒动销明显，陈列费可减").state == "evaluated"
    drain()
    assert Notification.objects.get(kind="marketing.judged").recipient == cast.salesperson


def _values(campaign: Campaign, **changes: Any) -> dict[str, Any]:
    names = ("name", "aim", "quantity", "budget", "owner", "starts_on", "ends_on", "question", "held_out")
    return {name: getattr(campaign, name) for name in names} | changes


def test_what_is_measured_is_frozen_by_the_database(cast: Cast, portfolio: Portfolio, product: Any) -> None:
    keeper = in_marketing(cast, cast.operator)
    customers = [make_customer(portfolio, cast.salesperson, f"店{number}", numbers=[f"0731-855500{number:02}"]) for number in range(4)]
    campaign = start_campaign(make_campaign(keeper, product, held_out=25), actor=keeper)
    late = make_customer(portfolio, cast.salesperson, "新店", numbers=["0731-85559999"])
    target = campaign.targets.first()
    changes = [
        lambda: CampaignTarget.objects.filter(pk=target.pk).update(is_held_out=not target.is_held_out),
        lambda: CampaignTarget.objects.filter(pk=target.pk).delete(),
        lambda: CampaignTarget.objects.create(campaign=campaign, customer=late),
        lambda: Campaign.objects.filter(pk=campaign.pk).update(seed=7),
        lambda: Campaign.objects.filter(pk=campaign.pk).update(starts_on=today() - timedelta(days=9)),
        lambda: Campaign.objects.filter(pk=campaign.pk).update(ends_on=campaign.ends_on + timedelta(days=9)),
        lambda: Campaign.objects.filter(pk=campaign.pk).update(state="planned"),
        campaign.products.clear,
    ]
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    again = draw([one.pk for one in customers], percent=25, seed=campaign.seed)
    assert set(campaign.targets.filter(is_held_out=True).values_list("customer", flat=True)) == again


def test_bad_plans_are_refused_with_words(cast: Cast, portfolio: Portfolio, product: Any) -> None:
    keeper = in_marketing(cast, cast.operator)
    wrong = [{"ends_on": today() - timedelta(days=1)}, {"quantity": 0}, {"held_out": 51}, {"budget": -1}, {"ends_on": today() + timedelta(days=400)}]
    for values in wrong:
        with pytest.raises(MarketingError):
            make_campaign(keeper, product, **values)
    nobody = make_campaign(keeper, product, question="kind=supplier")
    with pytest.raises(MarketingError, match="没有"):
        start_campaign(nobody, actor=keeper)
    assert nobody.targets.count() == 0


def test_who_sees_a_campaign(cast: Cast, portfolio: Portfolio, product: Any) -> None:
    keeper = in_marketing(cast, cast.operator)
    campaign = make_campaign(keeper, product, owner=cast.salesperson)
    task = add_task(campaign, actor=keeper, text="印海报", owner=cast.inspector, due_on=today())
    drain()
    assert Notification.objects.get(kind="marketing.task").recipient == cast.inspector
    seers = {keeper, cast.salesperson, cast.inspector, cast.admin}
    for person in (keeper, cast.salesperson, cast.inspector, cast.admin, cast.head, cast.director, cast.deputy):
        user = fresh(person)
        assert (can(user, "view", campaign), visible_to(Campaign, user).filter(pk=campaign.pk).exists(), viewers_of(campaign).filter(pk=user.pk).exists()) == (
            (person in seers,) * 3
        ), person
    with pytest.raises(MarketingError):
        finish_task(task, actor=fresh(cast.head), outcome="")
    assert finish_task(task, actor=fresh(cast.inspector), outcome="300 张").done_by == cast.inspector
    with pytest.raises(MarketingError):
        add_task(campaign, actor=keeper, text="晚了", owner=cast.inspector, due_on=today() - timedelta(days=1))


def test_an_expense_is_of_one_campaign_and_counts_while_it_stands(client_for: Any, cast: Cast, customer: Customer, product: Any) -> None:
    keeper = in_marketing(cast, cast.operator)
    first = make_campaign(keeper, product, owner=cast.salesperson)
    other, at = make_campaign(keeper, product, owner=cast.salesperson), first.get_absolute_url()
    expense = spend(cast.salesperson, customer)
    with pytest.raises(MarketingError, match=expense.number):
        tie_expense(first, actor=keeper, number=expense.number)
    tie = tie_expense(first, actor=fresh(cast.salesperson), number=expense.number.lower())
    with pytest.raises(MarketingError, match=first.number):
        tie_expense(other, actor=fresh(cast.salesperson), number=expense.number)
    assert client_for(cast.salesperson).get(at).context["spending"]["sum"] == expense.fen
    shown = client_for(keeper).get(at).context["spending"]
    assert (shown["sum"], shown["rows"][0][2]) == (expense.fen, ""), "the sum is of all, the address only for who may see the expense"
    withdraw_expense(expense, actor=fresh(cast.salesperson), reason="重复")
    assert client_for(keeper).get(at).context["spending"]["sum"] == 0
    untie_expense(tie, actor=fresh(cast.salesperson))
    assert not CampaignExpense.objects.exists()


def naive(campaign: Campaign) -> dict[str, dict[str, int]]:
    """Every order line, one by one."""
    sides: dict[int, set[bool]] = {}
    for target in campaign.targets.select_related("customer__root"):
        sides.setdefault(target.customer.root_id, set()).add(target.is_held_out)
    first, last = campaign.starts_on, min(campaign.ends_on, today())
    length = (last - first).days + 1
    found = {group: dict.fromkeys(PERIODS, 0) for group in GROUPS}
    for line in OrderLine.objects.select_related("order__customer__root"):
        side, day = sides.get(line.order.customer.root_id, set()), timezone.localdate(line.order.placed_at)
        period = "during" if first <= day <= last else "before" if first - timedelta(days=length) <= day < first else ""
        if len(side) == 1 and period and campaign.products.filter(pk=line.product_id).exists():
            found["held" if True in side else "targets"][period] += line.quantity - line.cancelled - line.returned
    return found


@pytest.mark.parametrize("seed", range(4))
def test_what_it_brought_is_what_a_naive_count_says(cast: Cast, product: Any, seed: int) -> None:
    """Random orders around midnight of the first and last day, merges within and across the groups, customers that were never targets."""
    dice, keeper = Random(seed), in_marketing(cast, cast.operator)
    portfolio, other = make_portfolio(cast), make_product(cast, "松涛（软）", "4301120")
    customers = [make_customer(portfolio, cast.salesperson, f"店{number}", numbers=[f"0731-855500{number:02}"]) for number in range(12)]
    start = today() + timedelta(days=3)
    campaign = make_campaign(keeper, product, starts_on=start, ends_on=start + timedelta(days=6), held_out=40)
    start_campaign(campaign, actor=keeper)
    stranger = make_customer(portfolio, cast.salesperson, "后来的店", numbers=["0731-85559998"])
    pairs = [dice.sample(customers, 2) for _n in range(2)]
    for keep, gone in pairs if not set(map(id, pairs[0])) & set(map(id, pairs[1])) else pairs[:1]:
        merge_customers(keep, gone, actor=fresh(cast.admin))
    midnight = timezone.make_aware(datetime.combine(start, datetime.min.time()))
    with time_machine.travel(midnight + timedelta(days=dice.choice([0, 3, 6, 9]), hours=12), tick=False):
        for _number in range(60):
            at = midnight + timedelta(days=dice.randrange(-8, 9), seconds=dice.choice([-1, 0, 1, 3_600]))
            quantity = dice.randrange(1, 9)
            goods = dice.choice([product, product, other])
            place(dice.choice([*customers, stranger]), goods, quantity, at, cancelled=dice.choice([0, 0, quantity]), actor=cast.admin)
        brought = brought_by(Campaign.objects.get(pk=campaign.pk), keeper)
        said = {group: {period: brought.figures[group][period].quantity for period in PERIODS} for group in GROUPS}
        assert said == naive(campaign)


def test_a_campaign_that_is_over_ends_by_itself(cast: Cast, customer: Customer, product: Any) -> None:
    keeper = in_marketing(cast, cast.operator)
    campaign = start_campaign(make_campaign(keeper, product, held_out=0, ends_on=today()), actor=keeper)
    assert end_what_is_over() == 0
    assert end_what_is_over(today() + timedelta(days=1)) == 1
    campaign.refresh_from_db()
    assert campaign.state == "ended"


def test_its_pages_say_what_is_wrong_and_keep_what_was_typed(client_for: Any, cast: Cast, customer: Customer, product: Any) -> None:
    keeper = in_marketing(cast, cast.operator)
    client = client_for(keeper)
    typed = {
        "name": "国庆宴席推广", "aim": "宴席用烟", "products": [product.pk], "quantity": "三百", "budget": "1e9", "owner": "孙丽", "starts_on": "2026-12-31",
        "ends_on": "2026-12-01", "held_out": 20, "kind": "retailer",
    }  # fmt: skip
    answer = client.post("/crm/marketing/campaigns/new/", typed)
    assert answer.status_code == 422
    assert {"quantity", "budget", "ends_on"} <= set(answer.context["form"].errors)
    assert "国庆宴席推广" in answer.content.decode()
    good = typed | {"quantity": 300, "budget": "5000", "starts_on": today().isoformat(), "ends_on": (today() + timedelta(days=9)).isoformat()}
    answer = client.post("/crm/marketing/campaigns/new/", good)
    assert answer.status_code == 302, answer.context["form"].errors
    campaign = Campaign.objects.get()
    assert (campaign.question, campaign.budget, campaign.owner) == ("kind=retailer", 500_000, cast.salesperson)
    page = client.get(answer.url)
    assert page.context["fitting"] == 1
    assert client.post(f"{answer.url}start/").status_code == 302
    assert client.get(answer.url).context["brought"].numbers == {"targets": 1, "held": 0}
    assert client_for(cast.inspector).get(answer.url).status_code == 404
    listed = client_for(cast.inspector).get(f"/crm/marketing/campaigns/sales/?campaign={campaign.number}").content.decode()
    receive_and_order(cast, customer, product)
    assert client_for(cast.inspector).get(f"/crm/marketing/campaigns/sales/?campaign={campaign.number}").context["page"].count == 0, listed[:50]
    assert client.get(f"/crm/marketing/campaigns/sales/?campaign={campaign.number}&part=targets-during").context["page"].count == 1


def receive_and_order(cast: Cast, customer: Customer, product: Any) -> None:
    make_prices(cast, {product: 100})
    receive(cast, product, make_warehouse(), 100)
    place(customer, product, 5, timezone.now(), actor=cast.admin)
