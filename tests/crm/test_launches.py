"""The launch of a brand: shown at visits, shops, sales and stock followed, opinions that come to something."""

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from django.http import QueryDict
from django.utils import timezone

from crm.activities.models import Visit
from crm.activities.services.visits import take_visit
from crm.customers.models import Customer, Portfolio
from crm.marketing.errors import MarketingError
from crm.marketing.launch_lists import LaunchOpinionList, LaunchShopList
from crm.marketing.launching import FIGURES, Launch, LaunchSeen, by_weeks
from crm.marketing.models import Campaign, ChannelStock, LaunchOpinion
from crm.marketing.services.campaigns import end_campaign, finish_task, judge_campaign, start_campaign
from crm.marketing.services.launches import note_opinion, take_opinion
from portal.lists.asked import Asked
from portal.lists.definition import list_of
from portal.notifications.models import Notification
from portal.organization.querysets import today
from tests.cast import Cast
from tests.crm.goods import make_product
from tests.crm.outside import work_inside
from tests.crm.promoting import in_marketing, make_campaign, place
from tests.crm.writing import fresh, make_customer, make_portfolio

SAID = {"party": "consumer", "about": "taste", "liking": 2, "text": "偏呛，老烟民不习惯"}


def launch(keeper: Any, product: Any, **values: Any) -> Campaign:
    return start_campaign(make_campaign(keeper, product, is_launch=True, **({"name": "松涛细支上市", "held_out": 0} | values)), actor=keeper)


def show(customer: Customer, actor: Any, *, purpose: str = "launch", outcome: str = "met") -> Visit:
    now = timezone.now()
    return take_visit(actor=fresh(actor), key=uuid4(), customer=customer, said_at=now, device_now=now, purpose=purpose, outcome=outcome, results="介绍").visit


def test_weeks_against_a_naive_count_on_200_random_launches() -> None:
    dice, first = Random(3), date(2026, 3, 2)
    for _number in range(200):
        length = dice.randrange(1, 40)
        after = first + timedelta(days=length)
        shown = [(dice.randrange(6), first + timedelta(days=dice.randrange(length))) for _one in range(dice.randrange(12))]
        sold = [(dice.randrange(6), first + timedelta(days=dice.randrange(length)), dice.randrange(1, 9)) for _one in range(dice.randrange(12))]
        weeks = by_weeks(first, after, shown, sold)
        assert weeks[0].first == first
        assert weeks[-1].first < after <= weeks[-1].first + timedelta(days=7)
        for week in weeks:
            end = week.first + timedelta(days=7)
            assert week.shown == {customer for customer, day in shown if day < end}
            assert week.carrying == {customer for customer, day, _quantity in sold if day < end}
            assert week.sold == sum(quantity for _customer, day, quantity in sold if week.first <= day < end)
    assert by_weeks(first, first, [], []) == []


@pytest.fixture
def shops(cast: Cast, portfolio: Portfolio) -> list[Customer]:
    """Four of the salesperson's, three of the inspector's."""
    other = make_portfolio(cast, "城北一线", holder=cast.inspector, code="CB1", department=cast.quality)
    homes = [(portfolio, cast.salesperson)] * 4 + [(other, cast.inspector)] * 3
    return [make_customer(home, actor, f"店{number}", numbers=[f"0731-855500{number:02}"]) for number, (home, actor) in enumerate(homes)]


def test_each_number_is_that_of_its_list_and_of_a_naive_count(cast: Cast, shops: list[Customer]) -> None:
    dice, keeper = Random(11), in_marketing(cast, cast.operator)
    brand, other = make_product(cast), make_product(cast, "松涛（软）", "4301120")
    running = launch(keeper, brand, held_out=20)
    Campaign.objects.filter(pk=running.pk).update(ends_on=today())
    running.refresh_from_db()
    targets = {one.customer_id for one in running.targets.all() if not one.is_held_out}
    assert 0 < len(targets) < len(shops)
    owners = {shop.pk: cast.salesperson if number < 4 else cast.inspector for number, shop in enumerate(shops)}
    noon = timezone.make_aware(datetime.combine(today(), time(0, 0, 1)))
    naive: dict[str, set[int]] = {figure: set() for figure in FIGURES} | {"targets": targets}
    orders: dict[int, int] = {}
    for number in range(24):
        shop, product = dice.choice(shops), dice.choice((brand, other))
        cancelled = dice.choice((0, 0, 3))
        at = noon - timedelta(days=dice.choice((0, 0, 1)))
        place(shop, product, 3, at, cancelled=cancelled, actor=cast.admin)
        if product == brand and not cancelled and at == noon:
            orders[shop.pk] = orders.get(shop.pk, 0) + 1
        if number % 4 == 0:
            shop, quantity = dice.choice(shops), dice.choice((0, 6))
            values = {"quantity": quantity, "noted_by": cast.admin}
            ChannelStock.objects.update_or_create(customer=shop, product=brand, day=today(), defaults=values)
        if number % 3 == 0:
            shop = dice.choice(shops)
            purpose, outcome = dice.choice((("launch", "met"), ("launch", "absent"), ("regular", "met")))
            show(shop, owners[shop.pk], purpose=purpose, outcome=outcome)
            if (purpose, outcome) == ("launch", "met"):
                naive["shown"].add(shop.pk)
    for shop in shops[::2]:
        if shop.pk in targets:
            note_opinion(running, actor=fresh(owners[shop.pk]), customer=shop, **SAID)
            naive["heard"].add(shop.pk)
    stocks = list(ChannelStock.objects.values_list("customer", "quantity"))
    naive["missing"] = targets - naive["shown"]
    naive["carrying"] = set(orders) | {pk for pk, quantity in stocks if quantity}
    naive["again"] = {pk for pk, number in orders.items() if number > 1}
    naive["dry"] = {pk for pk, quantity in stocks if not quantity}
    definition = list_of(LaunchShopList.code)
    assert definition is not None
    for user, own in ((keeper, set(owners)), (fresh(cast.salesperson), {one.pk for one in shops[:4]}), (fresh(cast.inspector), {one.pk for one in shops[4:]})):
        numbers = LaunchSeen(user, running).numbers()
        for figure in FIGURES:
            query = QueryDict(f"launch={running.number}&figure={figure}")
            listed = set(Asked(definition, user, query).rows.values_list("pk", flat=True))
            assert listed == naive[figure] & targets & own, figure
            assert numbers[figure] == len(listed)
        weeks = LaunchSeen(user, running).weeks()
        assert weeks[-1].sold == 3 * sum(number for pk, number in orders.items() if pk in targets & own)
    assert Launch(running).of_figure("other") is not None


def test_those_who_sell_see_it_from_its_start_and_each_their_own(client_for: Any, cast: Cast, shops: list[Customer]) -> None:
    keeper, brand = in_marketing(cast, cast.operator), make_product(cast)
    planned = make_campaign(keeper, brand, is_launch=True)
    usual = start_campaign(make_campaign(keeper, brand), actor=keeper)
    seller = client_for(cast.salesperson)
    assert [seller.get(one.launch_url).status_code for one in (planned, usual)] == [404, 404]
    assert client_for(keeper).get(planned.launch_url).status_code == 200
    running = start_campaign(planned, actor=keeper)
    page = seller.get(running.launch_url)
    assert page.context["numbers"][0][0] == "targets"
    assert seller.get(running.get_absolute_url()).status_code == 404
    assert client_for(cast.workshop_head).get(running.launch_url).status_code == 404
    assert running.name in seller.get("/crm/marketing/").content.decode()
    mine = next(shop for shop in shops[4:] if running.targets.filter(customer=shop, is_held_out=False).exists())
    opinion = note_opinion(running, actor=fresh(cast.inspector), customer=mine, **SAID)
    assert SAID["text"] not in seller.get(running.launch_url).content.decode()
    assert SAID["text"] in client_for(cast.inspector).get(running.launch_url).content.decode()
    definition = list_of(LaunchOpinionList.code)
    assert definition is not None
    assert not Asked(definition, fresh(cast.salesperson), QueryDict("")).rows.filter(pk=opinion.pk).exists()
    address = f"{running.launch_url}opinions/{opinion.pk}/task/"
    assert [client_for(person).get(address).status_code for person in (cast.salesperson, cast.inspector, keeper)] == [404, 403, 200]


def test_an_opinion_is_of_a_target_whose_file_one_writes_and_while_it_runs(cast: Cast, shops: list[Customer]) -> None:
    keeper, brand = in_marketing(cast, cast.operator), make_product(cast)
    running = launch(keeper, brand, held_out=40)
    held = {one.customer_id: one.is_held_out for one in running.targets.all()}
    inside = next(shop for shop in shops[:4] if not held[shop.pk])
    outside_ = next(shop for shop in shops if held[shop.pk])
    owner = cast.salesperson if outside_ in shops[:4] else cast.inspector
    visit = show(inside, cast.salesperson)
    made = note_opinion(running, actor=fresh(cast.salesperson), customer=inside, visit=visit, **SAID)
    assert (made.visit, made.customer) == (visit, inside)
    another = next(shop for shop in shops[:4] if shop != inside)
    wrong: list[tuple[Campaign, Any, Customer, dict[str, Any]]] = [
        (running, owner, outside_, {}),
        (running, cast.inspector, inside, {}),
        (running, cast.salesperson, inside, {"text": "  "}),
        (running, cast.salesperson, inside, {"visit": show(another, cast.salesperson)}),
        (make_campaign(keeper, brand, is_launch=True), cast.salesperson, inside, {}),
        (start_campaign(make_campaign(keeper, brand, held_out=0), actor=keeper), cast.salesperson, inside, {}),
        (judge_campaign(end_campaign(launch(keeper, brand, owner=cast.inspector), actor=keeper), actor=keeper, judgement="可以"), cast.salesperson, inside, {}),
    ]
    for campaign, actor, customer, values in wrong:
        with pytest.raises(MarketingError):
            note_opinion(campaign, actor=fresh(actor), customer=customer, **(SAID | values))
    assert LaunchOpinion.objects.count() == 1


def test_an_opinion_becomes_a_task_once_and_who_noted_it_is_told_what_comes_of_it(client_for: Any, cast: Cast, shops: list[Customer]) -> None:
    keeper, brand = in_marketing(cast, cast.operator), make_product(cast)
    running, seller = launch(keeper, brand), client_for(cast.salesperson)
    visit = show(shops[0], cast.salesperson)
    assert [one.pk for one in dict(seller.get(visit.get_absolute_url()).context["panels"])["crm/marketing/_launched.html"]["launches"]] == [running.pk]
    address = f"{running.launch_url}opinions/new/"
    begun = seller.get(f"{address}?visit={visit.pk}").context["form"].initial
    assert (begun["customer"], begun["visit"]) == (shops[0], visit.pk)
    sent = SAID | {"customer": shops[0].code, "visit": visit.pk, "form_key": uuid4()}
    assert seller.post(address, sent | {"liking": "9", "text": "太呛"}).status_code == 422
    assert seller.post(address, sent | {"customer": shops[5].code}).status_code == 422
    assert seller.post(address, sent).status_code == 302
    opinion = LaunchOpinion.objects.get()
    assert opinion.visit == visit
    give = {"text": "与技术中心复评吸味", "owner": cast.inspector.employee_number, "due_on": today().isoformat(), "form_key": uuid4()}
    assert client_for(keeper).post(f"{running.launch_url}opinions/{opinion.pk}/task/", give).status_code == 302
    opinion.refresh_from_db()
    assert opinion.task is not None
    with pytest.raises(MarketingError):
        take_opinion(opinion, actor=keeper, text="再来", owner=cast.inspector, due_on=today())
    finish_task(opinion.task, actor=fresh(cast.inspector), outcome="下一批调低浓度")
    work_inside()
    assert Notification.objects.get(kind="marketing.opinion_answered").recipient == cast.salesperson
    assert "下一批调低浓度" in seller.get(running.launch_url).content.decode()
