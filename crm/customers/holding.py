"""What holding a portfolio adds to what people stand for."""

from collections.abc import Collection, Iterator
from datetime import date

from django.db.models import Q

from crm.customers.models import Portfolio, PortfolioHolding
from crm.customers.models.portfolios import headed_token, portfolio_token
from portal.access.holdings import tokens_of_holdings, while_all_last
from portal.access.sources import DatedToken
from portal.organization.models import Deputyship, Employment


def portfolios_of(user_ids: Collection[int], day: date) -> Iterator[DatedToken]:
    """Their own, and those of the people for whose primary post they stand in."""
    return tokens_of_holdings(PortfolioHolding, "portfolio", portfolio_token, user_ids, day)


def portfolios_headed(user_ids: Collection[int], day: date) -> Iterator[DatedToken]:
    """Those who head a department that has portfolios, and who stands in for them: so the rail asks nothing to know that customers are their business."""
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gte=day)
    departments = set(Portfolio.objects.filter(closed_on__isnull=True).values_list("department", flat=True))
    if not departments:
        return
    for post in Employment.objects.filter(lasting, person__in=user_ids, position__is_head=True, department__in=departments):
        yield DatedToken(post.person_id, headed_token(post.department_id), post.starts_on, post.ends_on)
    standing_in = Deputyship.objects.filter(lasting, deputy__in=user_ids, employment__position__is_head=True, employment__department__in=departments)
    for row in standing_in.select_related("employment"):
        both = while_all_last((row.starts_on, row.employment.starts_on), (row.ends_on, row.employment.ends_on))
        if both is not None:
            yield DatedToken(row.deputy_id, headed_token(row.employment.department_id), *both)
