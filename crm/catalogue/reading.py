"""A product as it is read: what of it is in stock where, what is to come, what it costs whom. Fields that this reader may not see are nothing."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.catalogue.models import PriceList, Product, Stock
from crm.catalogue.policies import sees_prices
from crm.catalogue.prices import RANKS, Offer, offers_on
from crm.catalogue.units import Packing, say_yuan
from portal.organization.querysets import today


@dataclass(frozen=True, slots=True)
class Place:
    """The stock in one warehouse, in words and numbers."""

    stock: Stock
    on_hand: str
    promised: str
    free: str
    planned: str


@dataclass(frozen=True, slots=True)
class Coming:
    """A planned supply in words."""

    pk: int
    day: date
    said: str
    warehouse: str
    source: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class SaidOffer:
    offer: Offer
    for_whom: str
    price: str
    from_quantity: str


@dataclass(frozen=True, slots=True)
class ProductPage:
    product: Product
    places: list[Place]
    total: int
    promised: int
    supplies: list[Coming]
    packing: str
    prices: list[SaidOffer] | None
    day: date


def read_product(product: Product, user: Any) -> ProductPage:
    packing, day = product.packing, today()
    stocks = list(product.stocks.select_related("warehouse").order_by("warehouse__code"))
    places = [
        Place(stock, packing.split(stock.on_hand), packing.split(stock.promised), packing.split(stock.free), packing.split(stock.planned)) for stock in stocks
    ]
    prices = None
    if sees_prices(user):
        offers = sorted(offers_on(day, [product.pk])[product.pk], key=lambda one: (RANKS[one.scope], one.list_name, one.min_qty))
        prices = [SaidOffer(one, _for_whom(one), say_yuan(one.fen), packing.said(one.min_qty)) for one in offers]
    rows = product.supplies.filter(ended_at__isnull=True).select_related("warehouse")
    supplies = [Coming(one.pk, one.day, packing.split(one.open), one.warehouse.name, one.source, one.day < day) for one in rows]
    return ProductPage(product, places, sum(one.on_hand for one in stocks), sum(one.promised for one in stocks), supplies, _packed(packing), prices, day)


def _for_whom(offer: Offer) -> str:
    label = str(PriceList.Scope(offer.scope).label)
    return f"{label} · {offer.scope_value}" if offer.scope_value else label


def _packed(packing: Packing) -> str:
    """1 箱 = 250 条, 1 件 = 50 条, 1 条 = 200 支."""
    parts = [f"1 {packing.unit_said(unit, 1)} = {packing.said(factor)}" for unit, factor in packing.factors().items() if factor > 1]
    if packing.base != "stick":
        parts.insert(0, f"1 {packing.unit_said(packing.base, 1)} = {packing.sticks:,} {packing.unit_said('stick', packing.sticks)}")
    return "; ".join(parts)
