"""What people mean when they ask: questions as they are spoken, names inside them, and what comes near."""

import pytest

from portal.access.rules import person_token
from portal.accounts.models import User
from portal.organization.services.people import change_person
from portal.search.analysis.asking import wording_of
from portal.search.analysis.manner import without_asking
from portal.search.asking import understand
from portal.search.finding import Fit, find_while_typing
from portal.search.views.searching import TYPED
from tests.search.indexing import ask, page, paper, settle, titles, titles_of

pytestmark = pytest.mark.usefixtures("index")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("体检什么时候", ["体检"]),
        ("體檢什麼時候", ["體檢什麼時候"]),  # folded before
        ("请问年休假怎么请？", ["年休假"]),
        ("怎样缩短换牌号的停机时间", ["缩短换牌号的停机时间"]),
        ("为什么 停电", ["停电"]),
        ("动力科谁是科长", ["动力科", "科长"]),
        ("how to apply for leave", ["apply", "leave"]),
        ("几点意见", ["几点意见"]),
        ("吗啡", ["吗啡"]),
        ("怎么办", ["怎么办"]),
        ("how", ["how"]),
        ("?", ["?"]),
    ],
)
def test_what_only_asks_is_not_looked_for(typed, meant):
    assert without_asking(typed.split()) == meant


def test_a_question_is_answered_by_what_it_asks_about(cast):
    paper("年度体检安排：今年体检在市职工医院进行")
    paper("轮班交接：记下什么时候交接，到什么时候为止，什么时候开机")
    settle()
    for words in ("体检什么时候", "體檢什麼時候？", "请问体检在哪里"):
        assert titles(cast.operator, words) == ["年度体检安排"], words


def test_a_phrase_in_quotes_is_looked_for_as_it_stands(cast):
    paper("新员工怎么办理入职")
    settle()
    assert titles(cast.operator, "“怎么办理”") == ["新员工怎么办理入职"]
    assert titles(cast.operator, "“如何办理”") == []


@pytest.mark.parametrize("words", ["质检科电话", "質檢科電話是多少"])
def test_a_name_inside_a_question_puts_its_bearer_first(cast, words):
    for number in range(5):
        paper(f"第{number}号：质检科抽查，质检科记录，报质检科")
    settle()
    assert titles_of(ask(cast.operator, words))[0] == "质检科"


def test_who_is_called_so_stands_before_who_is_called_so_and_more(cast):
    change_person(cast.operator, actor=cast.admin, name="王伟东")
    settle()
    for words in ("wangwei", "王伟"):
        assert titles(cast.head, words)[:2] == ["王伟 Wang Wei", "王伟东 Zhang Qiang"]


def test_beside_the_few_that_have_all_words_stands_what_comes_near_and_is_not_counted(cast):
    paper("运行等级表：RAID 一词也在此")
    near = "磁盘阵列：RAID 的配置，RAID 的恢复，RAID 的更换"
    paper(near)
    hidden = paper("机密：RAID 密钥", person_token(cast.head.pk))
    settle()
    found = ask(cast.operator, "RAID 等级")
    assert (found.fit, found.total, found.near) == (Fit.EXACT, 1, 1)
    assert titles_of(found) == ["运行等级表", "磁盘阵列"]
    html = page(cast.operator, q="RAID 等级")
    assert html.index("运行") < html.index("以下只含部分词") < html.index("磁盘阵列")
    assert "1 条结果" in html
    assert hidden.title.partition("：")[0] not in html
    assert ask(cast.operator, "RAID 等级", page=2).near == 0
    assert ask(cast.operator, "RAID 等级 -磁盘").near == 0
    assert ask(cast.operator, "“RAID 的配置” 等级").near == 0


def test_while_one_types_the_last_word_may_go_on_also_after_one_that_asks(cast):
    paper("Temperature of the store")
    settle()
    found = find_while_typing(User.objects.get(pk=cast.operator.pk), understand("what temper"), TYPED)
    assert found.total == 1
    assert wording_of(["temper", "what"], is_typing=True).marks.beginnings == set()


def test_what_has_a_common_word_alone_does_not_come_near(cast):
    for number in range(20):
        paper(f"第{number}号规定")
    paper("劳动纪律规定")
    paper("关于加强劳动纪律的若干规定")
    settle()
    assert titles_of(ask(cast.operator, "劳动纪律规定")) == ["劳动纪律规定", "关于加强劳动纪律的若干规定"]
