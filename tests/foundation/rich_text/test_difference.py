"""What readers see of a correction."""

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.foundation.rich_text import clean_html, difference, to_text
from tests.foundation.rich_text.corpus import HOSTILE
from tests.foundation.rich_text.test_cleaning import PIECES


def test_a_corrected_word_is_struck_out_and_its_successor_put_in() -> None:
    assert difference("<p>第三条：每日两次。</p>", "<p>第三条：每班两次。</p>") == "<p>第三条：每<del>日</del><ins>班</ins>两次。</p>"
    assert difference("<p>twice a day, 20.5 °C</p>", "<p>twice a shift, 20.8 °C</p>") == (
        "<p>twice a <del>day</del><ins>shift</ins>, <del>20.5</del><ins>20.8</ins> °C</p>"
    )


def test_the_same_text_has_no_marks() -> None:
    text = clean_html("<h2>一</h2><table><tr><td>a<td>b</table><ul><li>x</ul>")
    assert difference(text, text) == text


def test_blocks_that_came_and_went_are_marked_as_wholes() -> None:
    assert difference("<p>一</p><p>旧的一段文字</p>", "<p>一</p><h2>新标题</h2>") == "<p>一</p><ins><h2>新标题</h2></ins><del><p>旧的一段文字</p></del>"


def test_tables_are_compared_by_cells_and_rows() -> None:
    before = clean_html("<table><tr><td>片烟库</td><td>20</td></tr><tr><td>香料库</td><td>15</td></tr></table>")
    after = clean_html("<table><tr><td>片烟库</td><td>22</td></tr><tr><td>香料库</td><td>15</td></tr><tr><td>辅料库</td><td>28</td></tr></table>")
    found = difference(before, after)
    assert "<del>20</del><ins>22</ins>" in found
    assert "<td><ins>辅料库</ins></td>" in found
    assert found.count("<table>") == 1
    assert "<td>15</td>" in found.replace("<p>", "").replace("</p>", "")


def test_lists_are_compared_by_items() -> None:
    found = difference("<ol><li>甲甲甲甲</li><li>乙乙乙乙</li></ol>", "<ol><li>甲甲甲甲</li><li>乙乙乙丙</li><li>丁</li></ol>")
    assert found == "<ol><li>甲甲甲甲</li><li>乙乙乙<del>乙</del><ins>丙</ins></li><li><ins>丁</ins></li></ol>"


def test_hostile_texts_are_as_harmless_compared_as_stored() -> None:
    for one in HOSTILE:
        found = difference(one, clean_html(f"<p>x</p>{one}"))
        assert "onerror=" not in found.replace("&quot;", "").replace("onerror=document", "").lower() or "<img" not in found
        assert "<script" not in found


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=12).map("".join), st.lists(PIECES, max_size=12).map("".join))
def test_without_what_was_struck_out_it_reads_as_the_second_text(before: str, after: str) -> None:
    old, new = clean_html(before), clean_html(after)
    found = difference(old, new)
    without = found
    while "<del>" in without:
        start = without.index("<del>")
        without = without[:start] + without[without.index("</del>", start) + 6 :]
    assert "".join(to_text(without).split()) == "".join(to_text(new).split())


def test_two_long_texts_are_compared_in_good_time() -> None:
    paragraph = "每班两次检查温湿度，发现异常三十分钟内报质检科。"
    old = "".join(f"<p>{index} {paragraph}</p>" for index in range(30_000))
    others = [old.replace("三十分钟", "二十分钟"), old.replace("<p>1", "<p>甲"), f"<p>{paragraph * 40_000}</p>", "".join(f"<p>{i}</p>" for i in range(99_999))]
    repeated, other = f"<p>{'甲乙' * 800}</p>", f"<p>{'乙甲乙' * 500}</p>"
    began = time.process_time()
    difference(repeated, other)
    assert time.process_time() - began < 15
    for new in others:
        began = time.process_time()
        difference(old, new)
        difference(new, old)
        assert time.process_time() - began < 20
