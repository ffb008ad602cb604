"""Charts: an image with a name, a table with the same figures, no style of their own."""

import re
from xml.etree import ElementTree

import pytest

from portal.foundation.charts import Series, bar_chart, gauge_chart, line_chart, spark_line

LABELS = ["一月", "二月", "三月", "<b>"]
ALL = [
    line_chart("产量", LABELS, [Series("甲", [1, None, 3, 4]), Series("乙", [10, 20, 30, 40])]),
    bar_chart("产量", LABELS, [Series("甲", [0, -5, 3.5, 4])]),
    gauge_chart("产量", LABELS, [1, 0, 3, 9], [1, 0, 4, 8]),
    spark_line("产量", LABELS, [1284, None, 3, 4], [1, 2, 3, 4]),
]


@pytest.mark.parametrize("chart", ALL)
def test_chart_is_well_formed_named_and_free_of_inline_style(chart):
    ElementTree.fromstring(chart)  # noqa: S314
    assert 'role="img" aria-label="产量"' in chart
    assert "style=" not in chart
    assert "<script" not in chart


@pytest.mark.parametrize("chart", ALL)
def test_every_chart_has_its_table(chart):
    table = ElementTree.fromstring(chart).find(".//table")  # noqa: S314
    assert [row.find("th").text for row in table.findall("tbody/tr")] == LABELS


def test_a_gap_is_a_gap_and_a_lonely_value_is_seen():
    chart = line_chart("x", ["1", "2", "3"], [Series("甲", [5, None, 7])])
    assert chart.count("<circle") == 2
    assert "L" not in re.search(r'class="line" d="([^"]*)"', chart)[1]


def test_one_value_all_equal_and_nothing_at_all_are_drawn():
    for values in ([5], [0], [], [None]):
        assert "<svg" in line_chart("x", [str(number) for number in range(len(values))], [Series("甲", values)])
        assert "<svg" in bar_chart("x", [str(number) for number in range(len(values))], [Series("甲", values)])
        assert "<svg" in spark_line("x", [str(number) for number in range(len(values))], values)


def test_low_rows_of_a_gauge_are_marked_by_more_than_colour():
    chart = gauge_chart("x", ["仓库", "质检"], [28, 34], [46, 34])
    assert "! 28 / 46" in chart
    assert "! 34" not in chart


def test_what_cannot_be_told_apart_or_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="one to 4"):
        line_chart("x", ["1"], [Series(str(number), [1]) for number in range(5)])
    with pytest.raises(ValueError, match="for each label"):
        line_chart("x", ["1", "2"], [Series("甲", [1])])
