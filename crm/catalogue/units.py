"""Whole numbers of base units, and back to 箱, 件 and 条. Nothing here divides with a remainder: what does not fit is refused with words."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, npgettext, pgettext_lazy

MOST_BASE_UNITS = 10_000_000
PACKS = {"stick": 1, "pack": 20, "carton": 200}
UNITS: dict[str, Promise] = {
    "stick": gettext_lazy("stick"),
    "pack": gettext_lazy("pack"),
    "carton": gettext_lazy("carton"),
    "case": pgettext_lazy("of packing", "case"),
    "box": gettext_lazy("box"),
}


@dataclass(frozen=True, slots=True)
class Packing:
    """`sticks` in a base unit; `per_case` and `per_box` base units, nought where there is none."""

    base: str
    sticks: int
    per_case: int
    per_box: int

    def factors(self) -> dict[str, int]:
        """Base units in each unit in which this is ordered and counted, the smallest first."""
        found = {self.base: 1}
        if self.per_case:
            found["case"] = self.per_case
        if self.per_box:
            found["box"] = self.per_box
        return found

    def said(self, quantity: int) -> str:
        """In the base unit: 1,250 条."""
        return _("%(number)s %(unit)s") % {"number": f"{quantity:,}", "unit": self.unit_said(self.base, quantity)}

    def split(self, quantity: int) -> str:
        """As a storekeeper counts it: 5 箱 3 条."""
        parts, rest = [], abs(quantity)
        for unit, factor in sorted(self.factors().items(), key=lambda one: -one[1]):
            number, rest = divmod(rest, factor)
            if number:
                parts.append(f"{number:,} {self.unit_said(unit, number)}")
        return ("−" if quantity < 0 else "") + (" ".join(parts) or f"0 {self.unit_said(self.base, 0)}")

    @staticmethod
    def unit_said(unit: str, number: int) -> str:
        match unit:
            case "stick":
                return ngettext("stick", "sticks", number)
            case "pack":
                return ngettext("pack", "packs", number)
            case "case":
                return npgettext("of packing", "case", "cases", number)
            case "box":
                return ngettext("box", "boxes", number)
        return ngettext("carton", "cartons", number)

    def in_base(self, number: int, unit: str) -> int:
        """Base units in a number of units. Refuses a unit in which this is not packed."""
        factor = self.factors().get(unit)
        if factor is None:
            raise ValueError(_("It is not packed in this unit. Choose one of: %(units)s.") % {"units": "、".join(str(UNITS[code]) for code in self.factors())})
        quantity = number * factor
        if quantity > MOST_BASE_UNITS:
            raise ValueError(_("No more than %(most)s at once. Write a smaller number.") % {"most": self.said(MOST_BASE_UNITS)})
        return quantity


def read_quantity(text: str) -> int:
    """A whole number above nought. Everything else (½, −1, 1e9, NaN) is refused with a sentence."""
    plain = text.strip().replace(",", "").replace("，", "")
    if not (plain.isascii() and plain.isdigit()) or not plain.strip("0") or len(plain) > 12:
        raise ValueError(_("“%(text)s” is no quantity. Write a whole number above nought.") % {"text": text.strip()[:20]})
    return int(plain)


def read_fen(text: str) -> int:
    """A sum in yuan with at most two places, as fen. Refuses what is no sum with a sentence."""
    plain = text.strip().replace(",", "").replace("，", "").replace("¥", "").replace("￥", "")
    whole, _dot, places = plain.partition(".")
    if not (whole.isascii() and whole.isdigit()) or len(whole) > 11 or len(places) > 2 or not (places == "" or (places.isascii() and places.isdigit())):
        raise ValueError(gettext_of_sum(text))
    return int(whole) * 100 + int(places.ljust(2, "0"))


def gettext_of_sum(text: str) -> str:
    return _("“%(text)s” is no sum of money. Write yuan with at most two places, such as 152.50.") % {"text": text.strip()[:20]}


def say_yuan(fen: int) -> str:
    """1,234.50"""
    return f"{'−' if fen < 0 else ''}{abs(fen) // 100:,}.{abs(fen) % 100:02}"
