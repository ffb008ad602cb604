"""Taking back one's approval until the next has acted; voiding an approved paper by two people."""

from uuid import uuid4

import pytest

from portal.access.rules import AudienceRule, person_token
from portal.access.services import grant_capability
from portal.approvals.errors import DecidedMeanwhileError, NotYoursError, PaperError
from portal.approvals.models import Ceiling, Event, Paper, Vote
from portal.approvals.services.undoing import answer_void, ask_void, take_back_vote
from portal.notifications.models import Notification
from tests.approvals.writing import approve, make_kind, now, open_tasks, person, refuse, seats, step, submit
from tests.cast import Cast


def test_an_approval_is_taken_back_until_the_next_has_acted(cast: Cast, client_for) -> None:
    kind = make_kind(step("a", {"by": "requester_head"}), step("b", person(cast.director)), step("c", person(cast.admin)))
    paper = submit(kind, cast.inspector)
    approve(paper, cast.head)
    assert client_for(cast.director).get(f"/approvals/papers/{paper.pk}/taking-back/").status_code == 403
    head = client_for(cast.head)
    assert "taking-back" in head.get(f"/approvals/papers/{paper.pk}/").content.decode()
    assert head.post(f"/approvals/papers/{paper.pk}/taking-back/", {"reason": "金额看错了", "form_key": str(uuid4())}).status_code == 302
    assert seats(paper) == [f"head:{cast.quality.pk}"]
    assert Vote.objects.filter(paper=paper).count() == 1, "what was decided stays on the trail"
    assert "金额看错了" in head.get(f"/approvals/papers/{paper.pk}/").content.decode()
    approve(paper, cast.head)
    approve(paper, cast.director)
    with pytest.raises(DecidedMeanwhileError):
        take_back_vote(paper, actor=cast.head)
    take_back_vote(paper, actor=cast.director)
    assert seats(paper) == [f"user:{cast.director.pk}"]
    with pytest.raises(DecidedMeanwhileError):
        take_back_vote(paper, actor=cast.director)
    refuse(paper, cast.director)
    with pytest.raises(DecidedMeanwhileError):
        take_back_vote(paper, actor=cast.director)


def test_what_others_approved_in_the_step_stays(cast: Cast) -> None:
    kind = make_kind(step("a", person(cast.head), person(cast.director), person(cast.operator), mode="all"))
    paper = submit(kind, cast.inspector)
    approve(paper, cast.head, cast.head)
    approve(paper, cast.director, cast.director)
    take_back_vote(paper, actor=cast.director)
    assert seats(paper) == sorted([f"user:{cast.director.pk}", f"user:{cast.operator.pk}"])
    for one in (cast.operator, cast.director):
        approve(paper, one, one)
    assert now(paper).state == "approved"


def approved(cast: Cast) -> Paper:
    paper = submit(make_kind(step("a", {"by": "requester_head"})), cast.inspector)
    approve(paper, cast.head)
    return paper


def test_two_people_void_an_approved_paper(cast: Cast, client_for) -> None:
    paper = approved(cast)
    Ceiling.objects.create(item="丝束", month="2026-12", price="40", paper=paper)
    grant_capability("approvals.keep", rule=AudienceRule.of([person_token(cast.director.pk)]), actor=cast.admin)
    keeper = client_for(cast.director)
    assert keeper.get(f"/approvals/papers/{paper.pk}/").status_code == 404, "who keeps papers sees none that nobody asks them about"
    assert client_for(cast.head).post(f"/approvals/papers/{paper.pk}/voiding/", {"reason": "重复"}).status_code == 403
    with pytest.raises(PaperError):
        ask_void(paper, actor=cast.inspector, reason=" ")
    answer = client_for(cast.inspector).post(f"/approvals/papers/{paper.pk}/voiding/", {"reason": "重复报了", "form_key": str(uuid4())})
    assert answer.status_code == 302
    with pytest.raises(PaperError):
        ask_void(paper, actor=cast.inspector, reason="再来")
    with pytest.raises(NotYoursError):
        answer_void(paper, actor=cast.inspector, is_agreed=True)
    assert "重复报了" in keeper.get(f"/approvals/papers/{paper.pk}/").content.decode()
    assert keeper.post(f"/approvals/papers/{paper.pk}/voiding/answer/", {"answer": "agree"}).status_code == 302
    stored = now(paper)
    assert (stored.state, stored.number != "", Ceiling.objects.count()) == ("void", True, 0)
    assert [event.verb for event in Event.objects.filter(paper=paper)][-3:] == ["void_asked", "voided", "finished"]
    with pytest.raises(DecidedMeanwhileError):
        answer_void(paper, actor=cast.admin, is_agreed=True)
    assert not open_tasks(paper)


def test_a_paper_that_is_not_to_be_voided_stays(cast: Cast) -> None:
    paper = approved(cast)
    running = submit(make_kind(step("a", {"by": "requester_head"}), code="other-kind"), cast.inspector)
    with pytest.raises(DecidedMeanwhileError):
        ask_void(running, actor=cast.inspector, reason="不要了")
    ask_void(paper, actor=cast.inspector, reason="重复")
    answer_void(paper, actor=cast.admin, is_agreed=False)
    assert now(paper).state == "approved"
    ask_void(paper, actor=cast.inspector, reason="真的重复")
    assert not Notification.objects.filter(recipient=cast.head).exclude(kind__startswith="approvals.").exists()
