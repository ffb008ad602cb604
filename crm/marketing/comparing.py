"""What a campaign brought: how much more its targets bought than before, against those who were held out. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, variance

LEAST = 20  # customers in each group; below that nothing is said
NORMAL = 1.959964  # of a probability of 95 %


@dataclass(frozen=True, slots=True)
class Comparison:
    """`effect` is the difference of the means; `low` and `high` bound it with 95 % probability. None of them where there are too few."""

    verdict: str
    effect: float | None = None
    low: float | None = None
    high: float | None = None


def compare(targets: Sequence[int], held_out: Sequence[int]) -> Comparison:
    """Of each customer by how much more they bought than before. By Welch: the groups may differ in size and spread."""
    if min(len(targets), len(held_out)) < LEAST:
        return Comparison("few")
    parts = [variance(group) / len(group) for group in (targets, held_out)]
    effect, error = fmean(targets) - fmean(held_out), sqrt(sum(parts))
    if error == 0:
        return Comparison(_verdict(effect, effect), effect, effect, effect)
    freedom = sum(parts) ** 2 / sum(part**2 / (len(group) - 1) for part, group in zip(parts, (targets, held_out), strict=True))
    reach = (NORMAL + (NORMAL**3 + NORMAL) / (4 * freedom)) * error
    return Comparison(_verdict(effect - reach, effect + reach), effect, effect - reach, effect + reach)


def _verdict(low: float, high: float) -> str:
    return "more" if low > 0 else "less" if high < 0 else "chance"
