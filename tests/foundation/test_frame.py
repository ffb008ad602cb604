"""The frame: what stands in it for whom, and that what is drawn once for all carries nothing of anyone."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.views.defaults import permission_denied

from portal.foundation import creation, navigation, skeletons
from portal.foundation import frame as frames
from portal.foundation.creation import CreationItem, register_creation
from portal.foundation.frame import register_slot
from portal.foundation.navigation import NavigationItem, register_navigation


@pytest.fixture
def registries(monkeypatch):
    """Places, creations and slots of this test only."""
    monkeypatch.setattr(navigation, "_items", {})
    monkeypatch.setattr(creation, "_items", [])
    monkeypatch.setattr(skeletons, "_skeletons", {})
    monkeypatch.setattr(frames, "_slots", {"topbar": [], "banner": [], "person_menu": []})


def page(user, path="/", **headers) -> str:
    request = RequestFactory().get(path, headers=headers)
    request.user = user
    request.session = {}
    request._messages = []
    return render_to_string("layouts/page.html", {}, request)


def rail(text: str) -> str:
    return re.search(r'<nav class="rail".*?</nav>', text, re.S)[0]


def test_rail_shows_what_a_person_may_use_and_nothing_else(registries, cast):
    register_navigation(NavigationItem("home", "Home", "house", "home:home", key="h", group="main"))
    register_navigation(NavigationItem("places", "Secret place", "lock", "foundation:places", is_allowed=lambda user: user.is_superuser))
    assert "Secret place" in page(cast.admin)
    assert "Secret place" not in page(cast.operator)
    assert "Home" in rail(page(cast.operator))


def test_a_place_without_an_address_is_left_out(registries, cast):
    register_navigation(NavigationItem("mail", "Mail", "mail", "mail:nowhere"))
    assert "Mail" not in page(cast.operator)


def test_the_place_of_the_page_is_marked_once(registries, cast):
    register_navigation(NavigationItem("home", "Home", "house", "home:home", group="main"))
    register_navigation(NavigationItem("places", "All", "menu", "foundation:places"))
    for path, code in (("/", "home"), ("/places/", "places"), ("/places/below/", "places")):
        marked = re.findall(r'data-place="(\w+)" aria-current="page"', rail(page(cast.operator, path)))
        assert marked == [code], path
    assert "aria-current" not in rail(page(cast.operator, "/elsewhere/"))


def test_a_count_stands_at_its_place_for_that_person_alone(registries, cast):
    waiting = {cast.operator: 3, cast.head: 1_284, cast.inspector: 0}
    register_navigation(NavigationItem("home", "Home", "house", "home:home", badge=lambda request: waiting[request.user]))
    assert '<small class="badge">3</small>' in rail(page(cast.operator))
    assert '<small class="badge">99+</small>' in rail(page(cast.head))
    assert 'class="badge"' not in rail(page(cast.inspector))


def test_bottom_bar_has_four_places_and_more(registries, cast):
    for number in range(7):
        register_navigation(NavigationItem(f"place{number}", f"Place {number}", "house", "home:home", order=number))
    bar = re.search(r'<nav class="bottom-bar".*?</nav>', page(cast.operator, "/places/"), re.S)[0]
    assert bar.count("<li>") == 5
    assert "Place 3" in bar
    assert "Place 4" not in bar
    assert 'href="/places/" aria-current="page"' in bar


def test_a_place_cannot_be_registered_twice_nor_share_a_key(registries):
    register_navigation(NavigationItem("home", "Home", "house", "home:home", key="h"))
    with pytest.raises(ValueError, match="collides"):
        register_navigation(NavigationItem("home", "Again", "house", "home:home"))
    with pytest.raises(ValueError, match="collides"):
        register_navigation(NavigationItem("history", "History", "history", "home:home", key="h"))


def test_new_menu_offers_what_may_be_created(registries, cast):
    register_creation(CreationItem("Group", "users", "access:group_create", 10, lambda user: user.is_superuser))
    assert 'href="/access/groups/new/"' in page(cast.admin)
    assert 'href="/access/groups/new/"' not in page(cast.operator)


def test_nothing_of_one_person_is_drawn_for_another(registries, cast):
    first = page(cast.head, "/?q=%3Cscript%3Ehead")
    second = page(cast.inspector, "/somewhere/?a=1")
    assert cast.head.name in first
    assert "<script>head" not in first
    assert cast.inspector.name in second
    assert cast.head.name not in second
    assert cast.head.employee_number not in second
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', first)[1]
    assert token not in second
    assert 'name="next" value="/somewhere/?a=1"' in second
    assert "\x00" not in first + second


def test_names_are_escaped_wherever_they_stand(registries, cast):
    cast.operator.name = '<img src=x onerror="alert(1)">'
    text = page(cast.operator)
    assert "<img src=x" not in text
    assert "&lt;img src=x" in text


def test_slots_are_drawn_anew_with_the_context_of_the_page(registries, cast):
    register_slot("banner", "components/status.html", order=1)
    request = RequestFactory().get("/")
    request.user, request.session, request._messages = cast.operator, {}, []
    for words in ("first", "second"):
        assert words in render_to_string("layouts/page.html", {"text": words, "kind": "good"}, request)


@pytest.mark.parametrize("path", ["/", "/places/", "/nothing/", "/accounts/sign-in/"])
def test_pages_hold_to_the_policy_no_inline_script_style_or_handler(path, cast, client_for):
    client = Client() if "sign-in" in path else client_for(cast.operator)
    response = client.get(path)
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    text = response.content.decode()
    assert not re.search(r"<script(?![^>]*(src=|application/json))", text)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
    assert not re.search(r"""(src|href|action)=["'](https?:)?//""", text), "nothing from elsewhere"


def test_every_page_has_its_landmarks_one_heading_and_a_language(cast, client_for):
    text = client_for(cast.operator).get("/").content.decode()
    assert text.count("<h1") == text.count("<main") == 1
    assert 'href="#main"' in text
    assert '<html lang="zh-CN"' in text
    assert "<title>首页" in text or "<title>Home" in text


def test_a_persons_look_is_on_the_page(cast, client_for):
    client = client_for(cast.operator)
    client.post("/accounts/preferences/change/", {"name": "theme", "value": "dark", "next": "/"})
    client.post("/accounts/preferences/change/", {"name": "language", "value": "en", "next": "/"})
    text = client.get("/").content.decode()
    assert '<html lang="en" data-theme="dark"' in text
    assert "Goldleaf Cigarette Factory" in text


def test_not_found_stands_in_the_frame_for_those_signed_in_only(cast, client_for):
    known, unknown = client_for(cast.operator).get("/nothing/"), Client().get("/nothing/")
    assert known.status_code == unknown.status_code == 404
    assert b'class="rail"' in known.content
    assert b'class="rail"' not in unknown.content


def test_a_refusal_says_its_sentence(cast):
    for user in (cast.operator, AnonymousUser()):
        request = RequestFactory().get("/x/")
        request.user, request.session, request._messages = user, {}, []
        response = permission_denied(request, PermissionDenied("Only <heads> may."))
        assert response.status_code == 403
        assert "Only &lt;heads&gt; may." in response.content.decode()


def test_an_expired_form_is_explained_in_both_languages(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.operator)
    response = client.post("/arrangement/change/", {"reset": "1"})
    assert response.status_code == 403
    assert "页面已过期" in response.content.decode()
    assert "This page has expired" in response.content.decode()


@pytest.mark.parametrize("name", ["400.html", "500.html", "403_csrf.html"])
def test_pages_of_last_resort_need_no_context(name):
    text = render_to_string(name)
    assert 'lang="zh-CN"' in text
    assert 'lang="en"' in text
