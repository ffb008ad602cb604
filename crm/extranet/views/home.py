"""The first page: what is due, what is under way, what somebody waits for."""

from datetime import timedelta
from typing import Any

from django.db.models import F, Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm.catalogue.units import say_yuan
from crm.extranet.guards import account_required
from crm.extranet.selectors import objections_of, orders_of, receivables_of, requests_of, surveys_waiting_for
from crm.extranet.standing import standing_of_firm
from crm.extranet.tokens import thing_key
from crm.orders.models import Order
from crm.service.models import Objection, Request

MOST = 5
NEWS = timedelta(days=7)


@require_safe
@account_required
def home(request: Any) -> HttpResponse:
    customer = request.account.customer
    standing = standing_of_firm(customer)
    due = receivables_of(customer).filter(settled__lt=F("fen")).order_by("due_on", "pk")
    owed = due.aggregate(sum=Sum(F("fen") - F("settled")))["sum"] or 0
    under_way = orders_of(customer).filter(state__in=(Order.State.CONFIRMED, Order.State.PARTLY)).order_by("wanted_on", "pk")
    since = timezone.now() - NEWS
    answered = requests_of(customer).filter(answered_at__gt=since).exclude(state=Request.State.OPEN)[:MOST]
    complaints = objections_of(customer).exclude(state=Objection.State.CLOSED)[:MOST]
    context = {
        "customer": customer,
        "standing": standing,
        "owed": say_yuan(owed) if owed else "",
        "due": [(row, say_yuan(row.open), row.due_on < standing.day) for row in due.select_related("order")[:MOST]],
        "orders": [(row, say_yuan(row.total)) for row in under_way[:MOST]],
        "answered": [(row, thing_key("request", row.pk)) for row in answered],
        "surveys": surveys_waiting_for(customer, standing.day)[:MOST],
        "complaints": [(row, thing_key("objection", row.pk)) for row in complaints],
    }
    return render(request, "home.html", context)
