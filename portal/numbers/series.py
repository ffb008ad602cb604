"""A series of numbers: what it is called, how its numbers are written, and whether it begins anew each year or each month."""

import re
from dataclasses import dataclass
from string import Formatter

FIELDS = {"prefix", "year", "month", "number"}
WIDTH = re.compile(r"(0[2-9])?")


@dataclass(frozen=True, slots=True)
class NumberSeries:
    """`pattern` is written with {prefix}, {year}, {month} and {number}; `{number:04}` fills with noughts.

    Refuses a pattern by which two numbers of one series would read alike. One code is one series, wherever it is built, so a
    pattern may also come from a row that the plant keeps.
    """

    code: str
    pattern: str
    is_monthly: bool = False

    def __post_init__(self) -> None:
        fields = {name: (spec, conversion) for _text, name, spec, conversion in Formatter().parse(self.pattern) if name is not None}
        if unknown := fields.keys() - FIELDS:
            raise ValueError(f"the pattern of {self.code!r} has no {', '.join(sorted(unknown))} to write")
        if any(conversion or not WIDTH.fullmatch(spec or "") for spec, conversion in fields.values()):
            raise ValueError(f"the pattern of {self.code!r} writes a width as in {{number:04}}, and nothing else")
        if missing := {"year", "number", *(["month"] if self.is_monthly else [])} - fields.keys():
            raise ValueError(f"the pattern of {self.code!r} would write two numbers alike: it lacks {', '.join(sorted(missing))}")

    def period(self, year: int, month: int | None = None) -> int:
        """2026 for a year, 202611 for a month. Refuses a month for a series of years, and the other way round."""
        if self.is_monthly != (month is not None):
            raise ValueError(f"{self.code!r} begins anew each {'month' if self.is_monthly else 'year'}")
        return year if month is None else year * 100 + month

    def write(self, number: int, *, year: int, month: int | None = None, prefix: str = "") -> str:
        """As it is cited: 厂发〔2026〕12号."""
        return self.pattern.format(prefix=prefix, year=year, month=month or 0, number=number)
