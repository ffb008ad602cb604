"""What stands first: who is called so exactly, the number of a document, a position, a title by its sound; what tells the most of a question."""

import pytest

from bulletin.models import Notice
from bulletin.services.boards import board_of
from portal.accounts.models import User
from portal.organization.models import Position
from portal.organization.querysets import today
from portal.organization.services.employments import move_person
from portal.organization.services.people import change_person
from portal.search.analysis.sounds import sounding_like, sounds_of
from portal.search.asking import understand
from portal.search.finding import Fit, find_while_typing
from portal.search.question import Prefix, Term
from portal.search.views.searching import TYPED
from tests.bulletin.writing import audience, write
from tests.search.indexing import ask, page, paper, settle, titles, titles_of

pytestmark = pytest.mark.usefixtures("index")


def typed(person: User, words: str) -> list[str]:
    return titles_of(find_while_typing(User.objects.get(pk=person.pk), understand(words), TYPED))


def numbered(board, author, title: str, number: int) -> Notice:
    """厂发〔2026〕8号 where 8 is given."""
    notice = write(board, author, title=title, audience=audience("all"))
    Notice.objects.filter(pk=notice.pk).update(kind="document", document_prefix="厂发", document_year=2026, document_number=number)
    return Notice.objects.get(pk=notice.pk)


def test_initials_of_the_whole_name_stand_before_those_that_go_on_and_those_of_another_spelling(cast):
    named = (
        (cast.operator, "李明辉", "Li Minghui"),
        (cast.inspector, "刘梦瑶", "Liu Mengyao"),
        (cast.salesperson, "卢敏", "Lu Min"),
        (cast.deputy, "李梦瑶", "Li Mengyao"),
    )
    for person, name, name_en in named:
        change_person(person, actor=cast.admin, name=name, name_en=name_en)
    settle()
    for find in (titles, typed):
        assert find(cast.director, "lm")[:2] == ["李敏 Li Min", "卢敏 Lu Min"], "of equals by pinyin"
        assert find(cast.director, "limin")[0] == "李敏 Li Min"
        assert find(cast.director, "刘")[0] == "刘梦瑶 Liu Mengyao"


def test_among_equals_names_stand_by_pinyin_on_every_page(cast):
    people = [cast.operator, cast.inspector, cast.salesperson, cast.deputy]
    for person, name in zip(people, ("张伟", "安伟", "赵伟", "陈伟"), strict=True):
        change_person(person, actor=cast.admin, name=name, name_en="")
    settle()
    assert titles(cast.director, "伟") == ["安伟", "陈伟", "张伟", "赵伟"]


def test_a_position_as_it_is_called_stands_before_a_longer_one(cast):
    deputy = Position.objects.create(code="DEPUTY", name="副科长", name_en="Deputy head")
    for person, post in ((cast.operator, deputy), (cast.inspector, deputy), (cast.salesperson, cast.head_post), (cast.deputy, deputy)):
        move_person(person, department=cast.sales, position=post, moves_on=today(), actor=cast.admin)
    settle()
    for find in (titles, typed):
        assert find(cast.director, "科长")[:3] == ["李敏 Li Min", "刘洋 Liu Yang", "孙丽 Sun Li"]
        assert find(cast.director, "销售科 科长")[0] == "孙丽 Sun Li"
        assert "孙丽 Sun Li" not in find(cast.director, "副科长")


@pytest.mark.parametrize("words", ["8号", "2026 8号", "厂发8号", "厂发〔2026〕8号", "厂发[2026]8号", "〔2026〕8号"])
def test_the_number_of_a_document_is_looked_for_as_a_whole_number(cast, board, words):
    numbered(board, cast.head, "关于做好冬季生产的通知", 8)
    numbered(board, cast.head, "关于做好夏季生产的通知", 18)
    numbered(board, cast.head, "关于做好春季生产的通知", 28)
    paper("8 月 18 号停机：厂发的 2026 年计划，8 号机 8 月检修，18 号机 8 月 8 日检修")
    paper("8 号机检修记录：2026 年厂发")
    settle()
    for find in (titles, typed):
        assert find(cast.operator, words)[0] == "关于做好冬季生产的通知"


def test_entries_of_one_title_say_their_number_or_where_they_come_from(cast, board):
    first, second = (numbered(board, cast.head, "年度体检通知", number) for number in (3, 4))
    write(board_of(cast.workshop), cast.workshop_head, title="年度体检通知", audience=audience("all"))
    settle()
    html = page(cast.operator, q="体检通知")
    assert first.number == "厂发〔2026〕3号"
    assert [words in html for words in (first.number, second.number, "生产车间")] == [True] * 3


def test_while_typing_what_has_the_title_of_another_is_told_apart(cast, board, client_for):
    for number in (3, 4):
        numbered(board, cast.head, "年度体检通知", number)
    write(board_of(cast.workshop), cast.workshop_head, title="年度体检通知", audience=audience("all"))
    numbered(board, cast.head, "年度体检安排", 5)
    change_person(cast.inspector, actor=cast.admin, name=cast.head.name, name_en=cast.head.name_en)
    settle()
    html = client_for(cast.operator).get("/search/typing/", {"q": "年度体检"}).content.decode()
    told = [f'<small class="faint">{words}</small>' in html for words in ("厂发〔2026〕3号", "厂发〔2026〕4号", "生产车间", "厂发〔2026〕5号")]
    assert told == [True, True, True, False]
    html = client_for(cast.operator).get("/search/typing/", {"q": "李敏"}).content.decode()
    assert [person.employee_number in html for person in (cast.head, cast.inspector)] == [True, True]


@pytest.mark.parametrize("words", ["tijian", "tijiantongzhi", "tiji", "tjtz", "ndtj", "tongzhi", "年度 tijian"])
def test_titles_are_found_by_their_sound(cast, board, words):
    write(board, cast.head, title="关于2026年度体检通知", audience=audience("all"))
    paper("提高认识：体检通知只在正文里")
    settle()
    for find in (titles, typed):
        assert find(cast.operator, words) == ["关于2026年度体检通知"]


def test_a_title_by_its_sound_is_found_by_those_it_is_for_alone(cast, board):
    write(board, cast.head, title="体检通知", audience=audience(f"user:{cast.head.pk}"))
    settle()
    assert titles(cast.head, "tijian") == ["体检通知"]
    assert titles(cast.operator, "tijian") == []


@pytest.mark.parametrize(
    ("title", "words"),
    [("重庆银行会计", "chongqingyinhang"), ("重庆银行会计", "kuaiji"), ("重庆银行会计", "cqyhkj"), ("绿化 2026 方案", "lvhua"), ("西安", "xian")],
)
def test_what_is_read_otherwise_in_company_sounds_so(title, words):
    assert any(sound.startswith(words) for sound in sounds_of(title))


def test_what_is_no_sound_of_two_syllables_asks_for_none():
    assert [sounding_like(word) for word in ("wang", "gbt", "list", "maintenance", "8mg")] == [None] * 5
    assert sounding_like("tijian") == Prefix("spelled", "tijian", 2.0)
    assert sounding_like("tijiantongzhianpai") == Term("spelled", "tijiantongzhi", 2.0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("都市新词：孔雀女指的是在城市里长大的女孩", '"孔雀女" 称呼'),
        ("都市新词：孔雀女指的是在城市里长大的女孩", "“孔雀女” 称呼"),
        ("都市新词：孔雀女指的是在城市里长大的女孩", "什么是「孔雀女」？"),
        ("理学：格物致知是朱熹的理念", "「格物致知」是誰的理念？"),
        ("理学：格物致知，朱熹所倡", "「格物致知」是誰的理念？"),
        ("版式：下栏即一页的下半部分", "“下栏”是指什么？"),
        ("版式：下栏即一页的下半部分", "『下栏』，怎么排"),
    ],
)
def test_quotes_in_a_sentence_are_punctuation_and_in_the_end_a_phrase_alone_counts(cast, text, words):
    paper(text)
    paper("孔雀 女工：称呼与礼仪")
    paper("栏目：下一步安排")
    settle()
    assert titles(cast.operator, words)[:1] == [text.partition("：")[0]]


def test_where_no_text_has_all_those_that_have_the_phrase_are_counted_and_what_has_more_words_stands_first(cast):
    for number in range(25):
        paper(f"第{number}篇：孔雀女")
    paper("另一篇：孔雀女，城市")
    paper("别的：城市的称呼")
    settle()
    found = ask(cast.operator, '"孔雀女" 城市 称呼')
    assert (found.fit, found.total, found.near) == (Fit.PHRASE, 26, 0)
    assert titles_of(found)[0] == "另一篇"
    assert found.facets["kind"] == [("paper", 26)]
    assert len(titles(cast.operator, '"孔雀女" 城市 称呼', page=2)) == 6
    html = page(cast.operator, q='"孔雀女" 城市 称呼')
    assert "26 条结果" in html
    assert "引号" in html


@pytest.mark.parametrize("words", ["“检验质量”", "“检验质量” 办法", "「检验质量」", '"检验质量"办法', "办法 -「质量检验」"])
def test_quotes_that_stand_apart_still_ask_for_the_phrase(cast, words):
    paper("质量检验办法")
    settle()
    assert titles(cast.operator, "质量检验办法") == ["质量检验办法"]
    assert titles(cast.operator, words) == []


@pytest.mark.parametrize("words", ["硕塞是谁的儿子？", "谁是硕塞的儿子", "请问硕塞的儿子是谁"])
def test_what_is_rare_tells_more_than_what_many_texts_have(cast, words):
    for number in range(22):
        paper(f"第{number}篇：某人的儿子，此人是另一人的儿子")
    paper("硕塞：硕塞，爱新觉罗氏，清太宗第五子，封承泽亲王")
    settle()
    assert titles(cast.operator, words)[0] == "硕塞"


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("䲟又叫做什么", "䲟"),
        ("䲟鱼又名什么", "䲟"),
        ("䲟是什么", "䲟"),
        ("什么是䲟？", "䲟"),
        ("䲟的别名有哪些", "䲟"),
        ("茶是什么时候传到日本的", "茶"),
    ],
)
def test_a_character_alone_counts_also_where_others_stand_beside_it(cast, words, title):
    paper("䲟：䲟形目，头顶有吸盘，附着于大鱼")
    paper("茶：由僧人传到东瀛日本")
    paper("称谓：又叫做别的，又名某某")
    for number in range(12):
        paper(f"第{number}篇：别名有若干，日本的工厂何时传到")
    settle()
    assert titles(cast.operator, words)[0] == title


def test_one_character_stands_first_where_it_is_the_title_then_where_the_title_has_it(cast):
    paper("包")
    paper("卷包机")
    for number in range(5):
        paper(f"第{number}篇：包，包装，包，书包")
    settle()
    assert titles(cast.operator, "包")[:2] == ["包", "卷包机"]
    assert typed(cast.operator, "包")[:2] == ["包", "卷包机"]


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("C++", "C++ 语言"),
        ("c++语言", "C++ 语言"),
        ("C++ 是什么", "C++ 语言"),
        ("C#", "C# 语言"),
        ("Ｃ＋＋", "C++ 语言"),
        ("A+", "评为 A+ 级"),
        ("3#", "3# 机组"),
        ("3#机组", "3# 机组"),
    ],
)
def test_signs_count_where_they_belong_to_the_word(cast, words, title):
    for text in ("C++ 语言", "C# 语言", "C 语言", "维生素 C", "评为 A+ 级", "评为 A 级", "3# 机组", "3 月机组"):
        paper(text)
    settle()
    assert titles(cast.operator, words) == [title]


def test_a_word_with_signs_that_nothing_has_is_found_without_them(cast):
    paper("C 语言")
    settle()
    assert (titles(cast.operator, "C++"), ask(cast.operator, "C++").fit) == (["C 语言"], Fit.FORGIVEN)


@pytest.mark.parametrize(("words", "found"), [("℃", ["冷库 −18℃"]), ("§", ["§ 5 总则"]), ("?", []), ("，", []), ("冷库 & 总则", [])])
def test_signs_alone_are_words_and_beside_words_they_are_none(cast, words, found):
    paper("冷库 −18℃")
    paper("§ 5 总则")
    settle()
    assert titles(cast.operator, words)[: len(found)] == found
    assert bool(titles(cast.operator, words)) == bool(found) or ask(cast.operator, words).fit is Fit.NEAR
    html = page(cast.operator, q=words)
    assert f"<mark>{words}</mark>" in html or not found
