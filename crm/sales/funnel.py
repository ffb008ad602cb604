"""The funnel of a cohort: what was opened in a period, by the furthest stage that it ever reached. A figure counts the rows of a list with the same filters."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Avg, Count, F, QuerySet, Sum
from django.utils.translation import gettext as _

from crm.sales.models import Opportunity, Stage, StageSpan

State = Opportunity.State


@dataclass(slots=True)
class Tally:
    """How many, and of what sum in fen."""

    count: int = 0
    fen: int = 0

    def add(self, count: int, fen: int) -> None:
        self.count += count
        self.fen += fen


@dataclass(slots=True)
class Layer:
    """A stage: reached = gone on + open + lost + won, those three with this as their furthest stage."""

    stage: Stage
    reached: Tally = field(default_factory=Tally)
    open: Tally = field(default_factory=Tally)
    lost: Tally = field(default_factory=Tally)
    won: Tally = field(default_factory=Tally)
    gone_on: Tally = field(default_factory=Tally)
    days: float | None = None

    @property
    def share(self) -> float | None:
        """Of those who reached it, how many went on or were won."""
        return (self.gone_on.count + self.won.count) / self.reached.count if self.reached.count else None


@dataclass(slots=True)
class Funnel:
    layers: list[Layer]
    all: Tally
    open: Tally
    lost: Tally
    won: Tally
    cycle: float | None

    @property
    def win_rate(self) -> float | None:
        """Of what is closed, how much was won."""
        closed = self.won.count + self.lost.count
        return self.won.count / closed if closed else None

    @property
    def leak(self) -> Layer | None:
        """Where most are lost."""
        worst = max(self.layers, key=lambda one: one.lost.count, default=None)
        return worst if worst is not None and worst.lost.count else None


def funnel_of(rows: QuerySet[Opportunity], kind: str) -> Funnel:
    """Of `rows`, those of a kind. Four statements, however many rows there are."""
    rows = rows.filter(kind=kind).order_by()
    layers = {stage.pk: Layer(stage) for stage in Stage.objects.filter(kind=kind).order_by("place")}
    totals = {code: Tally() for code in State.values}
    for one in rows.values("furthest", "state").annotate(number=Count("pk"), fen=Sum("amount")):
        getattr(layers[one["furthest"]], one["state"]).add(one["number"], one["fen"])
        totals[one["state"]].add(one["number"], one["fen"])
    beyond = Tally()
    for layer in reversed(layers.values()):
        layer.gone_on.add(beyond.count, beyond.fen)
        for part in (layer.open, layer.lost, layer.won):
            beyond.add(part.count, part.fen)
        layer.reached.add(beyond.count, beyond.fen)
    spans = StageSpan.objects.filter(opportunity__in=rows, left_at__isnull=False).order_by()
    for stage, time in spans.values_list("stage").annotate(time=Avg(F("left_at") - F("entered_at"))):
        layers[stage].days = time / timedelta(days=1)
    cycle = rows.filter(state=State.WON).aggregate(days=Avg(F("closed_on") - F("opened_on")))["days"]
    shown = [layer for layer in layers.values() if layer.stage.ended_on is None or layer.reached.count]
    return Funnel(shown, beyond, totals[State.OPEN], totals[State.LOST], totals[State.WON], cycle / timedelta(days=1) if cycle is not None else None)


@dataclass(slots=True)
class Part:
    """What of the cohort falls to one person, department, product, cause or rival. `code` is what the filter of the list is given."""

    code: str
    label: str
    all: Tally = field(default_factory=Tally)
    open: Tally = field(default_factory=Tally)
    lost: Tally = field(default_factory=Tally)
    won: Tally = field(default_factory=Tally)

    @property
    def win_rate(self) -> float | None:
        closed = self.won.count + self.lost.count
        return self.won.count / closed if closed else None


CUTS: dict[str, tuple[str, Sequence[str]]] = {
    "owner": ("owner", ("owner__name",)),
    "department": ("department", ("department__name", "department__name_en")),
    "product": ("product", ("product__name",)),
    "rival": ("rivals", ("rivals__name",)),
    "cause": ("cause", ()),
}


def cut(rows: QuerySet[Opportunity], kind: str, by: str) -> list[Part]:
    """One statement. By person, department, product and cause the parts add up to the whole; by rival one opportunity may be in several."""
    path, names = CUTS[by]
    parts: dict[Any, Part] = {}
    causes = dict(Opportunity.Cause.choices)
    for one in rows.filter(kind=kind).order_by().values(path, *names, "state").annotate(number=Count("pk"), fen=Sum("amount")):
        key = one[path]
        if key not in parts:
            label = str(causes.get(key, _("open"))) if by == "cause" else one[names[0]] or _("none named")
            parts[key] = Part("none" if key is None else str(key), label)
        for tally in (parts[key].all, getattr(parts[key], one["state"])):
            tally.add(one["number"], one["fen"])
    return sorted(parts.values(), key=lambda part: (-part.all.fen, part.label))
