"""Several at the same moment on one paper: one decides, the others are told; nothing is done twice and nothing is stuck."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from portal.approvals.errors import DecidedMeanwhileError, PaperError
from portal.approvals.models import Event, Paper, Task, Vote
from portal.approvals.services.asking import transfer_task
from portal.approvals.services.deciding import approve_task, refuse_task, return_task
from portal.approvals.services.others import withdraw_paper
from portal.audit.models import AuditRecord
from tests.approvals.naive import fold
from tests.approvals.writing import make_kind, now, person, step, submit, task_of
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 12


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """What each gave or was refused with, all begun at one moment."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            gate.wait()
            return act()
        except PaperError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def is_whole(paper: Paper) -> bool:
    """The trail tells what the database has."""
    stored = now(paper)
    seqs = list(Event.objects.filter(paper=paper).order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, stored.last_event + 1))
    folded = fold(Event.objects.filter(paper=paper).order_by("seq"))
    return folded == {"state": stored.state, "tasks": dict(Task.objects.filter(paper=paper, state="open").values_list("pk", "seat"))}


def test_of_many_decisions_on_one_task_there_is_one(cast: Cast) -> None:
    """(S35)"""
    paper = submit(make_kind(step("a", {"by": "requester_head"}), step("b", person(cast.director))), cast.inspector)
    task, people = task_of(paper), [cast.head, cast.deputy]
    decide = [approve_task, lambda *args, **how: refuse_task(*args, opinion="不行", **how), lambda *args, **how: return_task(*args, opinion="改", **how)]
    acts = [
        lambda place=place: decide[place % 3](task.pk, actor=people[place % 2], seen=1, key=uuid4())  # type: ignore[misc]
        for place in range(THREADS)
    ]
    outcomes = at_once(acts)
    assert Counter(type(outcome) for outcome in outcomes) == {Vote: 1, DecidedMeanwhileError: THREADS - 1}
    assert Vote.objects.filter(paper=paper).count() == 1
    assert AuditRecord.objects.filter(verb__in=["paper.approved", "paper.refused", "paper.returned"]).count() == 1
    assert is_whole(paper)


def test_one_press_sent_many_times_is_one_vote(cast: Cast) -> None:
    paper = submit(make_kind(step("a", {"by": "requester_head"}), step("b", person(cast.director))), cast.inspector)
    task, key = task_of(paper), uuid4()
    outcomes = at_once([lambda: approve_task(task.pk, actor=cast.head, seen=1, key=key)] * THREADS)
    assert len({outcome.pk for outcome in outcomes}) == 1
    assert is_whole(paper)


def test_all_who_must_decide_do_so_at_once(cast: Cast) -> None:
    people = [cast.head, cast.director, cast.workshop_head, cast.salesperson, cast.operator, cast.deputy]
    paper = submit(make_kind(step("a", *(person(one) for one in people), mode="all")), cast.inspector)
    tasks = {task.seat: task.pk for task in Task.objects.filter(paper=paper)}
    outcomes = at_once([lambda one=one: approve_task(tasks[f"user:{one.pk}"], actor=one, seen=1, key=uuid4()) for one in people])  # type: ignore[misc]
    assert [type(outcome) for outcome in outcomes] == [Vote] * len(people)
    assert now(paper).state == "approved"
    assert Event.objects.filter(paper=paper, verb="finished").count() == 1
    assert is_whole(paper)


def test_withdrawn_handed_on_and_decided_at_once_it_has_one_end(cast: Cast) -> None:
    kind = make_kind(step("a", person(cast.head)))
    for _round in range(3):
        paper = submit(kind, cast.inspector)
        task = task_of(paper)
        acts: list[Callable[[], Any]] = [
            lambda: withdraw_paper(paper, actor=cast.inspector),  # noqa: B023  # all of a round run within it
            lambda: approve_task(task.pk, actor=cast.head, seen=1, key=uuid4()),  # noqa: B023
            lambda: transfer_task(task.pk, to=cast.director, actor=cast.head),  # noqa: B023
        ]
        at_once(acts * 2)
        assert now(paper).state in ("withdrawn", "approved")
        assert is_whole(paper)


def test_numbers_of_papers_submitted_at_once_leave_no_gap(cast: Cast) -> None:
    kind = make_kind(step("a", person(cast.head)))
    at_once([lambda: submit(kind, cast.inspector)] * 8)
    assert sorted(int(number.partition("〕")[2][:-1]) for number in Paper.objects.values_list("number", flat=True)) == list(range(1, 9))
