"""Plans, and what was sold, as lists. The figures of a plan count what fits the filters of the second: a figure and its list are one question."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.catalogue.models import Brand, Product
from crm.customers.models import Customer, Portfolio, PortfolioHolding
from crm.plans.models import Place, Plan, Sold
from crm.plans.models.plans import Measure, Period
from crm.plans.policies import places_below
from crm.sales.lists import departments_selling
from portal.access.policies import visible_to
from portal.accounts.models import User
from portal.lists.columns import Column
from portal.lists.definition import List, register_list
from portal.lists.filters import ChoiceFilter, DayFilter
from portal.organization.models import Department


def people_who_sold() -> Iterator[tuple[str, str]]:
    yield "none", _("nobody")
    for pk, name in User.objects.filter(Exists(PortfolioHolding.objects.filter(person=OuterRef("pk")))).order_by("name").values_list("pk", "name"):
        yield str(pk), name


def departments_of_sold() -> Iterator[tuple[str, str]]:
    known = {pk for place in Place.objects.all() for pk in place.department_ids}
    for one in Department.objects.filter(Q(pk__in=known) | Q(pk__in=departments_selling())).order_by("path"):
        yield str(one.pk), one.label


def _products() -> Iterator[tuple[str, str]]:
    for pk, name in Product.objects.values_list("pk", "name"):
        yield str(pk), name


def _brands() -> Iterator[tuple[str, str]]:
    for pk, name in Brand.objects.values_list("pk", "name"):
        yield str(pk), name


def _portfolios() -> Iterator[tuple[str, str]]:
    for pk, name in Portfolio.objects.values_list("pk", "name"):
        yield str(pk), name


def _of_person(code: str) -> Q:
    return Q(person__isnull=True) if code == "none" else Q(person=code)


def _below(code: str) -> Q:
    return Q(place__in=places_below(int(code)))


def _at(code: str) -> Q:
    """Of a department itself, without those below."""
    return Q(place__department=code)


def _of_brand(code: str) -> Q:
    return Q(product__in=list(Product.objects.filter(brand=int(code)).values_list("pk", flat=True)))


def _customer(row: Sold) -> str:
    return row.customer.root.name if row.sees_customer else ""  # type: ignore[attr-defined]


ANY = gettext_lazy("all")


@register_list
class SoldList(List):
    """What was delivered and came back, line by line, of what somebody may see."""

    code = "crm.sold"
    url_name = "crm:sold_list"
    heading = gettext_lazy("What was sold")
    subtitle = gettext_lazy("Delivered less what came back, under who answered for it on that day.")
    icon = "scan-barcode"
    default_sort = "-day"
    empty_title = gettext_lazy("Nothing was sold that fits")
    related = ("customer__root",)
    columns = (
        Column("day", gettext_lazy("Sold on"), "day", "day", order_by=("day",)),
        Column("customer", gettext_lazy("Customer"), _customer),
        Column("product", gettext_lazy("Product"), "product.name", related=("product",)),
        Column("quantity", gettext_lazy("Quantity"), "quantity", "number", order_by=("quantity",)),
        Column("fen", gettext_lazy("Sum"), "fen", "money", order_by=("fen",)),
        Column("person", gettext_lazy("Answered for it"), lambda row: row.person.name if row.person else "", related=("person",)),
        Column("department", gettext_lazy("Department"), "place.department.label", related=("place__department",)),
        Column("portfolio", gettext_lazy("Portfolio"), "portfolio.name", related=("portfolio",)),
    )
    filters = (
        DayFilter(key="day", label=gettext_lazy("Sold on")),
        ChoiceFilter(key="person", label=gettext_lazy("Answered for it"), anything=ANY, choices=people_who_sold, conditions=_of_person, is_further=True),
        ChoiceFilter(key="under", label=gettext_lazy("Department and below"), anything=ANY, choices=departments_of_sold, conditions=_below, is_further=True),
        ChoiceFilter(key="at", label=gettext_lazy("Department"), anything=ANY, choices=departments_of_sold, conditions=_at, is_further=True),
        ChoiceFilter(key="product", label=gettext_lazy("Product"), anything=ANY, choices=_products, is_further=True),
        ChoiceFilter(key="brand", label=gettext_lazy("Brand"), anything=ANY, choices=_brands, conditions=_of_brand, is_further=True),
        ChoiceFilter(key="portfolio", label=gettext_lazy("Portfolio"), anything=ANY, choices=_portfolios, is_further=True),
    )

    def rows(self, user: Any) -> QuerySet[Sold]:
        seen = visible_to(Customer, user).filter(pk=OuterRef("customer__root"))
        return visible_to(Sold, user).annotate(sees_customer=Exists(seen))

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Plans of sales"), reverse("crm:plan_list"))]


@register_list
class PlanList(List):
    """The plans in which somebody has a line, or whose departments they head."""

    code = "crm.plans"
    url_name = "crm:plan_list"
    row_url_name = "crm:plan_detail"
    heading = gettext_lazy("Plans of sales")
    icon = "chart-column-increasing"
    template_name = "crm/plans/plan_list.html"
    default_sort = "-starts"
    empty_title = gettext_lazy("No plan fits")
    empty_text = gettext_lazy("Heads of departments make plans; yours stands here once it is in force.")
    related = ("department", "brand", "product", "portfolio")
    columns = (
        Column("period", gettext_lazy("Period"), "period_said"),
        Column("starts", gettext_lazy("From"), "starts_on", "day", order_by=("starts_on",), is_shown=False),
        Column("department", gettext_lazy("Department"), "department.label"),
        Column("measure", gettext_lazy("Measure"), lambda row: row.get_measure_display()),
        Column("what", pgettext_lazy("of a plan", "Of what"), "what"),
        Column("by", gettext_lazy("Made by"), "made_by.name", related=("made_by",)),
    )
    filters = (
        ChoiceFilter(key="period", label=gettext_lazy("Period"), anything=ANY, choices=Period.choices),
        ChoiceFilter(key="measure", label=gettext_lazy("Measure"), anything=ANY, choices=Measure.choices),
        DayFilter(key="starts", label=gettext_lazy("From"), field="starts_on", is_further=True),
    )

    def rows(self, user: Any) -> QuerySet[Plan]:
        return visible_to(Plan, user)

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Sales"), reverse("crm:opportunity_board"))]
