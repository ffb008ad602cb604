"""What was sold is written down with the delivery or the return, in its transaction."""

from collections.abc import Sequence

from django.utils import timezone

from crm.customers.models import Customer, PortfolioHolding
from crm.orders.models import Handling, HandlingLine
from crm.plans.models import Place, Sold
from portal.organization.models import Department


def place_of(department: Department) -> Place:
    """Where a department stands today."""
    return Place.objects.get_or_create(path=department.path, defaults={"department": department})[0]


def note_sold(handling: Handling, lines: Sequence[HandlingLine]) -> None:
    """Of the portfolio in which the customer's file is today, under who held it on the day of the delivery."""
    day = timezone.localdate(handling.at)
    file = Customer.objects.select_related("root__portfolio__department").get(pk=handling.order.customer_id).root
    holding = PortfolioHolding.objects.on(day).filter(portfolio=file.portfolio_id).first()
    sign = -1 if handling.kind == Handling.Kind.RETURN else 1
    place = place_of(file.portfolio.department)
    Sold.objects.bulk_create(
        [
            Sold(
                line=one,
                day=day,
                customer_id=handling.order.customer_id,
                portfolio_id=file.portfolio_id,
                place=place,
                person_id=holding.person_id if holding is not None else None,
                product_id=one.line.product_id,
                quantity=sign * one.quantity,
                fen=sign * one.quantity * one.line.fen,
            )
            for one in lines
        ]
    )
