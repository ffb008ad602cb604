"""Who sees a paper: those who take part, everywhere alike; by search, by page, by file, and nobody else."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.access.policies import can, decide, viewers_of, visible_to
from portal.access.rules import AudienceRule, person_token
from portal.access.services import grant_capability
from portal.accounts.models import User
from portal.approvals.models import Paper
from portal.approvals.paper_form import files_kept
from portal.approvals.services.asking import transfer_task
from portal.approvals.services.others import copy_paper
from portal.approvals.services.submitting import begin_paper
from portal.attachments.models import Attachment
from portal.attachments.services import receive_file
from portal.live.topics import may_listen
from portal.search.checking import check_feed
from tests.approvals.writing import approve, make_kind, now, person, step, submit, task_of
from tests.attachments.samples import pdf
from tests.cast import Cast
from tests.search.indexing import settle, start_afresh, titles


@pytest.fixture
def paper(cast: Cast):
    """王伟's paper with a file: 李敏 approved it, 陈刚 handed it to 刘洋, 张强 has a copy."""
    file = receive_file(actor=cast.inspector, name="测振曲线.pdf", content=SimpleUploadedFile("a.pdf", pdf("Vibration")))
    paper = submit(make_kind(step("a", {"by": "requester_head"}), step("b", person(cast.director))), cast.inspector, files=files_kept([file.pk]))
    approve(paper, cast.head)
    transfer_task(task_of(paper).pk, to=cast.workshop_head, actor=cast.director)
    copy_paper(paper, to=[cast.operator], actor=cast.head)
    return paper


def readers(cast: Cast) -> list[User]:
    return [cast.inspector, cast.head, cast.deputy, cast.director, cast.workshop_head, cast.operator]


def test_policy_lists_recipients_topic_and_file_say_the_same(cast: Cast, client_for, paper: Paper) -> None:
    """(S1)"""
    file = Attachment.objects.get(name="测振曲线.pdf")
    expected = {one.pk for one in readers(cast)}
    everyone = [one for one in cast.everyone if one.is_active]
    stored = now(paper)
    assert {one.pk for one in everyone if can(one, "view", stored)} == expected
    assert {one.pk for one in everyone if visible_to(Paper, one).filter(pk=paper.pk).exists()} == expected
    assert set(viewers_of(stored).values_list("pk", flat=True)) == expected
    assert {one.pk for one in everyone if may_listen(one, f"paper:{paper.pk}")} == expected
    assert {one.pk for one in everyone if client_for(one).get(f"/files/{file.pk}/").status_code == 200} == expected
    assert decide(cast.operator, "view", stored).rule == Paper.reader_reasons["copied"]


def test_it_is_found_by_those_who_take_part_alone(cast: Cast, paper: Paper) -> None:
    """(S2)"""
    start_afresh()
    check_feed()
    settle()
    for one in (*readers(cast), cast.salesperson, cast.admin):
        assert titles(one, "离心机轴承") == (["更换离心机轴承"] if one in readers(cast) else []), one.name
    start_afresh()


def test_a_draft_is_found_by_nobody_else(cast: Cast, client_for) -> None:
    draft = begin_paper(make_kind(step("a", person(cast.head))), actor=cast.inspector, values={"title": "半张"})
    assert [one.name for one in cast.everyone if one.is_active and can(one, "view", draft)] == ["王伟"]


def test_who_may_ask_why_is_told_the_rule_and_not_the_words(cast: Cast, client_for, paper: Paper) -> None:
    grant_capability("access.explain", rule=AudienceRule.of([person_token(cast.salesperson.pk)]), actor=cast.admin)
    asker = client_for(User.objects.get(pk=cast.salesperson.pk))
    for number, words in ((cast.head.employee_number, "李敏"), (cast.salesperson.employee_number, "参与")):
        page = asker.get(f"/access/why/approvals.paper/{paper.pk}/?person={number}&action=view").content.decode()
        assert words in page
        assert "三号离心机轴承异响" not in page
