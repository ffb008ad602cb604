"""Figures of a campaign of care as they come in. Each is the count, or the sum, of the list with the same filter."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.activities.models import CareCase, Promise
from crm.customers.models import Portfolio
from portal.foundation.navigation import Words

HARMED = Q(harmed_shop=True) | Q(harmed_stock=True) | Q(harmed_people=True)
State = Promise.State


@dataclass(frozen=True, slots=True)
class Figure:
    """`group` and `code` are the filter of the list and what it is given."""

    key: str
    label: Words
    condition: Q
    group: str = ""
    code: str = ""
    is_asked: bool = False


FIGURES = (
    Figure("all", gettext_lazy("Customers"), Q()),
    Figure("reached", pgettext_lazy("of a survey", "Reached"), Q(reached=True), "answer", "reached", is_asked=True),
    Figure("unreached", pgettext_lazy("of a survey", "Not reached"), Q(reached=False), "answer", "unreached", is_asked=True),
    Figure("unasked", pgettext_lazy("of a survey", "Not called yet"), Q(reached__isnull=True), "answer", "unasked", is_asked=True),
    Figure("harmed", gettext_lazy("Harmed"), HARMED, "harm", "any", is_asked=True),
    Figure("shop", gettext_lazy("Shop harmed"), Q(harmed_shop=True), "harm", "shop", is_asked=True),
    Figure("stock", gettext_lazy("Stock harmed"), Q(harmed_stock=True), "harm", "stock", is_asked=True),
    Figure("people", gettext_lazy("People harmed"), Q(harmed_people=True), "harm", "people", is_asked=True),
    Figure("aided", gettext_lazy("Aid decided"), Q(decision__state="approved"), "aid", "decided", is_asked=True),
    Figure("kept", pgettext_lazy("of promises", "Kept"), Q(promise__state=State.KEPT), "visit", "kept"),
    Figure("open", pgettext_lazy("of promises", "Still open"), Q(promise__state=State.OPEN), "visit", "open"),
    Figure("missed", pgettext_lazy("of promises", "Missed"), Q(promise__state=State.MISSED), "visit", "missed"),
    Figure("excused", pgettext_lazy("of promises", "Excused"), Q(promise__state=State.EXCUSED), "visit", "excused"),
)
CONDITIONS = {(one.group, one.code): one.condition for one in FIGURES} | {("aid", "set"): ~Q(aid="")}
SUMS = {"damage": Sum("damage", default=0), "worth": Sum("aid_fen", default=0, filter=Q(decision__state="approved"))}
AS = "of_"  # names of figures are names of fields, too
Found = dict[str, int]


def figures_of(rows: QuerySet[CareCase]) -> Found:
    """One statement."""
    return _found(rows.order_by().aggregate(**_asked()))


def figures_by_portfolio(rows: QuerySet[CareCase]) -> list[tuple[Portfolio, Found]]:
    """Two statements; the parts add up to the whole. Of the portfolio in which each customer is now."""
    parts: dict[int, Found] = {one["portfolio"]: _found(one) for one in rows.order_by().values(portfolio=F("customer__root__portfolio")).annotate(**_asked())}
    return [(one, parts[one.pk]) for one in Portfolio.objects.filter(pk__in=parts).select_related("department").order_by("code")]


def _asked() -> dict[str, Any]:
    counts = {one.key: Count("pk", filter=one.condition) if one.condition else Count("pk") for one in FIGURES}
    return {f"{AS}{key}": one for key, one in (counts | SUMS).items()}


def _found(row: Mapping[str, Any]) -> Found:
    return {key.removeprefix(AS): value for key, value in row.items() if key.startswith(AS)}
