"""Rivals: what is known only grows, and every figure of prices is of the list to which it leads."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.http import QueryDict
from django.utils import timezone

from crm.activities.models import Sighting
from crm.customers.models import Customer, Portfolio
from crm.marketing.errors import MarketingError
from crm.marketing.models import RivalFact, RivalMaker
from crm.marketing.services.rivals import change_rival, note_fact, note_rival, note_rival_product
from crm.marketing.sightings import seen_by_district, seen_by_product, sighting_rows
from portal.access.policies import can, viewers_of, visible_to
from portal.organization.querysets import today
from tests.cast import Cast
from tests.crm.promoting import in_marketing, make_rival, see_rival
from tests.crm.writing import fresh, make_customer, make_portfolio


def test_rivals_are_kept_by_marketing_and_facts_added_by_who_sells(cast: Cast, portfolio: Portfolio) -> None:
    keeper = in_marketing(cast, cast.operator)
    with pytest.raises(MarketingError):
        note_rival(actor=fresh(cast.salesperson), name="湘江烟草", other_names=[])
    rival = make_rival(keeper)
    with pytest.raises(MarketingError, match="湘烟"):
        make_rival(keeper, "另一家", other_names=["湘烟"])
    for person, sees in ((cast.salesperson, True), (keeper, True), (cast.admin, True), (cast.inspector, False), (cast.director, False)):
        user = fresh(person)
        seen = (can(user, "view", rival), visible_to(RivalMaker, user).exists(), viewers_of(rival).filter(pk=user.pk).exists())
        assert seen == (sees,) * 3, person
    product = note_rival_product(rival, actor=keeper, name="和天下", price_class="1")
    fact = note_fact(rival, actor=fresh(cast.salesperson), kind="price", text="陈列返利 5 元", learnt_on=today(), product=product)
    with pytest.raises(MarketingError):
        note_fact(rival, actor=fresh(cast.salesperson), kind="price", text="明天的事", learnt_on=today() + timedelta(days=1))
    with pytest.raises(MarketingError):
        note_fact(rival, actor=fresh(cast.inspector), kind="price", text="外人", learnt_on=today())
    with pytest.raises(MarketingError):
        change_rival(rival, actor=fresh(cast.salesperson), name="改名", other_names=[])
    for change in (lambda: RivalFact.objects.filter(pk=fact.pk).update(text="改了"), lambda: RivalFact.objects.filter(pk=fact.pk).delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_every_figure_is_its_list_and_a_naive_count_for_each_reader(cast: Cast, portfolio: Portfolio, customer: Customer) -> None:
    dice, keeper = Random(3), in_marketing(cast, cast.operator)
    other = make_portfolio(cast, "城北一线", holder=cast.inspector, code="CB1", department=cast.quality)
    shops = [(customer, cast.salesperson), (make_customer(other, cast.inspector, "北门店"), cast.inspector)]
    rival = make_rival(keeper)
    for _number in range(24):
        shop, actor = dice.choice(shops)
        name, product = dice.choice([("湘江烟草", "和天下"), ("湘烟", "芙蓉"), ("岳麓", "软蓝"), ("湘江烟草", "")])
        see_rival(actor, shop, dice.choice([9_500, 9_000, 9_900]), name=name, product=product, back=dice.randrange(1, 50))
    first, last = today() - timedelta(days=30), today()
    for user, own in ((keeper, None), (fresh(cast.salesperson), cast.salesperson.pk), (fresh(cast.inspector), cast.inspector.pk)):
        rows = [
            one
            for one in Sighting.objects.select_related("visit")
            if one.name in rival.names and (own is None or one.visit.person_id == own) and _day(one) >= first
        ]
        for cut in (seen_by_product, seen_by_district):
            parts = cut(rival, user, first, last)
            assert sum(part.number for part in parts) == len(rows)
            for part in parts:
                listed = list(sighting_rows(QueryDict(part.query), user))
                assert len(listed) == part.number
                assert part.mean == round(sum(one.fen for one in listed) / len(listed))


def _day(one: Sighting) -> date:
    return timezone.localdate(one.visit.arrived_at)


def test_a_reader_of_sightings_reads_no_shop_that_they_may_not_see(client_for: Any, cast: Cast, customer: Customer) -> None:
    keeper = in_marketing(cast, cast.operator)
    rival = make_rival(keeper)
    see_rival(cast.salesperson, customer, 9_500)
    see_rival(cast.salesperson, customer, 9_000, name="岳麓卷烟")
    client = client_for(keeper)
    page = client.get("/crm/marketing/rivals/")
    assert page.context["unknown"] == ["岳麓卷烟"]
    page = client.get(rival.get_absolute_url())
    assert [part[0].number for part in page.context["products"]] == [1]
    assert "95.00" in page.content.decode()
    assert client.post(rival.get_absolute_url())["Content-Type"].endswith("sheet")
    assert client.get(f"{rival.get_absolute_url()}?first=2026-12-01&last=2026-01-01").status_code == 422
    assert client_for(cast.inspector).get(rival.get_absolute_url()).status_code == 404
