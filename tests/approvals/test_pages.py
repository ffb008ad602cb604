"""The pages: writing, deciding, being told that somebody was quicker, and what is typed wrongly."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from portal.access.models import Audience
from portal.access.policies import can
from portal.access.rules import AudienceRule, person_token
from portal.approvals.models import Content, Draft, Paper, PaperKind, Vote
from portal.approvals.moments import told_at
from portal.approvals.services.submitting import begin_paper
from portal.foundation.once import FIELD, new_key
from portal.notifications.models import Notification
from portal.outbox.services import drain
from tests.approvals.writing import SOME, approve, make_kind, now, open_tasks, person, resubmit, seats, send_back, shipped, step, submit, task_of
from tests.attachments.samples import pdf
from tests.cast import Cast


@pytest.fixture
def kind(cast: Cast) -> PaperKind:
    return make_kind(step("a", {"by": "requester_head"}), step("b", person(cast.director)))


def write(browser: Client, about: PaperKind, **values: object):
    return browser.post(f"/approvals/new/{about.code}/", {"title": "更换轴承", "text": "异响", "act": "submit", FIELD: new_key()} | values)


def test_a_paper_from_the_form_to_its_end(cast: Cast, client_for, kind: PaperKind) -> None:
    clerk, head = client_for(cast.inspector), client_for(cast.head)
    file = SimpleUploadedFile("报价.pdf", pdf("Quotation"), "application/pdf")
    answer = write(clerk, kind, amount="１，２００.5", **{"files-files": file})
    paper = Paper.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/approvals/papers/{paper.pk}/")
    content = now(paper).content
    assert content is not None
    assert content.values["amount"] == "1200.50"
    assert [one["name"] for one in content.values["files"]] == ["报价.pdf"]
    page = head.get("/approvals/").content.decode()
    assert "更换轴承" in page
    assert "1,200.50" in page
    page = head.get(f"/approvals/papers/{paper.pk}/").content.decode()
    assert "壹仟贰佰元伍角整" in page
    assert "报价.pdf" in page
    task = task_of(paper)
    answer = head.post(f"/approvals/tasks/{task.pk}/decision/", {"decision": "approve", "seen": 1, "opinion": "同意。", FIELD: new_key()})
    assert (answer.status_code, answer.url) == (302, "/approvals/")
    client_for(cast.director).post(f"/approvals/tasks/{task_of(paper).pk}/decision/", {"decision": "approve", "seen": 1, FIELD: new_key()})
    assert now(paper).state == "approved"
    assert "已批准" in clerk.get("/approvals/begun/").content.decode()


def test_sent_twice_it_is_one_paper_and_one_vote(cast: Cast, client_for, kind: PaperKind) -> None:
    clerk, key = client_for(cast.inspector), new_key()
    answers = [write(clerk, kind, **{FIELD: key}) for _press in range(2)]
    assert answers[0].url == answers[1].url
    paper = Paper.objects.get()
    task, vote = task_of(paper), {"decision": "approve", "seen": 1, FIELD: new_key()}
    head = client_for(cast.head)
    assert [head.post(f"/approvals/tasks/{task.pk}/decision/", vote).status_code for _press in range(2)] == [302, 302]
    assert Vote.objects.filter(paper=paper).count() == 1


def test_who_comes_second_is_told_and_keeps_what_was_typed(cast: Cast, client_for, kind: PaperKind) -> None:
    paper = submit(kind, cast.inspector)
    task = task_of(paper)
    approve(paper, cast.deputy)
    answer = client_for(cast.head).post(f"/approvals/tasks/{task.pk}/decision/", {"decision": "refuse", "seen": 1, "opinion": "再等等", FIELD: new_key()})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "赵静 代 李敏" in page
    assert now(paper).state == "running"


def test_what_changed_meanwhile_is_shown_first(cast: Cast, client_for, kind: PaperKind) -> None:
    paper = submit(kind, cast.inspector)
    send_back(paper, cast.head)
    resubmit(paper, cast.inspector, amount="99000.00")
    head = client_for(cast.head)
    answer = head.post(f"/approvals/tasks/{task_of(paper).pk}/decision/", {"decision": "approve", "seen": 1, "opinion": "可以办", FIELD: new_key()})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "1,200.00 → 99,000.00" in page
    assert "可以办" in page
    assert "99,000.00" in head.get(f"/approvals/papers/{paper.pk}/changes/2/").content.decode()


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [("1.234,5", "不是数字"), ("abc", "不是数字"), ("NaN", "不是数字"), ("-5", "不能小于零"), ("1.234", "2 位小数"), ("1e9", "不是数字"), ("9" * 17, "最大为")],
)
def test_an_amount_that_is_none_has_its_sentence_and_nothing_is_lost(cast: Cast, client_for, kind: PaperKind, amount: str, sentence: str) -> None:
    answer = write(client_for(cast.inspector), kind, amount=amount)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert "异响" in page
    assert not Paper.objects.exists()


def test_a_form_reads_only_what_it_asks_for(cast: Cast, client_for, kind: PaperKind) -> None:
    """(S11)"""
    write(client_for(cast.inspector), kind, state="approved", originator=cast.head.pk, number="伪造", kind="other")
    paper = Paper.objects.get()
    assert (paper.state, paper.originator, paper.kind) == ("running", cast.inspector, kind)
    assert now(paper).number != "伪造"
    assert write(client_for(cast.inspector), kind, partner="999999").status_code == 422


def test_a_kind_is_begun_by_its_audience_alone(cast: Cast, client_for, kind: PaperKind) -> None:
    kind.audience = Audience.objects.for_rule(AudienceRule.of([person_token(cast.head.pk)]))
    kind.save()
    assert client_for(cast.inspector).get(f"/approvals/new/{kind.code}/").status_code == 404
    assert write(client_for(cast.inspector), kind).status_code == 404
    assert write(client_for(cast.head), kind).status_code == 302


def test_a_draft_is_kept_whole_or_not_and_seen_by_nobody_else(cast: Cast, client_for, kind: PaperKind) -> None:
    clerk = client_for(cast.inspector)
    answer = write(clerk, kind, title="半张", text="", act="draft")
    paper = Paper.objects.get()
    assert answer.url == f"/approvals/papers/{paper.pk}/draft/"
    assert "半张" in clerk.get(answer.url).content.decode()
    assert "半张" in clerk.get("/approvals/begun/").content.decode()
    for other in (cast.head, cast.admin):
        assert client_for(other).get(answer.url).status_code == 404
    clerk.post(answer.url, {"title": "整张", "text": "写完了", "act": "submit"})
    assert (now(paper).state, now(paper).title) == ("running", "整张")
    assert not Draft.objects.exists()
    assert clerk.get(answer.url).status_code == 302
    assert clerk.post(f"/approvals/papers/{paper.pk}/deletion/").status_code == 403


def test_who_will_decide_is_told_beforehand_and_so_it_is(cast: Cast, client_for) -> None:
    """R820: the preview names who really gets it, branch and fallback included."""
    clerk = client_for(cast.inspector)
    shipped()
    told = clerk.post("/approvals/new/other/way/", {"title": "采购", "amount": "60,000", "partner": cast.sales.pk}).content.decode()
    order = [told.index(words) for words in ("李敏", "会签", "陈刚")]
    assert order == sorted(order)
    assert "今天没有销售科负责人" in told
    paper = submit(shipped(), cast.inspector, amount="60000.00", partner=cast.sales.pk)
    approve(paper, cast.head)
    assert seats(paper) == [f"head:{cast.plant.pk}"]


def test_returned_it_is_changed_and_submitted_again(cast: Cast, client_for, kind: PaperKind) -> None:
    paper = submit(kind, cast.inspector)
    head, clerk = client_for(cast.head), client_for(cast.inspector)
    address = f"/approvals/tasks/{task_of(paper).pk}/return/"
    assert head.post(address, {"to": "revise", "then": "straight", "opinion": "", "seen": 1, FIELD: new_key()}).status_code == 422
    assert head.post(address, {"to": "revise", "then": "straight", "opinion": "补报价", "seen": 1, FIELD: new_key()}).status_code == 302
    page = clerk.get("/approvals/").content.decode()
    assert SOME["title"] in page
    form = {"title": SOME["title"], "text": "补了报价", "amount": "1,200.00", "seen": 1, "act": "submit", "answer": "已补", FIELD: new_key()}
    assert clerk.post(f"/approvals/papers/{paper.pk}/draft/", form | {"act": "draft"}).status_code == 302
    assert now(paper).state == "returned", "a draft changes nothing that others see"
    assert clerk.post(f"/approvals/papers/{paper.pk}/draft/", form).status_code == 302
    assert (now(paper).state, Content.objects.filter(paper=paper).count()) == ("running", 2)
    assert head.get(f"/approvals/papers/{paper.pk}/").status_code == 200


def test_bells_follow_and_are_taken_back(cast: Cast, client_for, kind: PaperKind) -> None:
    paper = submit(kind, cast.inspector)
    drain()
    told = set(Notification.objects.filter(kind="approvals.waits").values_list("recipient__name", flat=True))
    assert told == {"李敏", "赵静"}
    approve(paper, cast.head)
    drain()
    assert set(Notification.objects.filter(kind="approvals.waits").values_list("recipient__name", flat=True)) == {"陈刚"}
    approve(paper, cast.director)
    drain()
    assert set(Notification.objects.filter(kind="approvals.approved").values_list("recipient__name", flat=True)) == {"王伟"}
    assert not Notification.objects.filter(kind="approvals.waits").exists()


def test_bells_say_the_title_that_it_has_now(cast: Cast, kind: PaperKind) -> None:
    paper = submit(kind, cast.inspector)
    send_back(paper, cast.head)
    drain()
    resubmit(paper, cast.inspector, title="更换离心机轴承两套")
    drain()
    shown = Notification.objects.filter(kind__in=["approvals.returned", "approvals.waits"]).values_list("words__title", flat=True)
    assert set(shown) == {"更换离心机轴承两套"}
    assert len(shown) == 3


def test_home_and_rail_say_what_waits(cast: Cast, client_for, kind: PaperKind) -> None:
    head = client_for(cast.head)
    assert "待我处理的单据" not in head.get("/").content.decode()
    submit(kind, cast.inspector)
    page = head.get("/").content.decode()
    assert "待我处理的单据" in page
    assert SOME["title"] in page
    assert SOME["title"] not in client_for(cast.inspector).get("/").content.decode()


def test_overdue_those_who_have_it_are_told_and_later_the_head_above(cast: Cast, client_for) -> None:
    with told_at(timezone.now() - timedelta(days=30)):
        paper = submit(make_kind(step("a", {"by": "requester_head"}, due={"days": 2})), cast.inspector)
    assert "超期" in client_for(cast.head).get("/approvals/?when=late").content.decode()
    drain()  # both are due by now: the second a working day after the first
    told = Notification.objects.filter(kind="approvals.overdue").values_list("recipient__name", flat=True)
    assert set(told) == {"李敏", "赵静", "王伟", "陈刚"}
    assert can(cast.director, "view", now(paper))


def test_the_column_comes_anew_and_says_that_something_happened(cast: Cast, client_for, kind: PaperKind) -> None:
    paper = submit(kind, cast.inspector)
    clerk = client_for(cast.inspector)
    seen = now(paper).last_event
    assert "gone-on" not in clerk.get(f"/approvals/papers/{paper.pk}/way/?seen={seen}").content.decode()
    approve(paper, cast.head)
    assert "gone-on" in clerk.get(f"/approvals/papers/{paper.pk}/way/?seen={seen}").content.decode()
    assert client_for(cast.operator).get(f"/approvals/papers/{paper.pk}/way/").status_code == 404


def test_the_requester_chooses_who_decides(cast: Cast, client_for) -> None:
    kind = make_kind(step("a", {"by": "requester_choice", "least": 1, "most": 2}, mode="all"))
    clerk = client_for(cast.inspector)
    assert write(clerk, kind).status_code == 422
    assert write(clerk, kind, choose_a_0="10003").status_code == 422, "not oneself"
    assert write(clerk, kind, choose_a_0="10002", choose_a_1="10001").status_code == 302
    assert seats(Paper.objects.get()) == sorted([f"user:{cast.head.pk}", f"user:{cast.director.pk}"])


def test_lists_are_ones_own(cast: Cast, client_for, kind: PaperKind) -> None:
    paper = submit(kind, cast.inspector)
    begin_paper(kind, actor=cast.operator, values={"title": "别人的草稿"})
    approve(paper, cast.head)
    inspector, head, deputy = cast.inspector, cast.head, cast.deputy
    listed = (("begun", inspector, True), ("begun", head, False), ("decided", head, True), ("decided", deputy, False), ("copies", head, False))
    for address, person_, is_there in listed:
        page = client_for(person_).get(f"/approvals/{address}/").content.decode()
        assert (SOME["title"] in page) == is_there, (address, person_.name)
        assert "别人的草稿" not in page
    assert open_tasks(paper)[0].seat == f"user:{cast.director.pk}"
