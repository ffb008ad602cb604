"""Who sees products, prices and the stock, and who keeps them, each by a capability. Prices are a right of their own on every surface (`sees_prices`)."""

from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.catalogue.capabilities import KEEP_PRODUCTS, KEEP_STOCK, READ_PRODUCTS, SEE_COSTS, SEE_PRICES
from crm.catalogue.models import PriceList, Product, StockEntry, Supply
from portal.access.policies import Decision, Policy, decide_by_taking_part, people_taking_part, register
from portal.access.readers import TakingPart
from portal.access.registry import has_capability, tokens_of_holders
from portal.accounts.models import User

READERS = (READ_PRODUCTS, SEE_PRICES, SEE_COSTS, KEEP_PRODUCTS, KEEP_STOCK)
PRICE_READERS = (SEE_PRICES, KEEP_PRODUCTS)
FOR_KEEPERS = _("For those who keep products and price lists.")
FOR_COSTS = _("For those who may know what products cost.")
FOR_STOREKEEPERS = _("For those who keep the stock.")


def _holds_one(user: Any, capabilities: tuple[str, ...]) -> bool:
    return user.is_employee and any(has_capability(user, code) for code in capabilities)


def sees_products(user: Any) -> bool:
    return _holds_one(user, READERS)


def sees_prices(user: Any) -> bool:
    return _holds_one(user, PRICE_READERS)


def sees_costs(user: Any) -> bool:
    return _holds_one(user, (SEE_COSTS,))


def reader_tokens(capabilities: tuple[str, ...]) -> tuple[str, ...]:
    """Whoever holds one of these holds one of the capabilities."""
    return tuple(dict.fromkeys(token for code in capabilities for token in tokens_of_holders(code)))


class CataloguePolicy(Policy[Any]):
    """Seen by the holders of some capabilities, kept by those of one."""

    decides_views = True
    readers: ClassVar[tuple[str, ...]] = READERS
    keeper, refusal = KEEP_PRODUCTS, FOR_KEEPERS
    actions = {"view": _("see"), "change": _("keep")}

    def decide(self, user: Any, action: str, obj: Any) -> Decision:
        if action == "view":
            return decide_by_taking_part(user, self.taking_part(obj))
        return Decision(_holds_one(user, (self.keeper,)), self.refusal)

    def visible(self, user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows if _holds_one(user, self.readers) else rows.none()

    def viewers(self, obj: Any) -> QuerySet[User]:
        return people_taking_part(self.taking_part(obj))

    def taking_part(self, obj: Any) -> TakingPart:
        return TakingPart(reader_tokens(self.readers))

    def rows_of_taking_part(self, user: Any) -> Q | None:
        return Q(pk__isnull=False) if _holds_one(user, self.readers) else None


class ProductPolicy(CataloguePolicy):
    actions = {"view": _("see the product"), "change": _("keep the product"), "book": _("book its stock"), "cost": _("know and write its cost")}

    def decide(self, user: Any, action: str, obj: Any) -> Decision:
        if action == "book":
            return Decision(_holds_one(user, (KEEP_STOCK,)), FOR_STOREKEEPERS)
        if action == "cost":
            return Decision(sees_costs(user), FOR_COSTS)
        return super().decide(user, action, obj)


class PriceListPolicy(CataloguePolicy):
    readers = PRICE_READERS
    actions = {"view": _("see the price list"), "change": _("keep the price list")}


class StockPolicy(CataloguePolicy):
    """The ledger and what is planned."""

    keeper, refusal = KEEP_STOCK, FOR_STOREKEEPERS


register(Product, ProductPolicy)
register(PriceList, PriceListPolicy)
register(StockEntry, StockPolicy)
register(Supply, StockPolicy)
