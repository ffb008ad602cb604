"""Opportunities and quotations are found by who writes the customer's file, and late next steps ring once."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from crm.customers.models import Customer
from crm.customers.services.customers import move_customer
from crm.sales.models import Opportunity
from crm.sales.services.opportunities import note_step
from crm.sales.services.reminding import tell_of_late_steps
from portal.notifications.models import Notification
from portal.organization.querysets import today
from portal.outbox.services import drain
from portal.search.models import Waiting
from tests.cast import Cast
from tests.crm.selling import close, open_sale
from tests.crm.writing import fresh, let_keep, make_portfolio


def told() -> list[int]:
    drain()
    return list(Notification.objects.filter(kind="sales.late_step").order_by("pk").values_list("recipient", flat=True))


def test_a_late_step_rings_once_for_who_holds_the_portfolio(cast: Cast, customer: Customer) -> None:
    sale = open_sale(customer, cast.salesperson, next_step="送陈列方案", next_on=today() + timedelta(days=1))
    closed = open_sale(customer, cast.salesperson, "宴席用烟", next_step="回电", next_on=today())
    close(closed, cast.salesperson)
    assert tell_of_late_steps() == 0, "due tomorrow is not late"
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert tell_of_late_steps() == 1
        assert tell_of_late_steps() == 0
        assert told() == [cast.salesperson.pk]
        note_step(sale, actor=fresh(cast.salesperson), text="店主出差", next_step="再约", next_on=today())
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert tell_of_late_steps() == 1, "put off and late again"
    assert Opportunity.objects.get(pk=sale.pk).next_told_for == today() + timedelta(days=2)


def test_what_hangs_on_a_customer_waits_anew_when_it_moves(cast: Cast, customer: Customer) -> None:
    sale = open_sale(customer, cast.salesperson)
    drain()
    Waiting.objects.all().delete()
    other = make_portfolio(cast, "城北一线", holder=cast.inspector, code="CB1", department=cast.quality)
    move_customer(customer, actor=let_keep(cast.director, cast.admin), to=other, reason="片区调整")
    assert Waiting.objects.filter(source="opportunities", object_id=sale.pk, hides=True).exists()
