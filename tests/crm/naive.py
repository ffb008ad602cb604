"""A naive telling of orders, stock and credit: everything is summed anew from what was ordered, delivered and paid; no ledger, no counter, no lock."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class PlainLine:
    quantity: int
    fen: int
    delivered: int = 0
    cancelled: int = 0
    returned: int = 0

    @property
    def open(self) -> int:
        return self.quantity - self.delivered - self.cancelled


@dataclass(slots=True)
class PlainOrder:
    customer: int
    lines: dict[int, PlainLine]

    @property
    def state(self) -> str:
        delivered = any(line.delivered for line in self.lines.values())
        if any(line.open for line in self.lines.values()):
            return "partly" if delivered else "confirmed"
        return "delivered" if delivered else "cancelled"


@dataclass(slots=True)
class PlainPayment:
    fen: int
    unused: int
    has_bounced: bool = False
    is_note: bool = False


@dataclass(slots=True)
class PlainCustomer:
    limit: int
    root: int
    owed: int = 0
    payments: list[PlainPayment] = field(default_factory=list)

    @property
    def advance(self) -> int:
        return sum(one.unused for one in self.payments)

    def settle(self) -> None:
        for one in self.payments:
            used = min(one.unused, self.owed)
            one.unused -= used
            self.owed -= used


@dataclass
class Plain:
    """Each act says whether it is allowed, and where it is, does it."""

    prices: dict[int, int]
    on_hand: dict[int, int]
    customers: dict[int, PlainCustomer]
    orders: dict[str, PlainOrder] = field(default_factory=dict)

    def promised(self, product: int, besides: PlainOrder | None = None) -> int:
        return sum(one.lines[product].open for one in self.orders.values() if product in one.lines and one is not besides)

    def promised_to(self, customer: int, besides: PlainOrder | None = None) -> int:
        mine = [one for one in self.orders.values() if one.customer == customer and one is not besides]
        return sum(line.open * line.fen for one in mine for line in one.lines.values())

    def exposure(self, customer: int, besides: PlainOrder | None = None) -> int:
        """With everyone who is one file with them, whose money paid ahead does not count."""
        root = self.customers[customer].root
        kin = [pk for pk, one in self.customers.items() if one.root == root and pk != customer]
        return self.of_one(customer, besides) + sum(max(0, self.of_one(pk, besides)) for pk in kin)

    def of_one(self, customer: int, besides: PlainOrder | None = None) -> int:
        return self.promised_to(customer, besides) + self.customers[customer].owed - self.customers[customer].advance

    def _passes(self, customer: int, wanted: dict[int, int], besides: PlainOrder | None = None) -> bool:
        total = sum(quantity * self.prices[product] for product, quantity in wanted.items())
        there = all(self.on_hand[product] - self.promised(product, besides) >= quantity for product, quantity in wanted.items())
        return there and total <= self.customers[customer].limit - self.exposure(customer, besides)

    def place(self, number: str, customer: int, wanted: dict[int, int]) -> bool:
        if self.customers[customer].root != customer or not self._passes(customer, wanted):
            return False
        self.orders[number] = PlainOrder(customer, {product: PlainLine(quantity, self.prices[product]) for product, quantity in wanted.items()})
        return True

    def change(self, number: str, wanted: dict[int, int]) -> bool:
        order = self.orders[number]
        if order.state not in ("confirmed", "partly"):
            return False
        left = {product: line.open for product, line in order.lines.items()}
        grows = any(quantity > left.get(product, 0) for product, quantity in wanted.items())
        if grows and (self.customers[order.customer].root != order.customer or not self._passes(order.customer, wanted, order)):
            return False
        for product in {*wanted, *order.lines}:
            difference = wanted.get(product, 0) - left.get(product, 0)
            if product not in order.lines:
                order.lines[product] = PlainLine(difference, self.prices[product])
            elif difference > 0:
                order.lines[product].quantity += difference
            else:
                order.lines[product].cancelled -= difference
        return True

    def deliver(self, number: str, product: int, quantity: int) -> bool:
        order = self.orders[number]
        line = order.lines[product]
        if not 0 < quantity <= min(line.open, self.on_hand[product]):
            return False
        line.delivered += quantity
        self.on_hand[product] -= quantity
        self.customers[order.customer].owed += quantity * line.fen
        self.customers[order.customer].settle()
        return True

    def take_back(self, number: str, product: int, quantity: int) -> bool:
        order = self.orders[number]
        line = order.lines[product]
        if not 0 < quantity <= line.delivered - line.returned:
            return False
        line.returned += quantity
        self.on_hand[product] += quantity
        self.customers[order.customer].payments.append(PlainPayment(quantity * line.fen, quantity * line.fen, is_note=True))
        self.customers[order.customer].settle()
        return True

    def pay(self, customer: int, fen: int) -> bool:
        self.customers[customer].payments.append(PlainPayment(fen, fen))
        self.customers[customer].settle()
        return True

    def bounce(self, customer: int, place: int) -> bool:
        """The payment of this place among all of the customer."""
        paid = self.customers[customer].payments[place]
        if paid.has_bounced or paid.is_note:
            return False
        self.customers[customer].owed += paid.fen - paid.unused
        paid.unused, paid.has_bounced = 0, True
        self.customers[customer].settle()
        return True

    def limit(self, customer: int, fen: int) -> bool:
        self.customers[customer].limit = fen
        return True

    def merge(self, survivor: int, absorbed: int) -> bool:
        if survivor == absorbed or any(self.customers[pk].root != pk for pk in (survivor, absorbed)):
            return False
        for one in self.customers.values():
            if one.root == absorbed:
                one.root = survivor
        return True
