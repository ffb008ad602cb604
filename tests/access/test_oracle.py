"""S1: what every answer of the policies says equals what the rule says, computed naively over random plants."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.http import Http404
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from portal.access.models import Audience, AudienceGroup
from portal.access.participation import add_readers, replace_readers
from portal.access.policies import can, get_permitted, viewers_of, visible_to
from portal.access.rules import AudienceRule
from portal.access.standings import refresh_standings
from portal.accounts.models import User
from portal.organization.models import Department, Deputyship, Employment, Position
from portal.organization.querysets import today
from tests.papers.models import Paper, Slip

DAYS = st.integers(-3, 3)
SPANS = st.tuples(DAYS, st.one_of(st.none(), st.integers(0, 4)))


@dataclass
class Plant:
    departments: list[Department]
    positions: list[Position]
    people: list[User]
    group_rule: AudienceRule
    group: AudienceGroup


def on(span: tuple[int, int | None], day: date) -> bool:
    starts = today() + timedelta(days=span[0])
    ends = None if span[1] is None else starts + timedelta(days=span[1])
    return starts <= day and (ends is None or day <= ends)


@st.composite
def descriptions(draw: st.DrawFn) -> dict:
    size = draw(st.integers(2, 5))
    count = draw(st.integers(2, 4))
    person = st.integers(0, count - 1)
    department = st.integers(0, size - 1)
    return {
        "parents": [None, *(draw(st.integers(0, index - 1)) for index in range(1, size))],
        "clearances": draw(st.lists(st.integers(0, 4), min_size=2, max_size=2)),
        "people": [draw(st.sampled_from(["employee", "employee", "customer", "inactive", "admin"])) for _index in range(count)],
        "employments": draw(st.lists(st.tuples(person, department, st.integers(0, 1), SPANS), max_size=6)),
        "deputies": draw(st.lists(st.tuples(st.integers(0, 5), person, SPANS), max_size=3)),
        "group": draw(rules(size, count, with_group=False)),
        "papers": draw(st.lists(rules(size, count, with_group=True), min_size=1, max_size=4)),
        # Of each paper and of a slip beside it: who takes part, and from which level on.
        "readers": draw(st.lists(st.tuples(st.lists(tokens(size, count, with_group=True), max_size=3), st.integers(0, 4)), min_size=4, max_size=4)),
    }


def tokens(departments: int, people: int, *, with_group: bool) -> st.SearchStrategy:
    return st.one_of(
        st.sampled_from([("all",), ("customers",)]),
        st.tuples(st.just("dept"), st.integers(0, departments - 1), st.booleans()),
        st.tuples(st.just("pos"), st.integers(0, 1)),
        st.tuples(st.just("user"), st.integers(0, people - 1)),
        *([st.just(("group",))] if with_group else []),
    )


def rules(departments: int, people: int, *, with_group: bool) -> st.SearchStrategy:
    token = tokens(departments, people, with_group=with_group)
    return st.tuples(st.lists(token, min_size=1, max_size=3), st.lists(token, max_size=2), st.integers(0, 4))


class OracleTest(HypothesisTestCase):
    @given(described=descriptions())
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    def test_every_answer_equals_the_naive_rule(self, described: dict) -> None:
        plant = build(described)
        for include, exclude, level in described["papers"]:
            rule = AudienceRule.of(spell(plant, include), spell(plant, exclude), level)
            Paper.objects.create(title="paper", audience=Audience.objects.for_rule(rule))
        papers = list(Paper.objects.order_by("pk"))
        expected = {
            (who, paper.pk) for paper, rule in zip(papers, described["papers"], strict=True) for who in range(len(plant.people)) if sees(described, who, rule)
        }
        for who, stale in enumerate(plant.people):
            person = User.objects.get(pk=stale.pk)
            visible = {paper.pk for paper in visible_to(Paper, person)}
            assert visible == {pk for whose, pk in expected if whose == who}
            assert visible_to(Paper, person).count() == len(visible)
            for paper in papers:
                assert can(person, "view", paper) is (paper.pk in visible)
                assert viewers_of(paper).filter(pk=person.pk).exists() is (paper.pk in visible)
                if paper.pk not in visible:
                    with pytest.raises(Http404):
                        get_permitted(Paper, user=person, pk=paper.pk)

    @given(described=descriptions())
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    def test_an_audience_or_taking_part_opens_a_thing(self, described: dict) -> None:
        plant = build(described)
        admin = User.objects.create(employee_number="keeper", name="管理员", is_superuser=True)
        expected: dict[type, set[tuple[int, int]]] = {Paper: set(), Slip: set()}
        for (include, exclude, level), (readers, least) in zip(described["papers"], described["readers"], strict=False):
            rule = AudienceRule.of(spell(plant, include), spell(plant, exclude), level)
            paper, slip = Paper.objects.create(title="paper", audience=Audience.objects.for_rule(rule)), Slip.objects.create(title="slip")
            for thing in (paper, slip):
                add_readers(thing, spell(plant, readers), actor=admin)
                replace_readers(thing, spell(plant, readers), actor=admin, least_level=least)
            for who in range(len(plant.people)):
                takes_part = sees(described, who, (readers, [], least))
                expected[Slip] |= {(who, slip.pk)} if takes_part else set()
                expected[Paper] |= {(who, paper.pk)} if takes_part or sees(described, who, (include, exclude, level)) else set()
        for model, answers in expected.items():
            things = list(model._default_manager.order_by("pk"))
            for who, stale in enumerate(plant.people):
                person = User.objects.get(pk=stale.pk)
                seen = {pk for whose, pk in answers if whose == who}
                assert {thing.pk for thing in visible_to(model, person)} == seen
                assert [can(person, "view", thing) for thing in things] == [thing.pk in seen for thing in things]
                assert [viewers_of(thing).filter(pk=person.pk).exists() for thing in things] == [thing.pk in seen for thing in things]
                if model is Slip and person.is_active:
                    assert [slip.pk for slip in Slip.objects.newest_taken_by(person, 2)] == sorted(seen, reverse=True)[:2]
                    assert Slip.objects.count_taken_by(person, 2) == (min(len(seen), 2), len(seen) > 2)


def build(described: dict) -> Plant:
    departments: list[Department] = []
    for index, parent in enumerate(described["parents"]):
        above = departments[parent] if parent is not None else None
        department = Department.objects.create(code=f"D{index}", name=f"部门{index}", parent=above)
        department.path = f"{above.path if above else ''}{department.pk}/"
        department.save()
        departments.append(department)
    positions = [Position.objects.create(code=f"P{index}", name=f"岗位{index}", clearance=clearance) for index, clearance in enumerate(described["clearances"])]
    people = [
        User.objects.create(
            employee_number=f"n{index}",
            name=f"人{index}",
            kind="customer" if kind == "customer" else "employee",
            is_active=kind != "inactive",
            is_superuser=kind == "admin",
        )
        for index, kind in enumerate(described["people"])
    ]
    employments = [
        Employment.objects.create(person=people[who], department=departments[where], position=positions[what], is_primary=False, **dates(span))
        for who, where, what, span in described["employments"]
    ]
    for which, who, span in described["deputies"]:
        if which < len(employments):
            Deputyship.objects.create(employment=employments[which], deputy=people[who], **dates(span))
    plant = Plant(departments, positions, people, AudienceRule.of([]), AudienceGroup())
    include, exclude, level = described["group"]
    plant.group_rule = AudienceRule.of(spell(plant, include), spell(plant, exclude), level)
    plant.group = AudienceGroup.objects.create(name="组", audience=Audience.objects.for_rule(plant.group_rule), owner=people[0])
    refresh_standings()
    return plant


def dates(span: tuple[int, int | None]) -> dict[str, date | None]:
    starts = today() + timedelta(days=span[0])
    return {"starts_on": starts, "ends_on": None if span[1] is None else starts + timedelta(days=span[1])}


def spell(plant: Plant, tokens: list[tuple]) -> list[str]:
    spelled = []
    for kind, *rest in tokens:
        if kind == "dept":
            spelled.append(f"dept:{plant.departments[rest[0]].pk}{'+' if rest[1] else ''}")
        elif kind == "pos":
            spelled.append(f"pos:{plant.positions[rest[0]].pk}")
        elif kind == "user":
            spelled.append(f"user:{plant.people[rest[0]].pk}")
        elif kind == "group":
            spelled.append(f"group:{plant.group.pk}")
        else:
            spelled.append(kind)
    return spelled


def posts_of(described: dict, who: int) -> list[tuple[int, int]]:
    """(department, position) that a person holds today, themselves or as a deputy."""
    if described["people"][who] not in ("employee", "admin"):
        return []
    own = [(where, what) for person, where, what, span in described["employments"] if person == who and on(span, today())]
    if not own and described["people"][who] != "admin":
        return []
    stood_in = [
        described["employments"][which][1:3]
        for which, deputy, span in described["deputies"]
        if deputy == who and which < len(described["employments"]) and on(span, today()) and on(described["employments"][which][3], today())
    ]
    return own + [(where, what) for where, what in stood_in]


def is_under(described: dict, department: int, above: int) -> bool:
    while department is not None:
        if department == above:
            return True
        department = described["parents"][department]
    return False


def sees(described: dict, who: int, rule: tuple) -> bool:
    """The rule in plain words, without tokens, arrays or SQL."""
    kind = described["people"][who]
    posts = posts_of(described, who)
    if kind == "inactive" or (kind == "employee" and not posts):
        return False
    level = {"customer": 0, "admin": 4}.get(kind, max((described["clearances"][what] for _where, what in posts), default=-1))

    def holds(token: tuple) -> bool:
        name, *rest = token
        if name == "all":
            return kind in ("employee", "admin")
        if name == "customers":
            return kind == "customer"
        if name == "dept":
            return any(is_under(described, where, rest[0]) if rest[1] else where == rest[0] for where, _what in posts)
        if name == "pos":
            return any(what == rest[0] for _where, what in posts)
        if name == "user":
            return rest[0] == who
        return sees(described, who, described["group"])

    include, exclude, least = rule
    return any(map(holds, include)) and not any(map(holds, exclude)) and level >= least
