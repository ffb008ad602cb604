"""The week's page, and what was missed before it."""

import re
from datetime import date

from django.http import HttpResponse
from django.test import Client

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
    page = client.get("/crm/visits/")
    assert (page.context["week"].missed_count, len(page.context["week"].missed)) == (8, 5)
    assert_all_listed(client, page, "why=none", 8)
    at = f"/crm/portfolios/{portfolio.pk}/missed/"
    assert len(client.get(at).context["form"].initial["promises"]) == 8
    for wrong in ({"reason": "大雨封路"}, {"promises": [missed[0].pk]}, {"reason": "大雨封路", "promises": [999_999]}):
        assert client.post(at, wrong).status_code == 422, wrong
    assert client.post(at, {"reason": "大雨封路", "promises": [one.pk for one in missed[:7]]}).status_code == 302
    assert Promise.objects.filter(reason="大雨封路", reason_by=cast.salesperson, state="missed").count() == 7
    assert client.get("/crm/visits/").context["week"].missed_count == 1
    assert client_for(cast.inspector).get(at).status_code == 404


def test_what_has_no_day_is_six_rows_and_a_list(client_for, cast: Cast, customer: Customer) -> None:
    for number in range(8):
        promised(customer, starts=-number, days=number + 1)
    client = client_for(cast.salesperson)
    page = client.get("/crm/visits/")
    week = page.context["week"]
    assert (week.unfit_count, len(week.unfit), week.promised) == (8, 6, 8)
    assert_all_listed(client, page, "planned=none", 8)
    assert client.get("/crm/visits/promises/?planned=set").context["page"].count == 0


def assert_all_listed(client: Client, page: HttpResponse, query: str, number: int) -> None:
    """The page leads to a list with this in its address, and there are so many."""
    (url,) = [one.replace("&amp;", "&") for one in re.findall(r'href="([^"]+)"', page.content.decode()) if query in one]
    assert client.get(url).context["page"].count == number
