"""Every main page, wide and narrow, light and dark, in both languages: accessible, fitting, without an error on the console (UX)."""

import pytest

from portal.accounts.services import save_preferences
from tests.browser.pages import furnish


@pytest.mark.parametrize(("width", "theme", "language"), [(1280, "light", "zh-hans"), (360, "dark", "zh-hans"), (1280, "dark", "en"), (360, "light", "en")])
def test_main_pages_are_accessible_and_fit(cast, open_page, assert_accessible, width, theme, language):
    paths = furnish(cast)
    wrong = []
    for person, some in ((None, ["/accounts/sign-in/", "/accounts/password/forgotten/"]), (cast.admin, paths)):
        save_preferences(cast.admin, language=language)
        page = open_page("/robots.txt", person, width=width, theme=theme)
        page.context.add_cookies([{"name": "gongfang_language", "value": language, "url": page.url}])
        for path in some:
            answer = page.goto(path)
            assert answer.status == (404 if path == "/nothing/" else 200), path
            try:
                assert page.locator("html").get_attribute("lang").startswith(language[:2])
                assert page.locator("h1").inner_text(), "no heading"
                assert_accessible(page)
            except AssertionError as error:
                wrong.append(f"{path}: {error}")
    assert not wrong, "\n".join(wrong)
