"""The channel: its measures, whose stock runs dry, and the stock of a customer as it is noted on a telephone."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from crm.catalogue.models import Product
from crm.customers.models import Customer
from crm.customers.of_portfolio import customers_written_by
from crm.marketing.channel import Channel, Period, customers_in_channel
from crm.marketing.channel_lists import ChannelStockList, channel_crumbs, portfolios, products
from crm.marketing.errors import MarketingError
from crm.marketing.forms import StockForm
from crm.marketing.models import ChannelStock
from crm.marketing.services.channel import note_stock, step_in
from crm.marketing.trade import Cell
from crm.marketing.views.home import refuse_others
from crm.orders.asked import usual_of
from portal.access.decorators import employee_required
from portal.access.policies import can, get_permitted
from portal.audit.services import record
from portal.foundation.asking import number_of, read_number
from portal.foundation.charts import Series, bar_chart
from portal.foundation.form_pages import ActPage, Crumb, FormPage
from portal.foundation.moments import DayField
from portal.foundation.spreadsheets import table_response
from portal.organization.querysets import today

MOST_BARS, MOST_DRY, MOST_NOTES = 12, 30, 60
MOST_DAYS = 92
FALLS = 0.7  # of what the turnover was in the period before
USUAL = timedelta(days=29)


class ChannelForm(forms.Form):
    first = DayField(label=gettext_lazy("From"))
    last = DayField(label=gettext_lazy("To day"))
    product = forms.ChoiceField(label=gettext_lazy("Product"), required=False)
    district = forms.ChoiceField(label=gettext_lazy("District"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["product"].choices = [("", _("all products")), *products()]
        fields["district"].choices = [("", gettext_lazy("all")), *portfolios()]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, last = values.get("first"), values.get("last")
        if first and last and first > last:
            self.add_error("last", _("The last day is before the first. Exchange them."))
        elif first and last and (last - first).days >= MOST_DAYS:
            self.add_error("last", _("No more than three months at once."))
        return values


@require_http_methods(["GET", "HEAD", "POST"])
@employee_required
def channel_figures(request: HttpRequest) -> HttpResponseBase:
    """`?first=`, `?last=`, `?product=`, `?district=`, `?by=`. Thirty days where the address says nothing. GET shows, POST takes the table away as a file."""
    refuse_others(request.user)
    usual = {"first": (today() - USUAL).isoformat(), "last": today().isoformat()}
    form = ChannelForm(request.GET.dict() | {key: request.GET.get(key) or value for key, value in usual.items()})
    by = "district" if request.GET.get("by") == "district" else "product"
    context: dict[str, Any] = {"rows": [], "chart": "", "dry": []}
    if form.is_valid():
        values = form.cleaned_data
        period = Period(values["first"], values["last"], number_of(values["product"]), number_of(values["district"]))
        channel = Channel(request.user, period)
        cells, labels, whole = channel.cut(by), channel.labels(by), channel.cut("all").get(0, Cell())
        parts = sorted(((labels.get(key, ""), cell, _queries(period, by, key)) for key, cell in cells.items()), key=lambda one: one[0])
        table = [*parts, (_("Together"), whole, _queries(period, "", 0))]
        if request.method == "POST":
            record(request.user, "list.exported", after={"list": ChannelStockList.code, "kind": "xlsx", "rows": len(table)})
            return _file(table)
        context = {
            "rows": [(label, cell, queries, _shares(cell)) for label, cell, queries in table],
            "chart": _chart(parts),
            "dry": _dry(request.user, channel),
        }
    context |= {
        "form": form,
        "by": by,
        "cuts": [("product", _("by product")), ("district", _("by district"))],
        "list": reverse("crm:channel_customers"),
        "crumbs": channel_crumbs()[:1],
    }
    return render(request, "crm/marketing/channel.html", context, status=200 if form.is_valid() else 422)


def _queries(period: Period, by: str, key: Any) -> dict[str, str]:
    """The address of the customers whom each figure counts."""
    product, district = (key if by == "product" else period.product), (key if by == "district" else period.district)
    values = {"first": period.first.isoformat(), "last": period.last.isoformat(), "product": product or "", "portfolio": district or ""}
    return {figure: urlencode(values | {"figure": figure}) for figure in ("regular", "asking", "ordering", "sampled", "dry")}


def _share(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"


def _shares(cell: Cell) -> dict[str, str]:
    names = ("need_rate", "order_rate", "turnover", "company_stock_out", "customer_stock_out")
    return {name: _share(getattr(cell, name)) for name in names}


def _chart(parts: list[Any]) -> str:
    shown = [(label, cell) for label, cell, _queries in parts if cell.order_rate is not None or cell.turnover is not None][:MOST_BARS]
    if not shown:
        return ""
    series = [
        Series(_("Order rate, %"), [None if cell.order_rate is None else round(100 * cell.order_rate, 1) for _label, cell in shown]),
        Series(_("Turnover, %"), [None if cell.turnover is None else round(100 * cell.turnover, 1) for _label, cell in shown]),
    ]
    return bar_chart(_("Order rate and turnover"), [label for label, _cell in shown], series)


def _file(table: list[Any]) -> HttpResponseBase:
    headings = [_("What"), _("Ordered before"), _("Ask"), _("Order"), _("Need rate, %"), _("Order rate, %"), _("Turnover, %")]
    headings += [_("Asks not filled"), _("Asks"), _("Company stock-out, %"), _("Ran dry"), _("Stock noted"), _("Customer stock-out, %")]
    cells: list[list[Any]] = []
    for label, cell, _queries_of in table:
        shares = [getattr(cell, name) for name in ("need_rate", "order_rate", "turnover", "company_stock_out", "customer_stock_out")]
        need, order, turnover, company, customer = (None if one is None else round(100 * one, 1) for one in shares)
        counts = [len(cell.regular), len(cell.asking), len(cell.ordering)]
        cells.append([label, *counts, need, order, turnover, len(cell.asks - cell.filled), len(cell.asks), company, len(cell.dry), len(cell.sampled), customer])
    return table_response("xlsx", f"{_('Channel')}-{today():%Y%m%d}", _("Channel"), headings, cells)


def _dry(user: Any, channel: Channel) -> list[dict[str, Any]]:
    """Whose last note says nought, and where the turnover fell; with what can be done by whoever writes the customer's file."""
    now, before = channel.cut("pair"), Channel(user, channel.period.previous).cut("pair")
    last = channel.last_notes()
    found = []
    for pair, cell in now.items():
        earlier = before[pair].turnover if pair in before else None
        falls = cell.turnover is not None and earlier is not None and cell.turnover < FALLS * earlier
        if last.get(pair) == 0 or falls:
            found.append((last.get(pair) != 0, pair, cell, earlier))
    found = sorted(found, key=lambda one: (one[0], one[1]))[:MOST_DRY]
    customers = Customer.objects.in_bulk([pair[0] for _is_slow, pair, _cell, _earlier in found])
    goods = Product.objects.in_bulk([pair[1] for _is_slow, pair, _cell, _earlier in found])
    own = set(customers_written_by(user).filter(pk__in=customers).order_by().values_list("pk", flat=True))
    return [
        {
            "customer": customers[pair[0]],
            "product": goods[pair[1]],
            "is_dry": not is_slow,
            "turnover": _share(cell.turnover),
            "earlier": _share(earlier),
            "is_own": pair[0] in own,
        }
        for is_slow, pair, cell, earlier in found
    ]


@require_safe
@employee_required
def channel_customer(request: HttpRequest, pk: int) -> HttpResponse:
    """What this customer carries: the last note of each product, and those before."""
    customer = customers_in_channel(request.user).select_related("portfolio").filter(pk=pk).first()
    if customer is None:
        raise Http404
    notes = list(ChannelStock.objects.filter(customer__root=customer.pk).select_related("product", "noted_by")[:MOST_NOTES])
    last: dict[int, ChannelStock] = {}
    for note in notes:
        last.setdefault(note.product_id, note)
    context = {
        "customer": customer,
        "sees_file": can(request.user, "view", customer),
        "last": [(note, note.product.packing.said(note.quantity), note.product.packing.said(note.wanted) if note.wanted else "") for note in last.values()],
        "notes": [(note, note.product.packing.said(note.quantity)) for note in notes],
        "may_note": can(request.user, "change", customer),
        "crumbs": [*channel_crumbs(), (_("Customers in the channel"), reverse("crm:channel_customers"))],
    }
    return render(request, "crm/marketing/channel_customer.html", context)


@method_decorator(employee_required, name="dispatch")
class StockCreate(FormPage):
    """One page for a customer: the products they order, what lies there, what they would have."""

    form_class = StockForm
    template_name = "crm/marketing/stock_form.html"
    heading = gettext_lazy("Note the stock")
    submit = gettext_lazy("Note")

    def load(self, request: HttpRequest, **kwargs: Any) -> Customer:
        rows = Customer.objects.select_related("portfolio__department")
        return get_permitted(Customer, user=request.user, action="change", rows=rows, pk=kwargs["pk"])

    def form_arguments(self) -> dict[str, Any]:
        noted = Product.objects.filter(pk__in=ChannelStock.objects.filter(customer__root=self.subject.pk).values("product"), ended_on__isnull=True)
        goods = {one.pk: one for one in [*usual_of(self.subject), *noted]}
        return {"products": list(goods.values())}

    def initial(self) -> dict[str, Any]:
        return {"day": today()}

    def get_heading(self) -> str:
        return _("Note the stock of %(name)s") % {"name": self.subject.name}

    def crumbs(self) -> list[Crumb]:
        return channel_crumbs()

    def back_url(self) -> str:
        return reverse("crm:channel_customer", args=[self.subject.pk])

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        number = note_stock(self.subject, actor=request.user, day=values["day"], stocks=values["stocks"])
        return _("Noted: %(number)s products.") % {"number": number}


@method_decorator(employee_required, name="dispatch")
class StepIn(ActPage):
    """`customer` and `product` are what runs dry."""

    def load(self, request: HttpRequest, **kwargs: Any) -> None:
        refuse_others(request.user)

    def back_url(self) -> str:
        return reverse("crm:channel_figures")

    def act(self, request: HttpRequest) -> str:
        customer = customers_in_channel(request.user).filter(pk=read_number(request.POST, "customer")).first()
        product = Product.objects.filter(pk=read_number(request.POST, "product")).first()
        if customer is None or product is None:
            raise MarketingError(_("There is no such customer or product. Open the page again."))
        promise = step_in(customer, actor=request.user, product=product)
        return _("A visit at %(name)s is promised for %(day)s.") % {"name": customer.name, "day": f"{promise.due_on:%Y-%m-%d}"}
