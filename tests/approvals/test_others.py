"""Bringing others in: handing on, asking, adding signers, copies, urging, withdrawing."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from portal.access.policies import can
from portal.approvals.errors import DecidedMeanwhileError, NotYoursError, PaperError
from portal.approvals.models import Task
from portal.approvals.moments import told_at
from portal.approvals.services.asking import add_signer, ask_person, transfer_task
from portal.approvals.services.deciding import answer_task
from portal.approvals.services.others import copy_paper, urge_paper, withdraw_paper
from tests.approvals.writing import approve, make_kind, now, open_tasks, person, refuse, resubmit, seats, send_back, step, submit, task_of
from tests.cast import Cast


@pytest.fixture
def paper(cast: Cast):
    """王伟's paper, which waits for the head of 质检科 and then for 陈刚."""
    return submit(make_kind(step("a", {"by": "requester_head"}), step("b", person(cast.director))), cast.inspector)


def test_handed_on_it_is_the_others_and_never_comes_round(cast: Cast, paper) -> None:
    transfer_task(task_of(paper).pk, to=cast.workshop_head, actor=cast.head, reason="设备归他管")
    assert seats(paper) == [f"user:{cast.workshop_head.pk}"]
    with pytest.raises(NotYoursError):
        approve(paper, cast.head)
    assert can(cast.head, "view", now(paper)), "whoever handed it on goes on seeing it"
    transfer_task(task_of(paper).pk, to=cast.salesperson, actor=cast.workshop_head)
    for earlier in (cast.workshop_head, cast.head):
        with pytest.raises(PaperError):
            transfer_task(task_of(paper).pk, to=earlier, actor=cast.salesperson)
    approve(paper, cast.salesperson)
    assert seats(paper) == [f"user:{cast.director.pk}"]


def test_nothing_is_handed_to_whoever_began_it_or_is_not_here(cast: Cast, paper) -> None:
    for other in (cast.inspector, cast.leaver, cast.customer, cast.newcomer):
        with pytest.raises(PaperError):
            transfer_task(task_of(paper).pk, to=other, actor=cast.head)
        with pytest.raises(PaperError):
            add_signer(task_of(paper).pk, whom=other, is_before=True, actor=cast.head)
        with pytest.raises(PaperError):
            ask_person(task_of(paper).pk, whom=other, question="？", actor=cast.head)
    with pytest.raises(NotYoursError):
        transfer_task(task_of(paper).pk, to=cast.director, actor=cast.salesperson)


def test_an_opinion_decides_nothing_and_holds_nothing_up(cast: Cast, paper) -> None:
    head = task_of(paper)
    asked = ask_person(head.pk, whom=cast.operator, question="轴承型号对吗", actor=cast.head)
    with pytest.raises(PaperError):
        approve(paper, cast.operator, cast.operator)
    answer_task(asked.pk, actor=cast.operator, key=uuid4(), opinion="是 6308")
    assert seats(paper) == [f"head:{cast.quality.pk}"]
    late = ask_person(head.pk, whom=cast.salesperson, question="客户急吗", actor=cast.head)
    approve(paper, cast.head, f"head:{cast.quality.pk}")
    with pytest.raises(DecidedMeanwhileError):
        answer_task(late.pk, actor=cast.salesperson, key=uuid4(), opinion="急")


def test_a_signer_before_is_asked_first_and_one_after_afterwards(cast: Cast, paper) -> None:
    add_signer(task_of(paper).pk, whom=cast.workshop_head, is_before=True, actor=cast.head)
    assert seats(paper) == [f"user:{cast.workshop_head.pk}"]
    with pytest.raises(DecidedMeanwhileError):
        add_signer(Task.objects.get(paper=paper, place="core").pk, whom=cast.salesperson, is_before=True, actor=cast.head)
    approve(paper, cast.workshop_head)
    assert seats(paper) == [f"head:{cast.quality.pk}"]
    add_signer(task_of(paper).pk, whom=cast.salesperson, is_before=False, actor=cast.head)
    approve(paper, cast.head)
    assert seats(paper) == [f"user:{cast.salesperson.pk}"]
    with pytest.raises(PaperError):
        add_signer(task_of(paper).pk, whom=cast.operator, is_before=True, actor=cast.salesperson)
    approve(paper, cast.salesperson)
    assert seats(paper) == [f"user:{cast.director.pk}"]


def test_a_signer_refuses_and_returns_as_anybody(cast: Cast, paper) -> None:
    add_signer(task_of(paper).pk, whom=cast.workshop_head, is_before=True, actor=cast.head)
    send_back(paper, cast.workshop_head, is_straight=True)
    resubmit(paper, cast.inspector)
    assert seats(paper) == [f"user:{cast.workshop_head.pk}"], "straight back to whoever was added"
    refuse(paper, cast.workshop_head)
    assert now(paper).state == "refused"


def test_a_copy_is_read_and_not_decided(cast: Cast, paper) -> None:
    assert not can(cast.operator, "view", now(paper))
    assert copy_paper(paper, to=[cast.operator, cast.leaver], actor=cast.head) == [cast.operator]
    assert can(cast.operator, "view", now(paper))
    assert not can(cast.operator, "copy", now(paper))
    with pytest.raises(NotYoursError):
        approve(paper, cast.operator)
    assert copy_paper(paper, to=[cast.operator], actor=cast.head) == []


def test_urged_once_in_four_hours(cast: Cast, paper) -> None:
    assert urge_paper(paper, actor=cast.inspector) == 2, "the head, and who stands in"
    with pytest.raises(PaperError):
        urge_paper(paper, actor=cast.inspector)
    with told_at(timezone.now() + timedelta(hours=4)):
        urge_paper(paper, actor=cast.inspector)
    with pytest.raises(NotYoursError):
        urge_paper(paper, actor=cast.operator)


def test_withdrawn_it_is_over_for_everybody(cast: Cast, paper) -> None:
    task = task_of(paper)
    with pytest.raises(NotYoursError):
        withdraw_paper(paper, actor=cast.head)
    withdraw_paper(paper, actor=cast.inspector)
    assert (now(paper).state, open_tasks(paper)) == ("withdrawn", [])
    assert withdraw_paper(paper, actor=cast.inspector).state == "withdrawn", "sent twice"
    with pytest.raises(DecidedMeanwhileError):
        transfer_task(task.pk, to=cast.director, actor=cast.head)


def test_what_a_binding_step_decided_is_not_withdrawn(cast: Cast) -> None:
    paper = submit(make_kind(step("a", person(cast.head), binds=True), step("b", person(cast.director))), cast.inspector)
    approve(paper, cast.head)
    with pytest.raises(PaperError):
        withdraw_paper(paper, actor=cast.inspector)
    approve(paper, cast.director)
    with pytest.raises(DecidedMeanwhileError):
        withdraw_paper(paper, actor=cast.inspector)
