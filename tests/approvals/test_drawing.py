"""Drawing a kind by its pages: a form with lines, a route with a condition; what is wrong told at its place; nobody changes what they did not see."""

from typing import Any

import pytest
from django.http import QueryDict

from portal.approvals.definitions.labels import said
from portal.approvals.definitions.paths import nodes_of
from portal.approvals.drawing.case_form import Conditions
from portal.approvals.drawing.changes import changes_of
from portal.approvals.drawing.field_form import FieldForm, TableForm, initial_of_field, into_table
from portal.approvals.drawing.naming import Naming
from portal.approvals.drawing.step_form import Approvers, Offered, StepForm, initial_of_step
from portal.approvals.errors import DrawnMeanwhileError, PaperError
from portal.approvals.models import Drawing, Paper, PaperKind
from portal.approvals.services.drawing import begin_kind, change_drawing, drawing_of, publish_drawing, read_drawn, undo_change
from portal.approvals.services.kinds import ship_kinds
from portal.approvals.shipped import shipped_kinds
from portal.approvals.views.drawing_route import _places_with_heads
from portal.organization.models import Department, Position
from tests.approvals.writing import approve, make_kind, now, person, seats, step, submit
from tests.cast import Cast

KIND = {"name": "加班申请", "number_prefix": "加班", "rule_include": "all", "rule_level": "0"}
HEAD_STEP = {"label": "科长审批", "type": "approve", "due": "2", "due_in": "days", "who-count": "1", "who-0-by": "requester_head", "who-0-levels": "0"}


class Drawer:
    """An administrator's hands: posts to the pages of one kind with the number that they show."""

    def __init__(self, client: Any, code: str) -> None:
        self.client, self.code = client, code

    def __call__(self, page: str, query: str = "", **data: Any) -> Any:
        kind = PaperKind.objects.get(code=self.code)
        seen = data.pop("seen", None)
        number = Drawing.objects.filter(kind=kind).values_list("number", flat=True).first() or 0
        return self.client.post(f"/approvals/kinds/{self.code}/{page}/{query}", {"seen": number if seen is None else seen} | data)

    def get(self, page: str = "", query: str = "") -> str:
        return str(self.client.get(f"/approvals/kinds/{self.code}/{page}{query}").content.decode())

    @property
    def drawing(self) -> Drawing:
        return drawing_of(PaperKind.objects.select_related("form", "route").get(code=self.code), actor=None)


@pytest.fixture
def drawer(cast: Cast, client_for) -> Drawer:
    admin = client_for(cast.admin)
    made = admin.post("/approvals/kinds/new/", KIND)
    return Drawer(admin, made.url.rstrip("/").rpartition("/")[2])


def test_a_form_and_a_route_are_drawn_published_and_used(cast: Cast, drawer: Drawer, client_for) -> None:
    assert drawer("table", label="明细", required="on", most="50").status_code == 302
    for kind, label, more in (("item", "事项", {}), ("number", "小时", {"places": "1"}), ("money", "单价", {})):
        assert drawer("field", f"?new={kind}&table=lines", label=label, required="on", **more).status_code == 302
    assert drawer("field", "?new=formula&table=lines", label="金额", formula="小时 × 单价", is_money="on", fact="amount", sum="on").status_code == 302
    assert drawer("field", "?new=formula", label="合计", formula="SUM(明细.金额)", is_money="on", role="amount").status_code == 302
    columns = drawer.drawing.tables[0]["columns"]
    assert columns[3]["formula"] == f"{columns[1]['key']} * {columns[2]['key']}"
    assert "小时 × 单价" in drawer.get("field/", f"?at=lines.{columns[3]['key']}")
    total = drawer.drawing.fields[1]["key"]
    assert drawer("case", "?before=1", **{"if-count": "1", "if-0-field": total, "if-0-op": "ge", "if-0-value": "5,000"}).status_code == 302
    by_person = {"who-count": "1", "who-0-by": "person", "who-0-person": cast.director.employee_number}
    assert drawer("step", "?before=1.0.0&type=approve", label="厂长审批", type="approve", due="3", due_in="days", **by_person).status_code == 302
    assert "合计 为 5,000 元" in (page := drawer.get("route/")) or "5,000" in page
    assert client_for(cast.inspector).get(f"/approvals/new/{drawer.code}/").status_code == 404
    assert drawer("acts", act="publish").status_code == 302
    kind = PaperKind.objects.select_related("form", "route").get(code=drawer.code)
    assert not Drawing.objects.exists()

    def paper(hours: str) -> Paper:
        line = {columns[0]["key"]: "除尘管道清理", columns[1]["key"]: hours, columns[2]["key"]: "100.00"}
        return submit(kind, cast.inspector, text=None, amount=None, title="十一月加班", lines=[line])

    small, large = paper("8.0"), paper("80.0")
    for one in (small, large):
        approve(one, cast.head)
    assert (now(small).state, now(small).amount) == ("approved", 80000)
    assert (now(large).state, seats(large)) == ("running", [f"user:{cast.director.pk}"])


def test_papers_under_way_go_on_by_the_version_on_which_they_began(cast: Cast, client_for) -> None:
    kind = make_kind(step("a", {"by": "requester_head"}), code="old")
    paper = submit(kind, cast.inspector)
    drawer = Drawer(client_for(cast.admin), "old")
    by_director = {"who-count": "1", "who-0-by": "person", "who-0-person": cast.director.employee_number}
    assert drawer("step", "?before=1&type=approve", label="厂长审批", type="approve", due_in="days", **by_director).status_code == 302
    page = drawer.get("publication/")
    assert "新增：环节「厂长审批」" in page
    assert "1 张" in page
    assert drawer("acts", act="publish").status_code == 302
    approve(paper, cast.head)
    assert now(paper).state == "approved"
    newer = submit(PaperKind.objects.get(pk=kind.pk), cast.inspector)
    approve(newer, cast.head)
    assert seats(newer) == [f"user:{cast.director.pk}"]


WRONG: list[tuple[str, str, dict[str, Any], str]] = [
    ("field", "?new=formula", {"label": "合计", "formula": "数量 ×"}, "不是公式"),
    ("field", "?new=choice", {"label": "方式", "choices": "招标\n招标"}, "每个选项"),
    ("field", "?new=text", {"label": "", "required": "on"}, "必填"),
    ("field", "?new=number", {"label": "数", "places": "2", "test": "数 > 1"}, "成对"),
    ("step", "?before=1&type=fill", {"label": "填", "type": "fill", "who-count": "1", "who-0-by": "requester_head"}, "没有留给"),
    ("step", "?before=1&type=approve", {"label": "批", "type": "approve", "who-count": "1", "who-0-by": "person", "who-0-person": "没有此人"}, "没有此人"),
    ("case", "?before=0", {"if-count": "1", "if-0-field": "title", "if-0-op": "eq", "if-0-value": ""}, "填"),
    ("case", "?before=0", {"if-count": "0"}, "条件"),
]


@pytest.mark.parametrize(("page", "query", "data", "sentence"), WRONG)
def test_what_cannot_be_drawn_is_said_and_what_was_typed_stays(drawer: Drawer, page: str, query: str, data: dict[str, Any], sentence: str) -> None:
    answer = drawer(page, query, **data)
    assert answer.status_code == 422
    said_there = answer.content.decode()
    assert sentence in said_there
    assert data.get("label", "") in said_there
    assert drawer.drawing.number == 1


def test_what_keeps_it_from_being_published_stands_at_its_place(cast: Cast, drawer: Drawer) -> None:
    drawer("field", "?new=number", label="天数", places="0")
    days = drawer.drawing.fields[1]["key"]
    drawer("field", "?new=formula", label="合计", formula="天数 × 单价")
    drawer("field", "?new=number", label="核定", places="0", later="on")
    for query, low, high in (("?before=0", "5", "3"), ("?at=0.new", "10", "20"), ("?at=0.new", "15", "30"), ("?at=0.new", "12", "14")):
        rows = {"if-0-field": days, "if-0-op": "ge", "if-0-value": low, "if-1-field": days, "if-1-op": "le", "if-1-value": high, "if-1-join": "and"}
        assert drawer("case", query, **{"if-count": "2"} | rows).status_code in (302, 404)
    faults = {fault.place: fault.sentence for fault in read_drawn(drawer.drawing).faults}
    assert "单价" in faults[f"field:{drawer.drawing.fields[2]['key']}"]
    drawer("acts", act="remove", place=f"field:{drawer.drawing.fields[2]['key']}")
    for query, low, high in (("?before=0", "5", "3"), ("?at=0.new", "10", "20"), ("?at=0.new", "15", "30"), ("?at=0.new", "12", "14")):
        rows = {"if-0-field": days, "if-0-op": "ge", "if-0-value": low, "if-1-field": days, "if-1-op": "le", "if-1-value": high, "if-1-join": "and"}
        assert drawer("case", query, **{"if-count": "2"} | rows).status_code == 302
    read = read_drawn(drawer.drawing)
    found = {fault.place: (fault.sentence, fault.is_grave) for fault in read.faults}
    assert found["case:0.0"][1]
    assert "互相" in found["case:0.0"][0]
    assert found["case:0.2"] == (found["case:0.2"][0], False)
    assert "重叠" in found["case:0.2"][0]
    assert "情形 2" in found["case:0.3"][0]
    page = drawer.get("route/")
    assert found["case:0.0"][0] in page
    refused = drawer("acts", act="publish")
    assert refused.url.endswith("/publication/")
    assert PaperKind.objects.get(code=drawer.code).form is None
    for place in ("case:0.3", "case:0.0"):
        drawer("acts", act="remove", place=place)
    [fault] = [fault for fault in read_drawn(drawer.drawing).faults if fault.is_grave]
    assert fault.place.startswith("field:")
    assert "核定" in fault.sentence


def test_a_key_keeps_its_type_for_good(cast: Cast) -> None:
    kind = make_kind(step("a", {"by": "requester_head"}))

    def other(drawing: Drawing) -> None:
        drawing.fields = [*drawing.fields[:2], {"key": "amount", "type": "number", "label": {"zh": "数"}}]

    change_drawing(kind, other, seen=0, actor=cast.admin)
    with pytest.raises(PaperError, match="类型"):
        publish_drawing(kind, seen=1, actor=cast.admin)


def test_nobody_changes_or_publishes_what_they_did_not_see(cast: Cast, drawer: Drawer, client_for) -> None:
    stale = drawer.drawing.number
    assert drawer("step", "?before=1&type=approve", **HEAD_STEP | {"label": "复核"}).status_code == 302
    answer = drawer("field", "?new=text", label="地点", seen=stale)
    assert answer.status_code == 409
    assert "地点" in answer.content.decode()
    assert len(drawer.drawing.fields) == 1
    drawer("acts", act="publish", seen=stale)
    kind = PaperKind.objects.get(code=drawer.code)
    assert kind.form is None
    with pytest.raises(DrawnMeanwhileError):
        change_drawing(kind, lambda drawing: None, seen=stale, actor=cast.admin)


def test_what_is_drawn_is_moved_copied_removed_and_undone(cast: Cast, drawer: Drawer) -> None:
    drawer("step", "?before=1&type=approve", **HEAD_STEP | {"label": "复核"})

    def labels() -> list[str]:
        return [said(node["label"]) for _path, node in nodes_of(drawer.drawing.steps) if "label" in node]

    drawer("acts", act="up", place="step:1")
    assert labels() == ["复核", "部门负责人审批"]
    drawer("acts", act="copy", place="step:0")
    assert labels() == ["复核", "复核", "部门负责人审批"]
    assert len({node["key"] for node in drawer.drawing.steps}) == 3
    drawer("acts", act="remove", place="step:2")
    drawer("acts", act="remove", place="step:9.0.1")
    drawer("acts", act="undo")
    assert labels() == ["复核", "复核", "部门负责人审批"]
    kind = PaperKind.objects.get(code=drawer.code)
    for _time in range(3):
        undo_change(kind, seen=drawer.drawing.number, actor=cast.admin)
    assert labels() == ["部门负责人审批"]
    with pytest.raises(PaperError):
        undo_change(kind, seen=drawer.drawing.number, actor=cast.admin)


def test_a_route_is_tried_with_a_person_and_values(cast: Cast, client_for) -> None:
    make_kind(
        step("a", {"by": "requester_head"}),
        {"type": "choose", "cases": [{"when": [[{"field": "amount", "op": "ge", "value": "1000"}]], "steps": [step("b", person(cast.director))]}]},
        step("c", {"by": "duty", "duty": "NONE"}),
        code="tried",
    )
    drawer = Drawer(client_for(cast.admin), "tried")
    page = drawer.get("route/", f"?try-person={cast.inspector.employee_number}&try-amount=2000")
    assert cast.head.name in page
    assert "route-card lit" in page
    assert "route-card unlit" not in page
    assert "不存在" in page
    less = drawer.get("route/", f"?try-person={cast.inspector.employee_number}&try-amount=20")
    assert "route-card unlit" in less
    assert Paper.objects.count() == 0
    headless = Department.objects.create(code="NEW", name="新科室", parent=cast.quality, kind="section")
    assert "新科室" not in drawer.get("route/")
    cast.operator.employments.filter(is_primary=True).update(department=headless)
    told = drawer.get("route/")
    assert "新科室" in told


def test_a_shipped_kind_is_copied_and_changed(cast: Cast) -> None:
    ship_kinds(["purchase-plan"])
    source = PaperKind.objects.select_related("form", "route").get(code="purchase-plan")
    copied = begin_kind(name="零星采购", number_prefix="零采", rule=source.audience.rule, source=source, actor=cast.admin)
    assert drawing_of(copied, actor=None).steps == source.route.steps
    publish_drawing(copied, seen=1, actor=cast.admin)
    with pytest.raises(PaperError, match="零采"):
        begin_kind(name="又一种", number_prefix="零采", rule=source.audience.rule, actor=cast.admin)


@pytest.mark.django_db
def test_every_shipped_kind_comes_back_from_its_forms_as_it_was() -> None:
    """Opening a field, a step or a case and keeping it as it stands changes nothing."""
    for code in ("SAL", "PLN", "PUR", "FIN", "WHS", "PRD", "QUA", "AUD", "ENT", "HR", "DIR", "OFF"):
        Department.objects.create(code=code, name=code)
    for code in ("planner", "price_reviewer", "auditor", "accountant", "buyer"):
        Position.objects.get_or_create(code=code, defaults={"name": code})
    for shipped in shipped_kinds():
        drawing = Drawing(kind=PaperKind(), fields=shipped.fields, tables=shipped.tables, steps=shipped.steps)
        for table in [None, *shipped.tables]:
            naming = Naming(shipped.fields, shipped.tables, table["key"] if table else "")
            for raw in shipped.fields if table is None else table["columns"]:
                kind, initial = "formula" if raw.get("formula") else raw["type"], initial_of_field(raw, naming, table)
                form = FieldForm({name: value for name, value in initial.items() if value not in (False, None)}, kind=kind, naming=naming, table=table)
                assert form.is_valid(), (shipped.code, raw["key"], form.errors)
                assert form.written(raw) == raw, (shipped.code, raw["key"])
                if table is not None:
                    kept = dict(table)
                    into_table(kept, raw["key"], form)
                    assert sorted(map(str, kept.pop("checks", []))) == sorted(map(str, table.get("checks", [])))
                    assert kept == {name: value for name, value in table.items() if name != "checks"}
            if table is not None:
                initial = {"label": table["label"]["zh"], "label_en": table["label"]["en"], "most": table.get("most", 500), "once": table.get("once", [])}
                form = TableForm(initial | ({"required": "on"} if table.get("required", True) else {}), table=table)
                assert form.is_valid(), form.errors
        read = read_drawn_of(drawing)
        assert read.form is not None
        offered = Offered(_places_with_heads(read.form))
        later = [(path, path) for path in sorted(read.form.later)]
        for path, node in nodes_of(shipped.steps):
            if node.get("type") == "choose":
                for case in node["cases"]:
                    again = Conditions(read.form, when=case["when"])
                    data = posted(again.forms, "if")
                    back = Conditions(read.form, data=data)
                    assert back.is_valid(), [form.errors for form in back.forms]
                    assert back.when() == [[{name: value for name, value in one.items() if value != "" or name != "value"} for one in t] for t in case["when"]]
                continue
            initial = initial_of_step(node)
            form = StepForm({name: value for name, value in initial.items() if value not in (False, None)}, later=later)
            rows = Approvers(offered, groups=node["groups"])
            data = posted(rows.forms, "who") | {f"mode-{number}": mode for number, mode in enumerate(rows.modes)}
            again = Approvers(offered, data=data)
            assert again.is_valid(), (shipped.code, path, [form.errors for form in again.forms])
            assert form.is_valid(), form.errors
            groups = [{"mode": "any", **group} for group in node["groups"]]
            assert form.written(node, again.groups()) == node | {"groups": groups}, (shipped.code, path)
    assert changes_of(PaperKind(), Drawing())


def read_drawn_of(drawing: Drawing) -> Any:
    from portal.approvals.definitions.faults import read_drawing

    read = read_drawing(drawing.fields, drawing.tables, drawing.steps)
    assert not read.grave, read.grave
    return read


def posted(forms: list[Any], name: str) -> dict[str, Any]:
    """What the browser would send of these rows."""
    data: dict[str, Any] = {f"{name}-count": str(len(forms))}
    for form in forms:
        for bound in form:
            value = bound.value()
            if value not in (None, False, ""):
                data[bound.html_name] = value
    query = QueryDict(mutable=True)
    for key, value in data.items():
        query.setlist(key, value if isinstance(value, list) else [str(value)])
    return query if name == "if" else data
