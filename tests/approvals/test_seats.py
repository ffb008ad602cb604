"""Tasks belong to seats: whoever holds one today has what waits for it, whatever happened in between."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction

from portal.access.policies import can
from portal.approvals.errors import NotYoursError
from portal.approvals.inbox import count_waiting, waiting_for
from portal.approvals.models import Event, Paper, Step, Task, Vote
from portal.approvals.seats import read_ways
from portal.approvals.services.moving import move_stranded, renew_dues, tell_due
from portal.approvals.services.opening import due_of
from portal.calendar.services import fill_year, set_day
from portal.organization.models import Deputyship, Employment
from portal.organization.querysets import today
from portal.organization.services.deputyships import appoint_deputy, dismiss_deputy
from portal.organization.services.employments import end_employment, start_employment
from portal.organization.services.people import dismiss_person
from tests.approvals.writing import approve, make_kind, now, person, seats, send_back, step, submit, task_of
from tests.cast import Cast

ZONE = ZoneInfo("Asia/Shanghai")


@contextmanager
def checked_at_the_end() -> Iterator[None]:
    """As at the end of a transaction: what is deferred is asked now."""
    yield
    connection.check_constraints()


def holders(paper: Paper, *people) -> list[str]:
    return [one.name for one in people if waiting_for(one.__class__.objects.get(pk=one.pk)).filter(paper=paper).exists()]


def test_a_new_head_has_what_waited_for_the_old_one_and_the_old_votes_stay(cast: Cast) -> None:
    """timeoff-management#230: 王 until the 30th, 李 from the 1st."""
    kind = make_kind(step("a", {"by": "requester_head"}), step("b", person(cast.director)), step("c", {"by": "requester_head"}, counts_earlier=False))
    paper = submit(kind, cast.inspector)
    approve(paper, cast.head)
    approve(paper, cast.director)
    day = today()
    end_employment(Employment.objects.get(person=cast.head), last_day=day - timedelta(days=1), actor=cast.admin)
    start_employment(cast.salesperson, department=cast.quality, position=cast.head_post, starts_on=day, is_primary=False, actor=cast.admin)
    assert holders(paper, cast.head, cast.deputy, cast.salesperson) == ["孙丽"]
    with pytest.raises(NotYoursError):
        approve(paper, cast.head)
    approve(paper, cast.salesperson)
    assert list(Vote.objects.filter(paper=paper).values_list("person__name", flat=True)) == ["李敏", "陈刚", "孙丽"]


def test_a_deputy_has_it_while_standing_in(cast: Cast) -> None:
    paper = submit(make_kind(step("a", {"by": "requester_head"})), cast.inspector)
    assert holders(paper, cast.head, cast.deputy) == ["李敏", "赵静"]
    dismiss_deputy(Deputyship.objects.get(), today=today(), actor=cast.admin)
    assert holders(paper, cast.head, cast.deputy) == ["李敏"]
    with pytest.raises(NotYoursError):
        approve(paper, cast.deputy)


def test_ways_are_those_of_the_standings(cast: Cast) -> None:
    """Who holds a token holds the seat; nobody else, and each is told for whom."""
    post = f"post:{cast.quality.pk}-{cast.staff_post.pk}"
    ways = read_ways([f"head:{cast.quality.pk}", post, f"pos:{cast.head_post.pk}", f"user:{cast.leaver.pk}", "cap:approvals.keep"])
    told = {seat: {(way.person_id, way.principal_id) for way in found} for seat, found in ways.items()}
    assert told == {
        f"head:{cast.quality.pk}": {(cast.head.pk, None), (cast.deputy.pk, cast.head.pk)},
        post: {(cast.inspector.pk, None), (cast.deputy.pk, None)},
        f"pos:{cast.head_post.pk}": {(cast.head.pk, None), (cast.workshop_head.pk, None), (cast.deputy.pk, cast.head.pk)},
        f"user:{cast.leaver.pk}": set(),
        "cap:approvals.keep": {(cast.admin.pk, None)},
    }


def test_what_is_asked_of_somebody_who_leaves_goes_to_those_above(cast: Cast) -> None:
    """steedos/workflow#1288: after the leave no task is without a holder (S14)."""
    kind = make_kind(step("a", person(cast.workshop_head), person(cast.head), mode="all"))
    papers = [submit(kind, cast.inspector) for _number in range(2)]
    dismiss_person(cast.workshop_head, leaves_on=today() - timedelta(days=1), actor=cast.admin)
    assert move_stranded() == 2
    assert move_stranded() == 0, "once"
    for paper in papers:
        # Nobody heads the workshop any more, so it is the head of the plant.
        assert seats(paper) == sorted([f"head:{cast.plant.pk}", f"user:{cast.head.pk}"])
        assert Event.objects.filter(paper=paper, verb="moved").count() == 1
    approve(papers[0], cast.director, f"head:{cast.plant.pk}")


def test_a_requester_who_becomes_head_does_not_decide_their_own(cast: Cast) -> None:
    paper = submit(make_kind(step("a", {"by": "requester_head"})), cast.inspector)
    end_employment(Employment.objects.get(person=cast.head), last_day=today() - timedelta(days=1), actor=cast.admin)
    start_employment(cast.inspector, department=cast.quality, position=cast.head_post, starts_on=today(), is_primary=False, actor=cast.admin)
    appoint_deputy(Employment.objects.get(person=cast.inspector, is_primary=False), deputy=cast.salesperson, starts_on=today(), actor=cast.admin)
    assert holders(paper, cast.inspector) == []
    for other in (cast.inspector, cast.salesperson):
        with pytest.raises(NotYoursError):
            approve(paper, other)
    move_stranded()
    assert seats(paper) == [f"head:{cast.plant.pk}"]


def test_the_rail_counts_papers_and_not_tasks(cast: Cast) -> None:
    kind = make_kind(step("a", {"by": "requester_head"}, person(cast.head), mode="all"))
    submit(kind, cast.inspector)
    assert count_waiting(cast.head) == 1
    assert count_waiting(cast.inspector) == 0


def test_a_returned_paper_of_somebody_who_left_is_with_the_head(cast: Cast) -> None:
    paper = submit(make_kind(step("a", person(cast.director))), cast.inspector)
    send_back(paper, cast.director)
    dismiss_person(cast.inspector, leaves_on=today() - timedelta(days=1), actor=cast.admin)
    move_stranded()
    assert seats(paper) == [f"head:{cast.quality.pk}"]
    assert can(cast.head, "change", now(paper))


@pytest.mark.parametrize("table", ["content", "vote", "event", "formversion", "routeversion"])
def test_what_was_written_is_never_changed(cast: Cast, table: str) -> None:
    paper = submit(make_kind(step("a", person(cast.head))), cast.inspector)
    approve(paper, cast.head)
    for statement in (f"UPDATE approvals_{table} SET id = id", f"DELETE FROM approvals_{table}"):
        with pytest.raises(Exception, match="only added"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_database_refuses_what_would_leave_a_paper_to_nobody(cast: Cast) -> None:
    paper = submit(make_kind(step("a", person(cast.head))), cast.inspector)
    broken = (
        lambda: Task.objects.filter(paper=paper).update(state="void"),
        lambda: Task.objects.filter(paper=paper).update(seat=f"user:{cast.inspector.pk}"),
        lambda: Task.objects.filter(paper=paper).update(seat=f"user:{cast.leaver.pk}"),
        lambda: Step.objects.filter(paper=paper).update(state="passed", closed_at=paper.submitted_at),
        lambda: (
            Paper.objects.filter(pk=paper.pk).update(state="returned") and Step.objects.filter(paper=paper).update(state="passed", closed_at=paper.submitted_at)
        ),
        lambda: Paper.objects.filter(pk=paper.pk).update(state="withdrawn", finished_at=paper.submitted_at),
    )
    for breaks in broken:
        with pytest.raises(IntegrityError), transaction.atomic(), checked_at_the_end():
            breaks()


def test_the_database_refuses_a_vote_of_whoever_began_it_and_one_on_another_content(cast: Cast) -> None:
    paper = submit(make_kind(step("a", person(cast.head))), cast.inspector)
    other = submit(make_kind(step("a", person(cast.head)), code="other-one"), cast.operator)
    task = task_of(paper)
    vote = {"task": task, "step": task.step, "paper": paper, "decision": "approve", "request_key": "7d9fb0cb-3f4f-4a3b-9d2c-1a43aa0b1a11"}
    for wrong in (
        {"person": cast.inspector, "content": paper.content},
        {"person": cast.deputy, "principal": cast.inspector, "content": paper.content},
        {"person": cast.head, "content": other.content},
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), checked_at_the_end():
            Vote.objects.create(**vote, **wrong)
    assert not Vote.objects.exists()


def test_two_working_days_over_a_holiday_and_a_corrected_calendar(cast: Cast) -> None:
    """steedos-platform#601: Thursday 16:00, two working days, the 25th to the 27th of rest: Tuesday 16:00."""
    fill_year(2026, actor=cast.admin)
    thursday = datetime(2026, 9, 24, 16, 0, tzinfo=ZONE)
    assert due_of({"days": 2}, thursday) == datetime(2026, 9, 29, 16, 0, tzinfo=ZONE)
    assert due_of({"days": 1}, datetime(2026, 10, 9, 20, 0, tzinfo=ZONE)) == datetime(2026, 10, 10, 17, 30, tzinfo=ZONE), "a make-up Saturday counts"
    paper = submit(make_kind(step("a", person(cast.head), due={"days": 1})), cast.inspector)
    opened = Step.objects.get(paper=paper)
    assert opened.due_at is not None
    due_on = opened.due_at.astimezone(ZONE).date()
    set_day(due_on, kind="rest", name="厂休", actor=cast.admin)
    assert renew_dues() == 1
    moved = Step.objects.get(paper=paper).due_at
    assert moved is not None
    assert moved.astimezone(ZONE).date() > due_on
    assert not tell_due(opened.pk, opened.due_at.isoformat(), is_late=False), "it is due at another time by now"
    assert tell_due(opened.pk, moved.isoformat(), is_late=False)
    assert date.today() < due_on


def test_who_stands_in_for_a_post_that_has_ended_stands_in_for_nobody(cast: Cast) -> None:
    """王伟 headed 质检科 until yesterday, and 李敏 still stands in for that post: on his paper she decides as head, in her own right."""
    yesterday = today() - timedelta(days=1)
    earlier = Employment.objects.create(
        person=cast.inspector, department=cast.quality, position=cast.head_post, starts_on=yesterday - timedelta(days=30), ends_on=yesterday, is_primary=False
    )
    Deputyship.objects.create(employment=earlier, deputy=cast.head, starts_on=yesterday, ends_on=today() + timedelta(days=3), reason="旧")
    paper = submit(make_kind(step("a", {"by": "requester_head"})), cast.inspector)
    assert task_of(paper).seat == f"head:{cast.quality.pk}"
