"""What a campaign brought. Each figure sums the rows of the list to which it leads: what was ordered by one group in one period."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Sum
from django.http import QueryDict

from crm.marketing.comparing import Comparison, compare
from crm.marketing.lists import CampaignSaleList
from crm.marketing.models import Campaign, CampaignTarget
from portal.lists.asked import Asked
from portal.lists.definition import list_of

GROUPS, PERIODS = ("targets", "held"), ("before", "during")


@dataclass(frozen=True, slots=True)
class Figure:
    """What one group ordered in one period, and the query of the list behind it."""

    query: str
    quantity: int
    fen: int
    orders: int
    buyers: int
    each: float | None


@dataclass(frozen=True, slots=True)
class Brought:
    numbers: dict[str, int]
    figures: dict[str, dict[str, Figure]]
    comparison: Comparison
    mixed: int

    @property
    def sold(self) -> int:
        return self.figures["targets"]["during"].quantity

    @property
    def orders(self) -> int:
        return self.figures["targets"]["during"].orders


def groups_of(campaign: Campaign) -> tuple[dict[str, set[int]], set[int]]:
    """The files as they are merged today, each once; apart those that came together out of both groups."""
    rows = CampaignTarget.objects.filter(campaign=campaign.pk).order_by()
    sides: dict[str, set[int]] = {"targets": set(), "held": set()}
    for root, is_held_out in rows.values_list("customer__root", "is_held_out"):
        sides["held" if is_held_out else "targets"].add(root)
    mixed = sides["targets"] & sides["held"]
    return {name: roots - mixed for name, roots in sides.items()}, mixed


def brought_by(campaign: Campaign, user: Any) -> Brought:
    """Two statements for each of the four figures: the sums, and what each customer ordered."""
    groups, mixed = groups_of(campaign)
    figures: dict[str, dict[str, Figure]] = {}
    changes: dict[str, Counter[int]] = {}
    for group in GROUPS:
        figures[group], changes[group] = {}, Counter(dict.fromkeys(groups[group], 0))
        for period in PERIODS:
            values = QueryDict(mutable=True)
            values.update({"campaign": campaign.number, "part": f"{group}-{period}"})
            rows = sales_rows(values, user)
            sums = rows.aggregate(
                quantity=Sum("net"), fen=Sum("net_fen"), orders=Count("order", distinct=True), buyers=Count("order__customer__root", distinct=True)
            )
            number = len(groups[group])
            figures[group][period] = Figure(
                values.urlencode(),
                sums["quantity"] or 0,
                sums["fen"] or 0,
                sums["orders"],
                sums["buyers"],
                (sums["quantity"] or 0) / number if number else None,
            )
            sign = 1 if period == "during" else -1
            for root, quantity in rows.values_list("order__customer__root").annotate(sum=Sum("net")):
                changes[group][root] += sign * quantity
    comparison = compare(list(changes["targets"].values()), list(changes["held"].values()))
    return Brought({name: len(roots) for name, roots in groups.items()}, figures, comparison, len(mixed))


def sales_rows(values: QueryDict, user: Any) -> Any:
    definition = list_of(CampaignSaleList.code)
    assert definition is not None
    return Asked(definition, user, values).rows.order_by()
