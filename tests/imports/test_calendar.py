"""Days of the working calendar from a file: what is shown, refused, carried out and taken back, for those who keep it."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from portal.audit.models import AuditRecord
from portal.calendar.models import CalendarDay
from portal.calendar.services import fill_year, set_day
from portal.imports.models import Import
from portal.notifications.models import Notification
from portal.outbox.services import drain
from tests.organization.rosters import text_table

pytestmark = pytest.mark.django_db

HEADINGS = ("日期", "休/班", "备注")
NOTICE = [
    ("2026年10月1日（星期四）", "休", "国庆节"),
    ("2026.10.2", "放假", "国庆节"),
    ("46305", "调休上班", "国庆节"),
    ("２０２６-１０-０８", "休息日", "设备检修"),
]


def address(name: str, *args: int) -> str:
    return reverse(f"administration:calendar_import_{name}", args=args)


def upload(browser: Any, rows: Sequence[Sequence[str]], encoding: str = "gbk") -> Import:
    """Uploaded, its columns taken as they were found."""
    answer = browser.post(address("create"), {"file": SimpleUploadedFile("放假安排.csv", text_table(rows, encoding))})
    assert answer.status_code == 302
    made = Import.objects.first()
    assert made is not None
    assert browser.post(address("columns", made.pk)).status_code == 302
    made.refresh_from_db()
    return made


def carry_out(browser: Any, planned: Import, **form: str) -> Import:
    assert browser.post(address("confirmation", planned.pk), form).status_code == 302
    drain()
    planned.refresh_from_db()
    return planned


def test_a_notice_of_holidays_is_brought_in_and_the_same_file_again_changes_nothing(cast, client_for):
    keeper = client_for(cast.admin)
    set_day(date(2026, 10, 2), kind="work", name="试生产", actor=cast.admin)
    planned = upload(keeper, [("2026年部分节假日安排",), HEADINGS, *NOTICE, ("制表：办公室",)])
    assert planned.counts == {"new": 3, "changed": 1}
    page = " ".join(keeper.get(address("detail", planned.pk)).content.decode().split())
    assert "<del>试生产</del> → <ins>国庆节</ins>" in page
    assert not CalendarDay.objects.filter(day=date(2026, 10, 8)).exists(), "shown before it is done"
    done = carry_out(keeper, planned)
    assert (done.status, Notification.objects.filter(kind="imports.applied", recipient=cast.admin).count()) == ("done", 1)
    kept = {f"{row.day:%m-%d}": (row.kind, row.name, row.is_kept_by_hand) for row in CalendarDay.objects.all()}
    assert kept["10-01"] == ("rest", "国庆节", True)
    assert kept["10-10"] == ("make_up", "国庆节", True)
    assert kept["10-08"] == ("rest", "设备检修", True)
    assert AuditRecord.objects.filter(verb="calendar.day_set").count() == 5
    again = upload(keeper, [HEADINGS, *NOTICE], "utf-8")
    assert again.counts == {"unchanged": 4}
    assert keeper.post(address("confirmation", again.pk)).status_code == 422


def test_what_is_wrong_stands_at_its_cell_and_the_rest_is_done_when_that_was_agreed_to(cast, client_for):
    keeper = client_for(cast.admin)
    rows = [
        HEADINGS,
        ("2026-02-30", "休", ""),
        ("2026-10-05", "调休", ""),
        ("2026-10-06", "补班", ""),
        ("2026-10-07", "", ""),
        ("2026-10-03", "休", "国庆节"),
        ("2026/10/3", "班", ""),
        ("2026-10-04", "休", "国庆节"),
    ]
    planned = upload(keeper, rows)
    assert planned.counts == {"refused": 6, "new": 1}
    page = " ".join(keeper.get(address("detail", planned.pk)).content.decode().split())
    for cell, said in (
        ("A2", "“2026-02-30”不是日期"),
        ("B3", "“调休”不是日期类型"),
        ("B4", "2026-10-06 不是周六、周日"),
        ("B5", "缺少类型"),
        ("A6", "与第 7 行重复"),
    ):
        assert f'<span class="faint">{cell}</span> {said}' in page, said
    sheet = load_workbook(io.BytesIO(b"".join(keeper.get(address("refused", planned.pk)).streaming_content))).active
    table = list(sheet.iter_rows(values_only=True))
    assert [row[3] for row in table] == ["原文件行号", 2, 3, 4, 5, 6, 7]
    assert table[2][4].startswith("类型 (B3)：")
    assert keeper.post(address("confirmation", planned.pk)).status_code == 422
    assert carry_out(keeper, planned, leaves_out_refused="on").status == "done"
    assert list(CalendarDay.objects.values_list("day", flat=True)) == [date(2026, 10, 4)]


def test_a_calendar_that_changed_after_the_preview_is_planned_anew_and_not_overwritten(cast, client_for):
    keeper = client_for(cast.admin)
    planned = upload(keeper, [HEADINGS, ("2026-10-08", "休", "检修")])
    set_day(date(2026, 10, 8), kind="rest", name="停电", actor=cast.admin)
    overtaken = carry_out(keeper, planned)
    assert (overtaken.status, overtaken.counts, CalendarDay.objects.get().name) == ("planned", {"changed": 1}, "停电")
    page = keeper.get(address("detail", planned.pk)).content.decode()
    assert "预览之后数据有变化" in page
    assert "<del>停电</del>" in page
    assert Notification.objects.filter(kind="imports.overtaken").exists()
    assert (carry_out(keeper, planned).status, CalendarDay.objects.get().name) == ("done", "检修")


def test_columns_are_put_right_and_what_was_chosen_stays_when_it_is_refused(cast, client_for):
    keeper = client_for(cast.admin)
    rows = [("何日", "怎样", "日期", "备注", "说明"), ("x", "休", "2026-10-08", "检修", "停机")]
    keeper.post(address("create"), {"file": SimpleUploadedFile("a.csv", text_table(rows))})
    made = Import.objects.get()
    shown = keeper.get(address("detail", made.pk)).content.decode()
    assert "D、E 列都可作为“事由”，现取 D 列" in shown.replace("\n", "")
    chosen = {"header_row": "1", "column_1": "kind", "column_2": "day", "column_3": "name", "column_4": "name"}
    refused = keeper.post(address("columns", made.pk), chosen)
    page = refused.content.decode()
    assert (refused.status_code, "D 列和 E 列都选了“事由”" in page, page.count(" selected")) == (422, True, 4)
    missing = keeper.post(address("columns", made.pk), {"header_row": "1", "column_2": "day"})
    assert (missing.status_code, "类型" in missing.content.decode()) == (422, True)
    assert keeper.post(address("columns", made.pk), chosen | {"column_3": ""}).status_code == 302
    made.refresh_from_db()
    assert made.plan["lines"][0]["changes"] == {"kind": ["", "休息日"], "name": ["", "停机"]}


def test_what_there_is_is_taken_away_and_brought_back_unchanged(cast, client_for):
    keeper = client_for(cast.admin)
    fill_year(2026, actor=cast.admin)
    content = b"".join(keeper.get(address("template")).streaming_content)
    keeper.post(address("create"), {"file": SimpleUploadedFile("日历.xlsx", content)})
    made = Import.objects.get()
    keeper.post(address("columns", made.pk))
    made.refresh_from_db()
    assert made.counts == {"unchanged": CalendarDay.objects.count()}


def test_imports_of_one_kind_are_not_found_at_the_addresses_of_another(cast, client_for):
    keeper = client_for(cast.admin)
    made = upload(keeper, [HEADINGS, *NOTICE])
    assert keeper.get(reverse("organization:import_detail", args=[made.pk])).status_code == 404
    assert client_for(cast.head).get(address("detail", made.pk)).status_code == 403
    assert "放假安排" in keeper.get(address("list")).content.decode()
    assert "放假安排" not in keeper.get(reverse("organization:import_list")).content.decode()
