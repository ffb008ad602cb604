"""Names that a roster writes otherwise: understood where they are the portal's own, asked about where they are near, mapped on the screen."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from portal.accounts.models import User
from portal.directory.roster.plan import RosterKind, RosterPlan
from portal.foundation.nearness import near_names
from portal.imports.errors import ImportRefusedError
from portal.imports.meanings import NEW
from portal.imports.models import Import
from portal.imports.services import answer_import, confirm_import
from portal.organization.models import Department, Employment, Position
from tests.cast import Cast, make_department
from tests.organization.test_roster_import import HEADINGS, carry_out, lines_of, row, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def packing(cast: Cast) -> Department:
    """卷包车间 with a 甲班, beside the one of 生产车间."""
    workshop = make_department("PACK", "卷包车间", "Packing", cast.plant, kind="workshop")
    make_department("PACK-A", "甲班", "Shift A", workshop, kind="shift")
    return workshop


def questions_of(roster_import: Import) -> dict[str, list[str]]:
    return {question.text: [label for _pk, label in question.candidates] for question in RosterPlan.from_json(roster_import.plan).questions}


@pytest.mark.parametrize("written", ["卷包车间 甲班", "卷包车间甲班", "卷包车间　甲班", "卷包车间/甲班", "金叶卷烟厂 卷包车间 甲班", "卷包车间-甲班"])
def test_the_portals_own_way_of_writing_a_place_makes_no_second_one(cast: Cast, packing: Department, written: str) -> None:
    shift = Department.objects.get(code="PACK-A")
    rows = [HEADINGS, row("20001", "钱一", written, position="操作工"), row("20002", "钱二", written, "卷包车间", "操作工")]
    planned = upload(rows, cast.admin)
    assert [line.department for line in lines_of(planned).values()] == [shift.pk, shift.pk]
    assert RosterPlan.from_json(planned.plan).departments == []
    carry_out(planned, cast.admin)
    assert Department.objects.filter(name__contains="甲班").count() == 2
    assert {post.department for post in Employment.objects.filter(person__employee_number__in=("20001", "20002"))} == {shift}


def test_a_new_shift_that_is_written_with_its_workshop_stands_below_it(cast: Cast, packing: Department) -> None:
    rows = [
        HEADINGS,
        row("20001", "钱一", "卷包车间 丁班", position="操作工"),
        row("20002", "钱二", "滤棒车间 丁班", position="操作工"),
        row("20003", "钱三", "滤棒车间", position="操作工"),
    ]
    planned = upload(rows, cast.admin)
    assert RosterPlan.from_json(planned.plan).open_questions == []
    carry_out(planned, cast.admin)
    assert set(Department.objects.filter(name="丁班").values_list("parent__name", flat=True)) == {"卷包车间", "滤棒车间"}
    assert not Department.objects.filter(name__contains=" ").exists()


def test_a_place_that_could_be_several_is_refused_until_it_is_mapped_on_the_screen(cast: Cast, packing: Department, client_for) -> None:
    planned = upload([HEADINGS, row("20001", "钱一", "甲班", position="操作工")], cast.admin)
    assert lines_of(planned)["20001"].kind is RosterKind.REFUSED
    assert questions_of(planned) == {"甲班": ["生产车间/甲班", "卷包车间/甲班"]}
    browser = client_for(cast.admin)
    form = {"kind_0": "department", "text_0": "甲班", "other_0": "卷包车间甲班"}
    assert browser.post(reverse("organization:import_names", args=[planned.pk]), form).status_code == 302
    planned.refresh_from_db()
    assert lines_of(planned)["20001"].department == Department.objects.get(code="PACK-A").pk


def test_a_position_that_is_nearly_one_is_asked_about_and_made_by_nobody_unasked(cast: Cast, client_for) -> None:
    planned = upload([HEADINGS, row("20001", "钱一", "质检科", position="操作员"), row("20002", "钱二", "质检科", position="化验员")], cast.admin)
    assert questions_of(planned) == {"操作员": ["操作工"], "化验员": []}
    with pytest.raises(ImportRefusedError, match="操作员"):
        confirm_import(planned, leaves_out_refused=False, actor=cast.admin)
    browser, detail = client_for(cast.admin), reverse("organization:import_detail", args=[planned.pk])
    assert "是不是 操作工？" in browser.get(detail).content.decode()
    assert browser.post(reverse("organization:import_confirmation", args=[planned.pk])).status_code == 422

    names = reverse("organization:import_names", args=[planned.pk])
    asked = {"kind_0": "position", "text_0": "操作员", "kind_1": "position", "text_1": "化验员"}
    wrong = browser.post(names, asked | {"other_0": "没有的岗位"})
    assert wrong.status_code == 422
    assert 'value="没有的岗位"' in wrong.content.decode()
    assert browser.post(names, asked | {"meant_0": str(cast.operator_post.pk), "other_1": "科员"}).status_code == 302
    page = browser.get(detail).content.decode()
    assert "指 操作工" in page
    planned.refresh_from_db()
    assert [line.position for line in lines_of(planned).values()] == [cast.operator_post.pk, cast.staff_post.pk]
    assert carry_out(planned, cast.admin).status == Import.Status.DONE
    assert not Position.objects.filter(name__in=("操作员", "化验员")).exists()


def test_a_name_that_is_new_indeed_is_made_when_somebody_says_so(cast: Cast) -> None:
    rows = [HEADINGS, row("20001", "钱一", "质检部", position="操作员"), row("20002", "钱二", "质检部/一组", position="科员")]
    planned = upload(rows, cast.admin)
    assert questions_of(planned) == {"质检部": ["质检科"], "操作员": ["操作工"], "质检部/一组": []}
    answer_import(planned, answers={"position": {"操作员": NEW}, "department": {"质检部": cast.quality.pk}}, actor=cast.admin)
    planned.refresh_from_db()
    assert RosterPlan.from_json(planned.plan).open_questions == []
    carry_out(planned, cast.admin)
    assert Position.objects.filter(name="操作员").exists()
    assert not Department.objects.filter(name="质检部").exists()
    assert Department.objects.get(name="一组").parent == cast.quality


def test_answers_are_for_keepers_and_about_what_exists(cast: Cast, client_for) -> None:
    planned = upload([HEADINGS, row("20001", "钱一", "质检科", position="操作员")], cast.admin)
    address = reverse("organization:import_names", args=[planned.pk])
    form = {"kind_0": "position", "text_0": "操作员", "meant_0": "999999"}
    assert client_for(cast.head).post(address, form).status_code == 403
    assert client_for(cast.head).get(reverse("organization:import_refused", args=[planned.pk])).status_code == 403
    assert client_for(cast.admin).post(address, form).status_code == 422
    planned.refresh_from_db()
    assert planned.meant == {}


@pytest.mark.parametrize(
    ("one", "other", "is_near"),
    [
        ("操作员", "操作工", True), ("质检部", "质检科", True), ("卷包", "卷包车间", True), ("质捡科", "质检科", True), ("Operater", "Operator", True),
        ("甲班", "乙班", False), ("一车间", "二车间", False), ("科长", "副科长", False), ("东部", "西部", False), ("包装车间", "生产车间", False),
        ("维修工", "维修工", False), ("1号机组", "2号机组", False), ("Shift A", "Shift B", False), ("", "质检科", False),
    ],
)  # fmt: skip
def test_names_are_near_where_they_are_not_told_apart_on_purpose(one: str, other: str, is_near: bool) -> None:
    assert bool(near_names(one, {1: [other]})) is is_near
    assert bool(near_names(other, {1: [one]})) is is_near


def test_the_preview_shows_what_is_and_what_would_be(cast: Cast, client_for) -> None:
    rows = [HEADINGS, row("10004", "张强", "销售科", position="科员"), row("10003", "王伟", "质检科", position="科员", mobile="139 1234 5678")]
    planned = upload(rows, cast.admin, is_complete=True)
    page = " ".join(client_for(cast.admin).get(reverse("organization:import_detail", args=[planned.pk])).content.decode().split())
    for before, after in (("生产车间/甲班", "销售科"), ("操作工", "科员")):
        assert f"<del>{before}</del> → <ins>{after}</ins>" in page
    assert '<span class="faint">空</span> → <ins>13912345678</ins>' in page
    assert "<del>销售科</del>" in page, "who is named nowhere leaves this"


def test_refused_lines_are_taken_away_as_they_stood_with_their_reasons_and_no_cell_computes(cast: Cast, client_for) -> None:
    rows = [
        HEADINGS,
        row("20001", "钱一", "质检科", position="科员"),
        row("20002", "@SUM(A1)", "质检科", position="科员", starts="昨天"),
        row("20003", "钱三", "+甲", position="科员", mobile="＝1+1"),
    ]
    planned = upload(rows, cast.admin)
    answer = client_for(cast.admin).get(reverse("organization:import_refused", args=[planned.pk]))
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    table = [list(line) for line in sheet.iter_rows(values_only=True)]
    assert table[0] == [*HEADINGS, "原文件行号", "被拒原因"]
    assert [line[0] for line in table[1:]] == ["20002", "20003"]
    assert [line[8] for line in table[1:]] == [3, 4]
    assert all(line[9] for line in table[1:])
    assert table[1][1] == "'@SUM(A1)"
    assert table[2][7].startswith("'")
    again = upload([[*line] for line in table], cast.admin)
    assert {line.kind for line in lines_of(again).values()} == {RosterKind.REFUSED}, "what is taken away can be put right and uploaded again"
    assert not User.objects.filter(employee_number="20001").exists()
