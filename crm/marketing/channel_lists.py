"""Stock that was noted, and the customers whom a measure of the channel counts, as lists."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from crm.catalogue.models import Product
from crm.customers.models import Customer, Portfolio
from crm.marketing.channel import Period, customers_in_channel
from crm.marketing.models import ChannelStock
from crm.marketing.policies import works_with_marketing
from portal.foundation.asking import number_of
from portal.foundation.moments import DayField
from portal.lists.columns import Column
from portal.lists.definition import List, register_list
from portal.lists.filters import ChoiceFilter, DayFilter, Filter, NumberFilter

ANY = gettext_lazy("all")
FIGURES = (
    ("regular", gettext_lazy("ordered in the three periods before")),
    ("asking", gettext_lazy("ask for it in the period")),
    ("ordering", gettext_lazy("order it in the period")),
    ("sampled", gettext_lazy("whose stock was noted")),
    ("dry", gettext_lazy("that had run dry")),
)


def products() -> Iterator[tuple[str, str]]:
    for pk, name in Product.objects.values_list("pk", "name"):
        yield str(pk), name


def portfolios() -> Iterator[tuple[str, str]]:
    for pk, name in Portfolio.objects.values_list("pk", "name"):
        yield str(pk), name


def channel_crumbs() -> list[tuple[str, str]]:
    return [(pgettext("of the plant", "Marketing"), reverse("crm:marketing_home")), (_("Channel"), reverse("crm:channel_figures"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureFilter(Filter):
    """Whom a figure counts: which one, from a day to a day, of which product."""

    @property
    def keys(self) -> tuple[str, ...]:
        return self.key, "first", "last", "product"

    def fields(self) -> dict[str, forms.Field]:
        return {
            self.key: forms.ChoiceField(label=str(self.label), choices=[("", f"{self.label}: {ANY}"), *FIGURES], required=False),
            "first": DayField(label=_("From"), required=False),
            "last": DayField(label=_("To day"), required=False),
            "product": forms.ChoiceField(label=_("Product"), choices=[("", _("all products")), *products()], required=False),
        }

    def condition(self, values: Mapping[str, Any]) -> Q | None:
        figure, first, last = values.get(self.key), values.get("first"), values.get("last")
        if not figure or not isinstance(first, date) or not isinstance(last, date):
            return None
        if last < first:
            return Q(pk__in=[])
        return Period(first, last, number_of(values.get("product"))).of_figure(figure)

    def said(self, values: Mapping[str, Any]) -> str:
        return str(dict(FIGURES).get(values.get(self.key) or "", ""))


DISTRICT = ChoiceFilter(key="portfolio", label=gettext_lazy("District"), anything=ANY, choices=portfolios, is_further=True)


class CountedCustomerList(List):
    """One's own customers, or all for those who work in marketing; a filter says whom a figure counts."""

    row_url_name = "crm:channel_customer"
    words_in = ("found_by",)
    words_label = gettext_lazy("Name, pinyin, number")
    default_sort = "name"
    columns = (
        Column("name", gettext_lazy("Customer"), order_by=("name_pinyin",)),
        Column("code", gettext_lazy("Customer number"), order_by=("code",)),
        Column("portfolio", gettext_lazy("District"), "portfolio.name", related=("portfolio",)),
        Column("market", gettext_lazy("Market"), lambda row: row.get_market_display()),
    )

    def is_allowed(self, user: Any) -> bool:
        return works_with_marketing(user)

    def rows(self, user: Any) -> QuerySet[Customer]:
        return customers_in_channel(user).defer("remark", "found_by", "kin_found_by")


@register_list
class ChannelCustomerList(CountedCustomerList):
    code = "crm.channel_customers"
    url_name = "crm:channel_customers"
    heading = gettext_lazy("Customers in the channel")
    icon = "store"
    empty_title = gettext_lazy("No customer fits")
    filters = (
        FigureFilter(key="figure", label=gettext_lazy("Which customers")),
        DISTRICT,
    )

    def crumbs(self) -> list[tuple[str, str]]:
        return channel_crumbs()


@register_list
class ChannelStockList(List):
    code = "crm.channel_stocks"
    url_name = "crm:channel_stocks"
    heading = gettext_lazy("Stock in the trade")
    subtitle = gettext_lazy("As it was noted at customers, in base units.")
    icon = "warehouse"
    words_in = ("customer__root__found_by", "product__found_by")
    words_label = gettext_lazy("Customer, product, pinyin")
    default_sort = "-day"
    empty_title = gettext_lazy("No stock was noted that fits")
    empty_text = gettext_lazy("Note it at a customer: what lies there, and what they would have.")
    related = ("customer__root__portfolio", "product")
    columns = (
        Column("day", gettext_lazy("Counted on"), "day", "day", order_by=("day",)),
        Column("customer", gettext_lazy("Customer"), "customer.root.name"),
        Column("product", gettext_lazy("Product"), "product.name"),
        Column("quantity", gettext_lazy("Stock"), "quantity", "number", order_by=("quantity",)),
        Column("wanted", gettext_lazy("Wanted"), "wanted", "number", order_by=("wanted",)),
        Column("portfolio", gettext_lazy("District"), "customer.root.portfolio.name"),
        Column("person", gettext_lazy("Noted by"), "noted_by.name", related=("noted_by",)),
    )
    filters = (
        ChoiceFilter(key="product", label=gettext_lazy("Product"), anything=ANY, choices=products),
        DayFilter(key="day", label=gettext_lazy("Counted on")),
        ChoiceFilter(key="district", label=gettext_lazy("District"), anything=ANY, choices=portfolios, field="customer__root__portfolio", is_further=True),
        NumberFilter(key="quantity", label=gettext_lazy("Stock"), is_further=True),
    )

    def is_allowed(self, user: Any) -> bool:
        return works_with_marketing(user)

    def rows(self, user: Any) -> QuerySet[ChannelStock]:
        return ChannelStock.objects.filter(customer__root__in=customers_in_channel(user).order_by().values("pk"))

    def crumbs(self) -> list[tuple[str, str]]:
        return channel_crumbs()
