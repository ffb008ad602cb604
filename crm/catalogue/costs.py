"""What products cost on a day, for who may know it (`sees_costs`)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from crm.catalogue.models import Cost


class Costs:
    """Of some products, in one question: `on(product, day)` is fen of a base unit, or None where nobody has said it."""

    def __init__(self, products: Iterable[int]) -> None:
        self.rows: dict[int, list[tuple[date, int]]] = defaultdict(list)
        for product, starts_on, fen in Cost.objects.filter(product__in=set(products)).order_by("-starts_on").values_list("product", "starts_on", "fen"):
            self.rows[product].append((starts_on, fen))

    def on(self, product: int, day: date) -> int | None:
        return next((fen for starts_on, fen in self.rows[product] if starts_on <= day), None)
