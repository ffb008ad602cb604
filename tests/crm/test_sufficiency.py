"""Whether what is open is enough for what is left of a plan: each figure comes to its list, whatever was opened, moved and closed."""

from random import Random

import pytest

from crm.customers.models import Customer
from crm.plans.models import Plan
from crm.plans.sufficiency import PERMILLE, Sufficiency, weights_of
from crm.sales.models import Opportunity
from portal.organization.querysets import today
from tests.cast import Cast, employ
from tests.crm.goods import make_product
from tests.crm.planning import make_plan, publish, split, top
from tests.crm.selling import close, move, open_sale, stages
from tests.crm.writing import fresh, make_customer, make_portfolio


@pytest.fixture
def plan(cast: Cast, customer: Customer) -> Plan:
    """Of 销售科, which 赵静 heads besides: 孙丽 and 王伟 have half each."""
    employ(cast.deputy, cast.sales, cast.head_post, is_primary=False)
    make_customer(make_portfolio(cast, "城北一线", holder=cast.inspector, code="CB1"), cast.inspector, "枫林副食")
    made = make_plan(cast, cast.deputy)
    split(top(made), cast.deputy, 0, (cast.salesperson, 50_000_000), (cast.inspector, 50_000_000))
    publish(cast, made, cast.deputy)
    return made


def test_every_figure_comes_to_its_list(cast: Cast, customer: Customer, plan: Plan) -> None:
    chance = Random(5)
    others = [(customer, cast.salesperson), (Customer.objects.exclude(pk=customer.pk).get(), cast.inspector)]
    for turn in range(24):
        at, seller = chance.choice(others)
        sale = open_sale(at, seller, f"商机{turn}", amount=chance.randrange(1, 10**7), kind=chance.choice(("relationship", "transactional")))
        sale = move(sale, seller, chance.randrange(3))
        if chance.randrange(2):
            close(sale, seller, chance.choice(("won", "lost")))
    for person, number in ((cast.deputy, 3), (cast.salesperson, 1)):
        counted = Sufficiency(plan, fresh(person), today())
        permille = {one.stage.pk: one.permille for one in counted.weights}
        lines = [line for line in top(plan).version.lines.all() if number == 3 or line.person_id == person.pk]
        assert len(lines) == number
        pipelines, leaks = counted.pipelines(lines), counted.leaks(lines)
        for line in lines:
            rows, made = list(counted.rows(counted.open_query(line))), pipelines[line.pk]
            assert (made.count, made.fen) == (len(rows), sum(row.amount for row in rows))
            assert made.weighted == sum(row.amount * permille[row.stage_id] for row in rows) // PERMILLE
            lost = list(counted.rows(counted.lost_query(line)))
            if not lost:
                assert line.pk not in leaks
                continue
            leak = leaks[line.pk]
            listed = list(counted.rows(counted.lost_query(line, furthest=leak.stage.pk)))
            assert (leak.count, leak.fen) == (len(listed), sum(row.amount for row in listed))
            assert leak.fen == max(sum(row.amount for row in lost if row.furthest_id == pk) for pk in {row.furthest_id for row in lost})
        if number == 3:
            whole, *parts = (pipelines[line.pk] for line in lines)
            assert (whole.count, whole.thousandths) == (sum(one.count for one in parts), sum(one.thousandths for one in parts))
    assert not Sufficiency(plan, fresh(cast.operator), today()).rows(counted.open_query()).exists()


def test_a_later_stage_weighs_no_less_and_nothing_known_weighs_half(cast: Cast, customer: Customer) -> None:
    assert {one.permille for one in weights_of(today())} == {PERMILLE // 2}
    for place in (0, 0, 1, 3):
        close(move(open_sale(customer, cast.salesperson), cast.salesperson, place), cast.salesperson, "lost")
    for _number in range(3):
        close(open_sale(customer, cast.salesperson), cast.salesperson, "won")
    found = {one.stage.pk: one.permille for one in weights_of(today())}
    row = [found[stage.pk] for stage in stages()]
    assert row == sorted(row)
    assert row[0] == round(PERMILLE * (3 + 4 * 3 / 7) / (7 + 4))
    assert Opportunity.objects.filter(state="won").count() == 3


def test_the_page_says_what_is_left_and_leads_to_the_lists(cast: Cast, customer: Customer, plan: Plan, client_for) -> None:
    sale = open_sale(customer, cast.salesperson, amount=70_000_000)
    client = client_for(cast.deputy)
    answer = client.get(f"{plan.get_absolute_url()}sufficiency/")
    covers = answer.context["covers"]
    assert [(one.row.label, one.left, one.pipeline.count, one.said) for one, *_said in covers][1:] == [
        ("孙丽", 50_000_000, 1, "70 %"), ("王伟", 50_000_000, 0, "0 %"),
    ]  # fmt: skip
    assert [row.pk for row in client.get(f"/crm/opportunities/?{covers[1][0].query}").context["page"].rows] == [sale.pk]
    assert client.post(f"{plan.get_absolute_url()}sufficiency/").status_code == 200
    own = client_for(cast.salesperson).get(f"{plan.get_absolute_url()}sufficiency/").context["covers"]
    assert [one.row.label for one, *_said in own] == ["孙丽"]
    quantity = make_plan(cast, cast.deputy, measure="quantity", amount=10, product=make_product(cast))
    assert client.get(f"{quantity.get_absolute_url()}sufficiency/").status_code == 404
