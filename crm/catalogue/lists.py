"""Products, the ledger of the stock, and price lists as lists."""

from collections.abc import Iterator
from html import escape
from typing import Any

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.catalogue.models import Brand, PriceLine, PriceList, Product, Stock, StockEntry, Supply, Warehouse
from crm.catalogue.policies import sees_prices, sees_products
from portal.access.policies import visible_to
from portal.lists.columns import Column
from portal.lists.definition import List, register_list
from portal.lists.filters import ChoiceFilter, DayFilter
from portal.organization.querysets import today

STATES = (("sold", gettext_lazy("sold today")), ("ended", gettext_lazy("no longer sold")))
IN_STOCK = (("free", gettext_lazy("free stock")), ("none", gettext_lazy("none in stock")), ("short", gettext_lazy("more promised than in stock")))


def _brands() -> Iterator[tuple[str, str]]:
    for pk, name in Brand.objects.values_list("pk", "name"):
        yield str(pk), name


def _warehouses() -> Iterator[tuple[str, str]]:
    for pk, name in Warehouse.objects.values_list("pk", "name"):
        yield str(pk), name


def _is(state: str) -> Q:
    ended = Q(ended_on__lte=today())
    return ended if state == "ended" else ~ended


def _in_stock(state: str) -> Q:
    sums = Stock.objects.values("product").annotate(left=Sum("on_hand"), taken=Sum("promised"))
    if state == "none":
        return ~Q(pk__in=Stock.objects.filter(on_hand__gt=0).values("product"))
    rows = sums.filter(left__gt=Sum("promised")) if state == "free" else sums.filter(taken__gt=Sum("on_hand"))
    return Q(pk__in=rows.values("product"))


def _sum_of(field: str) -> Subquery:
    return Subquery(Stock.objects.filter(product=OuterRef("pk")).order_by().values("product").annotate(total=Sum(field)).values("total"))


def _price_for_all() -> dict[str, Any]:
    day = today()
    lines = PriceLine.objects.filter(product=OuterRef("pk"), min_qty=1, version__price_list__scope=PriceList.Scope.ALL, version__starts_on__lte=day)
    return {"price_for_all": Subquery(lines.exclude(version__ends_on__lt=day).order_by("-version__starts_on").values("fen")[:1])}


def _next_supply() -> dict[str, Any]:
    rows = Supply.objects.filter(product=OuterRef("pk"), ended_at__isnull=True).order_by("day")
    return {"comes_on": Subquery(rows.values("day")[:1])}


def _name(product: Product) -> str:
    ended = f' <span class="tag">{escape(_("no longer sold"))}</span>' if product.ended_on and product.ended_on <= today() else ""
    return f'{escape(product.name)}{ended} <span class="faint small">{escape(product.code)}</span>'


@register_list
class ProductList(List):
    """What the plant sells."""

    code = "crm.products"
    url_name = "crm:product_list"
    row_url_name = "crm:product_detail"
    heading = gettext_lazy("Products")
    icon = "package"
    template_name = "crm/catalogue/product_list.html"
    words_in = ("found_by",)
    words_label = gettext_lazy("Name, pinyin, number, bar code")
    default_sort = "name"
    per_page = 25
    empty_title = gettext_lazy("No product fits")
    empty_text = gettext_lazy("Ask for less, or take up a new product.")
    columns = (
        Column("name", gettext_lazy("Product"), _name, "html", order_by=("name_pinyin",), plain=lambda row: row.name),
        Column("code", gettext_lazy("Product number"), order_by=("code",), is_shown=False),
        Column("brand", gettext_lazy("Brand"), "brand.name", related=("brand",)),
        Column("form", gettext_lazy("Model"), lambda row: row.get_form_display()),
        Column("on_hand", gettext_lazy("In stock"), lambda row: row.on_hand_sum or 0, "number", annotations=lambda: {"on_hand_sum": _sum_of("on_hand")}),
        Column(
            "promised",
            pgettext_lazy("of stock", "Promised"),
            lambda row: row.promised_sum or 0,
            "number",
            annotations=lambda: {"promised_sum": _sum_of("promised")},
        ),
        Column("base", gettext_lazy("Base unit"), lambda row: row.get_base_display()),
        Column("comes", gettext_lazy("Next supply"), "comes_on", "day", annotations=_next_supply),
        Column("price", gettext_lazy("Price for everybody"), "price_for_all", "money", annotations=_price_for_all, is_allowed=sees_prices),
        Column("tar", gettext_lazy("Tar, mg"), "tar", "number", is_shown=False),
        Column("barcode", gettext_lazy("Bar code"), is_shown=False),
    )
    filters = (
        ChoiceFilter(key="brand", label=gettext_lazy("Brand"), anything=gettext_lazy("all"), choices=_brands),
        ChoiceFilter(key="stock", label=gettext_lazy("In stock"), anything=gettext_lazy("all"), choices=IN_STOCK, conditions=_in_stock),
        ChoiceFilter(key="form", label=gettext_lazy("Model"), anything=gettext_lazy("all"), choices=Product.Form.choices, is_further=True),
        ChoiceFilter(key="sold", label=gettext_lazy("State"), anything=gettext_lazy("all"), choices=STATES, conditions=_is, is_further=True),
    )

    def is_allowed(self, user: Any) -> bool:
        return sees_products(user)

    def rows(self, user: Any) -> QuerySet[Product]:
        return visible_to(Product, user).defer("remark", "found_by")


@register_list
class StockLedger(List):
    """Every change of the stock, newest first."""

    code = "crm.stock"
    url_name = "crm:stock_ledger"
    heading = gettext_lazy("Stock ledger")
    template_name = "crm/catalogue/stock_ledger.html"
    icon = "warehouse"
    words_in = ("product__found_by", "document", "reason")
    words_label = gettext_lazy("Product, document, reason")
    default_sort = "-at"
    empty_title = gettext_lazy("No entry fits")
    columns = (
        Column("at", gettext_lazy("When"), "at", "instant", order_by=("at",)),
        Column("product", gettext_lazy("Product"), "product.name", related=("product",)),
        Column("warehouse", gettext_lazy("Warehouse"), "warehouse.name", related=("warehouse",)),
        Column("kind", gettext_lazy("Kind"), lambda row: row.get_kind_display()),
        Column("bucket", gettext_lazy("What changed"), lambda row: row.get_bucket_display()),
        Column("quantity", gettext_lazy("Quantity"), "quantity", "number"),
        Column("base", gettext_lazy("Base unit"), lambda row: row.product.get_base_display(), related=("product",)),
        Column("document", gettext_lazy("Document")),
        Column("reason", gettext_lazy("Reason")),
        Column("actor", gettext_lazy("Booked by"), lambda row: row.actor.name if row.actor else "", related=("actor",)),
    )
    filters = (
        ChoiceFilter(key="warehouse", label=gettext_lazy("Warehouse"), anything=gettext_lazy("all"), choices=_warehouses),
        ChoiceFilter(key="kind", label=gettext_lazy("Kind"), anything=gettext_lazy("all"), choices=StockEntry.Kind.choices),
        ChoiceFilter(key="bucket", label=gettext_lazy("What changed"), anything=gettext_lazy("all"), choices=StockEntry.Bucket.choices, is_further=True),
        DayFilter(key="day", label=gettext_lazy("Day"), field="at", is_instant=True, is_further=True),
    )

    def is_allowed(self, user: Any) -> bool:
        return sees_products(user)

    def rows(self, user: Any) -> QuerySet[StockEntry]:
        return visible_to(StockEntry, user)

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Products"), reverse("crm:product_list"))]


def _in_force() -> dict[str, Any]:
    return {"since": Max("versions__starts_on", filter=Q(versions__starts_on__lte=today()))}


@register_list
class PriceListList(List):
    code = "crm.price_lists"
    url_name = "crm:price_list_list"
    row_url_name = "crm:price_list_detail"
    heading = gettext_lazy("Price lists")
    icon = "tags"
    template_name = "crm/catalogue/price_list_list.html"
    words_in = ("name", "scope_value")
    words_label = gettext_lazy("Name")
    default_sort = "name"
    empty_title = gettext_lazy("No price list fits")
    columns = (
        Column("name", gettext_lazy("Price list"), order_by=("name",)),
        Column("scope", gettext_lazy("For whom"), lambda row: row.get_scope_display()),
        Column("value", gettext_lazy("Which"), "scope_value"),
        Column("since", gettext_lazy("Newest version since"), "since", "day", annotations=_in_force),
    )

    def is_allowed(self, user: Any) -> bool:
        return sees_prices(user)

    def rows(self, user: Any) -> QuerySet[PriceList]:
        return visible_to(PriceList, user)

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Products"), reverse("crm:product_list"))]
