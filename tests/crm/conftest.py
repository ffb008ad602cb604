"""A portfolio and a customer in it."""

import pytest

from crm.customers.models import Customer, Portfolio
from tests.cast import Cast
from tests.crm.writing import LICENCE, make_customer, make_portfolio


@pytest.fixture
def portfolio(cast: Cast) -> Portfolio:
    """城南三线 of 销售科, held by 孙丽."""
    return make_portfolio(cast)


@pytest.fixture
def customer(cast: Cast, portfolio: Portfolio) -> Customer:
    """红星路金穗烟酒商行, with a licence."""
    return make_customer(portfolio, cast.salesperson, licence_no=LICENCE)
