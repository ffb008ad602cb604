"""Which price holds. One sentence: the customer's own list before that of their kind, before that of their tier, before everybody's; within it the line
with the largest quantity reached; then the newest version. Exactly one line wins, and nothing is added up. The losers are told too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from crm.catalogue.models import PriceLine
from portal.approvals.models import Paper

RANKS = {"customer": 0, "kind": 1, "tier": 2, "all": 3}


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
    lines = PriceLine.objects.filter(product__in=products, version__starts_on__lte=day).exclude(version__ends_on__lt=day)
    lines = lines.exclude(version__decided_by__state=Paper.State.VOID)
    found: dict[int, list[Offer]] = {product: [] for product in products}
    scopes = set(buyer.scopes()) if buyer is not None else None
    for line in lines.select_related("version__price_list"):
        of = line.version.price_list
        if scopes is None or (of.scope, of.scope_value) in scopes:
            found[line.product_id].append(Offer(line.product_id, of.name, of.scope, of.scope_value, line.version.starts_on, line.min_qty, line.fen, line.floor))
    return found
