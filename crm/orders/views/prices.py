"""What a chosen customer pays for a product, and why: the line that wins, and those that do not."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.catalogue.models import PriceList, Product
from crm.catalogue.policies import sees_prices
from crm.catalogue.prices import Offer, explain_price, offers_on
from crm.catalogue.units import Packing, read_quantity, say_yuan
from crm.customers.models import Customer
from crm.orders.services.facts import buyer_of
from portal.access.decorators import employee_required
from portal.access.policies import get_permitted, visible_to
from portal.foundation.asking import read_words
from portal.organization.querysets import today

MOST_MATCHES = 10


@require_safe
@employee_required
def price_explained(request: HttpRequest, pk: int) -> HttpResponse:
    """`?customer=` a number, name or pinyin of a customer that this person may see; `?quantity=` in base units."""
    product = get_permitted(Product, user=request.user, rows=Product.objects.select_related("brand"), pk=pk)
    if not sees_prices(request.user):
        raise PermissionDenied(_("For those who may see prices."))
    words, wrong, quantity = read_words(request.GET, "customer"), "", 1
    try:
        quantity = read_quantity(request.GET.get("quantity", "1"))
    except ValueError as error:
        wrong = str(error)
    found = _matches(request, words)
    customer = next((one for one in found if one.code.lower() == words.lower()), found[0] if len(found) == 1 else None)
    context = {
        "product": product,
        "words": words,
        "quantity": request.GET.get("quantity", "1"),
        "wrong": wrong,
        "customer": customer,
        "found": [] if customer else found,
        "day": today(),
        "crumbs": [(_("Products"), reverse("crm:product_list")), (product.name, product.get_absolute_url())],
    }
    if customer is not None and not wrong:
        buyer = buyer_of(customer)
        explained = explain_price(offers_on(today(), [product.pk], buyer)[product.pk], buyer, quantity)
        offers = [] if explained.winner is None else [explained.winner, *explained.losers]
        context["offers"] = [_said(offer, product.packing, explained.winner) for offer in offers]
        context["winner"] = say_yuan(explained.winner.fen) if explained.winner else ""
    return render(request, "crm/orders/price_explained.html", context)


def _matches(request: HttpRequest, words: str) -> list[Customer]:
    rows = visible_to(Customer, request.user)
    for word in words.lower().split()[:4]:
        rows = rows.filter(found_by__contains=word)
    return list(rows[:MOST_MATCHES]) if words else []


def _said(offer: Offer, packing: Packing, winner: Offer | None) -> dict[str, str]:
    """Why it does not win: another is nearer to the customer, begins at more, or is newer."""
    why = ""
    if winner is not None and offer is not winner:
        if offer.scope != winner.scope:
            why = _("the price of %(whom)s goes before it") % {"whom": PriceList.Scope(winner.scope).label}
        elif offer.min_qty != winner.min_qty:
            why = _("%(quantity)s are reached") % {"quantity": packing.said(winner.min_qty)}
        else:
            why = _("there is a newer one, from %(day)s") % {"day": winner.starts_on.isoformat()}
    return {
        "list": offer.list_name,
        "whom": str(PriceList.Scope(offer.scope).label),
        "since": offer.starts_on.isoformat(),
        "from": packing.said(offer.min_qty),
        "price": say_yuan(offer.fen),
        "why": why,
    }
