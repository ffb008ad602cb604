"""What became of an order that went as a paper."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.catalogue.models import Product
from crm.catalogue.units import say_yuan
from crm.orders.models import Release
from crm.orders.services.releases import confirm_release, needs_said
from portal.access.decorators import employee_required
from portal.access.policies import can, get_permitted
from portal.foundation.form_pages import ActPage


def load_release(request: HttpRequest, pk: int, action: str = "view") -> Release:
    rows = Release.objects.select_related("customer__portfolio__department", "warehouse", "asked_by", "paper", "order")
    return get_permitted(Release, user=request.user, action=action, rows=rows, pk=pk)


@require_safe
@employee_required
def release_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What was asked, by how much it does not pass by itself, the paper, and the order that came of it."""
    release = load_release(request, pk)
    products = {product.pk: product for product in Product.objects.filter(pk__in=release.amounts)}
    may_order = can(request.user, "change", release)
    asked = {"wanted_on": release.wanted_on.isoformat(), "warehouse": release.warehouse_id, "remark": release.remark}
    asked |= {f"q-{product}": quantity for product, quantity in release.amounts.items()}
    context = {
        "release": release,
        "total": say_yuan(release.total),
        "needs": needs_said(release),
        "lines": [(products[pk], products[pk].packing.split(quantity)) for pk, quantity in release.amounts.items()],
        "sees_paper": can(request.user, "view", release.paper),
        "may_confirm": may_order and release.state == Release.State.APPROVED,
        "again": f"{reverse('crm:order_take', args=[release.customer_id])}?{urlencode(asked)}"
        if may_order and release.state in (Release.State.APPROVED, Release.State.REFUSED)
        else "",
        "crumbs": [(_("Orders"), reverse("crm:order_list")), (_("Releases"), reverse("crm:release_list"))],
    }
    return render(request, "crm/orders/release_detail.html", context)


@method_decorator(employee_required, name="dispatch")
class ReleaseConfirm(ActPage):
    def load(self, request: HttpRequest, **kwargs: Any) -> Release:
        return load_release(request, kwargs["pk"], "change")

    def back_url(self) -> str:
        return str(self.subject.get_absolute_url())

    def act(self, request: HttpRequest) -> str:
        order = confirm_release(self.subject, actor=request.user)
        return _("Order %(number)s of %(customer)s is confirmed: %(sum)s.") % {
            "number": order.number,
            "customer": order.customer.name,
            "sum": say_yuan(order.total),
        }
