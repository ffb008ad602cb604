"""Rivals, and where they were seen, as lists. What is said of prices sums the rows of the second."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from crm.activities.models import Sighting, Visit
from crm.customers.models import Customer, Portfolio
from crm.marketing.models import RivalMaker
from crm.marketing.policies import keeps_marketing, works_with_marketing
from portal.access.policies import visible_to
from portal.lists.columns import Column
from portal.lists.definition import List, register_list
from portal.lists.filters import ChoiceFilter, DayFilter

ANY = gettext_lazy("all")


def rival_crumbs() -> list[tuple[str, str]]:
    return [(pgettext("of the plant", "Marketing"), reverse("crm:marketing_home")), (pgettext("of the market", "Rivals"), reverse("crm:rival_list"))]


def seen_by(user: Any) -> QuerySet[Sighting]:
    """What was noted at visits that this person may see; all of it for those who work in marketing."""
    return Sighting.objects.all() if keeps_marketing(user) else Sighting.objects.filter(visit__in=visible_to(Visit, user))


@register_list
class RivalList(List):
    code = "crm.rivals"
    url_name = "crm:rival_list"
    row_url_name = "crm:rival_detail"
    heading = pgettext_lazy("of the market", "Rivals")
    icon = "swords"
    template_name = "crm/marketing/rival_list.html"
    words_in = ("name", "other_names", "products__name")
    words_label = gettext_lazy("Name, product")
    default_sort = "name"
    empty_title = gettext_lazy("No rival fits")
    empty_text = gettext_lazy("Those who work in marketing take up whom visits have seen.")
    columns = (
        Column("name", pgettext_lazy("of the market", "Rival"), order_by=("name",)),
        Column("other", gettext_lazy("Other names"), "other_names"),
        Column("region", gettext_lazy("Where from"), "region"),
        Column("products", gettext_lazy("Products"), lambda row: "、".join(one.name for one in row.products.all()[:6])),
    )

    def is_allowed(self, user: Any) -> bool:
        return works_with_marketing(user)

    def rows(self, user: Any) -> QuerySet[RivalMaker]:
        return visible_to(RivalMaker, user).prefetch_related("products")

    def with_words(self, rows: QuerySet[RivalMaker], words: str, user: Any) -> QuerySet[RivalMaker]:
        return super().with_words(rows, words, user).distinct()

    def crumbs(self) -> list[tuple[str, str]]:
        return rival_crumbs()[:1]


def _makers() -> Iterator[tuple[str, str]]:
    for pk, name in RivalMaker.objects.values_list("pk", "name"):
        yield str(pk), name


def _of_maker(code: str) -> Q:
    maker = RivalMaker.objects.filter(pk=code).first()
    return Q(name__in=maker.names) if maker is not None else Q(pk__in=[])


def _portfolios() -> Iterator[tuple[str, str]]:
    for pk, name in Portfolio.objects.values_list("pk", "name"):
        yield str(pk), name


def _products() -> Iterator[tuple[str, str]]:
    yield "-", _("none named")
    for name in Sighting.objects.exclude(product="").order_by("product").values_list("product", flat=True).distinct()[:500]:
        yield name, name


def _of_product(code: str) -> Q:
    return Q(product="" if code == "-" else code)


def _customer(row: Any) -> str:
    return row.visit.customer.root.name if row.sees_customer else ""


@register_list
class SightingList(List):
    """Each rival's product that was noted at a visit. In which shop only to who may see the customer."""

    code = "crm.sightings"
    url_name = "crm:sighting_list"
    heading = gettext_lazy("Where rivals were seen")
    icon = "binoculars"
    words_in = ("name", "product")
    words_label = gettext_lazy("Rival, product")
    default_sort = "-seen"
    empty_title = gettext_lazy("Nothing was seen that fits")
    empty_text = gettext_lazy("Visits note whom one meets on the shelf, at which price.")
    related = ("visit__customer__root__portfolio",)
    columns = (
        Column("seen", gettext_lazy("Seen at"), "visit.arrived_at", "instant", order_by=("visit__arrived_at",)),
        Column("name", pgettext_lazy("of the market", "Rival"), order_by=("name",)),
        Column("product", gettext_lazy("Product"), order_by=("product",)),
        Column("fen", gettext_lazy("Price"), "fen", "money", order_by=("fen",)),
        Column("customer", gettext_lazy("Customer"), _customer),
        Column("portfolio", gettext_lazy("District"), "visit.customer.root.portfolio.name"),
        Column("person", gettext_lazy("Noted by"), "visit.person.name", related=("visit__person",)),
    )
    filters = (
        ChoiceFilter(key="maker", label=pgettext_lazy("of the market", "Rival"), anything=ANY, choices=_makers, conditions=_of_maker),
        ChoiceFilter(key="product", label=gettext_lazy("Product"), anything=ANY, choices=_products, conditions=_of_product),
        DayFilter(key="seen", label=gettext_lazy("Seen at"), field="visit__arrived_at", is_instant=True),
        ChoiceFilter(
            key="district", label=gettext_lazy("District"), anything=ANY, choices=_portfolios, field="visit__customer__root__portfolio", is_further=True
        ),
    )

    def is_allowed(self, user: Any) -> bool:
        return works_with_marketing(user)

    def rows(self, user: Any) -> QuerySet[Sighting]:
        seen = visible_to(Customer, user).filter(pk=OuterRef("visit__customer__root"))
        return seen_by(user).annotate(sees_customer=Exists(seen))

    def crumbs(self) -> list[tuple[str, str]]:
        return rival_crumbs()
