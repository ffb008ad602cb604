"""What holding a portfolio adds to what people stand for."""

from collections.abc import Collection, Iterator
from datetime import date

from django.db.models import F, Q

from crm.customers.models import Portfolio, PortfolioHolding
from crm.customers.models.portfolios import headed_token, portfolio_token
from portal.access.sources import DatedToken
from portal.organization.models import Deputyship, Employment

HELD = "employment__person__portfolio_holdings"


def portfolios_of(user_ids: Collection[int], day: date) -> Iterator[DatedToken]:
    """Their own, and those of the people for whose primary post they stand in, for as long as both last."""
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gte=day)
    for holding in PortfolioHolding.objects.filter(lasting, person__in=user_ids):
        yield DatedToken(holding.person_id, portfolio_token(holding.portfolio_id), holding.starts_on, holding.ends_on)
    standing_in = (
        Deputyship.objects.filter(lasting, deputy__in=user_ids, employment__is_primary=True)
        .filter(Q(employment__ends_on__isnull=True) | Q(employment__ends_on__gte=day))
        .annotate(portfolio=F(f"{HELD}__portfolio"), held_from=F(f"{HELD}__starts_on"), held_to=F(f"{HELD}__ends_on"))
        .filter(Q(held_to__isnull=True) | Q(held_to__gte=day), portfolio__isnull=False)
        .values_list("deputy", "portfolio", "starts_on", "ends_on", "employment__starts_on", "employment__ends_on", "held_from", "held_to")
    )
    for deputy_id, portfolio_id, *days in standing_in:
        starts_on = max(days[0::2])
        ends_on = min((last for last in days[1::2] if last is not None), default=None)
        if ends_on is None or starts_on <= ends_on:
            yield DatedToken(deputy_id, portfolio_token(portfolio_id), starts_on, ends_on)


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
        post = row.employment
        ends_on = min((last for last in (row.ends_on, post.ends_on) if last is not None), default=None)
        if ends_on is None or max(row.starts_on, post.starts_on) <= ends_on:
            yield DatedToken(row.deputy_id, headed_token(post.department_id), max(row.starts_on, post.starts_on), ends_on)
