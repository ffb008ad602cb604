"""Text as terms, and questions as clauses."""

import pytest

from portal.search.analysis.asking import wording_of
from portal.search.analysis.folding import fold
from portal.search.analysis.names import spellings
from portal.search.analysis.terms import terms_of
from portal.search.asking import understand
from portal.search.feeding import PASSAGE, passages_of
from portal.search.question import Phrase, Term
from portal.search.snippets import marked, snippet


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ＧＢ／Ｔ　５６０６", "gb/t 5606"),
        ("捲煙質量檢驗", "卷烟质量检验"),
        ("Café NAÏVE", "cafe naive"),
        ("後臺與後台", "后台与后台"),
        ("İstanbul ß ㎎", "istanbul ß ㎎"),
    ],
)
def test_what_means_the_same_folds_to_the_same(written, folded):
    assert fold(written) == folded


def test_folding_keeps_every_place():
    text = "《ＧＢ／Ｔ５６０６》捲煙 ﬁ㍿ 𠮷野家 Ǆ İ"
    assert len(fold(text)) == len(text)


def test_chinese_is_taken_by_pairs_and_the_rest_by_words():
    terms = terms_of("《GB/T 5606 卷烟》第5章 8mg；notices")
    assert terms.pairs == ["gb", "t", "5606", "卷烟", "第", "5", "章", "8", "mg", "notices"]
    assert terms.single == ["gb", "t", "5606", "卷", "烟", "第", "5", "章", "8", "mg", "notices"]
    assert set(terms.loose) == {"gbt", "8mg", "notic"}


def test_a_name_is_found_by_its_spellings():
    assert {"王建国", "建国", "wangjianguo", "jianguo", "wjg"} <= set(spellings(["王建国"]))


def test_one_character_is_asked_for_alone_and_a_phrase_in_its_order():
    assert Phrase(("烟",)) in wording_of(["烟"]).clauses[0].any_of
    assert wording_of([], ["质量检验"]).required[-1].any_of == (Phrase(("质", "量", "检", "验"), 2.0),)
    assert [clause.any_of for clause in wording_of(["卷烟厂"]).clauses] == [(Term("pairs", "卷烟"),), (Term("pairs", "烟厂"),)]


@pytest.mark.parametrize(
    "words",
    [
        "until:9999-12-31",
        "until:9999",
        "after:0001",
        "",
        "   ",
        '"',
        "“”",
        "-",
        "--",
        "\x00",
        "department:",
        "after:9999-99",
        "type:",
        "kind:nothing",
        "：：",
        "a" * 5_000,
        "卷" * 5_000,
        '"' * 400,
        "-(" * 99,
    ],
)
@pytest.mark.django_db
def test_no_question_is_an_error(words):
    asked = understand(words)
    wording = wording_of(asked.words, asked.phrases)
    assert len(wording.clauses) <= 48
    assert len(asked.text) <= 200


@pytest.mark.django_db
def test_an_operator_that_names_nothing_is_text():
    assert understand("department:沒有這個 after:昨天 type:磁带 kind:x").words == ["department:沒有這個", "after:昨天", "type:磁带", "kind:x"]
    asked = understand("通知 after:2026-01 before:2026年3月 type:PDF －停电")
    assert asked.words == ["通知"]
    assert asked.file_types == ["pdf"]
    assert asked.excluded == ["停电"]
    assert asked.after is not None
    assert (asked.after.year, asked.after.month, asked.before.month) == (2026, 1, 3)


def test_the_original_text_is_marked_where_it_means_the_same():
    marks = wording_of(["捲煙質量", "ＧＢ"]).marks
    assert [piece.text for piece in marked("《gb/t》卷烟质量标准", marks) if piece.is_marked] == ["gb", "卷烟质量"]


@pytest.mark.parametrize(
    ("words", "phrases", "text", "shown"),
    [
        (["8mg"], [], "第 8 页：焦油 8 mg 与 8mg，18mg 与 8mgs 不是", ["8 mg", "8mg"]),
        (["GB/T"], [], "GB/T 5606，T 恤与 GB", ["GB/T"]),
        ([], ["第5章"], "第一章之后是第 5 章，第5条与第15章不是", ["第 5 章"]),
        ([], ["H1 2026"], "H1 2026 与 H1，2026 年", ["H1 2026", "H1，2026"]),
        ([], ["质量"], "质量与数量", ["质量"]),
    ],
)
def test_pieces_that_say_something_together_alone_are_marked_together_alone(words, phrases, text, shown):
    marks = wording_of(words, phrases).marks
    assert [piece.text for piece in marked(text, marks) if piece.is_marked] == shown


def test_a_passage_shows_where_most_of_it_stands():
    text = "无关的话。" * 200 + "仓库温湿度每班检查两次。" + "别的内容。" * 200
    shown = snippet(text, wording_of(["温湿度", "仓库"]).marks)
    assert [piece.text for piece in shown if piece.is_marked] == ["仓库温湿度"]
    assert len("".join(piece.text for piece in shown)) < 150


def test_long_texts_are_cut_into_passages_without_losing_a_character():
    text = "".join(f"第{number}条 按本办法执行。" for number in range(900))
    pieces = [piece for _page, piece in passages_of([(7, text)])]
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")
    assert max(map(len, pieces)) <= PASSAGE * 5 // 4
    assert {page for page, _piece in passages_of([(7, text)])} == {7}
