"""An order's page, and what is done to it."""

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from crm.catalogue.models import Stock, Supply
from crm.catalogue.policies import sees_costs
from crm.catalogue.units import say_yuan
from crm.orders.earnings import earned_by
from crm.orders.forms import ChangeForm, DeliveryForm, ReturnForm
from crm.orders.models import Order, OrderLine, Release
from crm.orders.services.gate import cancel_order, change_order
from crm.orders.services.handling import deliver_order, return_goods
from portal.access.decorators import employee_required
from portal.access.policies import can, get_permitted
from portal.foundation.form_pages import ActPage, Crumb, FormPage
from portal.foundation.once import key_in
from portal.organization.querysets import today


def load_order(request: HttpRequest, pk: int, action: str = "view") -> Order:
    rows = Order.objects.select_related("customer__portfolio__department", "warehouse", "placed_by")
    return get_permitted(Order, user=request.user, action=action, rows=rows, pk=pk)


@require_safe
@employee_required
def order_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about an order at one place: verdict, lines, the supply they wait for, deliveries, returns, what is owed and paid."""
    order = load_order(request, pk)
    lines = list(order.lines.select_related("product"))
    products = [line.product_id for line in lines]
    stocks = {row.product_id: row for row in Stock.objects.filter(product__in=products, warehouse=order.warehouse)}
    supplies: dict[int, Supply] = {}
    for supply in Supply.objects.filter(product__in=products, warehouse=order.warehouse, ended_at__isnull=True).order_by("-day"):
        supplies[supply.product_id] = supply
    handlings = order.handlings.select_related("actor").prefetch_related("lines__line__product")
    receivables = [(one, say_yuan(one.fen), say_yuan(one.open)) for one in order.receivables.all()]
    context = {
        "order": order,
        "total": say_yuan(order.total),
        "lines": [_line(line, stocks.get(line.product_id), supplies.get(line.product_id)) for line in lines],
        "handlings": [(one, say_yuan(one.fen), "、".join(_moved(line) for line in one.lines.all())) for one in handlings],
        "receivables": receivables,
        "earned": _earned(order) if sees_costs(request.user) else None,
        "release": Release.objects.filter(order=order).select_related("paper").first(),
        "room": say_yuan(order.verdict.get("room", 0)),
        "is_late": order.is_open and order.wanted_on < today(),
        "today": today(),
        "crumbs": [(_("Orders"), reverse("crm:order_list"))],
        "may_change": order.is_open and can(request.user, "change", order),
        "may_deliver": order.is_open and can(request.user, "deliver", order),
        "may_return": can(request.user, "deliver", order) and any(line.delivered > line.returned for line in lines),
    }
    return render(request, "crm/orders/order_detail.html", context)


def _earned(order: Order) -> dict[str, Any] | None:
    found = earned_by(order)
    if found is None:
        return None
    return {"sum": say_yuan(found.earned), "share": found.share, "sold": say_yuan(found.sold), "cost": say_yuan(found.cost), "unknown": found.unknown}


def _moved(row: Any) -> str:
    return f"{row.line.product.name} {row.line.product.packing.said(row.quantity)}"


def _line(line: OrderLine, stock: Stock | None, supply: Supply | None) -> dict[str, Any]:
    """`waits` names the supply without which the line cannot leave, and whether it comes in time."""
    packing = line.product.packing
    short = line.open and (stock is None or stock.on_hand < line.open)
    return {
        "line": line,
        "quantity": packing.split(line.quantity - line.cancelled),
        "delivered": packing.split(line.delivered),
        "returned": packing.split(line.returned) if line.returned else "",
        "open": packing.split(line.open) if line.open else "",
        "price": say_yuan(line.fen),
        "sum": say_yuan((line.quantity - line.cancelled) * line.fen),
        "waits": supply if short else None,
        "is_short": bool(short),
        "is_late": bool(short and (supply is None or supply.day > line.promised_on or supply.day < today())),
    }


class OrderPage(FormPage):
    """One form about an order. Sent twice it is done once."""

    action = "change"
    is_new_thing = True

    def load(self, request: HttpRequest, **kwargs: Any) -> Order:
        return load_order(request, kwargs["pk"], self.action)

    def crumbs(self) -> list[Crumb]:
        return [(_("Orders"), reverse("crm:order_list")), (self.subject.number, self.subject.get_absolute_url())]

    def back_url(self) -> str:
        return str(self.subject.get_absolute_url())

    def form_arguments(self) -> dict[str, Any]:
        return {"order": self.subject, "most": self.most}

    def most(self, line: OrderLine) -> int:
        return line.open

    def key(self) -> UUID:
        return key_in(self.request) or uuid4()


@method_decorator(employee_required, name="dispatch")
class OrderChange(OrderPage):
    form_class = ChangeForm
    heading = gettext_lazy("Change the order")
    submit = gettext_lazy("Change")
    note = gettext_lazy("What is still to be delivered. What is more, or earlier, passes the gate again; nought cancels a line.")

    def initial(self) -> dict[str, Any]:
        return {"wanted_on": self.subject.wanted_on}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        products = dict(self.subject.lines.values_list("pk", "product"))
        quantities = {products[pk]: quantity for pk, quantity in values["quantities"].items()}
        change_order(self.subject, actor=request.user, quantities=quantities, wanted_on=values["wanted_on"])
        return _("Changed.")


@method_decorator(employee_required, name="dispatch")
class OrderDeliver(OrderPage):
    action = "deliver"
    form_class = DeliveryForm
    heading = gettext_lazy("Book a delivery")
    submit = gettext_lazy("Delivered")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        handling = deliver_order(self.subject, actor=request.user, quantities=values["quantities"], key=self.key())
        return _("Delivered for %(sum)s; that is owed now.") % {"sum": say_yuan(handling.fen)}


@method_decorator(employee_required, name="dispatch")
class OrderReturn(OrderPage):
    action = "deliver"
    form_class = ReturnForm
    heading = gettext_lazy("Book a return")
    submit = gettext_lazy("Take back")

    def most(self, line: OrderLine) -> int:
        return 0

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        handling = return_goods(self.subject, actor=request.user, quantities=values["quantities"], reason=values["reason"], key=self.key())
        return _("Taken back for %(sum)s.") % {"sum": say_yuan(handling.fen)}


@method_decorator(employee_required, name="dispatch")
class OrderCancel(ActPage):
    def load(self, request: HttpRequest, **kwargs: Any) -> Order:
        return load_order(request, kwargs["pk"], "change")

    def back_url(self) -> str:
        return str(self.subject.get_absolute_url())

    def act(self, request: HttpRequest) -> str:
        cancel_order(self.subject, actor=request.user)
        return _("What was not delivered is cancelled; stock and credit are free.")
