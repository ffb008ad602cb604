"""The channel as somebody sees it: orders and notes of stock of their customers in a period, cut by product, district or both."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db.models import F, Q, QuerySet, Sum

from crm.catalogue.models import Product
from crm.customers.models import Customer
from crm.customers.of_portfolio import customers_written_by
from crm.marketing.days import moment_of
from crm.marketing.models import ChannelStock
from crm.marketing.policies import keeps_marketing
from crm.marketing.trade import Cell, Line, Note, measure
from crm.orders.models import OrderLine

EARLIER = 3  # periods that say who orders regularly
OLD = timedelta(days=120)  # how long a note of stock is the old stock
NET = F("quantity") - F("cancelled")
NOWHERE = (0, "")


def customers_in_channel(user: Any) -> QuerySet[Customer]:
    """All for those who work in marketing, else those whose files one writes."""
    return Customer.objects.unmerged() if keeps_marketing(user) else customers_written_by(user)


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day, both included; `product` and `district` narrow it, nought for all."""

    first: date
    last: date
    product: int = 0
    district: int = 0

    @property
    def after(self) -> date:
        return self.last + timedelta(days=1)

    @property
    def earlier(self) -> date:
        """Where the three periods before begin."""
        return self.first - EARLIER * (self.after - self.first)

    @property
    def previous(self) -> "Period":
        length = self.after - self.first
        return Period(self.first - length, self.last - length, self.product, self.district)

    def ordered(self, first: date, after: date) -> QuerySet[OrderLine]:
        rows = OrderLine.objects.filter(order__placed_at__gte=moment_of(first), order__placed_at__lt=moment_of(after)).order_by()
        return rows.filter(product=self.product) if self.product else rows

    def noted(self) -> QuerySet[ChannelStock]:
        rows = ChannelStock.objects.filter(day__gte=self.first, day__lt=self.after).order_by()
        return rows.filter(product=self.product) if self.product else rows

    def of_figure(self, figure: str) -> Q:
        """The customers that a figure counts."""
        root, ordered = "order__customer__root", self.ordered(self.first, self.after)
        wanting = self.noted().filter(wanted__gt=0).values("customer__root")
        match figure:
            case "regular":
                return Q(pk__in=self.ordered(self.earlier, self.first).values(root).annotate(net=Sum(NET)).filter(net__gt=0).values(root))
            case "asking":
                return Q(pk__in=ordered.values(root)) | Q(pk__in=wanting)
            case "ordering":
                return Q(pk__in=ordered.filter(quantity__gt=F("cancelled")).values(root))
            case "sampled":
                return Q(pk__in=self.noted().values("customer__root"))
            case "dry":
                return Q(pk__in=self.noted().filter(quantity=0).values("customer__root"))
        return Q(pk__in=[])


class Channel:
    def __init__(self, user: Any, period: Period) -> None:
        self.user, self.period = user, period

    @cached_property
    def customers(self) -> QuerySet[Customer]:
        rows = customers_in_channel(self.user).order_by()
        return rows.filter(portfolio=self.period.district) if self.period.district else rows

    @cached_property
    def districts(self) -> dict[int, tuple[int, str]]:
        return {pk: (portfolio, name) for pk, portfolio, name in self.customers.values_list("pk", "portfolio", "portfolio__name")}

    def cut(self, by: str) -> dict[Any, Cell]:
        """By `product`, `district`, `pair` of customer and product, or `all`; four statements for all cuts, one more for districts."""
        cuts: dict[str, Callable[[int, int], Any]] = {
            "product": lambda _customer, product: product,
            "district": lambda customer, _product: self.districts.get(customer, NOWHERE)[0],
            "pair": lambda customer, product: (customer, product),
            "all": lambda _customer, _product: 0,
        }
        return measure(self._regular, self._now, self._old, self._noted, cuts[by])

    def labels(self, by: str) -> dict[Any, str]:
        if by == "product":
            return dict(Product.objects.values_list("pk", "name"))
        return dict(self.districts.values())

    @cached_property
    def _regular(self) -> list[Line]:
        return self._lines(self.period.earlier, self.period.first)

    @cached_property
    def _now(self) -> list[Line]:
        return self._lines(self.period.first, self.period.after)

    def _lines(self, first: date, after: date) -> list[Line]:
        rows = self.period.ordered(first, after).filter(order__customer__root__in=self.customers.values("pk"))
        return [Line(*row) for row in rows.values_list("order__customer__root", "product").annotate(net=Sum(NET))]

    @cached_property
    def _noted(self) -> list[Note]:
        rows = self.period.noted().filter(customer__root__in=self.customers.values("pk")).order_by("day", "pk")
        return [Note(*row) for row in rows.values_list("customer__root", "product", "day", "quantity", "wanted")]

    @cached_property
    def _old(self) -> list[Note]:
        rows = ChannelStock.objects.filter(day__lt=self.period.first, day__gte=self.period.first - OLD, customer__root__in=self.customers.values("pk"))
        if self.period.product:
            rows = rows.filter(product=self.period.product)
        last = rows.order_by("customer__root", "product", "-day", "-pk").distinct("customer__root", "product")
        return [Note(*row) for row in last.values_list("customer__root", "product", "day", "quantity", "wanted")]

    def last_notes(self) -> dict[tuple[int, int], int]:
        """What the last note in the period says of each customer and product."""
        return {(note.customer, note.product): note.quantity for note in self._noted}
