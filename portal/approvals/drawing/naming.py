"""Formulas as people write them, by the names of fields, and as they are stored, by keys; so that a field may be renamed."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from portal.approvals.definitions.labels import said

Raw = Mapping[str, Any]

NAME = re.compile(r"[^\W\d]\w*")
TOKEN = re.compile(r"'[^']*'|\"[^\"]*\"|[^\W\d]\w*(?:\.[^\W\d]\w*)?")
SIGNS = str.maketrans({"×": "*", "÷": "/", "－": "-", "−": "-", "＋": "+", "（": "(", "）": ")", "，": ",", "＞": ">", "＜": "<", "．": "."})


class Naming:
    """The names of the fields of a form, and within one of its tables those of the columns first."""

    def __init__(self, fields: Sequence[Raw], tables: Sequence[Raw], table: str = "") -> None:
        self.keys: dict[str, str] = {}
        self.labels: dict[str, str] = {}
        for raw in fields:
            self._know(str(raw["key"]), raw)
        for one in tables:
            for column in one.get("columns", ()):
                if one["key"] == table:
                    self._know(str(column["key"]), column)
                label, column_label = said(one.get("label", {})), said(column.get("label", {}))
                if NAME.fullmatch(label) and NAME.fullmatch(column_label):
                    self.keys[f"{label}.{column_label}"] = f"{one['key']}.{column['key']}"
                    self.labels[f"{one['key']}.{column['key']}"] = f"{label}.{column_label}"

    def written(self, formula: str) -> str:
        """As it is stored, with keys."""
        return _replaced(formula, lambda name: self.keys.get(name, name), signs=True)

    def shown(self, formula: str) -> str:
        """As people read it, with names."""
        return _replaced(formula, lambda name: self.labels.get(name, name)).replace("*", "×").replace("/", "÷")

    @property
    def names(self) -> list[str]:
        """What may be named, as it is written."""
        return list(dict.fromkeys(self.labels.values()))

    def _know(self, key: str, raw: Raw) -> None:
        label = said(raw.get("label", {}))
        if NAME.fullmatch(label):
            self.keys[label], self.labels[key] = key, label


def _replaced(formula: str, name: Callable[[str], str], *, signs: bool = False) -> str:
    """Every name outside quotation marks; signs of full width are put into half width there too."""
    parts, last = [], 0
    for found in TOKEN.finditer(formula):
        between = formula[last : found.start()]
        parts.append(_plain(between) if signs else between)
        parts.append(found[0] if found[0][0] in "'\"" else name(found[0]))
        last = found.end()
    rest = formula[last:]
    return "".join([*parts, _plain(rest) if signs else rest]).strip()


def _plain(text: str) -> str:
    return text.replace("≥", ">=").replace("≤", "<=").replace("≠", "!=").translate(SIGNS)
