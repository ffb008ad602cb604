"""Who will decide, and why: the rest of the way by what the paper says now and by the plant of today."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.approvals.definitions.conditions import Condition
from portal.approvals.definitions.forms import FormPlan
from portal.approvals.definitions.routes import Found, Route
from portal.approvals.fields_said import names_in, said_value
from portal.approvals.placing import Case, Placing
from portal.approvals.seats import Seating
from portal.approvals.words import Wording, way_words

MOST_NAMED = 3
OPPOSITES = {"lt": "ge", "ge": "lt", "gt": "le", "le": "gt", "eq": "ne", "ne": "eq", "filled": "blank", "blank": "filled", "in": "not_in"}


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A step to come: its name, who decides (several parts where several must), until when, why, and what chose the branch."""

    key: str
    label: str
    is_told: bool
    people: str
    reasons: tuple[str, ...]
    limit: str
    branch: str
    is_nobody: bool


def foresee(case: Case, route: Route, *, after: str | None = None) -> list[Foreseen]:
    """The steps to come, the first of the route first or those after one of it."""
    coming = Coming(case, route, after=after)
    return coming.in_words(Wording(coming.seats, coming.reasons, coming.people))


class Coming:
    """The steps to come and whom they find. A page that asks about seats `besides` asks for all of them at once, and puts all of it into words at once."""

    def __init__(self, case: Case, route: Route, *, after: str | None = None, seating: Seating | None = None, besides: Iterable[str] = ()) -> None:
        placing = Placing(case, seating)
        found = list(_to_come(case, route, after))
        placing.seating.load({*besides, *(seat for one in found for seat in placing.likely_seats(one.plan))})
        self.case = case
        self.steps = [(one, placing.place(one.plan)) for one in found]
        slots = [slot for _found, groups in self.steps for group in groups for slot in group.slots]
        self.seats = {seat for slot in slots for seat in slot.seats}
        self.reasons = [reason for slot in slots for reason in slot.because]
        self.ways = {seat: [way for way in placing.seating.ways(seat) if not way.is_barred(case.barred)] for seat in self.seats}
        self.people = {pk for found in self.ways.values() for way in found for pk in (way.person_id, way.principal_id) if pk}

    def in_words(self, wording: Wording) -> list[Foreseen]:
        foreseen = []
        decided: set[int] = set()
        for found, groups in self.steps:
            parts: list[str] = []
            reasons: list[list[str]] = []
            alone = [_alone(self.ways, slot.seats) for group in groups for slot in group.slots]
            if found.plan.counts_earlier and alone and None not in alone and decided.issuperset(alone):
                reasons.append([_("Has decided before on the same words, so is not asked again.")])
            if found.plan.kind == "approve":
                decided |= {person for person in alone if person}
            for group in groups:
                told = [_ors(self.ways, wording.people, slot.seats) for slot in group.slots]
                joined = _(" or ") if group.mode == "any" else _(", then ") if group.mode == "in_order" else _(" and ")
                parts.append(joined.join(part for part in told if part))
                reasons += [wording.reasons(slot.because) for slot in group.slots]
            foreseen.append(
                Foreseen(
                    key=found.plan.key,
                    label=found.plan.label,
                    is_told=found.plan.type == "tell",
                    people=_(" and ").join(part for part in parts if part),
                    reasons=tuple(dict.fromkeys(reason for several in reasons for reason in several)),
                    limit=limit_words(found.plan.due),
                    branch=branch_words(found.because, self.case.form),
                    is_nobody=not any(slot.seats for group in groups for slot in group.slots) and any(group.slots for group in groups),
                )
            )
        return foreseen


def _to_come(case: Case, route: Route, after: str | None) -> Iterator[Found]:
    found = route.first(case.form, case.values) if after is None else route.after(after, case.form, case.values)
    while found is not None:
        yield found
        found = route.after(found.plan.key, case.form, case.values)


def _alone(ways: dict[str, Any], seats: Sequence[str]) -> int | None:
    """The only person who can decide for a slot; None where there are several or none."""
    people = {way.person_id for seat in seats for way in ways[seat]}
    return next(iter(people)) if len(people) == 1 else None


def _ors(ways: dict[str, Any], names: Mapping[int, str], seats: Sequence[str]) -> str:
    """Who may act for a slot today: whoever holds it in their own right, and those who stand in."""
    several = sorted({way for seat in seats for way in ways[seat]}, key=lambda way: (way.principal_id is not None, way.person_id))
    own = {way.person_id for way in several if way.principal_id is None}
    shown = [way_words(way, names) for way in several if way.principal_id is None or way.person_id not in own]
    more = len(shown) - MOST_NAMED
    return _(" or ").join(shown[:MOST_NAMED]) + (_(" and %(count)s more") % {"count": more} if more > 0 else "")


def limit_words(due: Any) -> str:
    """个工作日 or 小时, as the route says."""
    if "days" in due:
        return _("%(count)s working days") % {"count": int(due["days"])}
    return _("%(count)s working hours") % {"count": due["hours"]} if "hours" in due else ""


def branch_words(because: Sequence[dict[str, Any]], form: FormPlan) -> str:
    """Why this way and not the other: the case that held, or that none did."""
    sentences = []
    for choice in because:
        together = choice["conditions"]
        if not choice["case"] and all(len(several) == 1 for several in together):
            opposite = [condition_words(one | {"op": OPPOSITES[one["op"]]}, form) for [one] in together]
            sentences.append(_("Because %(conditions)s") % {"conditions": _(" and also ").join(opposite)})
            continue
        conditions = _(" or else ").join(_(" and also ").join(condition_words(one, form) for one in several) for several in together)
        sentences.append((_("Because %(conditions)s") if choice["case"] else _("Because it is not so that %(conditions)s")) % {"conditions": conditions})
    return _("; ").join(sentences)


def condition_words(raw: dict[str, Any], form: FormPlan) -> str:
    condition = Condition(raw["field"], raw["op"], raw["value"])
    plan = form.field(condition.field)
    if plan is None:
        return condition.field
    names = names_in(FormPlan((plan,)), {plan.key: condition.value}) if plan.type in ("person", "department", "paper") and condition.value else {}
    words = {"field": plan.label, "value": said_value(plan, condition.value, names) if condition.op not in ("in", "not_in", "filled", "blank") else ""}
    if condition.op in ("in", "not_in"):
        words["value"] = _(" or ").join(plan.choice_label(value) for value in condition.value)
    sentences = {
        "lt": _("%(field)s is less than %(value)s"),
        "le": _("%(field)s is %(value)s or less"),
        "gt": _("%(field)s is more than %(value)s"),
        "ge": _("%(field)s is %(value)s or more"),
        "eq": _("%(field)s is %(value)s"),
        "ne": _("%(field)s is not %(value)s"),
        "in": _("%(field)s is %(value)s"),
        "not_in": _("%(field)s is not %(value)s"),
        "filled": _("%(field)s is filled in"),
        "blank": _("%(field)s is left empty"),
    }
    return sentences[condition.op] % words
