"""Districts, streets and towns of Changsha, in lines of calls. `places.csv` is of the public list china-division 2.7.0 (WTFPL)."""

import csv
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

FILE = Path(__file__).with_name("places.csv")
NUMERALS = "一二三四五六七八九"
COUNTRY = ("望城区", "长沙县", "浏阳市", "宁乡市")


@dataclass(frozen=True, slots=True)
class CallLine:
    """What one account manager serves: some streets of one district."""

    name: str
    county: str
    streets: tuple[str, ...]

    @property
    def is_country(self) -> bool:
        return self.county in COUNTRY


def call_lines(number: int) -> list[CallLine]:
    """So many lines, at most nine for each district, in turn from each."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    counties = [(county, [row["street"] for row in of_it]) for county, of_it in groupby(rows, key=lambda row: row["county"])]
    shares = [number // len(counties) + (place < number % len(counties)) for place in range(len(counties))]
    made = [
        [CallLine(f"{county[:-1]}{NUMERALS[turn]}线", county, tuple(streets[turn::share])) for turn in range(share)]
        for (county, streets), share in zip(counties, shares, strict=True)
    ]
    return [of_county[turn] for turn in range(max(shares)) for of_county in made if turn < len(of_county)]
