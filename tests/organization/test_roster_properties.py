"""For any plant: the template filled with its roster changes nothing, and a plan does not depend on the order of the lines."""

import io
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.directory.roster.columns import ROSTER_COLUMNS
from portal.directory.roster.plan import RosterKind
from portal.directory.roster.planning import plan_roster
from portal.directory.roster.present import DepartmentNow, PersonNow, PositionNow, PostNow, Present
from portal.directory.roster.template import template_rows
from portal.foundation.names import clean_name
from portal.foundation.spreadsheets import write_csv, write_xlsx
from portal.imports.definition import importer_of
from portal.imports.lines import read_lines
from portal.imports.reading import read_table

DAY = date(2026, 11, 23)
HAN = "王李张刘陈杨赵黄周吴伟敏静强磊洋勇艳杰娟涛明超秀霞平刚桂英"
PLACE = "生产质检销售仓储财务审计（）ＡＢab12·-=+@ 科室车间班组甲乙丙"

names = st.text(HAN, min_size=2, max_size=4)
places = st.text(PLACE, min_size=1, max_size=8).filter(lambda text: text.strip(" ="))
days = st.integers(0, 15_000).map(lambda count: DAY - timedelta(days=count))


@st.composite
def plants(draw: st.DrawFn) -> Present:
    """A plant with names as awkward as people make them, but each department of one place under a name of its own."""
    present = Present(DAY, "厂", departments={1: DepartmentNow(1, "ROOT", "厂", "Plant", None)})
    for number in range(2, draw(st.integers(2, 8)) + 1):
        present.departments[number] = DepartmentNow(
            number, f"D{number}", draw(places), draw(st.sampled_from(["", "Quality", "Sales"])), draw(st.integers(1, number - 1))
        )
    for number in range(1, draw(st.integers(1, 4)) + 1):
        present.positions[number] = PositionNow(number, f"POS{number}", draw(places), "")
    for number in range(1, draw(st.integers(0, 12)) + 1):
        start = draw(days)
        ends = draw(st.sampled_from([None, DAY + timedelta(days=40)]))
        post = PostNow(number, draw(st.integers(1, len(present.departments))), draw(st.integers(1, len(present.positions))), start, ends)
        values = {"name": clean_name(draw(names)), "name_en": draw(st.sampled_from(["", "Li Min", "=cmd"])), "email": draw(st.sampled_from(["", "a@b.cn"]))}
        values |= {"mobile": draw(st.sampled_from(["", "13912345678"])), "phone": draw(st.sampled_from(["", "6012", "0571-8812345"])), "room": draw(places)}
        present.people[f"{number:05d}"] = PersonNow(number, f"{number:05d}", values, current=post)
    return present


@settings(max_examples=120, deadline=None)
@given(plants())
def test_the_template_of_any_plant_changes_nothing(present: Present) -> None:
    target = b"".join(write_csv([column.own_heading for column in importer_of("roster").filled], template_rows(present)))
    table = read_table(target)
    columns = ROSTER_COLUMNS.find(table.rows)
    plan = plan_roster(read_lines(ROSTER_COLUMNS, table.rows, columns.header_row, columns.mapping), present, is_complete=True)
    assert [(line.kind, line.faults, line.changes) for line in plan.lines if line.kind is not RosterKind.UNCHANGED] == []
    assert len(plan.lines) == len(present.people)


@settings(max_examples=3, deadline=None)
@given(plants())
def test_a_workbook_says_the_same_as_a_text(present: Present) -> None:
    target = io.BytesIO()
    write_xlsx(target, "花名册", [column.own_heading for column in importer_of("roster").filled], template_rows(present))
    table = read_table(target.getvalue())
    columns = ROSTER_COLUMNS.find(table.rows)
    plan = plan_roster(read_lines(ROSTER_COLUMNS, table.rows, columns.header_row, columns.mapping), present, is_complete=True)
    assert not plan.has_effect
    assert plan.counts["refused"] == 0


@settings(max_examples=60, deadline=None)
@given(plants(), st.lists(st.tuples(names, places, places), min_size=1, max_size=6), st.randoms())
def test_what_becomes_of_a_line_does_not_depend_on_the_order_of_the_lines(present: Present, people: list[tuple[str, str, str]], random: object) -> None:
    rows = [[f"9{number}", name, place, above, "操作工"] for number, (name, place, above) in enumerate(people)]
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    mapping = {"employee_number": 0, "name": 1, "department": 2, "parent_department": 3, "position": 4}

    def kinds(table: list[list[str]]) -> dict[str, RosterKind]:
        return {line.key: line.kind for line in plan_roster(read_lines(ROSTER_COLUMNS, table, None, mapping), present).lines}

    assert kinds(rows) == kinds(shuffled)
