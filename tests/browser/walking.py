"""Looking at every page of a part of the portal: wide and narrow, light and dark, in both languages."""

from collections.abc import Callable, Sequence
from typing import Any

from playwright.sync_api import Page

from portal.accounts.services import save_preferences

WIDE, NARROW = {"width": 1280, "height": 860}, {"width": 360, "height": 780}
# By language: the look in which axe reads the page, then the one in which it must fit. Each width and theme is met in both languages or by axe.
LOOKS = {"zh-hans": ((WIDE, "light"), (NARROW, "dark")), "en": ((NARROW, "dark"), (WIDE, "light"))}


def wrong_pages(open_page: Callable[..., Page], assert_accessible: Callable[..., None], person: Any, paths: Sequence[str], language: str) -> list[str]:
    """What is wrong with these pages for this person (None for nobody), a line each: status, language, heading, title, axe, sideways scrolling.

    Axe reads the frame on the first of them: it is the same on all, and most of what stands on a page.
    """
    if person is not None:
        save_preferences(person, language=language)
    read, fitted = LOOKS[language]
    page = open_page("/robots.txt", person, width=read[0]["width"], theme=read[1])
    page.context.add_cookies([{"name": "gongfang_language", "value": language, "url": page.url}])
    wrong = []
    for place, path in enumerate(paths):
        page.set_viewport_size(read[0])
        page.emulate_media(color_scheme=read[1])
        answer = page.goto(path)
        assert answer is not None
        try:
            if page.locator("#page-form").count():
                page.locator(".rich-text.on").first.wait_for()
            assert answer.status == (404 if path == "/nothing/" else 200), f"answers {answer.status}"
            assert page.locator("html").get_attribute("lang").startswith(language[:2])
            assert page.locator("h1").inner_text(), "no heading"
            assert "<" not in (title := page.title()), f"titled {title}"
            assert_accessible(page, with_frame=place == 0)
            page.set_viewport_size(fitted[0])
            page.emulate_media(color_scheme=fitted[1])
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"scrolls sideways at {fitted[0]['width']}"
        except AssertionError as error:
            wrong.append(f"{path}: {error}")
    return wrong
