"""What an order earned: what was delivered of it and did not come back, at its prices, less what that cost on the day it left."""

from dataclasses import dataclass

from django.utils import timezone

from crm.catalogue.costs import Costs
from crm.orders.models import Handling, HandlingLine, Order


@dataclass(frozen=True, slots=True)
class Earned:
    """In fen. `unknown` names products of which nobody has said the cost; they are in neither sum."""

    sold: int
    cost: int
    unknown: tuple[str, ...]

    @property
    def earned(self) -> int:
        return self.sold - self.cost

    @property
    def share(self) -> int | None:
        """In hundredths of what was sold."""
        return round(100 * self.earned / self.sold) if self.sold else None


def earned_by(order: Order) -> Earned | None:
    """None where nothing has left yet."""
    rows = list(HandlingLine.objects.filter(handling__order=order).select_related("handling", "line__product"))
    if not rows:
        return None
    costs = Costs(row.line.product_id for row in rows)
    sold = cost = 0
    unknown: dict[str, None] = {}
    for row in rows:
        quantity = row.quantity if row.handling.kind == Handling.Kind.DELIVERY else -row.quantity
        fen = costs.on(row.line.product_id, timezone.localdate(row.handling.at))
        if fen is None:
            unknown[row.line.product.name] = None
            continue
        sold += quantity * row.line.fen
        cost += quantity * fen
    return Earned(sold, cost, tuple(unknown))
