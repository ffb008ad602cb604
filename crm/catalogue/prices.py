"""Which price holds. One sentence: the customer's own list before that of their kind, before that of their tier, before everybody's; within it the line
with the largest quantity reached; then the newest version. Exactly one line wins, and nothing is added up. The losers are told too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from portal.approvals.models import Paper

RANKS = {"customer": 0, "kind": 1, "tier": 2, "all": 3}
OFFERS = """
    SELECT line.product_id, list.name, list.scope, list.scope_value, version.starts_on, line.min_qty, line.fen, line.floor
    FROM catalogue_priceline line JOIN catalogue_priceversion version ON version.id = line.version_id
    JOIN catalogue_pricelist list ON list.id = version.price_list_id LEFT JOIN approvals_paper paper ON paper.id = version.decided_by_id
    WHERE line.product_id = ANY(%(products)s) AND version.starts_on <= %(day)s AND (version.ends_on IS NULL OR version.ends_on >= %(day)s)
        AND (paper.state IS NULL OR paper.state <> %(void)s)
        AND (%(all)s OR (list.scope, list.scope_value) IN (SELECT * FROM unnest(%(scopes)s::text[], %(values)s::text[])))
    ORDER BY line.product_id, line.min_qty
"""


@dataclass(frozen=True, slots=True)
class Buyer:
    """What of a customer decides their price."""

    code: str = ""
    kind: str = ""
    tier: str = ""

    def scopes(self) -> list[tuple[str, str]]:
        return [scope for scope in (("customer", self.code), ("kind", self.kind), ("tier", self.tier)) if scope[1]] + [("all", "")]


@dataclass(frozen=True, slots=True)
class Offer:
    """A line of a version that holds on the day."""

    product: int
    list_name: str
    scope: str
    scope_value: str
    starts_on: date
    min_qty: int
    fen: int
    floor: int


@dataclass(frozen=True, slots=True)
class Explained:
    """The winner, and those that fit and did not win, best first. No winner: there is no price."""

    winner: Offer | None
    losers: tuple[Offer, ...] = ()


def explain_price(offers: Iterable[Offer], buyer: Buyer, quantity: int) -> Explained:
    """Pure: of the offers for one product, the one that wins for this buyer and quantity."""
    scopes = set(buyer.scopes())
    fitting = [one for one in offers if (one.scope, one.scope_value) in scopes and one.min_qty <= quantity]
    ranked = sorted(fitting, key=lambda one: (RANKS[one.scope], -one.min_qty, -one.starts_on.toordinal(), one.list_name))
    return Explained(ranked[0], tuple(ranked[1:])) if ranked else Explained(None)


def offers_on(day: date, products: Sequence[int], buyer: Buyer | None = None) -> dict[int, list[Offer]]:
    """What holds on a day, by product; for a buyer, only what could be theirs. One statement."""
    found: dict[int, list[Offer]] = {product: [] for product in products}
    asked: dict[str, Any] = {"products": list(products), "day": day, "void": Paper.State.VOID, "all": buyer is None}
    scopes = buyer.scopes() if buyer is not None else []
    asked |= {"scopes": [scope for scope, _value in scopes], "values": [value for _scope, value in scopes]}
    with connection.cursor() as cursor:
        cursor.execute(OFFERS, asked)
        for row in cursor.fetchall():
            found[row[0]].append(Offer(*row))
    return found
