"""Orders with what came of them, and what is due and was paid."""

from typing import Any
from uuid import UUID

from django.db.models import F, Sum
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.catalogue.units import say_yuan
from crm.extranet.forms import CancelForm
from crm.extranet.guards import account_required
from crm.extranet.selectors import credit_of, orders_of, payments_of, receivables_of
from crm.extranet.services.ordering import cancel_as, may_cancel
from crm.extranet.tokens import thing_key
from crm.extranet.views.service import OutsidePage
from crm.orders.models import Order, OrderLine
from portal.foundation.asking import read_number
from portal.organization.querysets import today

PER_PAGE = 20
MOST_PAGES = 500


@require_safe
@account_required
def order_list(request: Any) -> HttpResponse:
    page = min(max(1, read_number(request.GET, "page", 1)), MOST_PAGES)
    start = (page - 1) * PER_PAGE
    found = list(orders_of(request.account.customer)[start : start + PER_PAGE + 1])
    context = {
        "orders": [(row, say_yuan(row.total)) for row in found[:PER_PAGE]],
        "before": page - 1,
        "after": page + 1 if len(found) > PER_PAGE else 0,
    }
    return render(request, "orders.html", context)


@require_safe
@account_required
def order_detail(request: Any, key: UUID) -> HttpResponse:
    order = orders_of(request.account.customer).select_related("placed_by").filter(key=key).first()
    if order is None:
        raise Http404
    day = today()
    handlings = order.handlings.prefetch_related("lines__line__product")
    context = {
        "order": order,
        "total": say_yuan(order.total),
        "cancels": "now" if may_cancel(order) else "ask" if order.is_open else "",
        "is_own": not order.placed_by.is_employee,
        "lines": [_line(line) for line in order.lines.select_related("product")],
        "handlings": [(one, say_yuan(one.fen), "、".join(_moved(line) for line in one.lines.all())) for one in handlings],
        "receivables": [(one, say_yuan(one.fen), say_yuan(one.open), one.open and one.due_on < day) for one in order.receivables.all()],
    }
    return render(request, "order_detail.html", context)


@method_decorator(account_required, name="dispatch")
class Cancel(OutsidePage):
    form_class = CancelForm

    def load(self, request: Any, **kwargs: Any) -> Order:
        order = orders_of(request.account.customer).filter(key=kwargs["key"]).first()
        if order is None:
            raise Http404
        return order

    def get_heading(self) -> str:
        words = {"number": self.subject.number}
        return _("Cancel order %(number)s") % words if may_cancel(self.subject) else _("Ask to cancel order %(number)s") % words

    def more_context(self) -> dict[str, Any]:
        if may_cancel(self.subject):
            return {"submit": _("Cancel the order"), "note": _("Nothing of it has left yet. It is cancelled at once, and your credit is free.")}
        return {"submit": _("Ask"), "note": _("It may be on its way already. Your account manager is asked and answers you.")}

    def back_url(self) -> str:
        return reverse("extranet:order_detail", args=[self.subject.key])

    def save(self, request: Any, values: dict[str, Any]) -> str:
        return cancel_as(request.account, self.subject, reason=values["reason"])


def _line(line: OrderLine) -> dict[str, Any]:
    packing = line.product.packing
    return {
        "line": line,
        "key": thing_key("line", line.pk),
        "quantity": packing.split(line.quantity - line.cancelled),
        "delivered": packing.split(line.delivered) if line.delivered else "",
        "returned": packing.split(line.returned) if line.returned else "",
        "open": packing.split(line.open) if line.open else "",
        "price": say_yuan(line.fen),
        "sum": say_yuan((line.quantity - line.cancelled) * line.fen),
    }


def _moved(row: Any) -> str:
    return f"{row.line.product.name} {row.line.product.packing.said(row.quantity)}"


@require_safe
@account_required
def due(request: Any) -> HttpResponse:
    """What is open, the earliest first; what was paid, the newest first; how much credit there is."""
    customer, day = request.account.customer, today()
    rows = receivables_of(customer).filter(settled__lt=F("fen"))
    account = credit_of(customer)
    owed = rows.aggregate(sum=Sum(F("fen") - F("settled")))["sum"] or 0
    context = {
        "rows": [(row, say_yuan(row.open), say_yuan(row.fen), row.due_on < day) for row in rows.select_related("order").order_by("due_on", "pk")[:200]],
        "payments": [(row, say_yuan(row.fen)) for row in payments_of(customer)[:20]],
        "owed": say_yuan(owed),
        "limit": say_yuan(account.limit),
        "room": say_yuan(max(0, account.limit - account.exposure)),
    }
    return render(request, "due.html", context)
