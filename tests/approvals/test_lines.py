"""Papers with lines: what is typed, pasted, filled in by a step, pulled from another paper; and what is refused, each at its cell."""

from datetime import timedelta
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from portal.approvals.errors import NotYoursError, PaperError
from portal.approvals.models import Content, LineFact, Paper, PaperKind
from portal.approvals.services.deciding import approve_task
from portal.foundation.once import FIELD, new_key
from tests.approvals.sheets import buy_kind, need_kind, posted
from tests.approvals.writing import approve, now, resubmit, send_back, submit, task_of
from tests.cast import Cast

LINE = {"item": "丝束 3.0Y", "output": "3,200", "per": "6.1", "price": "40.6"}
VALUES: dict[str, Any] = {"title": "十二月", "period": "2026-12", "rate": "1.5", "text": None, "amount": None}
LINES = [{"uid": "aaaaaaaaaa", "item": "丝束", "output": "3200.000", "per": "6.100"}, {"uid": "bbbbbbbbbb", "item": "纸箱", "output": "10.000", "per": "5.000"}]


@pytest.fixture
def kind(cast: Cast) -> PaperKind:
    return need_kind(cast)


def post(browser: Client, lines: list[dict[str, Any]], *, code: str = "need", **heads: Any) -> Any:
    said = {"title": "十二月", "period": "2026-12", "rate": "1.5", "act": "submit", FIELD: new_key()} | heads
    return browser.post(f"/approvals/new/{code}/", posted(lines, **{key: value for key, value in said.items() if value is not None}))


def test_lines_from_the_form_to_the_end(cast: Cast, client_for, kind: PaperKind) -> None:
    """The requester writes, a step fills in its column, the director sees both; sums and what is computed are the server's."""
    clerk, store = client_for(cast.inspector), client_for(cast.operator)
    answer = post(clerk, [LINE, {"item": "纸箱", "output": "１０", "per": "5"}, {"item": ""}], title="")
    paper = Paper.objects.get()
    assert answer.url == f"/approvals/papers/{paper.pk}/"
    content = now(paper).content
    assert content is not None
    assert (paper.title, paper.period, paper.amount) == ("2026 年 12 月单据need", "2026-12", 80_439_968)
    assert [line["need"] for line in content.values["lines"]] == ["19812.800", "50.750"]
    facts = LineFact.objects.filter(paper=paper).values_list("item", "quantity", "amount")
    assert [(item, str(quantity)) for item, quantity, _amount in facts] == [("丝束 3.0Y", "19812.800000"), ("纸箱", "50.750000")]
    page = client_for(cast.head).get(answer.url).content.decode()
    for words in ("19,812.800", "804,399.68", "丝束 3.0Y"):
        assert words in page
    approve(paper, cast.head)
    assert "填写" in store.get("/approvals/").content.decode()
    task = task_of(paper)
    address = f"/approvals/tasks/{task.pk}/filling/"
    assert "19,812.800" in store.get(address).content.decode()
    uids = [line["uid"] for line in content.values["lines"]]
    fill = {"seen": "1", "act": "submit"}

    def filled(*stocks: str, **more: str) -> Any:
        lines = [{"uid": uid, "stock": stock} for uid, stock in zip(uids, stocks, strict=True)]
        return store.post(address, posted(lines, **fill, **more, **{FIELD: new_key()}))

    assert store.post(f"/approvals/tasks/{task.pk}/decision/", {"decision": "approve", "seen": 1, FIELD: new_key()}).status_code == 422, "not unfilled"
    assert filled("100", "").status_code == 422, "one is missing"
    assert "1.234,5" in filled("1.234,5", "1").content.decode()
    assert filled("1", "2", **{"lines-0-output": "1"}).status_code == 403, "another's column"
    assert filled("1", "2", title="改了").status_code == 403
    assert Content.objects.count() == 1
    assert filled("19,000", "60").status_code == 302
    content = now(paper).content
    assert content is not None
    assert [(line["stock"], line["short"]) for line in content.values["lines"]] == [("19000.000", "812.800"), ("60.000", "0.000")]
    assert client_for(cast.inspector).get(address).status_code == 403
    approve(paper, cast.director, opinion="按计划执行。")
    assert now(paper).state == "approved"
    sheet = clerk.get(f"/approvals/papers/{paper.pk}/print/").content.decode()
    for words in ("捌拾万肆仟叁佰玖拾玖元陆角捌分", "19,000.000", "按计划执行。", "陈刚", "lying", content.sha256[:12]):
        assert words in sheet
    assert client_for(cast.salesperson).get(f"/approvals/papers/{paper.pk}/print/").status_code == 404


def test_what_a_step_filled_in_stays_when_the_paper_comes_back_changed(cast: Cast, kind: PaperKind) -> None:
    paper = submit(kind, cast.inspector, **VALUES, lines=LINES)
    approve(paper, cast.head)
    stock = {"lines": [{"uid": "aaaaaaaaaa", "stock": "1.000"}, {"uid": "bbbbbbbbbb", "stock": "2.000"}]}
    for wrong in ({"title": "改"}, {"lines": [{"uid": "aaaaaaaaaa", "output": "1.000"}]}):
        with pytest.raises(NotYoursError):
            approve_task(task_of(paper).pk, actor=cast.operator, seen=1, key=uuid4(), filled=wrong)
    with pytest.raises(PaperError):
        approve_task(task_of(paper).pk, actor=cast.operator, seen=1, key=uuid4())
    approve_task(task_of(paper).pk, actor=cast.operator, seen=1, key=uuid4(), filled=stock)
    send_back(paper, cast.director)
    content = now(paper).content
    assert content is not None
    with pytest.raises(NotYoursError, match="库存"):
        resubmit(paper, cast.inspector, lines=[content.values["lines"][0] | {"stock": "9.000"}])
    second = {key: value for key, value in content.values["lines"][1].items() if key != "stock"}
    resubmit(paper, cast.inspector, lines=[second, {"item": "封签", "output": "1.000", "per": "1.000"}])
    content = now(paper).content
    assert content is not None
    assert [(line["item"], line["stock"]) for line in content.values["lines"]] == [("纸箱", "2.000"), ("封签", None)]


@pytest.mark.parametrize(
    ("cell", "typed", "sentence"),
    [
        ("output", "1.234,5", "不是数字"), ("output", "-1", "不能小于零"), ("output", "9" * 16, "最大为"), ("output", "1.2345", "3 位小数"),
        ("price", "NaN", "不是数字"),
        ("day", "2030-02-30", "没有这一天"), ("day", "30/2", "没有这一天"), ("day", "明天", "不是日期"), ("day", "2020-01-01", "已经过去"),
        ("per", "", "请填写"),
        ("price", "100.01", "写明原因"),
    ],
)  # fmt: skip
def test_what_is_wrong_stands_at_its_cell_and_nothing_typed_is_lost(cast: Cast, client_for, kind: PaperKind, cell: str, typed: str, sentence: str) -> None:
    answer = post(client_for(cast.inspector), [LINE | {"item": "纸箱"}, LINE | {cell: typed}])
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert f'href="#lines-1-{cell}"' in page or (cell, typed) == ("price", "100.01")
    assert f'value="{typed}"' in page
    assert not Paper.objects.exists()


def test_a_paper_without_lines_and_one_with_a_line_twice_are_refused(cast: Cast, client_for, kind: PaperKind) -> None:
    clerk = client_for(cast.inspector)
    assert "至少写一行" in post(clerk, []).content.decode()
    page = post(clerk, [LINE, LINE | {"item": "丝束  ３.0Y"}]).content.decode()
    assert "第 1 行已经有" in page
    assert post(clerk, [LINE], stocked="5").status_code == 302, "what is computed is not read"
    assert post(clerk, [LINE | {"stock": "5"}], period="2027-01").status_code == 403


def test_sixty_lines_are_pasted_and_five_thousand_are_bounded(cast: Cast, client_for, kind: PaperKind) -> None:
    clerk = client_for(cast.inspector)
    rows = [f"物料{number}\t１,２00.5\t0.025\t{'十' if number == 7 else '2'}\t2030/2/{number % 31 + 1}" for number in range(60)]

    def paste(text: str, lines: list[dict[str, Any]] | None = None, **more: str) -> str:
        answer = clerk.post(
            "/approvals/new/need/", posted(lines or [], **{"lines-paste": text, "act": "paste:lines", "rate": "0"} | more), HTTP_HX_TARGET="table-lines"
        )
        assert answer.status_code == 200
        return answer.content.decode()

    page = paste("物料\t计划产量\t单耗\t单价\t需用日\r\n" + "\r\n".join(rows) + "\r\n")
    assert page.count('value="物料') == 60
    assert "“十”不是数字" in page
    assert page.count("没有这一天") == 4, "February has 28 days"
    assert "30.013" in page, "1200.5 × 0.025, rounded half up"
    assert "<form" not in page, "the table alone"
    page = paste("5\n6", [LINE, LINE, LINE], **{"lines-at": "lines-1-per"})
    assert [f'name="lines-{row}-per" value="{value}"' in page for row, value in ((0, "6.1"), (1, "5"), (2, "6"))] == [True] * 3
    page = paste("\n".join(["某物\t1\t1"] * 5_000))
    assert "5,000" in page
    assert "某物\t1\t1" in page, "what was pasted stays"
    assert 'value="某物"' not in page
    answer = clerk.post("/approvals/new/need/", posted([LINE], act="rows:lines", title="半张"))
    assert answer.content.decode().count("data-line") >= 6
    assert "半张" in answer.content.decode(), "without a script the whole page comes back"
    assert not Paper.objects.exists()


def test_sums_follow_what_is_typed(cast: Cast, client_for, kind: PaperKind) -> None:
    clerk = client_for(cast.inspector)
    found = clerk.post("/approvals/new/need/", posted([LINE, LINE | {"item": "纸箱", "output": "x"}], act="sums", rate="1.5", title="", period="")).json()
    assert found["words"]["lines-0-need"] == "19,812.800"
    assert found["words"]["lines-sum-amount"] == "804,399.68"
    assert found["words"]["value-total"] == "804,399.68"
    assert list(found["errors"]) == ["lines-1-output"]


def test_a_period_is_submitted_once_and_last_times_lines_are_at_hand(cast: Cast, client_for, kind: PaperKind) -> None:
    clerk = client_for(cast.inspector)
    assert post(clerk, [LINE]).status_code == 302
    first = Paper.objects.get()
    answer = post(clerk, [LINE])
    assert answer.status_code == 422
    assert now(first).number in answer.content.decode()
    assert post(client_for(cast.head), [LINE]).status_code == 422, "of one department, and its head sees it"
    page = clerk.post("/approvals/new/need/", {"act": "last:lines", "lines-rows": "0"}, HTTP_HX_TARGET="table-lines").content.decode()
    assert 'value="丝束 3.0Y"' in page
    assert "没有更早" in client_for(cast.operator).post("/approvals/new/need/", {"act": "last:lines"}, HTTP_HX_TARGET="table-lines").content.decode()
    clerk.post(f"/approvals/papers/{first.pk}/withdrawal/", {"reason": "", FIELD: new_key()})
    assert post(clerk, [LINE]).status_code == 302, "what was withdrawn is out of the way"
    assert post(client_for(cast.operator), [LINE]).status_code == 302, "another department"


def approved_need(cast: Cast, stock: str = "50.000") -> Paper:
    paper = submit(need_kind(cast), cast.inspector, **VALUES | {"rate": "0.0"}, lines=[LINES[1] | {"output": "250.000"}])
    approve(paper, cast.head)
    approve_task(task_of(paper).pk, actor=cast.operator, seen=1, key=uuid4(), filled={"lines": [{"uid": "bbbbbbbbbb", "stock": stock}]})
    approve(paper, cast.director)
    return now(paper)


def test_lines_are_pulled_and_never_more_than_is_left(cast: Cast, client_for) -> None:
    """Planned 1,200, pulled 800 already."""
    source, clerk = approved_need(cast), client_for(cast.operator)
    buy = buy_kind(cast)

    def pull() -> str:
        data = posted([], act="pull:lines", **{"lines-source": str(source.pk)})
        return clerk.post("/approvals/new/buy/", data, HTTP_HX_TARGET="table-lines").content.decode()

    page = pull()
    assert 'value="1200.000"' in page
    assert f'name="lines-0-origin" value="{source.pk}:bbbbbbbbbb"' in page
    line = {"uid": "cccccccccc", "origin": f"{source.pk}:bbbbbbbbbb", "item": "纸箱", "quantity": "800", "price": "7"}
    assert post(clerk, [line], code="buy", period=None, rate=None).status_code == 302
    page = pull()
    assert "计划 1,200，已带入 800" in page
    assert 'value="400.000"' in page
    answer = post(clerk, [line | {"quantity": "460.001"}], code="buy", period=None, rate=None)
    assert "最多 460" in answer.content.decode(), "with the 5 % that the definition allows"
    for wrong in (f"{source.pk}:zzzzzz", f"{source.pk + 1}:bbbbbbbbbb", "x"):
        assert post(clerk, [line | {"origin": wrong, "quantity": "1"}], code="buy", period=None, rate=None).status_code == (422 if wrong != "x" else 302)
    assert post(clerk, [line | {"quantity": "460"}], code="buy", period=None, rate=None).status_code == 302
    assert "没有可带入" in pull()
    assert "<option" not in client_for(cast.operator).get("/approvals/new/need/").content.decode().partition('id="table-lines"')[2].partition("<tbody")[0]
    assert buy.papers.count() == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_who_pull_the_same_at_one_moment_one_is_told(cast: Cast) -> None:
    source, kind = approved_need(cast), buy_kind(cast)
    told: list[str] = []

    def pull() -> None:
        line = {"item": "纸箱", "origin": f"{source.pk}:bbbbbbbbbb", "quantity": "800.000", "price": "7.0000"}
        try:
            submit(kind, cast.operator, lines=[line])
            told.append("done")
        except PaperError as error:
            told.append(str(error))
        finally:
            connection.close()

    threads = [Thread(target=pull) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 3
    assert told.count("done") == 1


def test_days_are_checked_when_it_is_submitted(cast: Cast, client_for, kind: PaperKind) -> None:
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert post(client_for(cast.inspector), [LINE | {"day": tomorrow}]).status_code == 302
