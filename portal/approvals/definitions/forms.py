"""What a form asks for. Values are kept as JSON: amounts and numbers as decimals in text, days as 2026-11-20, people and departments by their ids."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from portal.approvals.definitions.labels import read_label, said
from portal.approvals.errors import DefinitionError

TYPES = ("text", "long_text", "number", "money", "day", "choice", "choices", "person", "department", "files")
ROLES = ("", "title", "amount")
# What a later step may not see changed without being asked again.
BINDING = frozenset({"number", "money", "day", "choice", "choices", "person", "department"})
LARGEST_MONEY = Decimal("9999999999999999.99")
MOST_PLACES = 6
CENT = Decimal("0.01")

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """One field. `is_binding`: where it changes, decisions on what it said before do not count any more."""

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

    @property
    def label(self) -> str:
        return said(self.label_in)

    @property
    def help(self) -> str:
        return said(self.help_in) if self.help_in else ""

    def read(self, values: Values) -> Any:
        """The value as one computes with it; None where there is nothing."""
        raw = values.get(self.key)
        if raw in (None, "", []):
            return None
        if self.type in ("number", "money"):
            return Decimal(str(raw))
        if self.type == "day":
            return date.fromisoformat(str(raw))
        return raw

    def choice_label(self, code: str) -> str:
        return next((said(label) for known, label in self.choices if known == code), code)


@dataclass(frozen=True, slots=True)
class FormPlan:
    fields: tuple[FieldPlan, ...]

    def __iter__(self) -> Iterator[FieldPlan]:
        return iter(self.fields)

    def field(self, key: str) -> FieldPlan | None:
        return next((field for field in self.fields if field.key == key), None)

    def of_role(self, role: str) -> FieldPlan | None:
        return next((field for field in self.fields if field.role == role), None)

    def title(self, values: Values) -> str:
        field = self.of_role("title")
        return str(values.get(field.key) or "")[:200] if field else ""

    def amount(self, values: Values) -> int | None:
        """In fen; None where the form has no amount, or nothing stands there."""
        field = self.of_role("amount")
        value = field.read(values) if field else None
        return None if value is None else int(value.quantize(CENT) * 100)

    def binding_digest(self, values: Values) -> str:
        return digest({field.key: values.get(field.key) for field in self.fields if field.is_binding})


def read_form(raw: Any) -> FormPlan:
    """The plan of a stored form. Refuses what could not be filled in: unknown types, keys twice, a choice without choices."""
    if not isinstance(raw, Sequence) or not raw:
        raise DefinitionError("a form has at least one field")
    fields = tuple(_read_field(one) for one in raw)
    keys = [field.key for field in fields]
    if len(set(keys)) != len(keys):
        raise DefinitionError(f"two fields of one key in {keys}")
    for role, types in (("title", {"text"}), ("amount", {"money"})):
        found = [field for field in fields if field.role == role]
        if len(found) > 1 or any(field.type not in types for field in found):
            raise DefinitionError(f"a form has one {role} at most, of the type {', '.join(types)}")
    if not any(field.role == "title" and field.is_required for field in fields):
        raise DefinitionError("a form needs a title that must be filled in")
    return FormPlan(fields)


def _read_field(raw: Mapping[str, Any]) -> FieldPlan:
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
        raise DefinitionError(f"{key}: needs choices, each of a value of its own")
    return FieldPlan(
        key=key,
        label_in=read_label(raw.get("label"), key),
        type=kind,
        role=role,
        is_required=bool(raw.get("required", False)),
        is_binding=bool(raw.get("binding", kind in BINDING)),
        places=2 if kind == "money" else places,
        unit=str(raw.get("unit", "")),
        longest=int(raw.get("longest", 0)),
        choices=choices,
        help_in=read_label(raw["help"], key) if raw.get("help") else None,
    )


def digest(values: Any) -> str:
    """Of any JSON, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def read_decimal(text: str) -> Decimal:
    """A finite number from text that has been put into half width. Raises InvalidOperation for anything else."""
    number = Decimal(text)
    if not number.is_finite():
        raise InvalidOperation(text)
    return number
