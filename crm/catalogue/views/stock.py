"""Booking the stock of a product, and planning what comes in."""

from typing import Any

from django.http import HttpRequest
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.catalogue.forms import CountForm, IssueForm, ReceiptForm, SupplyForm, TransferForm
from crm.catalogue.models import Product, Supply
from crm.catalogue.services.stock import book_count, book_issue, book_receipt, book_transfer, end_supply, plan_supply
from crm.catalogue.views.products import product_crumbs
from portal.access.decorators import employee_required
from portal.access.policies import get_permitted
from portal.foundation.form_pages import ActPage, Crumb, FormPage


class StockPage(FormPage):
    """One booking of a product. Sent twice it is booked once."""

    is_new_thing = True

    def load(self, request: HttpRequest, **kwargs: Any) -> Product:
        return get_permitted(Product, user=request.user, action="book", pk=kwargs["pk"])

    def crumbs(self) -> list[Crumb]:
        return [*product_crumbs(), (self.subject.name, self.subject.get_absolute_url())]

    def back_url(self) -> str:
        return str(self.subject.get_absolute_url())

    def form_arguments(self) -> dict[str, Any]:
        return {"packing": self.subject.packing}

    def said(self, quantity: int) -> str:
        return str(self.subject.packing.said(quantity))


@method_decorator(employee_required, name="dispatch")
class ReceiptCreate(StockPage):
    form_class = ReceiptForm
    heading = gettext_lazy("Book a receipt")
    submit = gettext_lazy("Book")

    def form_arguments(self) -> dict[str, Any]:
        return {"product": self.subject}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        book_receipt(actor=request.user, product=self.subject, **values)
        return _("Booked: %(quantity)s came in.") % {"quantity": self.said(values["quantity"])}


@method_decorator(employee_required, name="dispatch")
class IssueCreate(StockPage):
    form_class = IssueForm
    heading = gettext_lazy("Book an issue")
    submit = gettext_lazy("Book")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        book_issue(actor=request.user, product=self.subject, **values)
        return _("Booked: %(quantity)s went out.") % {"quantity": self.said(values["quantity"])}


@method_decorator(employee_required, name="dispatch")
class CountCreate(StockPage):
    form_class = CountForm
    heading = gettext_lazy("Book a count")
    submit = gettext_lazy("Book")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        difference = book_count(actor=request.user, product=self.subject, counted=values.pop("quantity"), **values)
        return _("Booked, with a difference of %(quantity)s.") % {"quantity": self.subject.packing.split(difference)}


@method_decorator(employee_required, name="dispatch")
class TransferCreate(StockPage):
    form_class = TransferForm
    heading = gettext_lazy("Book a transfer")
    submit = gettext_lazy("Book")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        book_transfer(actor=request.user, product=self.subject, **values)
        return _("Booked: %(quantity)s to %(warehouse)s.") % {"quantity": self.said(values["quantity"]), "warehouse": values["to"].name}


@method_decorator(employee_required, name="dispatch")
class SupplyCreate(StockPage):
    form_class = SupplyForm
    heading = gettext_lazy("Plan a supply")
    submit = gettext_lazy("Plan")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        supply = plan_supply(actor=request.user, product=self.subject, **values)
        return _("Planned: %(quantity)s on %(day)s.") % {"quantity": self.said(supply.quantity), "day": supply.day.isoformat()}


@method_decorator(employee_required, name="dispatch")
class SupplyEnd(ActPage):
    """The rest of it will not come."""

    def load(self, request: HttpRequest, **kwargs: Any) -> Supply:
        return get_permitted(Supply, user=request.user, action="change", rows=Supply.objects.select_related("product"), pk=kwargs["pk"])

    def back_url(self) -> str:
        return str(self.subject.product.get_absolute_url())

    def act(self, request: HttpRequest) -> str:
        end_supply(self.subject, actor=request.user)
        return _("Ended: the rest is not counted with any more.")
