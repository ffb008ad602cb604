"""Prices of a rival as they were seen: over months by product, and by district. Each figure is of the rows of the list of sightings."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Avg, Count, Max, Min, QuerySet
from django.db.models.functions import TruncMonth
from django.http import QueryDict

from crm.activities.models import Sighting
from crm.marketing.models import RivalMaker
from crm.marketing.rival_lists import SightingList
from portal.foundation.charts import Series, line_chart
from portal.lists.asked import Asked
from portal.lists.definition import list_of

MOST_LINES = 4
SUMS = {"number": Count("pk"), "mean": Avg("fen"), "least": Min("fen"), "most": Max("fen"), "last": Max("visit__arrived_at")}


@dataclass(frozen=True, slots=True)
class Seen:
    """How often, at which prices in fen; `mean` to a whole fen."""

    label: str
    query: str
    number: int
    mean: int | None
    least: int | None
    most: int | None
    last: Any


def sighting_query(maker: RivalMaker, first: date, last: date, **more: Any) -> QueryDict:
    values = QueryDict(mutable=True)
    values.update({"maker": str(maker.pk), "seen_from": first.isoformat(), "seen_to": last.isoformat()} | {key: str(value) for key, value in more.items()})
    return values


def sighting_rows(values: QueryDict, user: Any) -> QuerySet[Sighting]:
    definition = list_of(SightingList.code)
    assert definition is not None
    return Asked(definition, user, values).rows.order_by()


def seen_by_product(maker: RivalMaker, user: Any, first: date, last: date) -> list[Seen]:
    rows: Any = sighting_rows(sighting_query(maker, first, last), user).values("product").annotate(**SUMS)
    found = [_seen(one["product"], sighting_query(maker, first, last, product=one["product"] or "-"), one) for one in rows]
    return sorted(found, key=lambda one: (-one.number, one.label))


def seen_by_district(maker: RivalMaker, user: Any, first: date, last: date) -> list[Seen]:
    place = "visit__customer__root__portfolio"
    rows = sighting_rows(sighting_query(maker, first, last), user).values(place, f"{place}__name").annotate(**SUMS)
    found = [_seen(one[f"{place}__name"], sighting_query(maker, first, last, district=one[place]), one) for one in rows]
    return sorted(found, key=lambda one: (-one.number, one.label))


def price_chart(title: str, maker: RivalMaker, user: Any, first: date, last: date) -> str:
    """Mean price of a month in yuan, of the products that were seen most; a gap where a month saw none."""
    rows = sighting_rows(sighting_query(maker, first, last), user).filter(fen__isnull=False).exclude(product="")
    by_month = rows.annotate(month=TruncMonth("visit__arrived_at")).values("product", "month").annotate(mean=Avg("fen"), number=Count("pk"))
    found = {(one["product"], one["month"].strftime("%Y-%m")): (one["mean"], one["number"]) for one in by_month}
    if not found:
        return ""
    often: dict[str, int] = {}
    for (product, _month), (_mean, number) in found.items():
        often[product] = often.get(product, 0) + number
    products = sorted(often, key=lambda name: (-often[name], name))[:MOST_LINES]
    months = _months(first, last)
    series = [Series(name, [round(found[name, month][0] / 100, 2) if (name, month) in found else None for month in months]) for name in products]
    return line_chart(title, months, series)


def _seen(label: str, query: QueryDict, one: dict[str, Any]) -> Seen:
    mean = round(one["mean"]) if one["mean"] is not None else None
    return Seen(label, query.urlencode(), one["number"], mean, one["least"], one["most"], one["last"])


def _months(first: date, last: date) -> list[str]:
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{number // 12}-{number % 12 + 1:02}" for number in numbers]
