"""Ordering: quantities, a day, what the gate says to it in words, and the press that confirms."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.catalogue.units import say_yuan
from crm.extranet.errors import ExtranetError
from crm.extranet.goods import Basket, basket_rows, read_basket
from crm.extranet.guards import account_required
from crm.extranet.saying import all_said
from crm.extranet.services.ordering import delivering_warehouse, order_as
from crm.extranet.standing import standing_of_firm
from crm.orders.errors import OrdersError, RefusedError
from crm.orders.models import Order
from crm.orders.services.gate import preview
from portal.foundation.asking import read_words
from portal.foundation.once import FIELD, key_in, new_key


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
def order_page(request: Any) -> HttpResponse:
    """A POST with `act=send` orders; any other only asks what it comes to, and finds products. A GET may carry quantities (a link from a product)."""
    values = request.POST if request.method == "POST" else request.GET
    basket, account = read_basket(values), request.account
    standing = standing_of_firm(account.customer)
    refusals, status = list(basket.wrong), 200
    if request.method == "POST" and request.POST.get("act") == "send":
        status = 422
        if standing.hindrance:
            refusals.append(standing.hindrance)
        elif not basket.is_readable:
            refusals.append(_("Some of it cannot be read; see below. Nothing was ordered."))
        elif not basket.quantities:
            refusals.append(_("Write at least one quantity."))
        else:
            try:
                return _sent(request, basket)
            except RefusedError as error:
                refusals += all_said(error.verdict)
            except (OrdersError, ExtranetError) as error:
                refusals.append(str(error))
    words, warehouse = read_words(values, "q"), delivering_warehouse()
    said: dict[str, Any] = {"verdict": None}
    if basket.is_readable and basket.quantities and warehouse is not None and not standing.hindrance:
        verdict, _facts = preview(account.customer, warehouse, basket.wanted_on, basket.quantities)
        said = {"verdict": verdict, "total": say_yuan(verdict.total), "findings": all_said(verdict)}
    context = {
        "rows": basket_rows(account.customer, basket, words, warehouse),
        "basket": basket,
        "words": words,
        "standing": standing,
        "refusals": list(dict.fromkeys(refusals)),
        "key_field": FIELD,
        "key": _key(request),
    }
    return render(request, "order.html", context | said, status=status)


def _key(request: Any) -> str:
    """The page keeps its key until it is used up; what is no key is replaced."""
    kept: UUID | None = key_in(request)
    return str(kept) if kept is not None and not Order.objects.filter(key=kept).exists() else new_key()


def _sent(request: Any, basket: Basket) -> HttpResponse:
    key = key_in(request)
    if key is None:
        raise ExtranetError(_("Open the page again: it carried no key."))
    order = order_as(request.account, wanted_on=basket.wanted_on, quantities=basket.quantities, key=key, remark=basket.remark)
    messages.success(request, _("Ordered: %(number)s for %(sum)s yuan.") % {"number": order.number, "sum": say_yuan(order.total)})
    return redirect("extranet:order_detail", key=order.key)
