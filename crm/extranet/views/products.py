"""Products: for strangers what is released to everybody, for customers with their price and what they may have."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.extranet.goods import MOST_FOUND, Row, found_products, rows_for
from crm.extranet.guards import too_many_looks
from crm.extranet.services.ordering import delivering_warehouse
from crm.extranet.standing import standing_of_firm
from portal.foundation.asking import read_number, read_words

MOST_PAGES = 100


@require_safe
def product_list(request: Any) -> HttpResponse:
    refused = too_many_looks(request, _("You have looked up very many products. Wait a minute, or sign in."))
    if refused is not None:
        return refused
    words = read_words(request.GET)
    page = min(max(1, read_number(request.GET, "page", 1)), MOST_PAGES)
    start = (page - 1) * MOST_FOUND
    found = list(found_products(words)[start : start + MOST_FOUND + 1])
    shown = found[:MOST_FOUND]
    context = {
        "words": words,
        "rows": rows_for(request.account.customer, shown, delivering_warehouse()) if request.account is not None else [Row(one) for one in shown],
        "standing": standing_of_firm(request.account.customer) if request.account is not None else None,
        "page": page,
        "before": page - 1,
        "after": page + 1 if len(found) > MOST_FOUND else 0,
    }
    return render(request, "products.html", context)
