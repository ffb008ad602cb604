"""D1 and S35 for papers: workers that are killed while they tell, and hundreds of acts at once on one paper and on one period."""

import os
import random
import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from portal.accounts.models import User
from portal.approvals.errors import PaperError
from portal.approvals.models import Paper, Step, Task, Vote
from portal.approvals.services.asking import add_signer, ask_person, transfer_task
from portal.approvals.services.deciding import answer_task, approve_task, return_task
from portal.approvals.services.others import urge_paper
from portal.approvals.services.submitting import begin_paper, resubmit_paper, submit_paper
from portal.approvals.services.undoing import take_back_vote
from portal.audit.models import AuditRecord
from portal.notifications.models import Notification
from portal.notifications.services import WRITERS_LOCK
from portal.outbox.models import Effect
from portal.outbox.services import drain
from tests.approvals.test_meetings import is_whole
from tests.approvals.writing import FIELDS, SOME, approve, make_kind, now, person, step, submit
from tests.cast import Cast

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]

DECISIONS, KILLS, FIRST_MOMENTS, PATIENCE = 100, 5, 0.15, 60.0
THREADS, ACTS = 20, 200
WAITS = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted"
PERIOD = {"key": "month", "type": "month", "role": "period", "required": True, "label": {"zh": "月份", "en": "Month"}}


def _work() -> None:
    """A worker of its own, with a connection of its own."""
    drain()


def _kill_in_the_middle(gate: psycopg.Connection[Any], moment: float) -> None:
    """Let a worker come to where it writes the bells, let it go on, and end it."""
    gate.execute("SELECT pg_advisory_lock(%s)", [WRITERS_LOCK])
    worker = get_context("fork").Process(target=_work)
    worker.start()
    assert worker.pid is not None
    deadline = time.monotonic() + PATIENCE
    while gate.execute(WAITS, [WRITERS_LOCK]).fetchone() == (0,):
        assert time.monotonic() < deadline, "the worker did not begin"
        time.sleep(0.01)
    gate.execute("SELECT pg_advisory_unlock(%s)", [WRITERS_LOCK])
    time.sleep(moment)
    os.kill(worker.pid, signal.SIGKILL)
    worker.join()


def test_workers_killed_in_a_batch_of_decisions_ring_once_for_each(cast: Cast) -> None:
    kind = make_kind(step("a", person(cast.head)), step("b", person(cast.director)))
    papers = [submit(kind, cast.inspector) for _paper in range(DECISIONS)]
    drain()
    for paper in papers:
        approve(paper, cast.head)
    draw, settings = random.Random(14), connection.settings_dict
    address = {"host": settings["HOST"], "port": settings["PORT"], "dbname": settings["NAME"], "user": settings["USER"], "password": settings["PASSWORD"]}
    told_of = Notification.objects.filter(recipient=cast.director, kind="approvals.waits")
    told: list[int] = []
    with psycopg.connect(**{key: value for key, value in address.items() if value}, autocommit=True) as gate:
        for _kill in range(KILLS):
            connection.close()  # a child has no part in it
            _kill_in_the_middle(gate, draw.uniform(0, FIRST_MOMENTS))
            told.append(told_of.count())
    assert told[-1] < DECISIONS, "all was told before the last worker was killed"
    while Effect.objects.filter(due_at__lte=timezone.now()).exists():
        drain()
        Effect.objects.filter(attempts__gt=0).update(due_at=timezone.now())  # what was left by the dead is waited for
    urls = Counter(told_of.values_list("url", flat=True))
    steps = Step.objects.filter(paper__in=papers, key="b").values_list("paper", "pk")
    assert urls == {f"/approvals/papers/{paper}/#step-{pk}": 1 for paper, pk in steps}
    assert len(urls) == DECISIONS
    assert Effect.objects.filter(failed_at__isnull=False).count() == 0


def test_two_hundred_acts_at_once_on_one_paper_leave_it_whole(cast: Cast) -> None:
    """Whatever comes first, the trail tells what the database has, no act is done twice, and somebody can go on. (S35)"""
    people = [cast.head, cast.director, cast.workshop_head, cast.operator, cast.salesperson]
    route = [step(f"s{number}", *(person(one) for one in people), mode="all" if number % 2 else "any") for number in range(8)]
    paper = submit(make_kind(*route), cast.inspector)
    done: Counter[str] = Counter()
    refused: list[str] = []

    def act(number: int) -> None:
        draw = random.Random(number)
        actor: User = draw.choice([*people, cast.inspector])
        task = draw.choice(list(Task.objects.filter(paper=paper).order_by("-pk")[:12]))
        said: dict[str, Any] = {"actor": actor, "key": uuid4()}
        acts = {
            "approve": lambda: approve_task(task.pk, seen=now(paper).content.number, opinion="同意", **said),  # type: ignore[union-attr]
            "return": lambda: return_task(task.pk, seen=now(paper).content.number, opinion="改", is_straight=bool(number % 2), **said),  # type: ignore[union-attr]
            "transfer": lambda: transfer_task(task.pk, to=draw.choice(people), reason="", actor=actor),
            "ask": lambda: ask_person(task.pk, whom=draw.choice(people), question="对吗", actor=actor),
            "sign": lambda: add_signer(task.pk, whom=draw.choice(people), is_before=bool(number % 2), reason="", actor=actor),
            "answer": lambda: answer_task(task.pk, opinion="对", **said),
            "resubmit": lambda: resubmit_paper(task.pk, seen=now(paper).content.number, values=SOME | {"text": f"{number}"}, chosen={}, **said),  # type: ignore[union-attr]
            "take back": lambda: take_back_vote(paper, actor=actor),
            "urge": lambda: urge_paper(paper, actor=actor),
        }
        verb = draw.choice(["approve"] * 6 + ["resubmit"] * 4 + list(acts))
        try:
            acts[verb]()
            done[verb] += 1
        except PaperError as refusal:
            refused.append(str(refusal))
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(act, range(ACTS)))
    assert done["approve"], done
    assert done.total() + len(refused) == ACTS
    assert all(refused)
    assert is_whole(paper)
    votes = Vote.objects.filter(paper=paper)
    assert Counter(votes.values_list("task", flat=True)) == dict.fromkeys(votes.values_list("task", flat=True), 1)
    assert votes.filter(decision="approve").count() == done["approve"] == AuditRecord.objects.filter(verb="paper.approved").count()
    assert not votes.exclude(decision="revise").filter(person=cast.inspector).exists()
    is_open = now(paper).state in ("running", "returned")
    assert Step.objects.filter(paper=paper, state="open").count() == int(is_open)
    assert Task.objects.filter(paper=paper, state="open").exists() == is_open


def test_of_two_hundred_submissions_for_one_period_one_is_taken(cast: Cast) -> None:
    kind = make_kind(step("a", person(cast.director)), fields=[*FIELDS, PERIOD])
    values = SOME | {"month": "2026-12"}
    drafts = [begin_paper(kind, actor=cast.inspector, values=values) for _draft in range(THREADS)]

    def act(number: int) -> bool:
        try:
            submit_paper(drafts[number % THREADS], actor=cast.inspector, values=values)
        except PaperError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(THREADS) as pool:
        taken = sum(pool.map(act, range(ACTS)))
    sent = Paper.objects.sent().get()
    assert taken == ACTS // THREADS or taken == 1  # sent again, the one that was taken is answered as before
    assert (sent.number, sent.period) == (f"test〔{timezone.localdate().year}〕1号", "2026-12")
    assert is_whole(sent)
