"""A check: what has to hold, where it is told if it does not, and the sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.approvals.definitions.formulas import Formula, read_formula
from portal.approvals.definitions.labels import read_label, said


@dataclass(frozen=True, slots=True)
class Check:
    """`test` holds, or is not known yet; else `sentence` stands at `at`."""

    test: Formula
    at: str
    sentence_in: Mapping[str, str]

    @property
    def sentence(self) -> str:
        return said(self.sentence_in)


def read_check(raw: Mapping[str, Any], at: str) -> Check:
    where = str(raw.get("at") or at)
    return Check(read_formula(str(raw.get("test", "")), where), where, read_label(raw.get("says"), where))
