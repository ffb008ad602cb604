"""One field of a form, or one column of a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from portal.approvals.definitions.formulas import Formula, read_formula
from portal.approvals.definitions.labels import read_label, said
from portal.approvals.errors import DefinitionError

# With formulas and tables these are sixteen. What is computed is a number or an amount with a formula.
TYPES = ("text", "long_text", "number", "money", "day", "month", "choice", "choices", "person", "department", "item", "supplier", "files", "paper")
COLUMN_TYPES = frozenset({"text", "number", "money", "day", "month", "choice", "person", "department", "item", "supplier"})
ROLES = ("", "title", "amount", "period", "month")  # a period is submitted once, a month is only that of the paper
LOOKUPS = ("ceiling",)
# What a later step may not see changed without being asked again.
BINDING = frozenset({"number", "money", "day", "month", "choice", "choices", "person", "department", "item", "supplier", "paper"})
LARGEST_MONEY = Decimal("9999999999999999.99")  # numeric(18, 2)
LARGEST_NUMBER = Decimal("99999999999999")
MOST_PLACES = 6
NUMBERS = ("number", "money")


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """One field. `is_binding`: where it changes, decisions on what it said before do not count any more.

    `is_later`: the requester leaves it to a step. `is_reserved`: shown only to those who decide, not to whoever is told or sent a copy.
    `is_once`: no two papers of the kind that are under way or approved say the same there.
    `lookup` is what the portal puts there by itself (the ceiling price of the item).
    """

    key: str
    label_in: Mapping[str, str]
    type: str
    role: str = ""
    is_required: bool = False
    is_binding: bool = False
    places: int = 0
    unit: str = ""
    longest: int = 0
    choices: tuple[tuple[str, Mapping[str, str]], ...] = ()
    help_in: Mapping[str, str] | None = None
    formula: Formula | None = None
    lookup: str = ""
    is_later: bool = False
    is_reserved: bool = False
    is_summed: bool = False
    may_be_negative: bool = False
    is_once: bool = False

    @property
    def label(self) -> str:
        return said(self.label_in)

    @property
    def help(self) -> str:
        return said(self.help_in) if self.help_in else ""

    @property
    def is_computed(self) -> bool:
        return self.formula is not None or bool(self.lookup)

    @property
    def is_number(self) -> bool:
        return self.type in NUMBERS

    @property
    def greatest(self) -> Decimal:
        return LARGEST_MONEY if self.type == "money" else LARGEST_NUMBER

    def read(self, values: Mapping[str, Any]) -> Any:
        """The value as one computes with it; None where there is nothing."""
        raw = values.get(self.key)
        if raw in (None, "", []):
            return None
        if self.type in NUMBERS:
            return Decimal(str(raw))
        if self.type == "day":
            return date.fromisoformat(str(raw))
        return raw

    def choice_label(self, code: str) -> str:
        return next((said(label) for known, label in self.choices if known == code), code)


def read_field(raw: Mapping[str, Any]) -> FieldPlan:
    key = str(raw.get("key", ""))
    if not key.isidentifier() or not key.isascii() or len(key) > 40:
        raise DefinitionError(f"a key is of letters, digits and _: {key!r}")
    kind, role, places = str(raw.get("type", "")), str(raw.get("role", "")), int(raw.get("places", 0))
    if kind not in TYPES:
        raise DefinitionError(f"{key}: no type {kind!r}")
    if role not in ROLES:
        raise DefinitionError(f"{key}: no role {role!r}")
    if not 0 <= places <= MOST_PLACES:
        raise DefinitionError(f"{key}: up to {MOST_PLACES} decimal places")
    choices = tuple((str(one["value"]), read_label(one.get("label"), key)) for one in raw.get("choices", ()))
    if kind in ("choice", "choices") and (not choices or len({code for code, _label in choices}) != len(choices)):
        raise DefinitionError(_("A choice needs choices, each of a value of its own."))
    label = read_label(raw.get("label"), key)
    lookup = str(raw.get("lookup", ""))
    if (raw.get("formula") or lookup) and kind not in NUMBERS:
        raise DefinitionError(f"{key}: what is computed is a number or an amount")
    if lookup and lookup not in LOOKUPS:
        raise DefinitionError(f"{key}: nothing is looked up as {lookup!r}")
    return FieldPlan(
        key=key,
        label_in=label,
        type=kind,
        role=role,
        is_required=bool(raw.get("required", False)),
        is_binding=bool(raw.get("binding", kind in BINDING)),
        places=2 if kind == "money" else places,
        unit=str(raw.get("unit", "")),
        longest=int(raw.get("longest", 0)),
        choices=choices,
        help_in=read_label(raw["help"], key) if raw.get("help") else None,
        formula=read_formula(str(raw["formula"]), said(label)) if raw.get("formula") else None,
        lookup=lookup,
        is_later=bool(raw.get("later", False)),
        is_reserved=bool(raw.get("reserved", False)),
        is_summed=bool(raw.get("sum", False)),
        may_be_negative=bool(raw.get("negative", False)),
        is_once=bool(raw.get("once", False)),
    )
