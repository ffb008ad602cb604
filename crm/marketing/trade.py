"""The trade's measures of the channel (YC/T 455.3-2013, formulas 11 to 15). Pure; a measure of which nothing is known is None.

Need rate 需求面: customers who ask now, of those who ordered in the last three periods. Order rate 动销率: who order now, of the same. Turnover 动销比:
(old stock + ordered - left) / (old stock + ordered). Company stock-out 公司断货率: asks filled with nothing, of all asks. Customer stock-out 客户断货率:
customers with a dry day, of those whose stock was noted.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

Pair = tuple[int, int]
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Line:
    """What a customer ordered of a product in a period, less what was cancelled; nought where they asked and got nothing."""

    customer: int
    product: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Note:
    """What lay there on a day, and what they would have."""

    customer: int
    product: int
    day: date
    quantity: int
    wanted: int = 0


@dataclass(slots=True)
class Cell:
    """Of a product, a district or all of it."""

    regular: set[int] = field(default_factory=set)
    asking: set[int] = field(default_factory=set)
    ordering: set[int] = field(default_factory=set)
    asks: set[Pair] = field(default_factory=set)
    filled: set[Pair] = field(default_factory=set)
    sampled: set[int] = field(default_factory=set)
    dry: set[int] = field(default_factory=set)
    old: int = 0
    bought: int = 0
    left: int = 0

    @property
    def need_rate(self) -> float | None:
        return _share(len(self.asking), len(self.regular))

    @property
    def order_rate(self) -> float | None:
        return _share(len(self.ordering), len(self.regular))

    @property
    def turnover(self) -> float | None:
        """Of customers and products whose stock was noted before the period and in it."""
        return _share(self.old + self.bought - self.left, self.old + self.bought)

    @property
    def company_stock_out(self) -> float | None:
        return _share(len(self.asks - self.filled), len(self.asks))

    @property
    def customer_stock_out(self) -> float | None:
        return _share(len(self.dry), len(self.sampled))


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def measure(
    regular: Iterable[Line], now: Iterable[Line], old: Iterable[Note], noted: Iterable[Note], cut: Callable[[int, int], Key]
) -> dict[Key, Cell]:  # fmt: skip
    """`regular` of the three periods before, `old` the last note of each before the period, `noted` those in it; `cut(customer, product)` names the cell."""
    cells: dict[Key, Cell] = defaultdict(Cell)
    for line in regular:
        if line.quantity > 0:
            cells[cut(line.customer, line.product)].regular.add(line.customer)
    bought: dict[Pair, int] = defaultdict(int)
    for line in now:
        cell, pair = cells[cut(line.customer, line.product)], (line.customer, line.product)
        cell.asking.add(line.customer)
        cell.asks.add(pair)
        bought[pair] += line.quantity
        if line.quantity > 0:
            cell.ordering.add(line.customer)
            cell.filled.add(pair)
    last: dict[Pair, Note] = {}
    for note in noted:
        cell, pair = cells[cut(note.customer, note.product)], (note.customer, note.product)
        cell.sampled.add(note.customer)
        if note.quantity == 0:
            cell.dry.add(note.customer)
        if note.wanted > 0:
            cell.asking.add(note.customer)
            cell.asks.add(pair)
        if pair not in last or note.day >= last[pair].day:
            last[pair] = note
    for note in old:
        pair = (note.customer, note.product)
        if pair in last:
            cell = cells[cut(*pair)]
            cell.old, cell.bought, cell.left = cell.old + note.quantity, cell.bought + bought[pair], cell.left + last[pair].quantity
    return dict(cells)
