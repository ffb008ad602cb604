"""`make shots`: the main pages of a demo plant, wide and narrow, light and dark, in both languages, as pictures in var/shots."""

import shutil
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from portal.config.modules import WITH_PAGES
from tests.browser.chromium import launch
from tests.runtime.portal_process import ROOT, portal_process

TARGET = ROOT / "var" / "shots"
NUMBER, PASSWORD = "10001", "gongfang-2026"
WIDTHS = {1280: 860, 360: 780}
THEMES = ("light", "dark")
LANGUAGES = {"zh": "zh-hans", "en": "en"}

# The name of the picture, and the address; "first link" where the address is the first one of this kind on the page before.
PAGES = (
    ("home", "/"),
    ("arrangement", "/arrangement/"),
    ("directory", "/organization/people/"),
    ("card", "#people tbody a[href*='/people/']"),
    ("directory-search", "/organization/people/?q=wangwei"),
    ("search", "/search/?q=安排"),
    ("search-help", "/search/"),
    ("departments", "/organization/departments/"),
    ("department", "main a[href*='/departments/']:not([href$='/new/'])"),
    ("chart", "/organization/chart/"),
    ("positions", "/organization/positions/"),
    ("import", "/organization/imports/new/"),
    ("groups", "/access/groups/"),
    ("group", "/access/groups/new/"),
    ("capabilities", "/access/capabilities/"),
    ("view-as", "/access/view-as/"),
    ("notifications", "/notifications/"),
    ("record", "/administration/record/"),
    ("operation", "/administration/operation/"),
    ("account", "/accounts/preferences/"),
    ("styleguide", "/styleguide/"),
)
_modules: list[Any] = [import_module(f"tests.{module}.pages") for module in WITH_PAGES]
ALL_PAGES = [*PAGES, *(shot for module in _modules for shot in module.SHOTS)]


def shoot(browser: Browser, address: str, width: int, theme: str, language: str) -> int:
    """One person's walk through all pages; how many pictures were taken."""
    context = browser.new_context(base_url=address, viewport={"width": width, "height": WIDTHS[width]}, color_scheme=theme)
    context.add_cookies([{"name": "gongfang_language", "value": LANGUAGES[language], "url": address}])
    page = context.new_page()
    look = f"{width}-{theme}-{language}"
    page.goto("/accounts/sign-in/")
    keep(page, "sign-in", look)
    page.locator("[name=login]").fill(NUMBER)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(address)
    for name, place in ALL_PAGES:
        target = place if place.startswith("/") else page.locator(place).first.get_attribute("href")
        page.goto(target or "/")
        keep(page, name, look)
    page.goto("/")
    page.locator("html[data-attached]").wait_for()
    page.locator(".seek input").fill("安排")
    page.locator("#found [role=option]").first.wait_for()
    keep(page, "search-typing", look)
    context.close()
    return len(ALL_PAGES) + 2


def keep(page: Page, name: str, look: str) -> None:
    page.screenshot(path=TARGET / f"{name}-{look}.png")


def main() -> None:
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    with portal_process() as portal, sync_playwright() as playwright:
        portal.start()
        browser = launch(playwright)
        count = sum(shoot(browser, portal.address, width, theme, language) for width in WIDTHS for theme in THEMES for language in LANGUAGES)
        browser.close()
    sys.stdout.write(f"{count} pictures in {Path('var') / 'shots'}\n")


if __name__ == "__main__":
    main()
