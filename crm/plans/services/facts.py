"""What was sold is written down with the delivery or the return, in its transaction."""

from collections.abc import Sequence

from django.db import connection
from django.utils import timezone

from crm.orders.models import Handling, HandlingLine
from crm.plans.models import Place, Sold

ANSWERS = """
    SELECT portfolio.id, holding.person_id, place.id, department.id, department.path
    FROM customers_customer customer JOIN customers_customer file ON file.id = customer.root_id
    JOIN customers_portfolio portfolio ON portfolio.id = file.portfolio_id
    JOIN organization_department department ON department.id = portfolio.department_id LEFT JOIN plans_place place ON place.path = department.path
    LEFT JOIN customers_portfolioholding holding
        ON holding.portfolio_id = portfolio.id AND holding.starts_on <= %(day)s AND (holding.ends_on IS NULL OR holding.ends_on >= %(day)s)
    WHERE customer.id = %(customer)s
"""


def place_of(path: str, department_id: int) -> Place:
    """Where a department stands today."""
    return Place.objects.get_or_create(path=path, defaults={"department_id": department_id})[0]


def note_sold(handling: Handling, lines: Sequence[HandlingLine]) -> None:
    """Of the portfolio in which the customer's file is today, under who held it on the day of the delivery."""
    day = timezone.localdate(handling.at)
    with connection.cursor() as cursor:
        cursor.execute(ANSWERS, {"customer": handling.order.customer_id, "day": day})
        portfolio_id, person_id, place_id, department_id, path = cursor.fetchone()
    place_id = place_id or place_of(path, department_id).pk
    sign = -1 if handling.kind == Handling.Kind.RETURN else 1
    Sold.objects.bulk_create(
        [
            Sold(
                line=one,
                day=day,
                customer_id=handling.order.customer_id,
                portfolio_id=portfolio_id,
                place_id=place_id,
                person_id=person_id,
                product_id=one.line.product_id,
                quantity=sign * one.quantity,
                fen=sign * one.quantity * one.line.fen,
            )
            for one in lines
        ]
    )
