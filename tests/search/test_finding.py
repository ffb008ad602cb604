"""What a person finds, through the page and through the service."""

from dataclasses import replace
from datetime import datetime, timedelta
from unicodedata import normalize

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from bulletin.services.boards import board_of
from portal.access.rules import department_token, person_token
from portal.accounts.models import User
from portal.organization.querysets import today
from portal.organization.services.departments import change_department
from portal.organization.services.employments import move_person
from portal.organization.services.people import change_person, dismiss_person
from portal.pages.services import retract_page
from portal.search import finding
from portal.search.asking import understand
from portal.search.finding import Chosen, Fit, asking, find_while_typing
from portal.search.models import Entry, Look, Miss
from portal.search.question import Order
from portal.search.views.searching import TYPED
from tests.bulletin.writing import audience, correct, write
from tests.search.indexing import ask, page, paper, settle, titles

pytestmark = pytest.mark.usefixtures("index")


@pytest.fixture
def signed_in(client_for):
    return client_for


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("关于加强卷烟质量检验工作的通知", "质量检验"),
        ("关于加强卷烟质量检验工作的通知", "强卷"),
        ("关于加强卷烟质量检验工作的通知", "验"),
        ("关于加强卷烟质量检验工作的通知", "捲煙質量"),
        ("關於捲煙質量檢驗", "卷烟质量检验"),
        ("执行 GB/T 5606 卷烟标准", "GB/T 5606 卷烟"),
        ("执行 GB/T 5606 卷烟标准", "gbt 5606"),
        ("执行 GB/T 5606 卷烟标准", "ＧＢ／Ｔ　５６０６"),
        ("执行 GB/T5606 卷烟标准", "GB/T 5606"),
        ("H1 2026 计划", "h1 2026"),
        ("焦油量 8mg 的产品", "8mg"),
        ("焦油量 8 mg 的产品", "8mg"),
        ("Notices were approved", "notice approval"),
        ("Maintenance of the boiler", "maintenence"),
        ("片烟库温湿度每班检查两次", "温湿度 检查"),
        ("消防通道与用电安全", "消防安全"),
        ("第5章 附则", "“第5章”"),
        ("Cafe\u0301 der Re\u0301sidence", "résidence"),
        ("Café der Résidence", "re\u0301sidence"),
    ],
)
def test_what_is_written_is_found_as_people_type_it(cast, written, words):
    paper(written)
    paper("食堂下周菜单")
    settle()
    assert titles(cast.inspector, words) == [normalize("NFC", written)]


@pytest.mark.parametrize("words", ["“检验质量”", "质量 -检验", "质量 -“质量检验”", "type:pdf 质量", "before:2000 质量", "kind:news 质量", "from:孙丽 质量"])
def test_what_does_not_fit_is_not_found(cast, words):
    paper("质量检验")
    settle()
    assert titles(cast.inspector, "质量") == ["质量检验"]
    assert ask(cast.inspector, words).fit is Fit.EXACT
    assert titles(cast.inspector, words) == []


@pytest.mark.parametrize("words", ["王伟", "wangwei", "wangw", "ww", "10003", "Wang Wei", "wei"])
def test_a_colleague_is_found_by_name_pinyin_initials_and_number(cast, words):
    settle()
    assert "王伟 Wang Wei" in titles(cast.operator, words)[:2]


def test_people_who_leave_change_or_are_renamed_are_found_as_they_are(cast):
    settle()
    change_person(cast.salesperson, actor=cast.admin, name="孙丽华")
    dismiss_person(cast.operator, leaves_on=today() - timedelta(days=1), actor=cast.admin)
    change_department(cast.quality, actor=cast.admin, name="质量管理科")
    settle()
    assert titles(cast.head, "孙丽华") == ["孙丽华 Sun Li"]
    assert titles(cast.head, "张强") == []
    assert "质量管理科" in titles(cast.head, "质量管理科")
    assert "王伟 Wang Wei" in titles(cast.director, "王伟 质量管理科")


def test_a_notice_is_found_by_those_it_is_for_and_as_it_was_last_corrected(cast, board):
    notice = write(board, cast.head, title="抽检安排", body="<p>每班<b>两次</b>取样</p>", audience=audience(department_token(cast.quality.pk)))
    settle()
    assert titles(cast.inspector, "两次取样") == ["抽检安排"]
    assert titles(cast.operator, "两次取样") == []
    correct(notice, cast.head, body="<p>每班三次取样</p>")
    settle()
    assert titles(cast.inspector, "三次取样") == ["抽检安排"]
    assert "抽检安排" not in titles(cast.inspector, "“两次取样”")


def test_from_the_moment_of_a_change_until_the_index_has_followed_nothing_old_is_shown(cast, board):
    notice = write(board, cast.head, title="抽检安排", audience=audience("all"))
    settle()
    found = ask(cast.operator, "抽检安排")
    assert (found.total, found.facets["kind"]) == (1, [("notice", 1)])
    retract_page(notice, reason="有误", actor=cast.head)
    for person in (cast.operator, cast.head, cast.admin):
        found = ask(person, "抽检安排")
        assert (found.total, found.results, found.facets.get("kind", [])) == (0, [], [])
    settle()
    assert ask(cast.operator, "抽检安排").total == 0


def test_a_right_that_ends_with_a_move_is_felt_at_once(cast, board):
    write(board, cast.head, title="内部安排", audience=audience(department_token(cast.quality.pk)))
    settle()
    assert titles(cast.inspector, "内部安排") == ["内部安排"]
    move_person(cast.inspector, department=cast.sales, position=cast.staff_post, moves_on=today(), actor=cast.admin)
    assert titles(cast.inspector, "内部安排") == []
    assert ask(cast.inspector, "内部安排").total == 0


def test_what_expires_is_not_found_from_that_moment(cast, board):
    write(board, cast.head, title="临时停电", audience=audience("all"), expire_at=timezone.now() + timedelta(hours=1))
    settle()
    assert titles(cast.operator, "临时停电") == ["临时停电"]
    Entry.objects.filter(title="临时停电").update(ends_at=timezone.now() - timedelta(seconds=1), version=10_000)
    settle()
    assert ask(cast.operator, "临时停电").total == 0


def test_an_entry_that_the_index_still_has_is_not_shown_to_whom_the_policy_refuses_it(cast, board):
    """The index may be wrong in any way: the database is asked before anything is shown."""
    notice = write(board, cast.head, title="内部安排", audience=audience(department_token(cast.quality.pk)))
    settle()
    Entry.objects.filter(object_id=notice.pk, source="notices").update(include=["all"], version=10_000)
    settle()
    assert titles(cast.inspector, "内部安排") == ["内部安排"]
    found = ask(cast.operator, "内部安排")
    assert (found.total, found.results) == (0, [])


def test_operators_by_department_publisher_and_day(cast, board):
    write(board, cast.head, title="质检科的安排", audience=audience("all"))
    write(board_of(cast.workshop), cast.workshop_head, title="车间的安排", audience=audience("all"))
    settle()
    assert titles(cast.operator, "安排 department:质检") == ["质检科的安排"]
    assert titles(cast.operator, "安排 部门：生产车间") == ["车间的安排"]
    assert titles(cast.operator, "安排 from:limin") == ["质检科的安排"]
    assert titles(cast.operator, "安排 作者:刘洋") == ["车间的安排"]
    day = timezone.localdate()
    assert len(titles(cast.operator, f"安排 after:{day:%Y-%m-%d}")) == 2
    assert titles(cast.operator, f"安排 before:{day:%Y-%m-%d}") == []
    assert titles(cast.operator, f"安排 before:{day:%Y年}") == []
    for until in (f"{day:%Y-%m-%d}", f"{day:%Y-%m}", f"{day:%Y年}"):
        assert len(titles(cast.operator, f"安排 至：{until}")) == 2
    assert titles(cast.operator, f"安排 至：{day - timedelta(days=1):%Y-%m-%d}") == []
    assert titles(cast.operator, f"安排 until:{day.year - 1}") == []


def test_operators_with_chinese_signs_and_names_ask_the_same_in_every_language(cast, board):
    write(board, cast.head, title="安排", audience=audience("all"))
    settle()
    for words in ("安排 部门：“质检科”", "安排 种类：通知", "安排 kind:notice", "安排 kind:notices"):
        for language in ("zh-hans", "en"):
            with override(language):
                assert understand(words).words == ["安排"], (words, language)
                assert titles(cast.operator, words) == ["安排"]


def test_what_is_taken_away_from_nothing_is_looked_for(cast):
    paper("冷库保持 -18℃")
    settle()
    assert titles(cast.operator, "-18℃") == ["冷库保持 -18℃"]
    assert titles(cast.operator, "冷库 -18℃") == []


@pytest.mark.parametrize("words", ["王玮", "汪伟", "質儉科"])
def test_a_name_written_with_other_characters_that_sound_alike_is_offered(cast, words):
    settle()
    found = ask(cast.operator, words)
    assert found.fit is Fit.FORGIVEN
    assert "".join(piece.text for piece in found.results[0].title) in ("王伟 Wang Wei", "质检科")


def test_the_year_of_a_thing_is_that_of_the_plants_clock(cast):
    """At midnight in Shanghai it is still yesterday in Greenwich."""
    paper("元旦值班", issued_at=datetime(2026, 1, 1, 0, 30, tzinfo=timezone.get_default_timezone()))
    settle()
    assert ask(cast.operator, "元旦值班").facets["year"] == [("2026", 1)]
    assert titles(cast.operator, "元旦值班", year=2026) == ["元旦值班"]
    assert titles(cast.operator, "元旦值班", year=2025) == []


def test_colleagues_are_found_while_a_change_of_the_plant_is_on_its_way(cast):
    settle()
    change_department(cast.quality, actor=cast.admin, name="质量管理科")
    assert titles(cast.head, "王伟") == ["王伟 Wang Wei"]
    assert ask(cast.head, "department:质量管理").total > 0


def test_the_question_says_nothing_of_what_is_restricted(cast):
    settle()
    before = _question_of(cast.operator)
    for number in range(60):
        paper(f"质量{number}", person_token(cast.head.pk), department_token(cast.sales.pk))
    settle()
    assert _question_of(cast.operator) == before


def test_facets_narrow_and_go_on_offering_the_others(cast, board):
    write(board, cast.head, title="抽检安排", kind="notice", audience=audience("all"))
    write(board, cast.head, title="体检安排", kind="announcement", audience=audience("all"))
    settle()
    found = ask(cast.operator, "安排", kind="notice")
    assert [result.kind for result in found.results] == ["notice"]
    assert found.total == 1
    assert sorted(found.facets["kind"]) == [("announcement", 1), ("notice", 1)]
    assert found.facets["department"] == [(str(cast.quality.pk), 2 - 1)]
    html = page(cast.operator, q="安排", kind="notice")
    assert "抽检<mark>安排</mark>" in html
    assert "体检" not in html


def test_the_newest_stand_first_where_that_was_chosen(cast):
    for number in range(3):
        paper("质量 " * (3 - number) + f"通知{number}", issued_at=timezone.now() - timedelta(days=3 - number))
    settle()
    newest = ["".join(piece.text for piece in result.title)[-1] for result in ask(cast.operator, "质量", order=Order.NEWEST).results]
    assert newest == ["2", "1", "0"]


def test_while_typing_a_few_of_each_kind_are_shown(cast, board):
    for number in range(9):
        write(board, cast.head, title=f"王伟同志先进事迹{number}", audience=audience("all"))
    settle()
    found = find_while_typing(User.objects.get(pk=cast.operator.pk), understand("王"), TYPED)
    kinds = [result.kind for result in found.results]
    assert kinds.count("person") == 1
    assert kinds.count("notice") == TYPED["pages"]
    assert found.total == 10


def test_a_beginning_of_a_word_is_enough_while_typing_and_not_afterwards(cast):
    paper("Temperature of the store")
    settle()
    assert find_while_typing(User.objects.get(pk=cast.operator.pk), understand("temper"), TYPED | {"pages": 5}).total == 1
    assert ask(cast.operator, "temper").total == 0


def test_text_that_looks_like_markup_is_shown_and_does_nothing(cast, signed_in):
    paper("<script>alert(1)</script>质量：<img src=x onerror=alert(2)>质量说明")
    settle()
    client = signed_in(cast.operator)
    for address in ("/search/", "/search/typing/"):
        html = client.get(address, {"q": "质量 <script>"}).content.decode()
        assert "&lt;<mark>script</mark>&gt;alert(1)" in html
        assert "<script>alert" not in html
        assert "<img src=x" not in html


def test_results_are_turned_page_by_page_to_the_last(cast, signed_in):
    for number in range(41):
        paper(f"质量 {number}")
    settle()
    client = signed_in(cast.operator)
    pages = [client.get("/search/", {"q": "质量", "page": number}).content.decode() for number in (1, 2, 3)]
    assert [('rel="prev"' in html, 'rel="next"' in html) for html in pages] == [(False, True), (True, True), (True, False)]
    assert ["第 2 页，共 3 页" in html for html in pages] == [False, True, False]
    assert [html.count('<li class="result') for html in pages] == [20, 20, 1]
    assert 'rel="' not in client.get("/search/", {"q": "质量", "page": 4}).content.decode().partition("<main")[2]


def test_beyond_the_last_page_that_can_be_turned_to_there_is_none(cast, signed_in, monkeypatch):
    monkeypatch.setattr(finding, "DEEPEST", 40)
    for number in range(60):
        paper(f"质量 {number}")
    settle()
    client = signed_in(cast.operator)
    assert client.get("/search/", {"q": "质量", "page": 2}).content.decode().count('<li class="result') == 20
    assert "没有这一页" in client.get("/search/", {"q": "质量", "page": 3}).content.decode()


def test_what_is_new_since_one_last_looked(cast, signed_in):
    paper("质量一", issued_at=timezone.now() - timedelta(days=9))
    settle()
    client = signed_in(cast.operator)
    assert client.post("/search/looks/", {"q": "质量"}).status_code == 204
    Look.objects.update(looked_at=timezone.now() - timedelta(days=2))
    paper("质量二", issued_at=timezone.now() - timedelta(days=1))
    settle()
    html = client.get("/search/", {"q": "质量", "new": "1"}).content.decode()
    assert "<mark>质量</mark>二" in html
    assert "<mark>质量</mark>一" not in html
    assert client.get("/search/", {"q": "质量"}).context["new"][0] == 1
    assert signed_in(cast.head).get("/search/", {"q": "质量"}).context["new"] is None


def test_looking_at_the_page_changes_nothing(cast, signed_in):
    settle()
    client = signed_in(cast.operator)
    client.get("/search/", {"q": "没有的东西"})
    client.get("/search/typing/", {"q": "没有的东西"})
    assert not Look.objects.exists()
    assert not Miss.objects.exists()


def test_without_an_index_the_page_offers_the_directory_and_the_rest_goes_on(cast, board, signed_in):
    answer = signed_in(cast.head).get("/search/", {"q": "质量"})
    assert answer.status_code == 503
    assert "/organization/people/" in answer.content.decode()
    assert signed_in(cast.head).get("/search/typing/", {"q": "质量"}).status_code == 200
    write(board, cast.head, title="质量", audience=audience("all"))
    settle()
    assert titles(cast.head, "质量") == ["质检科", "质量"] or "质量" in titles(cast.head, "质量")


def test_a_customer_does_not_search_the_plant(cast, signed_in):
    assert signed_in(cast.customer).get("/search/", {"q": "质量"}).status_code == 403
    assert Client().get("/search/", {"q": "质量"}).status_code == 302


def _question_of(person: User) -> str:
    asking_now = asking(User.objects.get(pk=person.pk), understand("质量 通知"), Chosen(), limit=20)
    question = asking_now.question(Fit.EXACT, asking_now.wording(Fit.EXACT))
    return repr(replace(question, filters=replace(question.filters, now=0)))
