"""A figure and its list are one question, by the responsibility of the day, for whoever looks."""

from collections import Counter
from datetime import timedelta
from io import BytesIO

import pytest
from django.http import QueryDict
from openpyxl import load_workbook

from crm.activities.models import Promise
from crm.activities.performance import CUTS, address_of, measure, performances, rates, rows_of
from crm.activities.services.keeping import agree_on
from crm.activities.services.promising import settle_promises
from crm.customers.models import Customer, Portfolio, PortfolioHolding
from crm.customers.services.portfolios import hand_over
from crm.sales.services.leads import note_lead
from portal.lists.asked import Asked
from portal.lists.definition import list_of
from portal.organization.querysets import today
from tests.cast import Cast
from tests.crm.selling import close, open_sale
from tests.crm.test_visits import take
from tests.crm.visiting import met, promised
from tests.crm.writing import fresh, let_keep, make_customer, make_portfolio

FIRST, LAST = today() - timedelta(days=40), today() + timedelta(days=40)


@pytest.fixture
def month(cast: Cast, customer: Customer, portfolio: Portfolio) -> Customer:
    """Two portfolios in two departments, one handed over, something of each measure."""
    other = make_portfolio(cast, "城北一线", holder=cast.inspector, code="CB1", department=cast.quality)
    north = make_customer(other, cast.inspector, "伍家岭福万家超市")
    PortfolioHolding.objects.update(starts_on=FIRST)
    for shop, person in ((customer, cast.salesperson), (north, cast.inspector)):
        promised(shop, starts=-20, days=7)
        promised(shop, starts=-10, days=7)
        promised(shop, "call", starts=-10, days=7)
        promised(shop, starts=2, days=7)
        met(shop, person, today() - timedelta(days=5))
        take(cast, shop, person, opinions="货源不足")
        take(cast, shop, person, outcome="absent")
        agree_on(shop, actor=fresh(person), kind="visit", day=today() + timedelta(days=1))
        close(open_sale(shop, person), person, "won")
        open_sale(shop, person, "宴席用烟")
        note_lead(actor=fresh(person), portfolio=shop.portfolio, name="枫林宾馆", text="宴席用烟", source="referral")
        note_lead(actor=fresh(person), portfolio=shop.portfolio, name="湘府酒楼", text="宴席用烟", source="call")
    close(open_sale(customer, cast.salesperson, "婚庆"), cast.salesperson, "lost", "rival")
    settle_promises()
    hand_over(other, actor=cast.admin, to=cast.deputy, starts_on=today(), reason="轮岗")
    return customer


def listed(person, address: str, code: str) -> int:
    return Asked(list_of(code), person, QueryDict(address.partition("?")[2])).rows.count()


@pytest.mark.parametrize("by", CUTS)
def test_every_figure_is_the_count_of_its_list_and_the_parts_add_up(cast: Cast, month: Customer, by: str) -> None:
    for person in (let_keep(cast.director, cast.admin), fresh(cast.salesperson), fresh(cast.head), fresh(cast.deputy)):
        table = measure(person, first=FIRST, last=LAST, by=by, with_process=True)
        assert table.measures == performances(with_process=True)
        for one in table.measures:
            address = address_of(one, FIRST, LAST)
            assert table.sums[one.code] == listed(person, address, one.list_code) == sum(table.counts[one.code].values()), one.code
            for part, _label in table.parts:
                if part is not None:
                    counted = table.counts[one.code].get(part, 0)
                    assert counted == listed(person, address_of(one, FIRST, LAST, by, part), one.list_code), (one.code, part)


def test_what_is_settled_stays_with_whoever_held_it_then_and_what_is_open_goes_along(cast: Cast, month: Customer) -> None:
    director = let_keep(cast.director, cast.admin)
    table = measure(director, first=FIRST, last=LAST, by="person", with_process=True)
    then, now, south = cast.inspector.pk, cast.deputy.pk, cast.salesperson.pk
    naive = Counter()
    for row in Promise.objects.filter(kind="visit").select_related("customer__root"):
        naive[row.holder_id or (south if row.customer.root == month else now)] += 1
    assert table.counts["targets"] == naive
    assert table.counts["targets"][then] == 2
    assert (table.counts["places"][now], table.counts["places"].get(then, 0)) == (1, 0)
    assert (table.counts["visits"][then], table.counts["contacts"][then], table.counts["referrals"].get(then, 0)) == (2, 1, 0)
    assert table.counts["deals"] == {south: 1, then: 1}
    signing = next(one for one in rates([one.code for one in table.measures], with_process=False) if one.code == "signing")
    assert (table.share_of_all(signing), table.share(signing, south)) == (2 / 3, 1 / 2)
    only = measure(director, first=FIRST, last=LAST, by="person", with_process=False)
    assert {one.code for one in only.measures} == {"appointments", "appointments_kept", "referrals", "closed", "deals"}
    assert rows_of(performances(with_process=True)[0], fresh(cast.operator), FIRST, LAST) is None


def test_the_page_leads_to_lists_and_is_taken_away(client_for, cast: Cast, month: Customer) -> None:
    client = client_for(cast.salesperson)
    at = f"/crm/visits/measures/?first={FIRST}&last={LAST}"
    page = client.get(at)
    [row] = page.context["rows"]
    assert row[0] == "孙丽"
    for one, number, address in row[1]:
        if number:
            assert client.get(address).context["page"].count == number, one.code
    sheet = load_workbook(BytesIO(b"".join(client.post(at)))).active
    assert sheet is not None
    assert [cell.value for cell in sheet[3]][:2] == ["孙丽", 1]
    assert len(client.get(f"{at}&of=result").context["columns"]) == 5
    for wrong in ("?first=2026-02-31", "?first=2026-03-02&last=2026-03-01"):
        assert client.get(f"/crm/visits/measures/{wrong}").status_code == 422, wrong
    assert client.get("/crm/visits/measures/?by=nonsense").status_code == 200
    assert client_for(cast.operator).get("/crm/visits/measures/").status_code == 403
