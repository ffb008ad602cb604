"""What those see who keep the search: what people look for and do not find, and what stands first for a word."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from portal.access.rules import person_token
from portal.accounts.models import User
from portal.audit.models import AuditRecord
from portal.search.models import Entry, Miss, Pin
from tests.search.indexing import paper, settle

pytestmark = pytest.mark.usefixtures("index")


@pytest.fixture
def signed_in(client_for):
    return client_for


def entry_of(written) -> int:
    return Entry.objects.get(source="papers", object_id=written.pk).pk


def test_what_several_did_not_find_is_told_to_those_who_keep_the_search_without_their_names(cast, signed_in):
    paper("质量")
    settle()
    for person in (cast.operator, cast.operator, cast.head):
        for words in ("夜班 餐券", "质量"):
            signed_in(person).post("/search/looks/", {"q": words})
    signed_in(cast.head).post("/search/looks/", {"q": "只有一个人找过"})
    html = signed_in(cast.admin).get("/search/kept/").content.decode()
    assert "夜班 餐券" in html
    assert "只有一个人找过" not in html
    assert "质量" not in html
    assert [len(miss.seekers) for miss in Miss.objects.filter(words="夜班 餐券")] == [2]
    assert cast.operator.pk not in Miss.objects.get(words="夜班 餐券").seekers
    assert signed_in(cast.operator).get("/search/kept/").status_code == 403


def test_a_pinned_result_stands_first_for_its_words_and_only_for_those_who_may_see_it(cast, signed_in):
    paper("体检安排")
    hidden = paper("内部体检名单", person_token(cast.head.pk), person_token(cast.admin.pk))
    other = paper("职工健康手册")
    settle()
    keeper = signed_in(cast.admin)
    for one in (hidden, other):
        keeper.post("/search/pins/new/", {"words": "体检", "entry": Entry.objects.get(source="papers", object_id=one.pk).pk})
    assert Pin.objects.count() == 2
    assert AuditRecord.objects.filter(verb="pin.added").count() == 2

    def shown(person: User) -> list[str]:
        context = signed_in(person).get("/search/", {"q": "体检"}).context
        return ["".join(piece.text for piece in result.title) for result in [*context["pinned"], *context["results"]]]

    assert shown(cast.head) == ["内部体检名单", "职工健康手册", "体检安排"]
    assert shown(cast.operator) == ["职工健康手册", "体检安排"]
    keeper.post(f"/search/pins/{Pin.objects.first().pk}/removal/")
    assert Pin.objects.count() == 1
    assert signed_in(cast.operator).post("/search/pins/new/", {"words": "体检", "entry": 1}).status_code == 403


def test_nobody_pins_what_they_may_not_see(cast, signed_in):
    hidden = paper("内部名单", person_token(cast.head.pk))
    settle()
    signed_in(cast.admin).post("/search/pins/new/", {"words": "名单", "entry": Entry.objects.get(source="papers", object_id=hidden.pk).pk})
    assert not Pin.objects.exists()


def test_one_person_who_looks_in_vain_on_several_days_is_one_person(cast, signed_in):
    settle()
    for days in range(3):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            signed_in(cast.operator).post("/search/looks/", {"q": "我的处分决定"})
    assert Miss.objects.filter(words="我的处分决定").count() == 3
    keeper = signed_in(cast.admin)
    assert "我的处分决定" not in keeper.get("/search/kept/").content.decode()
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        signed_in(cast.head).post("/search/looks/", {"q": "我的处分决定"})
        (missed,) = signed_in(cast.admin).get("/search/kept/").context["misses"]
        assert (missed.words, missed.seekers, missed.last) == ("我的处分决定", 2, timezone.localdate())


def test_words_that_are_found_by_themselves_are_not_missed_where_an_operator_has_left_them_out(cast, signed_in):
    paper("质量分析")
    settle()
    for person in (cast.operator, cast.head):
        for words in ("质量 type:pdf", "质量 before:2000", "质量 -分析"):
            assert "没有找到" in signed_in(person).get("/search/", {"q": words}).content.decode()
            signed_in(person).post("/search/looks/", {"q": words})
    assert not Miss.objects.exists()


def test_marks_of_a_person_do_not_tell_what_else_that_person_looked_for(cast, signed_in):
    settle()
    for words in ("饭卡", "夜班餐券"):
        signed_in(cast.operator).post("/search/looks/", {"q": words})
    marks = [mark for miss in Miss.objects.all() for mark in miss.seekers]
    assert len(set(marks)) == 2


def test_words_that_find_nothing_are_given_a_result_by_those_who_keep_the_search(cast, signed_in):
    """People say 饭卡, the notice says 就餐卡: it is found by its own words, and put first for theirs."""
    written = paper("就餐卡补办")
    settle()
    for person in (cast.operator, cast.inspector):
        signed_in(person).post("/search/looks/", {"q": "饭卡丢失"})
    keeper = signed_in(cast.admin)
    assert 'href="/search/?for=%E9%A5%AD%E5%8D%A1%E4%B8%A2%E5%A4%B1"' in keeper.get("/search/kept/").content.decode()
    asked = keeper.get("/search/", {"for": "饭卡丢失", "q": "就餐卡"}).content.decode()
    assert '<input type="hidden" name="for" value="饭卡丢失">' in asked
    assert f'name="words" value="饭卡丢失">\n  <input type="hidden" name="entry" value="{entry_of(written)}"' in asked
    keeper.post("/search/pins/new/", {"words": "饭卡丢失", "entry": entry_of(written)})
    for address in ("/search/", "/search/typing/"):
        assert "就餐卡补办" in signed_in(cast.operator).get(address, {"q": "饭卡丢失"}).content.decode()
    assert keeper.get("/search/kept/").context["misses"] == []
    keeper.post(f"/search/pins/{Pin.objects.get().pk}/removal/")
    assert len(keeper.get("/search/kept/").context["misses"]) == 1


def test_where_nothing_is_found_those_who_keep_the_search_are_led_to_put_something_there(cast, signed_in):
    settle()
    assert "/search/?for=%E9%A5%AD%E5%8D%A1" not in signed_in(cast.operator).get("/search/", {"q": "饭卡"}).content.decode()
    assert '<a class="button" href="?for=%E9%A5%AD%E5%8D%A1">为这个词置顶一条结果</a>' in signed_in(cast.admin).get("/search/", {"q": "饭卡"}).content.decode()
    assert '<a class="button" href="/organization/people/">通讯录</a>' in signed_in(cast.operator).get("/search/", {"q": "饭卡"}).content.decode()
    assert "饭卡" not in signed_in(cast.operator).get("/search/", {"for": "饭卡"}).content.decode()


def test_while_one_types_a_pinned_result_stands_first_for_those_who_may_see_it(cast, signed_in):
    paper("体检安排")
    hidden, shown = paper("内部体检名单", person_token(cast.head.pk)), paper("职工健康手册")
    settle()
    Pin.objects.bulk_create(Pin(words="体检", entry_id=entry_of(one), pinned_by=cast.admin) for one in (hidden, shown))
    typed = signed_in(cast.operator).get("/search/typing/", {"q": "体检"}).content.decode()
    assert typed.index("职工健康手册") < typed.index("体检</mark>安排")
    assert "内部" not in typed
    assert "全部 2 条" in typed
    assert signed_in(cast.head).get("/search/typing/", {"q": "体检"}).content.decode().count("内部") == 1
