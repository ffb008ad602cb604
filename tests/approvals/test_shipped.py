"""Each of the plant's papers from its beginning to its end, by those whom its route names (R67-R80)."""

from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from portal.accounts.models import User
from portal.approvals.demo.samples import Sample, filled_in, reply_sample, samples
from portal.approvals.errors import PaperError
from portal.approvals.models import Ceiling, Draft, Paper, Task
from portal.approvals.placing import Placing
from portal.approvals.seats import Seating
from portal.approvals.services.deciding import approve_task, written_in
from portal.approvals.services.following import begin_follow_up
from portal.approvals.services.opening import case_of
from portal.approvals.services.submitting import submit_paper
from portal.notifications.models import Notification
from portal.organization.models import Department
from portal.outbox.services import drain
from tests.approvals.writing import now, shipped, submit
from tests.cast import Cast

MONTH = "2026-12"


def some(cast: Cast) -> list[Sample]:
    codes = ("MAK", "FIL", "PRD", "PUR")
    return samples(MONTH, timezone.localdate(), ids=dict.fromkeys(codes, cast.sales.pk) | {"buyer": cast.operator.pk})


def begin(cast: Cast, sample: Sample, **changes: Any) -> Paper:
    kind = shipped(sample.code)
    return submit(kind, cast.inspector, **{"text": None, "amount": None} | sample.values | {"lines": sample.lines} | changes)


def carry(paper: Paper, sample: Sample) -> list[str]:
    """Whoever is asked approves, and fills in what the step writes; returns the steps."""
    keys = []
    for _act in range(30):
        paper = now(paper)
        task = Task.objects.filter(paper=paper, state="open").select_related("step").order_by("pk").first()
        if task is None or paper.content is None:
            return keys
        seating = Seating()
        way = next(way for way in seating.ways(task.seat) if Placing(case_of(paper), seating).may_act(way.person_id, task.seat))
        filled = filled_in(sample, paper.content.values, written_in(paper, task.step))
        approve_task(task.pk, actor=User.objects.get(pk=way.person_id), seen=paper.content.number, key=uuid4(), opinion="同意。", filled=filled)
        keys.append(task.step.key)
    raise AssertionError(keys)


def test_each_paper_goes_from_its_beginning_to_its_end(cast: Cast) -> None:
    """And what it computes is exact."""
    done: dict[str, Paper] = {}
    for sample in some(cast):
        paper = begin(cast, sample)
        carry(paper, sample)
        done[sample.code] = now(paper)
        assert now(paper).state == "approved", sample.code
    reply = reply_sample(done["assessment"].pk)
    carry(begin(cast, reply), reply)
    with pytest.raises(PaperError, match="已有"):
        begin(cast, reply)
    said = {code: paper.content.values for code, paper in done.items() if paper.content is not None}
    assert said["sales-plan"]["total"] == "134620000.00"
    assert said["sales-plan"]["lines"][1]["change"] == "30.0"
    assert [line["net"] for line in said["material-needs"]["lines"]] == ["1621.600", "19312.800", "15597.900", "15532.000"]
    assert [line["ceiling"] for line in said["purchase-plan"]["lines"]] == ["39.8000", "39.8000"], "as the list of the month says"
    assert (said["purchase-plan"]["total"], said["purchase-plan"]["above"]) == ("548850.00", "9600.00")
    assert said["price-review"]["cut"] == "3600.00"
    assert (said["inspection"]["failed"], said["inspection"]["failed_a"]) == ("1", "0")
    assert said["price-control"]["over"] == "6600.00"
    assert said["finance-basis"]["saving"] == "2400.00"
    assert said["audit-basis"]["score"] == "93.00"
    assert set(Ceiling.objects.values_list("item", "month")) == {("丝束 3.0y/32000", MONTH), ("瓦楞纸箱", MONTH)}


def test_the_decision_on_an_assessment_begins_its_reply_once(cast: Cast, client_for) -> None:
    """R78: a draft with whoever began the result, who is told; the Director signs it."""
    kind = shipped("assessment-reply")
    sample = next(one for one in some(cast) if one.code == "assessment")
    paper = begin(cast, sample)
    drain()
    assert not Paper.objects.filter(kind=kind).exists()
    carry(paper, sample)
    drain()
    begin_follow_up(paper.pk)
    reply = Paper.objects.get(kind=kind)
    assert (reply.state, reply.originator) == ("draft", cast.inspector)
    draft = Draft.objects.get(paper=reply)
    assert (draft.values["result"], draft.values["amount"]) == (paper.pk, now(paper).content.values["total"])  # type: ignore[union-attr]
    bell = Notification.objects.get(recipient=cast.inspector, kind="approvals.follows")
    assert client_for(cast.inspector).get(bell.url, follow=True).status_code == 200
    assert client_for(cast.operator).get(bell.url, follow=True).status_code == 404
    submit_paper(reply, actor=cast.inspector, values=draft.values | {"conclusion": "同意按报批表兑现。"})
    begin_follow_up(paper.pk)
    assert Paper.objects.filter(kind=kind).count() == 1
    with pytest.raises(PaperError, match="已有"):
        begin(cast, reply_sample(paper.pk))


WRONG: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("sales-plan", {}, {"grade": "1"}, "价类"),
    ("sales-plan", {}, {"plan": "9000.00"}, "20%"),
    ("material-needs", {}, {"day": "2020-01-01"}, "来不及"),
    ("purchase-plan", {}, {"method": None}, "请填写"),
    ("plan-report", {}, {"actual": "100.00"}, "95%"),
    ("price-review", {}, {"quote_3": None}, "三家"),
    ("price-review", {}, {"declared": "41.0000"}, "最低报价"),
    ("ceilings", {}, {"proposed": "45.0000"}, "涨幅"),
    ("inspection", {"conclusion": "good"}, {"measured": "9.000"}, "不能判合格"),
    ("inspection", {"reason": None}, {}, "理由"),
    ("finance-basis", {"ledger": "1.00"}, {}, "不符"),
    ("audit-basis", {}, {"weight": "50.0"}, "不是 100"),
    ("audit-basis", {}, {"mark": "100.1"}, "不超过 100"),
    ("assessment", {}, {"award": "-2000.01"}, "2,000"),
]


@pytest.mark.parametrize(("code", "heads", "cells", "sentence"), WRONG)
def test_what_a_paper_checks_has_its_sentence(cast: Cast, code: str, heads: dict[str, Any], cells: dict[str, Any], sentence: str) -> None:
    sample = next(one for one in some(cast) if one.code == code)
    lines = [sample.lines[0] | cells, *sample.lines[1:]]
    with pytest.raises(PaperError, match=sentence):
        begin(cast, sample, lines=lines, **heads)


def test_what_is_reserved_is_for_those_who_decide(cast: Cast, client_for) -> None:
    """People's pay, and quotations: not for whoever was sent a copy, on the page, in its changes and in print."""
    sample = next(one for one in some(cast) if one.code == "price-review")
    paper = begin(cast, sample)
    from_head = client_for(cast.head)
    assert "江海纤维" in from_head.get(f"/approvals/papers/{paper.pk}/").content.decode()
    from_head.post(f"/approvals/papers/{paper.pk}/copies/", {"person_0": cast.operator.employee_number, "form_key": str(uuid4())})
    page = client_for(cast.operator).get(f"/approvals/papers/{paper.pk}/").content.decode()
    assert "丝束 3.0Y/32000" in page
    assert "江海纤维" not in page
    assert "江海纤维" not in client_for(cast.operator).get(f"/approvals/papers/{paper.pk}/print/").content.decode()


def test_kinds_are_begun_by_the_departments_whose_they_are(cast: Cast, client_for) -> None:
    Department.objects.filter(pk=cast.sales.pk).update(code="SAL")
    shipped("sales-plan")
    assert client_for(cast.salesperson).get("/approvals/new/sales-plan/").status_code == 200
    assert client_for(cast.operator).get("/approvals/new/sales-plan/").status_code == 404
