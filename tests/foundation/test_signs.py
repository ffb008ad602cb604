"""Signs that nobody sees, taken out of what people type or paste."""

import pytest

from portal.foundation.signs import one_line, visible


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("关于安全检查\x0b的通知", "关于安全检查 的通知"),
        ("  第一行\r\n第二行\u2028第三行  ", "第一行 第二行 第三行"),
        ("\u202e知通\u202c", "知通"),
        ("a\u200bb\ufeff\x00\x01\ufffe\uffff", "ab"),
        ("👩‍👧 𠮷野 \ue000", "👩‍👧 𠮷野 \ue000"),
        ("\u200b\u202e", ""),
    ],
)
def test_a_title_is_one_line_of_what_can_be_seen(typed, line):
    assert one_line(typed) == line


def test_line_breaks_stay_where_they_are_wanted():
    assert visible("一\n二\t三\x0b四\u202e", kept="\n\t") == "一\n二\t三四"
