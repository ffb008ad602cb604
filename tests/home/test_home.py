"""The home page: widgets for whom they are meant, in each person's own arrangement."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from portal.foundation import widgets
from portal.foundation.errors import PortalError
from portal.foundation.navigation import all_navigation
from portal.foundation.widgets import Widget, register_widget
from portal.home.models import HomeArrangement
from portal.home.services import arrange_home, arrangement_of, change_arrangement
from portal.lists.definition import list_of
from portal.lists.services import save_view


@pytest.fixture
def four(monkeypatch):
    """Four widgets: two wide, one narrow, one for administrators."""
    monkeypatch.setattr(widgets, "_widgets", {})

    def show(text):
        return lambda request: {"text": text, "kind": "good", "count": 3, "more_url": "/places/"}

    register_widget(Widget("notices", "Notices", "components/status.html", show("notice text"), order=10))
    register_widget(Widget("news", "News", "components/status.html", show("news text"), order=20))
    register_widget(Widget("away", "Away", "components/status.html", show("away text"), column="side"))
    register_widget(Widget("errors", "Errors", "components/status.html", show("error text"), column="side", is_allowed=lambda user: user.is_superuser))


def codes(user) -> dict[str, list[str]]:
    arrangement = arrangement_of(user)
    return {name: [widget.code for widget in getattr(arrangement, name)] for name in ("main", "side", "hidden")}


def test_home_greets_by_name_with_the_department(cast, client_for):
    text = client_for(cast.inspector).get("/").content.decode()
    assert cast.inspector.name in re.search(r"<h1>(.*?)</h1>", text, re.S)[1]
    assert "质检科" in text


def test_home_is_for_employees_who_have_signed_in(cast, client_for):
    assert client_for(cast.operator).get("/").status_code == 200
    assert client_for(cast.customer).get("/").status_code == 403
    assert Client().get("/").status_code == 302


def test_widgets_are_shown_to_those_they_are_meant_for(four, cast, client_for):
    operator, admin = (client_for(person).get("/").content.decode() for person in (cast.operator, cast.admin))
    assert "notice text" in operator
    assert "error text" not in operator
    assert "error text" in admin


def test_shortcuts_are_what_stands_in_no_rail(cast, client_for):
    name = "张强的记录"
    save_view(actor=cast.admin, definition=list_of("audit.record"), name=name, query="q=张强")
    page = client_for(cast.admin).get("/").content.decode()
    panel = page[page.index('id="widget-shortcuts"') :].split("</section>")[0]
    assert name in panel
    rail = {item.url_name for item in all_navigation()}
    places = {reverse(url_name) for url_name in rail}
    assert re.findall(r'href="([^"]+)"', panel)
    assert not places & set(re.findall(r'href="([^"]+)"', panel))
    assert name not in client_for(cast.head).get("/").content.decode()


def test_a_widget_with_nothing_to_show_is_left_out(four, cast, client_for):
    register_widget(Widget("empty", "Nothing there", "components/status.html", lambda request: None))
    assert "Nothing there" not in client_for(cast.operator).get("/").content.decode()


def test_a_widget_that_listens_has_its_place_while_it_has_nothing_to_show(monkeypatch, cast, client_for):
    monkeypatch.setattr(widgets, "_widgets", {})
    shown: list[str] = []
    register_widget(Widget("papers", "Papers", "components/status.html", lambda request: {"text": shown[0], "kind": "good"} if shown else None, listens="bell"))
    register_widget(Widget("news", "News", "components/status.html", lambda request: None))
    client, address = client_for(cast.operator), reverse("home:live_panel", args=["papers"])
    page = client.get("/").content.decode()
    assert f'data-topic="bell:{cast.operator.pk}" hx-get="{address}"' in page
    assert 'class="empty"' in page
    assert 'id="widget-papers"' not in page
    assert client.get(address).content.decode().strip() == ""
    shown.append("one waits")
    part = client.get(address).content.decode()
    assert 'id="widget-papers"' in part
    assert "one waits" in part
    assert [client.get(reverse("home:live_panel", args=[code])).status_code for code in ("news", "unknown")] == [404, 404]
    assert client_for(cast.customer).get(address).status_code == 403


def test_widgets_stand_where_they_were_registered_until_arranged(four, cast):
    assert codes(cast.operator) == {"main": ["notices", "news"], "side": ["away"], "hidden": []}


@pytest.mark.parametrize(
    ("code", "change", "expected"),
    [
        ("news", "up", {"main": ["news", "notices"], "side": ["away"], "hidden": []}),
        ("notices", "down", {"main": ["news", "notices"], "side": ["away"], "hidden": []}),
        ("notices", "up", {"main": ["notices", "news"], "side": ["away"], "hidden": []}),
        ("news", "down", {"main": ["notices", "news"], "side": ["away"], "hidden": []}),
        ("news", "other_column", {"main": ["notices"], "side": ["away", "news"], "hidden": []}),
        ("away", "other_column", {"main": ["notices", "news", "away"], "side": [], "hidden": []}),
        ("news", "hide", {"main": ["notices"], "side": ["away"], "hidden": ["news"]}),
    ],
)
def test_one_step_moves_one_widget(four, cast, client_for, code, change, expected):
    response = client_for(cast.operator).post("/arrangement/change/", {"code": code, "change": change})
    assert response.status_code == 302
    assert codes(cast.operator) == expected
    assert codes(cast.head) == {"main": ["notices", "news"], "side": ["away"], "hidden": []}, "nobody else's page moved"


def test_a_hidden_widget_is_gone_and_comes_back(four, cast, client_for):
    client = client_for(cast.operator)
    client.post("/arrangement/change/", {"code": "news", "change": "hide"})
    assert "news text" not in client.get("/").content.decode()
    assert "News" in client.get("/arrangement/").content.decode()
    client.post("/arrangement/change/", {"code": "news", "change": "show"})
    assert "news text" in client.get("/").content.decode()


def test_dragging_stores_the_whole_order(four, cast, client_for):
    client = client_for(cast.operator)
    response = client.post("/arrangement/change/", {"main": ["away"], "side": ["news", "notices"], "hidden": []})
    assert response.status_code == 204
    assert codes(cast.operator) == {"main": ["away"], "side": ["news", "notices"], "hidden": []}


def test_everything_can_be_put_back(four, cast, client_for):
    client = client_for(cast.operator)
    client.post("/arrangement/change/", {"code": "news", "change": "hide"})
    client.post("/arrangement/change/", {"reset": "1"})
    assert not HomeArrangement.objects.filter(user=cast.operator).exists()
    assert codes(cast.operator)["hidden"] == []


def test_a_widget_that_came_later_stands_at_the_end_of_its_column(four, cast):
    arrange_home(actor=cast.operator, main=["news", "notices"], side=["away"], hidden=[])
    register_widget(Widget("mail", "Mail", "components/status.html", lambda request: {}, order=1))
    assert codes(cast.operator)["main"] == ["news", "notices", "mail"]


def test_a_widget_that_is_gone_or_no_longer_allowed_is_forgotten(four, cast):
    HomeArrangement.objects.create(user=cast.operator, main=["gone", "notices"], side=["errors"], hidden=[])
    assert codes(cast.operator) == {"main": ["notices", "news"], "side": ["away"], "hidden": []}


def test_what_is_unknown_twice_or_not_allowed_is_refused(four, cast):
    for columns in ({"main": ["gone"]}, {"main": ["news"], "side": ["news"]}, {"side": ["errors"]}):
        with pytest.raises(PortalError):
            arrange_home(actor=cast.operator, **{"main": [], "side": [], "hidden": []} | columns)
    with pytest.raises(PortalError):
        change_arrangement(actor=cast.operator, code="errors", change="up")
    assert not HomeArrangement.objects.exists()


def test_a_wrong_request_changes_nothing(four, cast, client_for):
    client = client_for(cast.operator)
    assert client.post("/arrangement/change/", {"code": "news", "change": "explode"}).status_code == 400
    assert client.post("/arrangement/change/", {"code": "gone", "change": "up"}).status_code == 302
    assert client.post("/arrangement/change/", {"main": ["errors"]}, headers={"HX-Request": "true"}).status_code == 409
    assert client.get("/arrangement/change/").status_code == 405
    assert client_for(cast.customer).post("/arrangement/change/", {"reset": "1"}).status_code == 403
    assert not HomeArrangement.objects.exists()


def test_home_asks_the_database_little(four, cast, client_for, django_assert_max_num_queries):
    client = client_for(cast.operator)
    client.get("/")
    with django_assert_max_num_queries(8):  # session, person with standing, arrangement with department, counts of boards, papers, forum and mail, bell
        client.get("/")


def fail(request: object) -> dict[str, object]:
    raise LookupError("the source of this panel is gone")


@pytest.mark.parametrize(("template_name", "context"), [("components/status.html", fail), ("no/such/template.html", lambda request: {})])
def test_a_widget_that_fails_says_so_and_the_others_go_on(four, cast, client_for, caplog, template_name, context):
    register_widget(Widget("broken", "Broken", template_name, context))
    page = client_for(cast.operator).get("/")
    assert page.status_code == 200
    assert "notice text" in page.content.decode()
    assert "components/unavailable.html" in [template.name for template in page.templates]
    assert "the widget broken failed" in caplog.text
