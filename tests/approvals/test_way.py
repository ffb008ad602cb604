"""The way of a paper: from the requester through the seats to its end."""

from uuid import uuid4

import pytest

from portal.approvals.errors import ChangedMeanwhileError, DecidedMeanwhileError, NobodyError, NotYoursError, PaperError
from portal.approvals.models import Content, Event, Paper, Step, Task, Vote
from portal.approvals.services.deciding import approve_task
from portal.approvals.services.submitting import begin_paper, submit_paper
from portal.organization.models import Duty, DutyHolding
from portal.organization.querysets import today
from portal.organization.services.duties import give_duty, save_duty
from tests.approvals.writing import SOME, approve, make_kind, now, open_tasks, person, refuse, resubmit, seats, send_back, shipped, step, submit, task_of
from tests.cast import Cast


def test_the_shipped_paper_goes_from_the_inspector_to_the_head_and_up(cast: Cast) -> None:
    paper = submit(shipped(), cast.inspector, amount="60000.00", partner=cast.sales.pk)
    assert now(paper).number.startswith("呈批〔")
    assert seats(paper) == [f"head:{cast.quality.pk}"]
    approve(paper, cast.head)
    # Nobody heads 销售科, so its countersigning goes up to the head of the plant; 财务科 is not there, so it does too and counts as decided.
    assert seats(paper) == [f"head:{cast.plant.pk}"]
    approve(paper, cast.director)
    assert now(paper).state == Paper.State.APPROVED
    assert [event.verb for event in Event.objects.filter(paper=paper)][-1] == "finished"


def test_values_choose_the_branch_and_the_step_remembers_them(cast: Cast) -> None:
    duty = save_duty(None, actor=cast.admin, departments=[cast.quality], code="QC", name="分管质量", name_en="Quality in charge")
    give_duty(duty, person=cast.salesperson, starts_on=today(), actor=cast.admin)
    small, large = submit(shipped(), cast.inspector, amount="49999.99"), submit(shipped(), cast.inspector, amount="50000.00")
    for paper in (small, large):
        approve(paper, cast.head)
    assert seats(small) == [f"duty:{duty.pk}"]
    assert seats(large) == [f"head:{cast.plant.pk}"]
    because = Step.objects.get(paper=small, state="open").because
    assert because[-1]["values"] == {"amount": "49999.99"}


def test_whoever_stands_in_decides_and_the_vote_says_for_whom(cast: Cast) -> None:
    paper = submit(make_kind(step("head", {"by": "requester_head"})), cast.inspector)
    vote = approve(paper, cast.deputy)
    assert (vote.person, vote.principal) == (cast.deputy, cast.head)
    with pytest.raises(DecidedMeanwhileError, match=r"赵静 代 李敏"):
        approve_task(vote.task_id, actor=cast.head, seen=1, key=uuid4())


def test_who_does_not_hold_the_seat_does_not_decide(cast: Cast) -> None:
    paper = submit(make_kind(step("head", {"by": "requester_head"})), cast.inspector)
    for other in (cast.inspector, cast.director, cast.admin, cast.operator, cast.customer):
        with pytest.raises(NotYoursError):
            approve(paper, other)
    approve(paper, cast.head)


def test_nobody_decides_their_own_and_no_deputy_does_for_them(cast: Cast) -> None:
    kind = make_kind(step("head", {"by": "requester_head"}))
    paper = submit(kind, cast.head)
    assert seats(paper) == [f"head:{cast.plant.pk}"], "the head's own paper goes up, past the deputy"
    by_deputy = submit(kind, cast.deputy)
    assert seats(by_deputy) == [f"head:{cast.quality.pk}"], "the deputy's own paper is the head's to decide"
    with pytest.raises(NotYoursError):
        approve(by_deputy, cast.deputy)
    approve(by_deputy, cast.head)
    approve(paper, cast.director)


def test_of_two_who_hold_a_duty_the_other_decides(cast: Cast) -> None:
    duty = Duty.objects.create(code="PRICE", name="价格审核员")
    for holder in (cast.head, cast.salesperson):
        give_duty(duty, person=holder, starts_on=today(), actor=cast.admin)
    paper = submit(make_kind(step("price", {"by": "duty", "duty": "PRICE"})), cast.head)
    assert seats(paper) == [f"user:{cast.salesperson.pk}"]
    assert DutyHolding.objects.current().filter(duty=duty).count() == 2


def test_the_directors_own_paper_falls_to_those_who_keep_papers(cast: Cast) -> None:
    paper = submit(make_kind(step("head", {"by": "requester_head"})), cast.director)
    assert seats(paper) == ["cap:approvals.keep"]
    approve(paper, cast.admin)
    assert now(paper).state == "approved"


def test_where_there_is_nobody_at_all_nothing_is_submitted(cast: Cast) -> None:
    cast.admin.is_active = False
    cast.admin.save()
    with pytest.raises(NobodyError):
        submit(make_kind(step("head", {"by": "requester_head"})), cast.director)


@pytest.mark.parametrize(("mode", "order"), [("any", []), ("all", ["head", "director"]), ("in_order", ["head", "director"])])
def test_any_all_and_in_order(cast: Cast, mode: str, order: list[str]) -> None:
    paper = submit(make_kind(step("both", person(cast.head), person(cast.director), mode=mode)), cast.inspector)
    assert len(open_tasks(paper)) == (1 if mode == "in_order" else 2)
    for name in order[:-1]:
        approve(paper, getattr(cast, name), getattr(cast, name))
        assert now(paper).state == "running"
    approve(paper, cast.director, cast.director)
    assert now(paper).state == "approved"
    expected = {"done", "not_needed"} if mode == "any" else {"done"}
    assert set(Task.objects.filter(paper=paper).values_list("state", flat=True)) == expected


def test_several_groups_each_by_its_own_rule(cast: Cast) -> None:
    groups = [{"mode": "any", "approvers": [person(cast.head), person(cast.deputy)]}, {"mode": "all", "approvers": [person(cast.director)]}]
    paper = submit(make_kind(step("both", groups=groups)), cast.inspector)
    approve(paper, cast.deputy, cast.deputy)
    assert seats(paper) == [f"user:{cast.director.pk}"], "the other of the first group is not needed any more"
    approve(paper, cast.director)
    assert now(paper).state == "approved"


def test_one_refusal_ends_it_whoever_else_was_asked(cast: Cast) -> None:
    """blackholll/loonflow#426: no paper stays open on which nobody can act."""
    paper = submit(make_kind(step("both", person(cast.head), person(cast.director), mode="all")), cast.inspector)
    with pytest.raises(PaperError):
        refuse(paper, cast.head, cast.head, opinion="  ")
    refuse(paper, cast.head, cast.head)
    assert now(paper).state == "refused"
    assert open_tasks(paper) == []


def test_returned_and_straight_back_only_the_returner_is_asked_again(cast: Cast) -> None:
    """R#867: of a group of two the first has approved, the second returns; unchanged and straight back, only the second is asked."""
    kind = make_kind(step("first", person(cast.workshop_head)), step("both", person(cast.head), person(cast.director), mode="all"))
    paper = submit(kind, cast.inspector)
    approve(paper, cast.workshop_head)
    approve(paper, cast.head, cast.head)
    send_back(paper, cast.director, cast.director, is_straight=True)
    assert now(paper).state == "returned"
    assert seats(paper) == [f"user:{cast.inspector.pk}"]
    resubmit(paper, cast.inspector)
    assert seats(paper) == [f"user:{cast.director.pk}"]
    approve(paper, cast.director)
    assert now(paper).state == "approved"
    assert Content.objects.filter(paper=paper).count() == 1, "nothing was changed, so nothing was written anew"


def test_what_others_decided_counts_no_more_where_the_amount_changed(cast: Cast) -> None:
    kind = make_kind(step("first", person(cast.workshop_head)), step("second", person(cast.director)))
    for changes, asked in (({"text": "补充：含运费。"}, cast.director), ({"amount": "900000.00"}, cast.workshop_head)):
        paper = submit(kind, cast.inspector)
        approve(paper, cast.workshop_head)
        send_back(paper, cast.director, is_straight=True)
        resubmit(paper, cast.inspector, **changes)
        assert seats(paper) == [f"user:{asked.pk}"], changes


def test_returned_and_through_all_again(cast: Cast) -> None:
    kind = make_kind(step("first", person(cast.workshop_head)), step("second", person(cast.director)))
    paper = submit(kind, cast.inspector)
    approve(paper, cast.workshop_head)
    send_back(paper, cast.director)
    resubmit(paper, cast.inspector)
    assert seats(paper) == [f"user:{cast.workshop_head.pk}"]
    assert now(paper).round == 2


@pytest.mark.parametrize("is_straight", [True, False])
def test_returned_to_a_step_that_it_has_passed(cast: Cast, is_straight: bool) -> None:
    kind = make_kind(step("a", person(cast.workshop_head)), step("b", person(cast.head)), step("c", person(cast.director)))
    paper = submit(kind, cast.inspector)
    with pytest.raises(PaperError, match="办过"):
        send_back(paper, cast.workshop_head, to="b")
    approve(paper, cast.workshop_head)
    approve(paper, cast.head)
    send_back(paper, cast.director, to="a", is_straight=is_straight)
    assert now(paper).state == "running"
    approve(paper, cast.workshop_head)
    assert seats(paper) == [f"user:{(cast.director if is_straight else cast.head).pk}"]


def test_after_five_rounds_it_is_decided_and_not_returned(cast: Cast) -> None:
    paper = submit(make_kind(step("a", person(cast.head))), cast.inspector)
    for _number in range(4):
        send_back(paper, cast.head)
        resubmit(paper, cast.inspector)
    with pytest.raises(PaperError, match="4"):
        send_back(paper, cast.head)
    approve(paper, cast.head)


def test_what_is_decided_is_what_was_read(cast: Cast) -> None:
    paper = submit(make_kind(step("a", person(cast.head))), cast.inspector)
    send_back(paper, cast.head)
    resubmit(paper, cast.inspector, amount="99000.00")
    with pytest.raises(ChangedMeanwhileError):
        approve_task(task_of(paper).pk, actor=cast.head, seen=1, key=uuid4())
    assert approve(paper, cast.head).content.values["amount"] == "99000.00"


def test_sent_twice_is_decided_once(cast: Cast) -> None:
    paper = submit(make_kind(step("a", person(cast.head)), step("b", person(cast.director))), cast.inspector)
    key, task = uuid4(), task_of(paper)
    votes = [approve_task(task.pk, actor=cast.head, seen=1, key=key) for _press in range(2)]
    assert votes[0] == votes[1]
    assert Vote.objects.filter(paper=paper).count() == 1
    with pytest.raises(DecidedMeanwhileError):
        approve_task(task.pk, actor=cast.head, seen=1, key=uuid4())


def test_whoever_has_approved_the_same_words_is_not_asked_twice(cast: Cast) -> None:
    paper = submit(make_kind(step("a", person(cast.head)), step("b", person(cast.director)), step("c", person(cast.head))), cast.inspector)
    approve(paper, cast.head)
    approve(paper, cast.director)
    assert now(paper).state == "approved"
    counted = Task.objects.get(paper=paper, state="counted")
    assert counted.counts is not None
    assert counted.counts.step.key == "a"
    strict = submit(make_kind(step("a", person(cast.head)), step("c", person(cast.head), counts_earlier=False), code="strict"), cast.inspector)
    approve(strict, cast.head)
    assert seats(strict) == [f"user:{cast.head.pk}"]


def test_a_paper_under_way_keeps_its_versions(cast: Cast) -> None:
    """loonflow#67: a change of the route touches no paper that was begun."""
    from portal.approvals.services.kinds import publish_kind
    from tests.approvals.writing import FIELDS

    kind = make_kind(step("a", person(cast.head)), step("b", person(cast.director)))
    paper = submit(kind, cast.inspector)
    publish_kind(kind, fields=FIELDS, steps=[step("z", person(cast.workshop_head))], actor=cast.admin)
    approve(paper, cast.head)
    assert seats(paper) == [f"user:{cast.director.pk}"]
    kind.refresh_from_db()
    assert seats(submit(kind, cast.inspector)) == [f"user:{cast.workshop_head.pk}"]


@pytest.mark.parametrize("numbered_at", ["submission", "approval"])
def test_the_number_is_given_in_the_transaction_of_the_act_and_leaves_no_gap(cast: Cast, numbered_at: str) -> None:
    kind = make_kind(step("a", person(cast.head)), numbered_at=numbered_at)
    papers = [submit(kind, cast.inspector) for _number in range(3)]
    refuse(papers[1], cast.head)
    for paper in (papers[2], papers[0]):
        approve(paper, cast.head)
    numbers = [now(paper).number[-3:] for paper in papers]
    assert numbers == (["〕1号", "〕2号", "〕3号"] if numbered_at == "submission" else ["〕2号", "", "〕1号"])


def test_a_draft_is_its_writers_and_takes_the_version_of_the_day(cast: Cast) -> None:
    kind = make_kind(step("a", person(cast.head)))
    paper = begin_paper(kind, actor=cast.inspector, values={"title": "半张"})
    assert (now(paper).title, now(paper).state, now(paper).number) == ("半张", "draft", "")
    with pytest.raises(NotYoursError):
        submit_paper(paper, actor=cast.head, values=SOME)
    with pytest.raises(PaperError, match="事由"):
        submit_paper(paper, actor=cast.inspector, values={"title": " ".strip()})
    submit_paper(paper, actor=cast.inspector, values=SOME)
    again = submit_paper(paper, actor=cast.inspector, values=SOME | {"title": "另一件"})
    assert (again.title, Content.objects.filter(paper=paper).count()) == (SOME["title"], 1)
