"""The articles of a policy are recognised, and paired between two versions by what they say."""

from random import Random

import pytest

from knowledge.clauses import articles_of, items_of, recognise, written
from knowledge.pairing import Change, pair
from portal.foundation.rich_text import clean_html
from tests.knowledge.regulations import Regulation, Said, counted, regulation, revised


def changes(before: str, after: str) -> list[tuple[str, str, str]]:
    """(old label, new label, what) of all articles."""
    olds, news = articles_of(recognise(clean_html(before))), articles_of(recognise(clean_html(after)))
    return [
        (olds[one.before].label if one.before is not None else "", news[one.after].label if one.after is not None else "", str(one.change))
        for one in pair(olds, news)
    ]


def text(*articles: str) -> str:
    return "".join(f"<p>第{counted(place)}条　{words}</p>" for place, words in enumerate(articles, start=1))


A, B, C, D = (
    "保管员每班检查温湿度两次并如实记录。",
    "发现垛温升高的，当班报质检科。",
    "记录保存五年，纸面记录按月装订。",
    "除湿机组由动力科负责检修和保养。",
)


def test_a_hundred_and_one_articles_have_their_labels():
    found = articles_of(recognise(clean_html(text(*(f"本条规定第{place}件事。" for place in range(1, 102))))))
    assert len(found) == 101
    assert [found[place - 1].label for place in (10, 11, 20, 21, 101)] == ["第十条", "第十一条", "第二十条", "第二十一条", "第一百〇一条"]


def test_chapters_sections_articles_and_items_are_told_apart():
    body = clean_html(
        "<p>为规范管理，制定本办法。</p><h2>第一章 总则</h2><p><strong>第一条</strong> 目的。</p><p>（一）甲；</p><p>（二）乙。</p>"
        "<h3>第一节 范围</h3><p>第 2 条：适用。</p><ul><li>第三条 各部门。</li></ul><table><tbody><tr><td>库</td></tr></tbody></table>"
        "<p>第三条之一 另见第二条。</p>"
    )
    found = recognise(body)
    assert [(one.kind, one.label) for one in found] == [
        ("preamble", ""), ("chapter", "第一章"), ("article", "第一条"), ("section", "第一节"), ("article", "第2条"),
        ("article", "第三条"), ("article", "第三条之一"),
    ]  # fmt: skip
    assert items_of(found[2]) == ["（一）", "（二）"]
    assert found[2].chapter == "第一章 总则"
    assert "<table>" in found[5].html
    assert found[-1].text == "另见第二条。", "a reference within a sentence begins nothing"
    assert recognise(clean_html(written(found)))[2].text == found[2].text


def test_an_inserted_article_leaves_the_later_ones_only_renumbered():
    assert changes(text(A, B, C), text(A, D, B, C)) == [
        ("第一条", "第一条", "same"), ("", "第二条", "added"), ("第二条", "第三条", "renumbered"), ("第三条", "第四条", "renumbered"),
    ]  # fmt: skip


def test_two_that_changed_places_are_two_moved_and_nothing_else():
    assert [what for _old, _new, what in changes(text(A, B, C, D), text(A, C, B, D))] == ["same", "moved", "moved", "same"]


def test_a_changed_one_stays_itself_though_its_number_is_another():
    assert changes(text(A, B, C), text(D, A.replace("两次", "三次，间隔不少于三小时"), B, C))[:2] == [("", "第一条", "added"), ("第一条", "第二条", "changed")]


def test_one_that_is_said_more_fully_stays_itself():
    fuller = "温湿度每班检查两次，间隔不少于三小时；梅雨季节（六月十日至七月二十日）每班检查三次。"
    assert [what for _old, _new, what in changes(text(A, "温湿度每日检查两次。", B), text(A, fuller, B))] == ["same", "changed", "same"]


def test_identical_ones_are_not_paired_by_guess():
    same = "本条空缺。"
    found = changes(text(same, A, same), text(A, same))
    assert ("第二条", "第一条", "renumbered") in found
    assert sorted(what for _old, _new, what in found).count("removed") <= 1
    twice = changes(text(same, A, same), text(same, A, same))
    assert {what for _old, _new, what in twice} == {"same"}


def test_a_person_may_set_a_pair_and_take_one_apart():
    olds, news = articles_of(recognise(clean_html(text(A, B)))), articles_of(recognise(clean_html(text(D, B))))
    assert [one.change for one in pair(olds, news)] == [Change.REMOVED, Change.ADDED, Change.SAME]
    assert [one.change for one in pair(olds, news, {0: 0})] == [Change.CHANGED, Change.SAME]
    assert [one.change for one in pair(olds, news, {0: 0, 1: None})] == [Change.CHANGED, Change.REMOVED, Change.ADDED]


def score(before: Regulation, after: Regulation) -> tuple[int, int, int, int]:
    """(pairs found rightly, pairs found, pairs that there are, changes without a mark)."""
    olds, news = before.all(), after.all()
    found = pair(before.clauses(), after.clauses())
    pairs = {(olds[one.before].key, news[one.after].key) for one in found if one.before is not None and one.after is not None}
    truth = {one.key for one in olds} & {one.key for one in news}
    texts = {one.key: one.text for one in olds}
    unmarked = sum(
        one.change in {Change.SAME, Change.RENUMBERED, Change.MOVED} and texts[news[one.after].key] != news[one.after].text
        for one in found
        if one.after is not None and news[one.after].key in texts
    )
    return sum(old == new for old, new in pairs), len(pairs), len(truth), unmarked


@pytest.mark.parametrize("seed", range(3))
def test_the_pairs_of_twenty_revised_policies_are_the_true_ones(seed: int):
    random = Random(seed)
    right = found = there = unmarked = 0
    for _place in range(20):
        before = regulation(random, random.randrange(20, 121))
        one = score(before, revised(random, before))
        right, found, there, unmarked = right + one[0], found + one[1], there + one[2], unmarked + one[3]
    assert right / found >= 0.95
    assert right / there >= 0.95
    assert unmarked == 0


def test_every_article_of_both_is_accounted_for_once():
    random = Random(11)
    for _place in range(10):
        before = regulation(random, 60)
        after = revised(random, revised(random, before))
        found = pair(before.clauses(), after.clauses())
        assert sorted(one.before for one in found if one.before is not None) == list(range(len(before.all())))
        assert [one.after for one in found if one.after is not None] == list(range(len(after.all())))


def test_a_text_of_one_word_and_of_none_is_compared():
    one = Regulation([[Said(0, "停。")]], 1)
    assert [one.change for one in pair(one.clauses(), one.clauses())] == [Change.SAME]
    assert pair([], []) == []
