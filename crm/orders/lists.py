"""Orders and receivables as lists."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.catalogue.models import Warehouse
from crm.customers.models import Portfolio
from crm.customers.models.tiers import spans_on
from crm.orders.models import DueBounds, Order, Receivable, Release
from crm.orders.policies import works_with_orders
from crm.orders.services.overdue import level_of
from portal.access.policies import visible_to
from portal.lists.columns import Column
from portal.lists.definition import List, register_list
from portal.lists.filters import ChoiceFilter, DayFilter
from portal.organization.querysets import today

OPEN = (Order.State.CONFIRMED, Order.State.PARTLY)
DUE = (("open", gettext_lazy("to be delivered")), ("late", gettext_lazy("late")), ("week", gettext_lazy("due within a week")))
TONES = {"confirmed": "", "partly": "warning", "delivered": "good", "cancelled": ""}
LEVEL_TONES = {"": "", "yellow": "warning", "orange": "warning", "red": "danger"}
LEVELS = (("yellow", gettext_lazy("due within a week")), ("orange", gettext_lazy("overdue")), ("none", gettext_lazy("not due yet")))


def _warehouses() -> Iterator[tuple[str, str]]:
    for pk, name in Warehouse.objects.values_list("pk", "name"):
        yield str(pk), name


def _portfolios() -> Iterator[tuple[str, str]]:
    for pk, name in Portfolio.objects.values_list("pk", "name"):
        yield str(pk), name


def _due(code: str) -> Q:
    rows = Q(state__in=OPEN)
    if code == "late":
        return rows & Q(wanted_on__lt=today())
    return rows & Q(wanted_on__lte=today() + timedelta(days=7)) if code == "week" else rows


def _wanted(order: Order) -> tuple[Any, str]:
    return f"{order.wanted_on:%Y-%m-%d}", "danger" if order.is_open and order.wanted_on < today() else ""


@register_list
class OrderList(List):
    """The orders of the customers for whom somebody answers, or all of them by right."""

    code = "crm.orders"
    url_name = "crm:order_list"
    row_url_name = "crm:order_detail"
    heading = gettext_lazy("Orders")
    icon = "shopping-cart"
    template_name = "crm/orders/order_list.html"
    words_in = ("number", "customer__found_by")
    words_label = gettext_lazy("Number, customer, pinyin")
    default_sort = "-placed"
    empty_title = gettext_lazy("No order fits")
    empty_text = gettext_lazy("Ask for less, or take an order.")
    columns = (
        Column("number", gettext_lazy("Order number")),
        Column("customer", gettext_lazy("Customer"), "customer.name", related=("customer",)),
        Column("state", gettext_lazy("State"), lambda row: (row.get_state_display(), TONES[row.state]), "tag"),
        Column("total", gettext_lazy("Sum"), "total", "money"),
        Column("wanted", gettext_lazy("Wanted on"), _wanted, "tag", order_by=("wanted_on",)),
        Column("placed", gettext_lazy("Taken at"), "placed_at", "instant", order_by=("placed_at",)),
        Column("by", gettext_lazy("Taken by"), "placed_by.name", related=("placed_by",)),
        Column("warehouse", gettext_lazy("Warehouse"), "warehouse.name", related=("warehouse",)),
        Column("portfolio", gettext_lazy("Portfolio"), "customer.portfolio.name", related=("customer__portfolio",), is_shown=False),
        Column("remark", gettext_lazy("Remark"), is_shown=False),
    )
    filters = (
        ChoiceFilter(key="due", label=gettext_lazy("Delivery"), anything=gettext_lazy("all"), choices=DUE, conditions=_due),
        ChoiceFilter(key="state", label=gettext_lazy("State"), anything=gettext_lazy("all"), choices=Order.State.choices),
        ChoiceFilter(key="warehouse", label=gettext_lazy("Warehouse"), anything=gettext_lazy("all"), choices=_warehouses, is_further=True),
        ChoiceFilter(
            key="portfolio",
            label=gettext_lazy("Portfolio"),
            anything=gettext_lazy("all"),
            choices=_portfolios,
            field="customer__root__portfolio",
            is_further=True,
        ),
        DayFilter(key="placed", label=gettext_lazy("Taken at"), field="placed_at", is_instant=True, is_further=True),
    )

    def is_allowed(self, user: Any) -> bool:
        return works_with_orders(user)

    def rows(self, user: Any) -> QuerySet[Order]:
        return visible_to(Order, user).defer("verdict")


RELEASE_TONES = {"asked": "warning", "approved": "warning", "used": "good", "refused": "danger"}


@register_list
class ReleaseList(List):
    """Orders that went as a paper, and what became of them."""

    code = "crm.releases"
    url_name = "crm:release_list"
    row_url_name = "crm:release_detail"
    heading = gettext_lazy("Releases")
    icon = "file-check"
    words_in = ("paper__number", "customer__found_by")
    words_label = gettext_lazy("Number of the paper, customer, pinyin")
    default_sort = "-asked"
    empty_title = gettext_lazy("No release was asked for")
    columns = (
        Column("paper", gettext_lazy("Paper"), "paper.number", related=("paper",)),
        Column("customer", gettext_lazy("Customer"), "customer.name", related=("customer",)),
        Column("state", gettext_lazy("State"), lambda row: (row.get_state_display(), RELEASE_TONES[row.state]), "tag"),
        Column("total", gettext_lazy("Sum"), "total", "money"),
        Column("asked", gettext_lazy("Asked at"), "asked_at", "instant", order_by=("asked_at",)),
        Column("by", gettext_lazy("Asked by"), "asked_by.name", related=("asked_by",)),
        Column("order", gettext_lazy("Order number"), lambda row: row.order.number if row.order else "", related=("order",)),
    )
    filters = (ChoiceFilter(key="state", label=gettext_lazy("State"), anything=gettext_lazy("all"), choices=Release.State.choices),)

    def is_allowed(self, user: Any) -> bool:
        return works_with_orders(user)

    def rows(self, user: Any) -> QuerySet[Release]:
        return visible_to(Release, user)

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Orders"), reverse("crm:order_list"))]


def _level(code: str) -> Q:
    day = today()
    if code == "orange":
        return Q(due_on__lt=day)
    return Q(due_on__gte=day, due_on__lte=day + timedelta(days=7)) if code == "yellow" else Q(due_on__gt=day + timedelta(days=7))


def _bounds() -> dict[str, Any]:
    """Those of the customer's tier today."""
    tier = spans_on(today()).filter(customer=OuterRef(OuterRef("account__customer"))).values("tier")[:1]
    bounds = DueBounds.objects.filter(tier=Subquery(tier))
    return {"yellow": Subquery(bounds.values("yellow")[:1]), "red": Subquery(bounds.values("red")[:1])}


def _due_on(row: Any) -> tuple[Any, str]:
    bounds = None if row.yellow is None else DueBounds(yellow=row.yellow, red=row.red)
    return f"{row.due_on:%Y-%m-%d}", LEVEL_TONES[level_of(row, today(), bounds)]


@register_list
class ReceivableList(List):
    """What is owed today."""

    code = "crm.receivables"
    url_name = "crm:receivable_list"
    heading = gettext_lazy("Receivables")
    icon = "wallet"
    template_name = "crm/orders/receivable_list.html"
    words_in = ("order__number", "account__customer__found_by")
    words_label = gettext_lazy("Number, customer, pinyin")
    default_sort = "due"
    empty_title = gettext_lazy("Nothing is owed")
    related = ("account__customer", "order")
    columns = (
        Column("customer", gettext_lazy("Customer"), "account.customer.name"),
        Column("order", gettext_lazy("Order number"), "order.number"),
        Column("fen", gettext_lazy("Sum"), "fen", "money", order_by=("fen",)),
        Column("open", gettext_lazy("Open"), lambda row: row.open, "money"),
        Column("booked", gettext_lazy("Booked on"), "booked_on", "day", order_by=("booked_on",)),
        Column("due", gettext_lazy("Due on"), _due_on, "tag", order_by=("due_on",), annotations=_bounds),
        Column("late", gettext_lazy("Days overdue"), lambda row: max(0, (today() - row.due_on).days) or None, "number"),
    )
    filters = (
        ChoiceFilter(key="level", label=gettext_lazy("Due"), anything=gettext_lazy("all"), choices=LEVELS, conditions=_level),
        DayFilter(key="due_day", label=gettext_lazy("Due on"), field="due_on", is_further=True),
    )

    def is_allowed(self, user: Any) -> bool:
        return works_with_orders(user)

    def rows(self, user: Any) -> QuerySet[Receivable]:
        return visible_to(Receivable, user).filter(settled__lt=F("fen"))

    def row_url(self, row: Any) -> str:
        return reverse("crm:account_detail", args=[row.account.customer_id])

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Orders"), reverse("crm:order_list"))]
