"""The addresses of headings."""

from hypothesis import given
from hypothesis import strategies as st

from knowledge.headings import heading_texts, next_anchors, with_anchors


def test_two_headings_of_one_name_have_two_addresses_that_survive_renaming_and_insertion():
    first, given_so_far = next_anchors([], [], ["概述", "概述", "处理"], given=0)
    assert first == ["s1", "s2", "s3"]
    second, given_so_far = next_anchors(["概述", "概述", "处理"], first, ["前言", "概述", "总览", "处理"], given=given_so_far)
    assert second[-1] == "s3"
    assert len(set(second)) == 4
    assert {"s1", "s2"} & set(second)
    third, _count = next_anchors(["概述", "处理"], ["s1", "s2"], ["概述（修订）", "处理"], given=2)
    assert third == ["s1", "s2"]


def test_an_address_that_was_given_is_never_given_to_another_heading():
    kept, given_so_far = next_anchors(["甲", "乙"], ["s1", "s2"], ["甲"], given=2)
    again, _count = next_anchors(["甲"], kept, ["甲", "丙"], given=given_so_far)
    assert again == ["s1", "s3"]


def test_the_text_gets_its_addresses_and_contents():
    body, headings = with_anchors('<h2>现象</h2><p>x</p><h3 class="center">原因 <strong>一</strong></h3>', ["s4", "s9"])
    assert body == '<h2 id="s4">现象</h2><p>x</p><h3 id="s9" class="center">原因 <strong>一</strong></h3>'
    assert [(one.level, one.anchor, one.text) for one in headings] == [(2, "s4", "现象"), (3, "s9", "原因 一")]


@given(st.lists(st.sampled_from("甲乙丙丁"), max_size=8), st.lists(st.sampled_from("甲乙丙丁戊"), max_size=8))
def test_whatever_changes_each_heading_has_one_address_of_its_own(before: list[str], after: list[str]):
    old, count = next_anchors([], [], before, given=0)
    new, total = next_anchors(before, old, after, given=count)
    assert len(new) == len(after) == len(set(new))
    assert total >= count
    assert heading_texts("".join(f"<h2>{text}</h2>" for text in after)) == after
