"""The week's page, and what was missed before it."""

from datetime import date

from crm.activities.models import Promise
from crm.activities.services.promising import settle_promises
from crm.customers.models import Customer, Portfolio, PortfolioHolding
from tests.cast import Cast
from tests.crm.visiting import promised


def test_several_that_were_missed_get_one_reason_and_the_older_ones_are_one_line(client_for, cast: Cast, customer: Customer, portfolio: Portfolio) -> None:
    client = client_for(cast.salesperson)
    PortfolioHolding.objects.update(starts_on=date(2020, 1, 1))
    missed = [promised(customer, starts=-9 - number, days=7) for number in range(8)]
    settle_promises()
    week = client.get("/crm/visits/").context["week"]
    assert (len(week.missed), len(week.missed_first), len(week.missed_more)) == (8, 5, 3)
    at = f"/crm/portfolios/{portfolio.pk}/missed/"
    assert len(client.get(at).context["form"].initial["promises"]) == 8
    for wrong in ({"reason": "大雨封路"}, {"promises": [missed[0].pk]}, {"reason": "大雨封路", "promises": [999_999]}):
        assert client.post(at, wrong).status_code == 422, wrong
    assert client.post(at, {"reason": "大雨封路", "promises": [one.pk for one in missed[:7]]}).status_code == 302
    assert Promise.objects.filter(reason="大雨封路", reason_by=cast.salesperson, state="missed").count() == 7
    assert len(client.get("/crm/visits/").context["week"].missed) == 1
    assert client_for(cast.inspector).get(at).status_code == 404
