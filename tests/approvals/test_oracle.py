"""The engine against a naive telling: random routes, random acts by people who may and may not, the plant changing in between.

After every act what the paper's trail gives when it is folded, what a person would tell, and what the database has must be the same.
"""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from portal.accounts.models import User
from portal.approvals.errors import NobodyError, PaperError
from portal.approvals.models import Event, Paper, PaperKind, Task
from portal.approvals.services.asking import add_signer, ask_person, transfer_task
from portal.approvals.services.deciding import answer_task, approve_task, refuse_task, return_task, way_to
from portal.approvals.services.moving import move_stranded
from portal.approvals.services.others import withdraw_paper
from portal.approvals.services.submitting import begin_paper, resubmit_paper, submit_paper
from portal.approvals.services.undoing import take_back_vote, vote_to_take_back
from portal.organization.errors import OrganizationError
from portal.organization.models import Deputyship, Duty, DutyHolding, Employment
from portal.organization.querysets import today
from portal.organization.services.deputyships import appoint_deputy, dismiss_deputy
from portal.organization.services.duties import end_holding, give_duty
from portal.organization.services.employments import end_employment, start_employment
from tests.approvals.mirror import Mirror
from tests.approvals.naive import fold
from tests.approvals.writing import make_kind, now
from tests.cast import Cast
from tests.depth import deep

MOST_ACTS = 24
ROUTES = 10  # in the suite
MORE_ROUTES = deep(500, part=100)  # in the drill


def test_the_engine_does_what_a_person_would_tell(cast: Cast) -> None:
    for seed in range(ROUTES):
        Story(cast, seed).run()


@pytest.mark.drill
@pytest.mark.parametrize("first", range(1_000, 1_000 + MORE_ROUTES, 50))
def test_the_engine_does_what_a_person_would_tell_of_many_routes(cast: Cast, first: int) -> None:
    for seed in range(first, first + 50):
        Story(cast, seed).run()


class Story:
    """One paper on one random route."""

    def __init__(self, cast: Cast, seed: int) -> None:
        self.cast, self.seed, self.random = cast, seed, Random(seed)
        self.people = cast.employees
        self.duties = [Duty.objects.get_or_create(code=code, defaults={"name": code})[0] for code in ("PRICE", "TRADE")]
        self.told: list[str] = []

    def run(self) -> None:
        steps = self._column(0, self.random.randrange(1, 5))
        kind = make_kind(*steps, code=f"k{self.seed}")
        originator = self.random.choice(self.people)
        values = self._values({})
        try:
            paper = submit_paper(begin_paper(kind, actor=originator, values=values), actor=originator, values=values)
        except NobodyError:
            return
        assert paper.content is not None
        mirror = Mirror(steps, originator.pk, paper.department_id, dict(paper.content.values))
        self._compare(paper, mirror)
        for _number in range(MOST_ACTS):
            if not now(paper).is_open:
                break
            self._act(paper, mirror, kind)
            self._compare(paper, mirror)
        connection.check_constraints()

    def _act(self, paper: Paper, mirror: Mirror, kind: PaperKind) -> None:
        if self.random.random() < 0.25:
            self._change_plant()
            move_stranded()
            mirror.look_at_plant()
            return
        if self.random.random() < 0.15 and self._take_back(now(paper), mirror):
            return
        task = self.random.choice(list(Task.objects.filter(paper=paper, state="open").select_related("step").order_by("pk")))
        paper = now(paper)
        held = [person for person in self._everybody() if way_to(paper, task.step, task.seat, person) is not None]
        assert {person.pk for person in held} == mirror.may_act(task.seat), self.told
        outsider = self.random.choice([person for person in self._everybody() if person not in held])
        assert paper.content is not None
        with pytest.raises(PaperError):
            approve_task(task.pk, actor=outsider, seen=paper.content.number, key=self._key())
        if held:
            self._do(paper, mirror, task, self.random.choice(held))

    def _take_back(self, paper: Paper, mirror: Mirror) -> bool:
        """Whoever approved last, and nobody else; and nobody once another act has come."""
        able = [person for person in self._everybody() if vote_to_take_back(paper, person) is not None]
        for person in self._everybody():
            if person not in able:
                with pytest.raises(PaperError):
                    take_back_vote(paper, actor=person)
        if not able:
            return False
        [person] = able
        take_back_vote(paper, actor=person)
        self._tell(f"{person} takes back", mirror.take_back)
        return True

    def _do(self, paper: Paper, mirror: Mirror, task: Task, person: User) -> None:
        assert paper.content is not None
        seen, key, chance = paper.content.number, self._key(), self.random.random()
        if task.step.kind == "revise":
            values = self._values(paper.content.values)
            resubmit_paper(task.pk, actor=person, seen=seen, key=key, values=values)
            content = now(paper).content
            assert content is not None
            self._tell(f"{person} submits again", lambda: mirror.resubmit(dict(content.values)))
        elif task.place == "opinion":
            answer_task(task.pk, actor=person, key=key, opinion="可以")
            self.told.append(f"{person} answers")
        elif chance < 0.55:
            vote = approve_task(task.pk, actor=person, seen=seen, key=key)
            self._tell(f"{person} approves {task.seat}", lambda: mirror.approve(task.seat, person.pk, vote.principal_id or person.pk))
        elif chance < 0.6:
            refuse_task(task.pk, actor=person, seen=seen, key=key, opinion="不行")
            self._tell("refused", mirror.refuse)
        elif chance < 0.63 and paper.originator.is_active:
            withdraw_paper(paper, actor=paper.originator)
            self._tell("withdrawn", mirror.withdraw)
        elif chance < 0.75 and paper.round < 5:
            to, is_straight = self.random.choice(["revise", *sorted(mirror.returnable())]), self.random.random() < 0.5
            return_task(task.pk, actor=person, seen=seen, key=key, opinion="改", to=to, is_straight=is_straight)
            self._tell(f"{person} returns to {to} straight={is_straight}", lambda: mirror.give_back(to, is_straight))
        else:
            self._bring_in(mirror, task, person, chance)

    def _bring_in(self, mirror: Mirror, task: Task, person: User, chance: float) -> None:
        other, is_before = self.random.choice(self.people), self.random.random() < 0.5
        try:
            if chance < 0.83:
                transfer_task(task.pk, to=other, actor=person)
                self._tell(f"{person} hands {task.seat} on to {other}", lambda: mirror.hand_on(task.seat, other.pk))
            elif chance < 0.88:
                ask_person(task.pk, whom=other, question="如何", actor=person)
                self.told.append(f"{person} asks {other}")
            else:
                add_signer(task.pk, whom=other, is_before=is_before, actor=person)
                self._tell(f"{person} adds {other} before={is_before} at {task.seat}", lambda: mirror.add(task.seat, other.pk, is_before))
        except PaperError as refusal:
            self.told.append(f"refused: {refusal}")

    def _change_plant(self) -> None:
        """Somebody stands in, leaves a post, gets one, gets a duty or loses it."""
        actor, day, person = self.cast.admin, today(), self.random.choice(self.people)
        try:
            match self.random.randrange(6):
                case 0:
                    post = self.random.choice(list(Employment.objects.current().order_by("pk")))
                    appoint_deputy(post, deputy=person, starts_on=day, ends_on=day + timedelta(days=9), actor=actor)
                case 1:
                    for deputyship in Deputyship.objects.current().order_by("pk")[:1]:
                        dismiss_deputy(deputyship, today=day, actor=actor)
                case 2:
                    extra = Employment.objects.current().filter(is_primary=False, starts_on__lt=day).order_by("pk").first()
                    if extra is not None:
                        end_employment(extra, last_day=day - timedelta(days=1), actor=actor)
                case 3:
                    department = self.random.choice([self.cast.quality, self.cast.sales, self.cast.workshop, self.cast.office])
                    before = day - timedelta(days=2)
                    start_employment(person, department=department, position=self.cast.head_post, starts_on=before, is_primary=False, actor=actor)
                case 4:
                    give_duty(self.random.choice(self.duties), person=person, starts_on=day - timedelta(days=1), actor=actor)
                case 5:
                    for holding in DutyHolding.objects.current().order_by("pk")[:1]:
                        end_holding(holding, last_day=day - timedelta(days=1), actor=actor)
            self.told.append("the plant changes")
        except OrganizationError:
            return

    def _compare(self, paper: Paper, mirror: Mirror) -> None:
        stored = now(paper)
        open_tasks = dict(Task.objects.filter(paper=paper, state="open").values_list("pk", "seat"))
        folded = fold(Event.objects.filter(paper=paper).order_by("seq"))
        assert folded == {"state": stored.state, "tasks": open_tasks}, (self.seed, self.told)
        deciding = set(Task.objects.filter(paper=paper, state="open").exclude(place="opinion").values_list("seat", flat=True))
        assert (stored.state, deciding) == (mirror.state, mirror.open()), (self.seed, self.told)

    def _tell(self, words: str, tell: Callable[[], None]) -> None:
        self.told.append(words)
        tell()

    def _everybody(self) -> list[User]:
        return [*self.people, self.cast.admin]

    def _key(self) -> UUID:
        return UUID(int=self.random.getrandbits(128))

    def _values(self, before: dict[str, Any]) -> dict[str, Any]:
        """What is written, or what is changed of it: the text alone, the amount, the partner, or nothing."""
        random = self.random
        fresh = {
            "title": "更换轴承",
            "text": random.choice(["甲", "乙"]),
            "amount": random.choice([None, "900.00", "60000.00"]),
            "partner": random.choice([None, self.cast.sales.pk, self.cast.workshop.pk]),
            "files": None,
        }
        changed = random.sample(["text", "amount", "partner"], random.choice([0, 0, 1, 2])) if before else list(fresh)
        return dict(before) | {key: fresh[key] for key in changed} if before else fresh

    def _column(self, depth: int, length: int) -> list[dict[str, Any]]:
        return [self._choice(depth) if depth < 2 and self.random.random() < 0.25 else self._step() for _number in range(length)]

    def _choice(self, depth: int) -> dict[str, Any]:
        when = self.random.choice([{"field": "amount", "op": "ge", "value": "50000"}, {"field": "partner", "op": "filled"}])
        inside = self._column(depth + 1, self.random.randrange(0, 3))
        if when["op"] == "filled":
            inside.append(self._step({"by": "field_head", "field": "partner"}))
        cases = [{"when": [[when]], "steps": inside}]
        return {"type": "choose", "cases": cases, "otherwise": self._column(depth + 1, self.random.randrange(0, 2))} if inside else self._step()

    def _step(self, *approvers: dict[str, Any]) -> dict[str, Any]:
        self.steps = getattr(self, "steps", 0) + 1
        groups = [
            {"mode": self.random.choice(["any", "all", "in_order"]), "approvers": [self._approver() for _one in range(self.random.choice([1, 1, 2, 3]))]}
            for _group in range(self.random.choice([1, 1, 1, 2]))
        ]
        if approvers:
            groups = [{"mode": "any", "approvers": list(approvers)}]
        key = f"s{self.steps}"
        return {"key": key, "type": "approve", "label": {"zh": key}, "groups": groups, "counts_earlier": self.random.random() < 0.5}

    def _approver(self) -> dict[str, Any]:
        return self.random.choice(
            [
                {"by": "requester_head"},
                {"by": "person", "person": self.random.choice(self.people).pk},
                {"by": "department_head", "department": self.random.choice(["QUALITY", "SALES", "WORKSHOP"])},
                {"by": "duty", "duty": self.random.choice(["PRICE", "TRADE"])},
                {"by": "position", "position": "STAFF", "department": self.random.choice(["QUALITY", "SALES"])},
            ]
        )
