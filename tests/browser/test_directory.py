"""The organization in a real browser: by keyboard, without scripts, on a phone."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from portal.organization.models import Employment
from tests.cast import Cast

OpenPage = Callable[..., Page]
MOST_OF_A_ROW = 72  # pixels on a phone


def test_the_chart_is_walked_with_the_keyboard(cast: Cast, open_page: OpenPage) -> None:
    page = open_page("/organization/chart/", cast.operator)
    page.wait_for_function("document.querySelector('[role=treeitem][tabindex=\"0\"]')")
    page.locator("[role=treeitem]").first.focus()
    workshop = page.locator("[role=treeitem]", has_text="生产车间").last
    for _step in range(10):
        if page.evaluate("document.activeElement.innerText").startswith("生产车间"):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(workshop).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.innerText").startswith("甲班")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(workshop).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("生产车间")


def test_the_chart_opens_and_closes_without_scripts(cast: Cast, open_page: OpenPage) -> None:
    page = open_page("/organization/chart/", cast.operator, scripts=False)
    expect(page.get_by_text("甲班")).to_have_count(0)
    page.locator("[role=treeitem]", has_text="生产车间").last.locator(".toggle").click()
    expect(page.get_by_text("甲班")).to_have_count(1)


def test_people_are_found_while_one_types(cast: Cast, open_page: OpenPage) -> None:
    page = open_page("/organization/people/", cast.operator)
    page.wait_for_load_state("networkidle")
    page.locator("main input[name=q]").press_sequentially("limin", delay=20)
    expect(page.locator("#people tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile("q=limin"))
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto("/organization/people/")
    heights = page.locator("#people tbody tr").evaluate_all("(rows) => rows.map((row) => row.getBoundingClientRect().height)")
    assert len(heights) > 5
    assert max(heights) <= MOST_OF_A_ROW


def test_a_field_for_a_person_offers_those_who_fit(cast: Cast, open_page: OpenPage) -> None:
    post = Employment.objects.get(person=cast.head)
    page = open_page(f"/organization/employments/{post.pk}/deputies/new/", cast.head)
    page.wait_for_load_state("networkidle")
    page.locator("input[name=deputy]").press_sequentially("wangw", delay=20)
    expect(page.locator("#person-suggestions option")).to_have_count(1)
    page.locator("input[name=deputy]").fill(page.locator("#person-suggestions option").get_attribute("value") or "")
    page.locator("form button.primary").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(cast.head.name)
    expect(page.locator("main")).to_contain_text("王伟")
