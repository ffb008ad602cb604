"""A quotation: written on a grid of products, sent, printed with the plant's head, declined, ordered."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.catalogue.units import say_yuan
from crm.customers.models import Customer
from crm.orders.asked import grid, read_asked
from crm.sales.capitals import in_capitals
from crm.sales.errors import SalesError
from crm.sales.forms import DropForm, OrderingForm
from crm.sales.models import Opportunity, Quotation, QuotationVersion
from crm.sales.policies import customers_sold_to
from crm.sales.services.quotations import begin_quotation, decline_quotation, order_quotation, send_quotation, write_quotation
from portal.access.decorators import employee_required
from portal.access.policies import can, get_permitted, visible_to
from portal.foundation.asking import read_number, read_words
from portal.foundation.form_pages import ActPage, Crumb, FormPage
from portal.foundation.moments import DayField
from portal.foundation.once import FIELD, do_once, key_in, new_key
from portal.organization.querysets import today

VALID_FOR = timedelta(days=30)
MOST_OTHERS = 20


def load_quotation(request: HttpRequest, pk: int, action: str = "view") -> Quotation:
    rows = Quotation.objects.select_related("customer__root__portfolio__department", "author", "order", "opportunity")
    return get_permitted(Quotation, user=request.user, action=action, rows=rows, pk=pk)


def crumbs() -> list[Crumb]:
    return [(_("Sales"), reverse("crm:opportunity_board")), (_("Quotations"), reverse("crm:quotation_list"))]


def said_lines(version: QuotationVersion) -> list[dict[str, Any]]:
    return [
        {
            "line": line,
            "quantity": line.product.packing.said(line.quantity),
            "price": say_yuan(line.fen),
            "sum": say_yuan(line.quantity * line.fen),
        }
        for line in version.lines.select_related("product")
    ]


@require_safe
@employee_required
def quotation_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Its newest version, the earlier ones, and every other quotation to this customer with what became of it (R28)."""
    quotation = load_quotation(request, pk)
    versions = list(quotation.versions.select_related("author"))
    others = visible_to(Quotation, request.user).filter(customer__root=quotation.customer.root_id).exclude(pk=pk).select_related("author", "order")
    context = {
        "quotation": quotation,
        "customer": quotation.customer.root,
        "total": say_yuan(quotation.total),
        "newest": versions[0],
        "lines": said_lines(versions[0]),
        "versions": [(one, say_yuan(one.total)) for one in versions],
        "others": [(one, say_yuan(one.total)) for one in others[:MOST_OTHERS]],
        "order": quotation.order if quotation.order and can(request.user, "view", quotation.order) else None,
        "may_change": quotation.is_open and can(request.user, "change", quotation),
        "crumbs": crumbs(),
    }
    return render(request, "crm/sales/quotation_detail.html", context)


@require_safe
@employee_required
def quotation_print(request: HttpRequest, pk: int) -> HttpResponse:
    """A version as it goes to the customer (`?version=2`): on A4, under the plant's head; the browser makes the PDF."""
    quotation = load_quotation(request, pk)
    version = quotation.versions.select_related("author").filter(number=read_number(request.GET, "version", quotation.version)).first()
    if version is None:
        raise Http404
    is_chinese = (get_language() or "").startswith("zh")
    context = {
        "quotation": quotation,
        "customer": quotation.customer.root,
        "version": version,
        "lines": said_lines(version),
        "total": say_yuan(version.total),
        "in_capitals": in_capitals(version.total),
        "plant": settings.ENVIRONMENT.plant_name if is_chinese else settings.ENVIRONMENT.plant_name_en,
        "crumbs": [*crumbs(), (quotation.number, quotation.get_absolute_url())],
    }
    return render(request, "crm/sales/quotation_print.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@employee_required
def quotation_create(request: HttpRequest, pk: int) -> HttpResponse:
    """For a customer; `?opportunity=3` where it belongs to one."""
    customer = customers_sold_to(request.user).filter(pk=pk).select_related("portfolio__department").first()
    if customer is None:
        raise Http404
    opportunity = None
    if number := read_number(request.GET, "opportunity"):
        rows = Opportunity.objects.select_related("customer__root__portfolio__department")
        opportunity = get_permitted(Opportunity, user=request.user, action="change", rows=rows, pk=number)
    return _write(request, customer, None, opportunity)


@require_http_methods(["GET", "HEAD", "POST"])
@employee_required
def quotation_write(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft, or the next version of what was sent."""
    quotation = load_quotation(request, pk, "change")
    return _write(request, quotation.customer.root, quotation, None)


def _write(request: HttpRequest, customer: Customer, quotation: Quotation | None, opportunity: Opportunity | None) -> HttpResponse:
    newest = quotation.versions.first() if quotation else None
    values: Any = request.POST
    if request.method != "POST" and newest is not None:
        values = {f"q-{line.product_id}": str(line.quantity) for line in newest.lines.all()}
    asked = read_asked(values)
    day_text = read_words(request.POST, "valid_through") or f"{max(newest.valid_through if newest else today(), today() + VALID_FOR):%Y-%m-%d}"
    reason, wrong, status = read_words(request.POST, "reason", longest=200), list(asked.wrong), 200
    if request.method == "POST" and request.POST.get("act") == "save":
        status = 422
        try:
            day = DayField().clean(day_text)
            if not wrong and not asked.wrong_lines:
                written = {"quantities": asked.quantities, "valid_through": day}
                if quotation is None:
                    return redirect(_begun(request, customer, opportunity, written))
                write_quotation(quotation, actor=request.user, reason=reason, **written)
                messages.success(request, _("Saved."))
                return redirect(quotation)
        except ValidationError as error:
            wrong += error.messages
        except SalesError as error:
            wrong.append(str(error))
    usual, added = grid(customer, asked, read_words(request.POST, "add"))
    context = {
        "customer": customer,
        "quotation": quotation,
        "asks_why": newest is not None and newest.sent_at is not None,
        "usual": usual,
        "added": added,
        "valid_through": day_text,
        "reason": reason,
        "wrong": wrong,
        "key_field": FIELD,
        "key": request.POST.get(FIELD) or new_key(),
        "crumbs": crumbs(),
    }
    return render(request, "crm/sales/quotation_write.html", context, status=status)


def _begun(request: HttpRequest, customer: Customer, opportunity: Opportunity | None, written: dict[str, Any]) -> str:
    """Sent twice it is begun once."""
    sent = do_once(request, lambda: begin_quotation(actor=request.user, customer=customer, opportunity=opportunity, **written).get_absolute_url())
    return str(sent.answer)


class QuotationAct(ActPage):
    def load(self, request: HttpRequest, **kwargs: Any) -> Quotation:
        return load_quotation(request, kwargs["pk"], "change")

    def back_url(self) -> str:
        return str(self.subject.get_absolute_url())


@method_decorator(employee_required, name="dispatch")
class QuotationSend(QuotationAct):
    def act(self, request: HttpRequest) -> str:
        sent = send_quotation(self.subject, actor=request.user)
        return _("Version %(number)s is sent and does not change any more. Print it for the customer.") % {"number": sent.version}


class QuotationPage(FormPage):
    def load(self, request: HttpRequest, **kwargs: Any) -> Quotation:
        return load_quotation(request, kwargs["pk"], "change")

    def crumbs(self) -> list[Crumb]:
        return [*crumbs(), (self.subject.number, self.back_url())]

    def back_url(self) -> str:
        return str(self.subject.get_absolute_url())


@method_decorator(employee_required, name="dispatch")
class QuotationDecline(QuotationPage):
    form_class = DropForm
    heading = gettext_lazy("The customer declined")
    submit = pgettext_lazy("a quotation", "Declined")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        decline_quotation(self.subject, actor=request.user, **values)
        return _("Noted.")


@method_decorator(employee_required, name="dispatch")
class QuotationOrder(QuotationPage):
    form_class = OrderingForm
    heading = gettext_lazy("Order what was quoted")
    submit = pgettext_lazy("a quotation", "Order")
    note = gettext_lazy("Through the gate, at the quoted prices: price, term, credit, date and quota are judged now.")
    is_new_thing = True

    def initial(self) -> dict[str, Any]:
        return {"wanted_on": today()}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        order = order_quotation(self.subject, actor=request.user, key=key_in(request) or uuid4(), **values)
        words = {"number": order.number, "customer": order.customer.name, "sum": say_yuan(order.total)}
        return _("Order %(number)s of %(customer)s is confirmed: %(sum)s.") % words
