"""The frame's own pages: all places, the style guide, the mark, the manifest, robots."""

from xml.etree import ElementTree

import pytest
from django.test import Client


def test_all_places_are_listed_for_those_signed_in(cast, client_for):
    response = client_for(cast.operator).get("/places/")
    assert response.status_code == 200
    assert 'href="/"' in response.content.decode()
    assert Client().get("/places/").status_code == 302


def test_style_guide_is_for_administrators_and_developers(cast, client_for, settings):
    assert client_for(cast.admin).get("/styleguide/").status_code == 200
    assert client_for(cast.director).get("/styleguide/").status_code == 404
    assert Client().get("/styleguide/").status_code == 404
    settings.DEBUG = True
    assert client_for(cast.director).get("/styleguide/").status_code == 200


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("theme", ["light", "dark", "system", "<script>"])
def test_style_guide_shows_itself_in_the_look_that_is_asked_for(language, theme, cast, client_for):
    text = client_for(cast.admin).get("/styleguide/", {"language": language, "theme": theme, "density": "compact"}).content.decode()
    assert f'lang="{"en" if language == "en" else "zh-CN"}"' in text
    assert f'data-theme="{"system" if "<" in theme else theme}" data-density="compact"' in text
    assert "<script>" not in text


def test_the_mark_is_the_plants_own():
    drawing = ElementTree.fromstring(Client().get("/favicon.svg").content)  # noqa: S314
    assert drawing.findtext("{http://www.w3.org/2000/svg}text") == "叶"


def test_the_portal_can_be_put_on_a_phones_screen_and_into_no_index():
    manifest = Client().get("/manifest.webmanifest")
    assert manifest["Content-Type"] == "application/manifest+json"
    assert manifest.json()["name"] == "金叶卷烟厂"
    assert Client().get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"
