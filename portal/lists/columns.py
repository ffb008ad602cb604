"""Columns of a list: what stands in a cell on the page, and what in a file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from html import escape
from operator import attrgetter
from typing import Any, Literal

from django.utils.translation import gettext as _

from portal.foundation.navigation import Words
from portal.foundation.templatetags.foundation import day, number, when

Kind = Literal["text", "number", "money", "day", "instant", "flag", "tag", "html"]
FEN = Decimal(100)


def _anyone(user: Any) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Column:
    """`value` is the path of an attribute (`department.label`) or a function of the row.

    A value is by `kind`: text anything; number an int or Decimal; money an int of fen; day and instant as they are; flag a
    bool; tag a pair (words, class of the tag) or None; html safe markup, for which `plain` says what stands in a file.
    `order_by` are the fields that the heading sorts by (the key of the row is added); none means that it does not sort.
    `related` and `annotations` are what the row needs from other tables where the column is shown.
    `is_allowed` is a right per field: who has it not sees no heading, cannot sort by it, and finds it in no file.
    """

    key: str
    label: Words
    value: str | Callable[[Any], Any] = ""
    kind: Kind = "text"
    order_by: Sequence[str] = ()
    related: Sequence[str] = ()
    annotations: Callable[[], Mapping[str, Any]] | None = None
    plain: Callable[[Any], Any] | None = None
    is_shown: bool = True
    is_allowed: Callable[[Any], bool] = _anyone
    get: Callable[[Any], Any] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "get", self.value if callable(self.value) else attrgetter((self.value or self.key).replace("__", ".")))

    @property
    def is_number(self) -> bool:
        return self.kind in ("number", "money")

    def cell(self, row: Any) -> str:
        """Safe markup; empty where there is nothing."""
        value = self.get(row)
        if value is None or value == "":
            return ""
        match self.kind:
            case "html":
                return str(value)
            case "number":
                return number(value)
            case "money":
                return f"{value / FEN:,.2f}"
            case "day":
                return str(day(value))
            case "instant":
                return str(when(value))
            case "flag":
                return escape(_("yes")) if value else ""
            case "tag":
                words, tone = value
                return f'<span class="tag {escape(tone)}">{escape(str(words))}</span>'
        return escape(str(value))

    def in_file(self, row: Any) -> Any:
        """The value as it stands in a spreadsheet."""
        if self.plain is not None:
            return self.plain(row)
        value = self.get(row)
        match self.kind:
            case "money":
                return None if value is None else value / FEN
            case "flag":
                return _("yes") if value else ""
            case "tag":
                return str(value[0]) if value else ""
            case "text":
                return "" if value is None else str(value)
        return value
