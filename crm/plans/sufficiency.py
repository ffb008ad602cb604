"""Are there enough opportunities for what is left of a plan? What is open, weighed by how often its stage has been won from, against what is left."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.http import QueryDict

from crm.plans.models import Plan, PlanLine
from crm.sales.lists import OpportunityList
from crm.sales.models import Opportunity, Stage
from portal.lists.asked import Asked
from portal.lists.definition import list_of
from portal.organization.models import Department

PERMILLE, LIKE = 1_000, 4  # a stage that nobody closed yet is weighed as its kind of selling; so many closed ones weigh as much as that
LOOKED_BACK = timedelta(days=365)
State = Opportunity.State


@dataclass(frozen=True, slots=True)
class Weight:
    """Of those that reached the stage and are closed, how many were won; in thousandths, drawn towards what holds for the kind of selling."""

    stage: Stage
    permille: int


def weights_of(day: date) -> list[Weight]:
    """By stage, of what was closed in the year before. One statement, of the whole plant: a share tells nobody a sum."""
    rows = Opportunity.objects.filter(closed_on__range=(day - LOOKED_BACK, day)).exclude(state=State.OPEN).order_by()
    closed: dict[int, tuple[int, int]] = {
        one["furthest"]: (one["number"], one["won"]) for one in rows.values("furthest").annotate(number=Count("pk"), won=Count("pk", filter=Q(state=State.WON)))
    }
    stages, found = list(Stage.objects.order_by("kind", "place")), []
    for stage in stages:
        kin = [one for one in stages if one.kind == stage.kind]
        all_closed, all_won = _sum(closed, kin)
        reached, won = _sum(closed, [one for one in kin if one.place >= stage.place])
        usual = all_won / all_closed if all_closed else 0.5
        found.append(Weight(stage, round(PERMILLE * (won + LIKE * usual) / (reached + LIKE))))
    return found


def _sum(closed: dict[int, tuple[int, int]], stages: Iterable[Stage]) -> tuple[int, int]:
    pairs = [closed.get(stage.pk, (0, 0)) for stage in stages]
    return sum(number for number, _won in pairs), sum(won for _number, won in pairs)


@dataclass(slots=True)
class Pipeline:
    """What is open for a line. `thousandths` are fen by the weight of their stage."""

    count: int = 0
    fen: int = 0
    thousandths: int = 0

    @property
    def weighted(self) -> int:
        return self.thousandths // PERMILLE


@dataclass(frozen=True, slots=True)
class Leak:
    """The stage in which most was lost within a year."""

    stage: Stage
    count: int
    fen: int


class Sufficiency:
    """Of a plan as of a day, of what the reader sees: each figure sums the rows of the list of opportunities with the filters of its address."""

    def __init__(self, plan: Plan, user: Any, day: date) -> None:
        self.plan, self.user, self.day = plan, user, day
        definition = list_of(OpportunityList.code)
        assert definition is not None
        self.definition = definition
        self.weights = weights_of(day)
        self._paths = dict(Department.objects.values_list("pk", "path"))

    def query(self, line: PlanLine | None = None, **more: Any) -> QueryDict:
        values = QueryDict(mutable=True)
        for key in ("product", "brand", "portfolio"):
            if getattr(self.plan, f"{key}_id"):
                values[key] = str(getattr(self.plan, f"{key}_id"))
        values["under"] = str(line.department_id if line is not None else self.plan.department_id)
        if line is not None and line.person_id is not None:
            values["owner"] = str(line.person_id)
        values.update({key: str(value) for key, value in more.items()})
        return values

    def open_query(self, line: PlanLine | None = None) -> QueryDict:
        """What is open and expected until the plan ends, also what should have come already."""
        return self.query(line, state=State.OPEN, expected_to=self.plan.ends_on.isoformat())

    def lost_query(self, line: PlanLine | None = None, **more: Any) -> QueryDict:
        return self.query(line, state=State.LOST, closed_from=(self.day - LOOKED_BACK).isoformat(), closed_to=self.day.isoformat(), **more)

    def rows(self, values: QueryDict) -> QuerySet[Any]:
        return Asked(self.definition, self.user, values).rows.order_by()

    def pipelines(self, lines: Iterable[PlanLine]) -> dict[int, Pipeline]:
        """By line; one statement, however many lines."""
        permille = {one.stage.pk: one.permille for one in self.weights}
        found: dict[tuple[int, int | None], Pipeline] = defaultdict(Pipeline)
        for one in self.rows(self.open_query()).values("department", "owner", "stage").annotate(number=Count("pk"), fen=Sum("amount")):
            for key in self._keys(one):
                part = found[key]
                part.count, part.fen = part.count + one["number"], part.fen + one["fen"]
                part.thousandths += one["fen"] * permille[one["stage"]]
        return {line.pk: found.get((line.department_id, line.person_id), Pipeline()) for line in lines}

    def leaks(self, lines: Iterable[PlanLine]) -> dict[int, Leak]:
        """By line, where there is one; one statement."""
        stages = {one.stage.pk: one.stage for one in self.weights}
        found: dict[tuple[int, int | None], dict[int, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
        for one in self.rows(self.lost_query()).values("department", "owner", "furthest").annotate(number=Count("pk"), fen=Sum("amount")):
            for key in self._keys(one):
                tally = found[key][one["furthest"]]
                tally[0], tally[1] = tally[0] + one["number"], tally[1] + one["fen"]
        worst = {}
        for line in lines:
            by_stage = found.get((line.department_id, line.person_id))
            if by_stage:
                pk, (count, fen) = max(by_stage.items(), key=lambda item: (item[1][1], -item[0]))
                worst[line.pk] = Leak(stages[pk], count, fen)
        return worst

    def _keys(self, one: dict[str, Any]) -> list[tuple[int, int | None]]:
        above = [int(part) for part in self._paths[one["department"]].split("/") if part]
        return [(pk, who) for pk in above for who in (None, one["owner"])]
