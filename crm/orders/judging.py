"""The judgement: a pure function of what was locked. All five parts are judged, never the first alone, and each says what would pass."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from crm.catalogue.units import Packing, say_yuan

PARTS = ("price", "term", "credit", "date", "quota")


@dataclass(frozen=True, slots=True)
class AskedLine:
    """What is asked of one product, and what was read of it under lock. Promises and supplies are by day, (day, base units), without the order's own."""

    product: int
    name: str
    packing: Packing
    quantity: int
    fen: int | None
    price_list: str = ""
    on_hand: int = 0
    supplies: Sequence[tuple[date, int]] = ()
    promises: Sequence[tuple[date, int]] = ()
    cap_left: int | None = None
    is_sold: bool = True

    @property
    def net(self) -> int:
        return self.quantity * (self.fen or 0)


@dataclass(frozen=True, slots=True)
class Facts:
    """What else was locked. `exposure` is without the order's own promise; `overdue` is what is due longer than the grace allows."""

    day: date
    wanted_on: date
    lines: Sequence[AskedLine]
    limit: int
    exposure: int = 0
    overdue: int = 0
    oldest_due: date | None = None
    licence_ended_on: date | None = None
    closed_on: date | None = None

    @property
    def total(self) -> int:
        return sum(line.net for line in self.lines)

    def eased(self, needs: "Needs") -> "Facts":
        """As they are judged where a release allows so much more, and not a fen or a carton above that."""
        lines = [line if line.cap_left is None else replace(line, cap_left=line.cap_left + needs.caps.get(line.product, 0)) for line in self.lines]
        overdue = self.overdue if self.overdue > needs.overdue else 0
        return replace(self, lines=lines, limit=self.limit + needs.credit, overdue=overdue)


@dataclass(frozen=True, slots=True)
class Needs:
    """By how much an order is above the limit, overdue, and above caps (by product). Only these can be released."""

    credit: int = 0
    overdue: int = 0
    caps: Mapping[int, int] = field(default_factory=dict)

    @property
    def parts(self) -> list[str]:
        return [part for part, need in (("term", self.overdue), ("credit", self.credit), ("quota", self.caps)) if need]

    def as_json(self) -> dict[str, Any]:
        return {"credit": self.credit, "overdue": self.overdue, "caps": {str(product): quantity for product, quantity in self.caps.items()}}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Needs":
        return cls(values["credit"], values["overdue"], {int(product): quantity for product, quantity in values["caps"].items()})


def needs_of(facts: Facts) -> Needs | None:
    """What a release would have to allow so that it passes; None where it passes without, or where no release helps."""
    over = {line.product: line.quantity - line.cap_left for line in facts.lines if line.cap_left is not None and line.quantity > line.cap_left}
    needs = Needs(max(0, facts.total - (facts.limit - facts.exposure)) if facts.total else 0, max(0, facts.overdue), over)
    return needs if needs.parts and judge(facts.eased(needs)).passes else None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, as a code with its numbers, so that it is said in the language of whoever reads it."""

    part: str
    code: str
    values: dict[str, Any]

    def said(self) -> str:
        return SENTENCES[self.code]() % self.values


SENTENCES = {
    "no_price": lambda: _("%(product)s has no price for this customer today."),
    "not_sold": lambda: _("%(product)s is no longer sold."),
    "overdue": lambda: _("%(sum)s is overdue since %(day)s. It has to be paid first."),
    "credit_fewer": lambda: _("Credit is short by %(short)s. %(fewer)s fewer of %(product)s would pass."),
    "credit_short": lambda: _("Credit is short by %(short)s, also without any single line."),
    "credit_none": lambda: _("Credit is short by %(short)s. Nothing more passes before something is paid."),
    "date_later": lambda: _("%(product)s: only %(free)s can be there by %(wanted)s; all of it on %(day)s."),
    "date_fewer": lambda: _("%(product)s: only %(free)s can be promised. %(fewer)s fewer would pass."),
    "date_none": lambda: _("%(product)s: none of it can be promised, and no supply is planned."),
    "date_past": lambda: _("The day of delivery has passed. Choose today or later."),
    "cap": lambda: _("%(product)s: %(left)s are left of this customer's cap. %(fewer)s fewer would pass."),
    "licence": lambda: _("The licence ended on %(day)s. Nothing may be sold to them until it is renewed."),
    "closed": lambda: _("The customer has been closed since %(day)s."),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`passes` says whether every part holds. Kept with the order as it was given."""

    findings: tuple[Finding, ...]
    total: int
    room: int

    @property
    def passes(self) -> bool:
        return not self.findings

    def of(self, part: str) -> list[Finding]:
        return [one for one in self.findings if one.part == part]

    def said(self) -> str:
        return " ".join(one.said() for one in self.findings)

    def as_json(self) -> dict[str, Any]:
        return {"schema": 1, "passes": self.passes, "total": self.total, "room": self.room, "parts": {part: not self.of(part) for part in PARTS}}


def judge(facts: Facts) -> Verdict:
    """Pure: the same facts, the same verdict."""
    findings = [*_price(facts), *_term(facts), *_credit(facts), *_date(facts), *_quota(facts)]
    return Verdict(tuple(findings), facts.total, facts.limit - facts.exposure)


def _price(facts: Facts) -> list[Finding]:
    found = []
    for line in facts.lines:
        if not line.is_sold:
            found.append(Finding("price", "not_sold", {"product": line.name}))
        elif line.fen is None:
            found.append(Finding("price", "no_price", {"product": line.name}))
    return found


def _term(facts: Facts) -> list[Finding]:
    if facts.overdue <= 0:
        return []
    return [Finding("term", "overdue", {"sum": say_yuan(facts.overdue), "day": f"{facts.oldest_due:%Y-%m-%d}"})]


def _credit(facts: Facts) -> list[Finding]:
    """What passes is the room that is left; where one line could make up for it, by how much."""
    short = facts.total - (facts.limit - facts.exposure)
    if short <= 0 or not facts.total:
        return []
    words = {"short": say_yuan(short)}
    if facts.limit <= facts.exposure:
        return [Finding("credit", "credit_none", words)]
    priced = [line for line in facts.lines if line.fen]
    for line in sorted(priced, key=lambda one: (-one.net, one.product)):
        if line.fen is None:
            continue
        fewer = -(-short // line.fen)
        if fewer < line.quantity or (fewer == line.quantity and len(priced) > 1):
            return [Finding("credit", "credit_fewer", words | {"fewer": line.packing.said(fewer), "product": line.name})]
    return [Finding("credit", "credit_short", words)]


def available(line: AskedLine, day: date, today: date) -> int:
    """What can be promised for a day: on hand and what comes until then less what is promised, for that day and every later one."""
    days = sorted({day, *(one for one, _quantity in [*line.supplies, *line.promises] if one > day)})
    return max(0, min(_there(line, one, today) for one in days))


def _there(line: AskedLine, day: date, today: date) -> int:
    """What should have come already and has not is not counted with; what should have left already still will."""
    comes = sum(quantity for on, quantity in line.supplies if today <= on <= day)
    return line.on_hand + comes - sum(quantity for on, quantity in line.promises if max(on, today) <= day)


def first_day(line: AskedLine, wanted: date, today: date) -> date | None:
    """The first day from the wanted one on for which all of it can be promised."""
    days = sorted({wanted, *(on for on, _quantity in line.supplies if on > wanted)})
    return next((day for day in days if available(line, day, today) >= line.quantity), None)


def _date(facts: Facts) -> list[Finding]:
    if facts.wanted_on < facts.day:
        return [Finding("date", "date_past", {})]
    found = []
    for line in facts.lines:
        free = available(line, facts.wanted_on, facts.day)
        if free >= line.quantity:
            continue
        words = {"product": line.name, "free": line.packing.said(free), "wanted": f"{facts.wanted_on:%Y-%m-%d}"}
        later = first_day(line, facts.wanted_on, facts.day)
        if later is not None:
            found.append(Finding("date", "date_later", words | {"day": f"{later:%Y-%m-%d}"}))
        elif free:
            found.append(Finding("date", "date_fewer", words | {"fewer": line.packing.said(line.quantity - free)}))
        else:
            found.append(Finding("date", "date_none", words))
    return found


def _quota(facts: Facts) -> list[Finding]:
    found = []
    if facts.closed_on is not None and facts.closed_on <= facts.day:
        found.append(Finding("quota", "closed", {"day": f"{facts.closed_on:%Y-%m-%d}"}))
    if facts.licence_ended_on is not None and facts.licence_ended_on < facts.day:
        found.append(Finding("quota", "licence", {"day": f"{facts.licence_ended_on:%Y-%m-%d}"}))
    for line in facts.lines:
        if line.cap_left is not None and line.quantity > line.cap_left:
            fewer = line.quantity - line.cap_left
            words = {"product": line.name, "left": line.packing.said(max(0, line.cap_left)), "fewer": line.packing.said(min(fewer, line.quantity))}
            found.append(Finding("quota", "cap", words))
    return found
