"""What an address asks of a list, and what it answers."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.access.models import Audience
from portal.access.rules import AudienceRule, department_token
from portal.accounts.models import User
from portal.lists.keys import PlaceError, read_place
from tests.cast import Cast
from tests.papers.models import Paper

SignIn = Callable[[User], Client]
PAPERS = "/papers/"


def titles(client: Client, **query: object) -> list[str]:
    answer = client.get(PAPERS, query)
    assert answer.status_code == 200, answer.status_code
    return [row.title for row in answer.context["page"].rows]


def walk(client: Client, way: str = "next", key: str = "after", **query: object) -> list[list[str]]:
    """The pages one after another, until there is none."""
    pages, place = [], str(query.pop("start", ""))
    while True:
        page = client.get(PAPERS, query | ({key: place} if place else {})).context["page"]
        pages.append([row.title for row in page.rows])
        place = getattr(page, way)
        if not place:
            return pages


def test_only_what_a_person_may_see_is_listed_counted_and_exported(cast: Cast, client_for: SignIn, write: Callable[..., Paper]) -> None:
    write("质量月报")
    write("销售月报", audience=Audience.objects.for_rule(AudienceRule.of([department_token(cast.sales.pk)])))
    inspector = client_for(cast.inspector)
    page = inspector.get(PAPERS).context["page"]
    assert ([row.title for row in page.rows], page.count) == (["质量月报"], 1)
    exported = b"".join(inspector.post(PAPERS, {"export": "csv"}).streaming_content).decode()
    assert "质量月报" in exported
    assert "销售月报" not in exported
    assert client_for(cast.customer).get(PAPERS).status_code == 403
    assert Client().get(PAPERS).status_code == 302


def test_every_row_is_on_some_page_exactly_once_both_ways(cast: Cast, client_for: SignIn, write: Callable[..., Paper]) -> None:
    for number in range(17):
        write(f"月报{number:02d}", age=number // 3)  # several of one moment
    browser = client_for(cast.inspector)
    forth = walk(browser)
    assert [len(page) for page in forth] == [5, 5, 5, 2]
    assert sorted(title for page in forth for title in page) == [f"月报{number:02d}" for number in range(17)]
    last = browser.get(PAPERS, {"after": _last_place(browser)}).context["page"]
    assert (last.first, last.last, last.count) == (16, 17, 17)
    back = walk(browser, "previous", "before", start=last.previous)
    assert [*reversed(back), forth[-1]] == forth


def _last_place(browser: Client) -> str:
    place = ""
    while following := browser.get(PAPERS, {"after": place} if place else {}).context["page"].next:
        place = following
    return place


def test_what_comes_and_goes_meanwhile_neither_repeats_nor_hides_a_row(cast: Cast, client_for: SignIn, write: Callable[..., Paper]) -> None:
    papers = [write(f"月报{number}", age=number) for number in range(10)]
    browser = client_for(cast.inspector)
    first = browser.get(PAPERS).context["page"]
    write("刚刚发布")
    papers[2].delete()
    assert titles(browser, after=first.next) == [f"月报{number}" for number in range(5, 10)]


def test_the_last_page_that_emptied_leads_to_the_first(cast: Cast, client_for: SignIn, write: Callable[..., Paper]) -> None:
    for number in range(6):
        write(f"月报{number}", age=number)
    browser = client_for(cast.inspector)
    place = browser.get(PAPERS).context["page"].next
    Paper.objects.filter(title="月报5").delete()
    assert len(titles(browser, after=place)) == 5


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(moments=st.lists(st.integers(0, 3), min_size=1, max_size=14), descending=st.booleans())
def test_pages_by_key_equal_the_whole_order_cut_in_pieces(
    cast: Cast, client_for: SignIn, write: Callable[..., Paper], moments: list[int], descending: bool
) -> None:
    Paper.objects.all().delete()
    now = timezone.now()
    for number, moment in enumerate(moments):
        write(f"第{number}号", issued_at=now - timedelta(days=moment))
    order = ("-issued_at", "-pk") if descending else ("issued_at", "pk")
    whole = list(Paper.objects.order_by(*order).values_list("title", flat=True))
    assert walk(client_for(cast.inspector), sort="-issued" if descending else "issued") == [whole[start : start + 5] for start in range(0, len(whole), 5)]


def test_filters_and_words_narrow_list_count_and_chips_alike(cast: Cast, client_for: SignIn, write: Callable[..., Paper]) -> None:
    write("report 甲", age=3)
    write("✓report 乙", age=1)
    write("other 丙")
    browser = client_for(cast.inspector)
    assert titles(browser, kind="report") == ["✓report 乙", "report 甲"]
    assert titles(browser, kind="report", stamped="on") == ["✓report 乙"]
    assert titles(browser, q="report 甲") == ["report 甲"]
    day = timezone.localdate() - timedelta(days=3)
    assert titles(browser, issued_from=day, issued_to=day) == ["report 甲"]
    answer = browser.get(PAPERS, {"kind": "report", "issued_to": day})
    assert answer.context["page"].count == 1
    assert [(chip.label, "report" in chip.query) for chip in answer.context["asked"].chips] == [("类型", False), ("日期", True)]
    assert "没有符合条件的内容" in browser.get(PAPERS, {"q": "没有"}).content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"kind": "no.such"},
        {"issued_from": "gestern"},
        {"issued_from": "2026-03-02", "issued_to": "2026-03-01"},
        {"level_from": "9" * 30},
        {"level_from": 3, "level_to": 1},
    ],
)
def test_a_wrong_filter_is_told_at_its_field_and_lists_nothing(cast: Cast, client_for: SignIn, write: Callable[..., Paper], query: dict[str, object]) -> None:
    write("质量月报")
    answer = client_for(cast.inspector).get(PAPERS, query)
    assert answer.status_code == 422
    assert answer.context["page"].rows == []
    assert answer.context["asked"].form.errors


@pytest.mark.parametrize(
    "query",
    [
        {"sort": "password"},
        {"sort": "audience__key"},
        {"sort": "-secret"},
        {"columns": "secret,nothing,title"},
        {"audience": 1},
        {"after": "x"},
        {"after": "W10"},
        {"after": "WzAsImEiLCJiIl0"},
        {"before": "A" * 3000},
        {"after": "WzAseyJ0IjoiMjAyNi0wMS0wMSJ9LCI5OTk5OTk5OTk5OTk5OTk5OTk5OTkiXQ"},
        {"view": "9" * 40},
        {"q": "\x00"},
    ],
)
def test_what_the_list_does_not_declare_is_not_asked(cast: Cast, client_for: SignIn, write: Callable[..., Paper], query: dict[str, object]) -> None:
    """S38: neither an order nor a column nor a place that is none; the list answers as it is."""
    write("质量月报")
    answer = client_for(cast.inspector).get(PAPERS, query)
    assert answer.status_code == 200
    assert [row.title for row in answer.context["page"].rows] == ["质量月报"]
    assert "密级" not in answer.content.decode()


def test_a_column_by_right_is_nowhere_for_others(cast: Cast, client_for: SignIn, write: Callable[..., Paper]) -> None:
    write("厂务会纪要", audience=Audience.objects.for_rule(AudienceRule.of([department_token(cast.plant.pk)], level=2)))
    for person, is_seen in ((cast.director, True), (cast.inspector, False)):
        browser = client_for(person)
        assert ("密级" in browser.get(PAPERS).content.decode()) is is_seen
        assert ("密级" in b"".join(browser.post(f"{PAPERS}?columns=title,secret", {"export": "csv"}).streaming_content).decode()) is is_seen


@given(text=st.text(max_size=60))
def test_no_text_is_a_place_that_fails(text: str) -> None:
    try:
        read_place(text, ["-issued_at", "-pk"])
    except PlaceError:
        return


def test_hostile_words_stand_as_words(cast: Cast, client_for: SignIn, write: Callable[..., Paper]) -> None:
    write("<img src=x onerror=alert(1)>")
    body = client_for(cast.inspector).get(PAPERS, {"q": "<img"}).content.decode()
    assert "<img src=x" not in body
    assert "&lt;img src=x" in body


def test_what_stands_behind_more_filters_comes_when_it_is_opened_and_counts_before(cast: Cast, client_for: SignIn, write: Callable[..., Paper]) -> None:
    write("质量月报")
    browser = client_for(cast.inspector)
    page = browser.get(PAPERS)
    assert "更多筛选" in page.content.decode()
    assert b'name="level_from"' not in page.content
    opened = browser.get(PAPERS, {"filters": "all"}, headers={"HX-Target": "list-further"}).content.decode()
    assert 'name="level_from"' in opened
    assert "质量月报" not in opened
    asked = browser.get(PAPERS, {"level_from": 2})
    assert ([row.title for row in asked.context["page"].rows], asked.context["asked"].chips[0].said) == ([], "≥ 2")
    assert b'<input type="hidden" name="level_from" value="2"' in asked.content  # another filter that is changed keeps it
    wrong = browser.get(PAPERS, {"level_from": "x"})
    assert wrong.status_code == 422
    assert b'name="level_to"' in wrong.content
