"""From a file to the plant: what is planned, what is refused, and that it happens wholly or not at all."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from portal.access.standings import standing_of
from portal.accounts.models import User
from portal.audit.models import AuditRecord
from portal.directory.roster.columns import ROSTER_COLUMNS
from portal.directory.roster.plan import RosterKind, RosterLine, RosterPlan
from portal.directory.roster.planning import plan_roster
from portal.directory.roster.present import read_present
from portal.directory.roster.template import template_rows
from portal.imports.definition import importer_of
from portal.imports.errors import ImportRefusedError
from portal.imports.lines import read_lines
from portal.imports.models import Import
from portal.imports.services import confirm_import, plan_import, start_import
from portal.organization.models import Department, Employment, Position, Profile
from portal.organization.querysets import today
from portal.organization.services.employments import move_person
from portal.outbox.services import drain
from tests.cast import Cast
from tests.organization.rosters import workbook

HEADINGS = ("工号", "姓名", "部门", "上级部门", "岗位", "任职日期", "离任日期", "手机")


def upload(rows: Sequence[Sequence[Any]], actor: User, *, is_complete: bool = False) -> Import:
    """Uploaded and planned, ready to be confirmed."""
    roster_import = start_import("roster", content=workbook(rows), file_name="花名册.xlsx", actor=actor)
    plan_import(roster_import, header_row=roster_import.header_row, mapping=roster_import.mapping, options={"is_complete": is_complete}, actor=actor)
    roster_import.refresh_from_db()
    return roster_import


def carry_out(roster_import: Import, actor: User, *, leaves_out_refused: bool = False) -> Import:
    confirm_import(roster_import, leaves_out_refused=leaves_out_refused, actor=actor)
    drain()
    roster_import.refresh_from_db()
    return roster_import


def lines_of(roster_import: Import) -> dict[str, RosterLine]:
    return {line.key or line.label: line for line in RosterPlan.from_json(roster_import.plan).lines}


def row(
    number: str = "", name: str = "", department: str = "", above: str = "", position: str = "", starts: object = "", ends: object = "", mobile: str = ""
) -> tuple[Any, ...]:
    return (number, name, department, above, position, starts, ends, mobile)


def test_each_line_is_told_apart(cast: Cast) -> None:
    planned = lines_of(
        upload(
            [
                HEADINGS,
                row("20001", "钱新", "质检科", position="科员"),
                row("10003", "王伟", "质检科", position="科员", mobile="139 1234 5678"),
                row("10004", "张强", "销售科", position="操作工"),
                row("10008", "周涛", "销售科", position="科员"),
                row("10006", "孙丽", "销售科", position="科员"),
                row("20002", "孙无", "质检科"),
            ],
            cast.admin,
        )
    )
    assert {number: line.kind for number, line in planned.items()} == {
        "20001": RosterKind.NEW, "10003": RosterKind.CHANGED, "10004": RosterKind.MOVED, "10008": RosterKind.RETURNS,
        "10006": RosterKind.UNCHANGED, "20002": RosterKind.REFUSED,
    }  # fmt: skip
    assert planned["10003"].changes == {"mobile": ("", "13912345678")}
    assert planned["10004"].changes == {"department": ("生产车间/甲班", "销售科")}
    assert planned["20002"].faults[0].field == "position"
    assert not User.objects.filter(employee_number="20001").exists()


def test_what_was_planned_is_done_in_the_background(cast: Cast) -> None:
    done = carry_out(
        upload(
            [
                HEADINGS,
                row("20001", "钱新", "质检科", position="科员", starts="2026年1月5日"),
                row("10004", "张强", "销售科", position="操作工"),
                row("10008", "周涛", "销售科", position="科员"),
            ],
            cast.admin,
        ),
        cast.admin,
    )
    assert done.status == Import.Status.DONE
    newcomer = User.objects.get(employee_number="20001")
    assert not newcomer.has_usable_password()
    assert newcomer.employments.get().starts_on == date(2026, 1, 5)
    assert f"dept:{cast.sales.pk}" in standing_of(User.objects.get(pk=cast.operator.pk)).token_set
    assert f"dept:{cast.shift.pk}" not in standing_of(User.objects.get(pk=cast.operator.pk)).token_set
    returned = User.objects.get(pk=cast.leaver.pk)
    assert returned.is_active
    assert "all" in standing_of(returned).token_set
    assert returned.employments.count() == 2
    assert AuditRecord.objects.filter(verb="import.applied", actor=cast.admin).exists()


def test_the_same_file_again_has_no_effect(cast: Cast) -> None:
    rows = [
        HEADINGS,
        row("20001", "钱新", "包装车间/甲班", position="新岗位", starts=today() + timedelta(days=9)),
        row("10004", "张强", "包装车间", position="操作工", starts=today() + timedelta(days=5)),
        row("10006", "孙丽", "销售科", position="科员", ends=today() + timedelta(days=3)),
        row("10008", "周涛", "销售科", position="科员"),
    ]
    carry_out(upload(rows, cast.admin), cast.admin)
    again = upload(rows, cast.admin)
    assert {line.kind for line in lines_of(again).values()} == {RosterKind.UNCHANGED}
    with pytest.raises(ImportRefusedError):
        confirm_import(again, leaves_out_refused=False, actor=cast.admin)


def test_a_complete_roster_says_who_left_and_an_incomplete_one_does_not(cast: Cast) -> None:
    rows = [HEADINGS, *[row(person.employee_number, person.name) for person in cast.employees if person != cast.salesperson], row("10009x", "", "", "", "")]
    assert RosterKind.LEFT not in {line.kind for line in lines_of(upload(rows, cast.admin)).values()}
    complete = upload(rows, cast.admin, is_complete=True)
    assert [number for number, line in lines_of(complete).items() if line.kind is RosterKind.LEFT] == [cast.salesperson.employee_number]
    assert carry_out(complete, cast.admin, leaves_out_refused=True).status == Import.Status.DONE
    gone = User.objects.get(pk=cast.salesperson.pk)
    assert not gone.is_active
    assert not Employment.objects.current().filter(person=gone).exists()
    assert User.objects.get(pk=cast.admin.pk).is_active
    assert User.objects.get(pk=cast.newcomer.pk).is_active


def test_departments_are_created_in_whatever_order_they_are_named(cast: Cast) -> None:
    rows = [
        HEADINGS,
        row("20001", "钱一", "丁班", "包装车间", "操作工"),
        row("20002", "钱二", "包装车间", "生产部", "科长"),
        row("20003", "钱三", "生产部", "", "科长"),
        row("20004", "钱四", "生产部/包装车间/戊班", "", "操作工"),
        row("20005", "钱五", "戊班", "", "操作工"),
        row("20006", "钱六", "甲班", "包装车间", "操作工"),
        row("20007", "钱七", "SHIFT-A", "", "操作工"),
    ]
    done = carry_out(upload(rows, cast.admin), cast.admin)
    assert done.counts["new"] == 7
    packing = Department.objects.get(name="包装车间")
    assert packing.parent.name == "生产部"
    assert packing.parent.parent == cast.plant
    assert {department.name for department in Department.objects.filter(parent=packing)} == {"丁班", "戊班", "甲班"}
    assert Department.objects.filter(name="戊班").count() == 1
    assert User.objects.get(employee_number="20007").employments.get().department == cast.shift
    assert User.objects.get(employee_number="20006").employments.get().department.path.startswith(packing.path)


def test_a_circle_of_departments_is_refused_by_its_names(cast: Cast) -> None:
    rows = [
        HEADINGS,
        row("20001", "钱一", "东部", "西部", "科员"),
        row("20002", "钱二", "西部", "东部", "科员"),
        row("20003", "钱三", "生产车间", "甲班", "科员"),
        row("20004", "钱四", "质检科", "", "科员"),
    ]
    planned = lines_of(upload(rows, cast.admin))
    assert [planned[number].kind for number in ("20001", "20002", "20003", "20004")] == [
        RosterKind.REFUSED,
        RosterKind.REFUSED,
        RosterKind.REFUSED,
        RosterKind.NEW,
    ]
    assert "东部" in planned["20001"].faults[0].sentence
    assert "西部" in planned["20001"].faults[0].sentence
    assert "甲班" in planned["20003"].faults[0].sentence


def test_a_name_that_fits_several_departments_is_refused_with_all_of_them(cast: Cast) -> None:
    Department.objects.create(code="SHIFT-A2", name="甲班", parent=cast.sales, path=f"{cast.sales.path}999999/")
    planned = lines_of(upload([HEADINGS, row("20001", "钱一", "甲班", "", "操作工"), row("20002", "钱二", "生产车间/甲班", "", "操作工")], cast.admin))
    assert planned["20001"].kind is RosterKind.REFUSED
    assert "销售科/甲班" in planned["20001"].faults[0].sentence
    assert planned["20002"].department == cast.shift.pk


def test_two_people_of_one_name_are_kept_apart_by_their_numbers(cast: Cast) -> None:
    rows = [HEADINGS, row("20001", "王伟", "销售科", "", "科员"), row("10003", "王 伟", "质检科", "", "科员")]
    planned = lines_of(upload(rows, cast.admin))
    assert planned["20001"].kind is RosterKind.NEW
    assert planned["10003"].kind is RosterKind.UNCHANGED
    carry_out(upload(rows, cast.admin), cast.admin)
    refused = lines_of(upload([HEADINGS, row("", "王伟", "销售科", "", "科员")], cast.admin))["王伟"]
    assert refused.kind is RosterKind.REFUSED
    assert "20001" in refused.faults[0].sentence
    assert "10003" in refused.faults[0].sentence


def test_a_line_without_a_number_is_about_the_only_person_of_that_name(cast: Cast) -> None:
    planned = upload([HEADINGS, row("", "孙丽", "质检科", "", "科员"), row("", "郑勇", "质检科", "", "科员")], cast.admin)
    lines = RosterPlan.from_json(planned.plan).lines
    assert (lines[0].kind, lines[0].person_id) == (RosterKind.MOVED, cast.salesperson.pk)
    assert lines[1].kind is RosterKind.REFUSED


def test_a_number_twice_in_the_file_refuses_both_lines(cast: Cast) -> None:
    plan = RosterPlan.from_json(
        upload([HEADINGS, row("20001", "钱一", "质检科", "", "科员"), row("２０００１", "钱二", "质检科", "", "科员")], cast.admin).plan
    )
    assert [line.kind for line in plan.lines] == [RosterKind.REFUSED, RosterKind.REFUSED]
    assert "3" in plan.lines[0].faults[0].sentence


def test_refused_lines_are_left_out_only_when_that_was_agreed_to(cast: Cast) -> None:
    roster_import = upload([HEADINGS, row("20001", "钱一", "质检科", "", "科员"), row("20002", "钱二", "质检科", "", "科员", "昨天")], cast.admin)
    with pytest.raises(ImportRefusedError):
        confirm_import(roster_import, leaves_out_refused=False, actor=cast.admin)
    assert carry_out(roster_import, cast.admin, leaves_out_refused=True).status == Import.Status.DONE
    assert User.objects.filter(employee_number="20001").exists()
    assert not User.objects.filter(employee_number="20002").exists()


def test_a_plant_that_changed_after_the_preview_refuses_the_old_plan(cast: Cast) -> None:
    roster_import = upload([HEADINGS, row("10004", "张强", "销售科", "", "操作工"), row("20001", "钱一", "质检科", "", "科员")], cast.admin)
    move_person(cast.operator, department=cast.quality, position=cast.operator_post, moves_on=today(), actor=cast.admin)
    before = lines_of(roster_import)["10004"].changes["department"]
    overtaken = carry_out(roster_import, cast.admin)
    assert (overtaken.status, bool(overtaken.failure)) == (Import.Status.PLANNED, True)
    assert not User.objects.filter(employee_number="20001").exists()
    assert (before, lines_of(overtaken)["10004"].changes["department"]) == (("生产车间/甲班", "销售科"), ("质检科", "销售科")), "planned anew, to be looked at"
    assert AuditRecord.objects.filter(verb="import.overtaken").exists()
    assert carry_out(overtaken, cast.admin).status == Import.Status.DONE
    assert User.objects.filter(employee_number="20001").exists()


@pytest.fixture
def refusing_database(db: None) -> None:
    """A database that refuses the mobile number 13900000000, as a constraint that the plan does not know would."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute("ALTER TABLE organization_profile ADD CONSTRAINT no_such_number CHECK (mobile <> '13900000000')")
        cursor.execute("SET ROLE gongfang")


def test_one_line_that_the_database_refuses_undoes_all(refusing_database: None, cast: Cast) -> None:
    before = (User.objects.count(), Employment.objects.count(), Department.objects.count(), Position.objects.count(), Profile.objects.count())
    rows = [
        HEADINGS,
        row("20001", "钱一", "新部门", "", "新岗位"),
        row("10004", "张强", "销售科", "", "操作工"),
        row("20002", "钱二", "质检科", "", "科员", mobile="13900000000"),
    ]
    failed = carry_out(upload(rows, cast.admin), cast.admin)
    assert failed.status == Import.Status.FAILED
    assert before == (User.objects.count(), Employment.objects.count(), Department.objects.count(), Position.objects.count(), Profile.objects.count())
    assert Employment.objects.current().get(person=cast.operator).department == cast.shift
    assert AuditRecord.objects.filter(verb="import.failed").exists()
    assert not AuditRecord.objects.filter(verb="person.enrolled").exists()


def test_a_roster_that_says_neither_who_nor_where_is_refused(cast: Cast) -> None:
    roster_import = start_import("roster", content=workbook([("甲", "乙"), ("1", "2")]), file_name="x.xlsx", actor=cast.admin)
    assert roster_import.header_row is None
    with pytest.raises(ImportRefusedError):
        plan_import(roster_import, header_row=0, mapping={"employee_number": 0}, actor=cast.admin)


def test_an_import_that_was_confirmed_runs_once(cast: Cast) -> None:
    done = carry_out(upload([HEADINGS, row("20001", "钱一", "质检科", "", "科员")], cast.admin), cast.admin)
    with pytest.raises(ImportRefusedError):
        confirm_import(done, leaves_out_refused=True, actor=cast.admin)


def test_hostile_text_in_a_cell_is_stored_as_text_or_refused(cast: Cast) -> None:
    hostile = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', '=HYPERLINK("http://x")', "王\u202e伟", "a\x00b"]
    rows = [HEADINGS, *[(f"3000{index}", "钱一", text.replace("\x00", ""), "", "科员", "", "", "") for index, text in enumerate(hostile)]]
    done = carry_out(upload(rows, cast.admin), cast.admin, leaves_out_refused=True)
    assert done.status == Import.Status.DONE


def test_the_template_filled_with_the_present_roster_has_no_effect(cast: Cast) -> None:
    Department.objects.filter(pk=cast.quality.pk).update(name="质检科（东区）")
    move_person(cast.operator, department=cast.sales, position=cast.operator_post, moves_on=today() + timedelta(days=5), actor=cast.admin)
    present = read_present(today(), "厂")
    table = [[column.own_heading for column in importer_of("roster").filled], *template_rows(present)]
    columns = ROSTER_COLUMNS.find(table)
    plan = plan_roster(read_lines(ROSTER_COLUMNS, table, columns.header_row, columns.mapping), present, is_complete=True, actor_id=cast.admin.pk)
    assert {line.kind for line in plan.lines} == {RosterKind.UNCHANGED}
    assert len(plan.lines) == len(cast.employees) + 1
    assert plan.departments == []


def test_a_name_that_is_none_is_said_once(cast: Cast) -> None:
    planned = lines_of(upload([HEADINGS, row("20001", "钱新2", "质检科", position="科员"), row("20002", "", "质检科", position="科员")], cast.admin))
    assert [fault.field for fault in planned["20001"].faults] == ["name"]
    assert [fault.field for fault in planned["20002"].faults] == ["name"]
