"""The order screen: who, what, the verdict while one types, confirmed, next. By the keyboard alone: Enter asks, and where it passes, Enter confirms."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.catalogue.models import Warehouse
from crm.catalogue.units import say_yuan
from crm.customers.models import Customer, Dealing, ReachPoint
from crm.orders.asked import Asked, grid, read_asked
from crm.orders.errors import OrdersError
from crm.orders.judging import PARTS, needs_of
from crm.orders.models import Order
from crm.orders.policies import NOT_YOURS, customers_ordered_for, may_order_for, takes_orders
from crm.orders.services.gate import place_order, preview
from crm.orders.services.releases import ask_release, said_needs
from portal.access.decorators import employee_required
from portal.access.policies import can
from portal.foundation.asking import read_words
from portal.foundation.once import FIELD, key_in, new_key

MOST_MATCHES = 10
MOST_LAST = 3


@require_safe
@employee_required
def order_start(request: HttpRequest) -> HttpResponse:
    """Whose order: by number, name, pinyin, licence, or the telephone they call from. A single match opens at once."""
    if not takes_orders(request.user):
        raise PermissionDenied(NOT_YOURS)
    words = read_words(request.GET)
    found = _matches(request.user, words)
    if len(found) == 1 and request.headers.get("HX-Target") != "matches":
        return redirect("crm:order_take", pk=found[0].pk)
    template = "crm/orders/_matches.html" if request.headers.get("HX-Target") == "matches" else "crm/orders/order_start.html"
    return render(request, template, {"found": found, "words": words, "crumbs": [(_("Orders"), reverse("crm:order_list"))]})


def _matches(user: Any, words: str) -> list[Customer]:
    if not words:
        return []
    rows = customers_ordered_for(user).unmerged().filter(ended_on__isnull=True).select_related("portfolio")
    digits = "".join(character for character in words if character.isdigit())
    for word in words.lower().split()[:4]:
        condition = Q(found_by__contains=word)
        if len(digits) >= 7:
            condition |= Q(pk__in=ReachPoint.objects.filter(normal=digits, ended_on__isnull=True).values("customer__root"))
        rows = rows.filter(condition)
    return list(rows[:MOST_MATCHES])


def _customer(request: HttpRequest, pk: int) -> Customer:
    """404 for whom this person may not see, 403 for whom they may not order."""
    customer = Customer.objects.select_related("portfolio__department").filter(pk=pk).first()
    if customer is None or not (may_order_for(request.user, customer) or can(request.user, "view", customer)):
        raise Http404
    if not may_order_for(request.user, customer):
        raise PermissionDenied(NOT_YOURS)
    return customer


@require_http_methods(["GET", "HEAD", "POST"])
@employee_required
def order_take(request: HttpRequest, pk: int) -> HttpResponse:
    """The grid. `act=confirm` places the order, `act=release` asks for its release; any other POST only asks. A GET may carry what stands in it."""
    customer = _customer(request, pk)
    values = request.POST if request.method == "POST" else request.GET
    asked = read_asked(values)
    refusal, status, act = "", 200, request.POST.get("act")
    if act in ("confirm", "release"):
        status = 422
        if asked.is_readable:
            try:
                return _done(request, customer, asked, act)
            except OrdersError as error:
                refusal = str(error)
    usual, added = grid(customer, asked, read_words(values, "add"))
    context = {
        "customer": customer,
        "asked": asked,
        "usual": usual,
        "added": added,
        "refusal": refusal,
        "is_fresh": not asked.texts and not refusal,
        "reason": read_words(request.POST, "reason", longest=400),
        "warehouses": Warehouse.objects.filter(closed_on__isnull=True),
        "last": [(order, say_yuan(order.total)) for order in Order.objects.filter(customer__root=customer.pk)[:MOST_LAST]],
        "promises": Dealing.objects.filter(customer__root=customer.pk, due_on__isnull=False, kept_at__isnull=True).order_by("due_on")[:MOST_LAST],
        "key_field": FIELD,
        "key": request.POST.get(FIELD) or new_key(),
        "crumbs": [(_("Orders"), reverse("crm:order_list"))],
    }
    return render(request, "crm/orders/order_take.html", context | said(customer, asked), status=status)


def _done(request: HttpRequest, customer: Customer, asked: Asked, act: str) -> HttpResponse:
    """Where to go once the order is confirmed, or its release asked for."""
    key = key_in(request)
    if key is None or asked.warehouse is None:
        raise OrdersError(_("Open the page again: it carried no key."))
    values: dict[str, Any] = {"actor": request.user, "customer": customer, "warehouse": asked.warehouse, "wanted_on": asked.wanted_on}
    values |= {"quantities": asked.quantities, "key": key, "remark": asked.remark}
    if act == "release":
        release = ask_release(**values, reason=read_words(request.POST, "reason", longest=400))
        messages.success(request, _("The paper %(number)s is on its way. You are told what becomes of it.") % {"number": release.paper.number})
        return redirect(release)
    order = place_order(**values)
    messages.success(request, _("Order %(number)s of %(customer)s is confirmed: %(sum)s.") % _words(order))
    return redirect("crm:order_start")


def _words(order: Any) -> dict[str, str]:
    return {"number": order.number, "customer": order.customer.name, "sum": say_yuan(order.total)}


@require_safe
@employee_required
def order_verdict(request: HttpRequest, pk: int) -> HttpResponse:
    """What the gate would say to what is typed now. Nothing is held, nothing written."""
    customer = _customer(request, pk)
    asked = read_asked(request.GET)
    return render(request, "crm/orders/_verdict.html", said(customer, asked) | {"reason": read_words(request.GET, "reason", longest=400)})


@require_safe
@employee_required
def order_rows(request: HttpRequest, pk: int) -> HttpResponse:
    """Rows of the grid for products that fit the words; those that have a quantity stay."""
    customer = _customer(request, pk)
    _usual, added = grid(customer, read_asked(request.GET), read_words(request.GET, "add"))
    return render(request, "crm/orders/_rows.html", {"rows": added})


def said(customer: Customer, asked: Asked) -> dict[str, Any]:
    """The five parts in words, each with what is wrong of it; and what a release would have to allow, where one helps."""
    labels = {"price": _("Price"), "term": _("Term"), "credit": _("Credit"), "date": _("Date"), "quota": _("Quota")}
    wrong = [*asked.wrong, *asked.wrong_lines.values()]
    if not asked.is_readable or not asked.quantities or asked.warehouse is None:
        return {"verdict": None, "needs": [], "wrong": wrong}
    verdict, facts = preview(customer, asked.warehouse, asked.wanted_on, asked.quantities)
    needs = None if verdict.passes else needs_of(facts)
    return {
        "verdict": verdict,
        "parts": [(labels[part], [one.said() for one in verdict.of(part)]) for part in PARTS],
        "total": say_yuan(verdict.total),
        "room": say_yuan(verdict.room),
        "needs": said_needs(needs, {line.product: (line.name, line.packing) for line in facts.lines}) if needs else [],
        "wrong": wrong,
    }
