"""One style sheet and one script, light enough, joined without a build."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import override_settings

from portal.foundation.assets import COMMON_BEHAVIORS, LAYERS, OWN_SHEETS, join_scripts, join_styles

SOURCES = Path(settings.BASE_DIR) / "static"
LIGHT_ENOUGH = 41_000  # bytes compressed; UX.md allows 60 kB for a page with its HTML


def weight(text: str) -> int:
    return len(gzip.compress(text.encode()))


def test_style_sheet_and_script_are_light_enough():
    assert weight(join_styles(SOURCES)) + weight(join_scripts(SOURCES)) < LIGHT_ENOUGH


def test_a_sheet_for_a_modules_own_pages_weighs_on_no_other():
    for name in OWN_SHEETS:
        own = Path(finders.find(f"css/{name}.css")).read_text()
        assert own.startswith("@layer modules {")
        assert own.splitlines()[1] not in join_styles(SOURCES)


def test_style_sheets_keep_to_the_house_style():
    for file in (SOURCES / "css").rglob("*.css"):
        text = file.read_text()
        assert file.parent.name in LAYERS, file
        assert "!important" not in text, file
        assert not re.search(r"(^|[\s,}])#[a-zA-Z][\w-]*[^;{]*\{", text), f"{file}: styles by id"
        assert "url(" not in text, file
        assert text.count("{") == text.count("}"), file


def test_every_colour_of_the_sheets_is_a_token():
    for file in (SOURCES / "css").rglob("*.css"):
        if file.name not in ("tokens.css", "print.css", "accounts.css"):
            assert not re.search(r"#[0-9a-f]{3,8}\b", file.read_text()), file


def test_every_behaviour_that_a_template_asks_for_exists():
    known = {file.stem for file in (SOURCES / "js" / "behaviors").glob("*.js")}
    for template in (Path(settings.BASE_DIR) / "templates").rglob("*.html"):
        for names in re.findall(r'data-behavior="([^"{]+)"', template.read_text()):
            assert set(names.split()) <= known | {"needs-script"}, template


def test_common_behaviours_are_in_the_script_and_others_are_fetched():
    script = join_scripts(SOURCES)
    for name in COMMON_BEHAVIORS:
        assert f'behaviors["{name}"]' in script
    assert 'loaders["arrange"] = () => import("./behaviors/arrange.js");' in script
    assert "eval(" not in join_scripts(SOURCES).split("window.htmx = htmx;")[1]


def test_joined_files_are_found_without_being_collected(tmp_path):
    for path in ("css/portal.css", "js/portal.js"):
        assert Path(finders.find(path)).read_text()


def test_collected_files_have_names_that_change_with_their_content(tmp_path):
    storages = settings.STORAGES | {"staticfiles": {"BACKEND": "portal.foundation.assets.AssetStorage"}}
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["django_htmx"])
    (script,) = tmp_path.glob("js/portal.*.js")
    fetched = re.findall(r'import\("([^"]+)"\)', script.read_text())
    assert fetched
    for address in fetched:
        assert re.search(r"\.[0-9a-f]{12}\.js$", address)
        assert (script.parent / address).exists()


def test_before_anything_is_collected_plain_names_are_used(tmp_path):
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=settings.STORAGES | {"staticfiles": {"BACKEND": "portal.foundation.assets.AssetStorage"}}):
        from django.templatetags.static import static

        assert static("css/portal.css") == "/static/css/portal.css"


@pytest.mark.parametrize("layer", LAYERS)
def test_every_layer_has_something(layer):
    assert list((SOURCES / "css" / layer).glob("*.css"))
