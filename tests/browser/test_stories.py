"""What people do in a day, in a real browser: by mouse, by keyboard alone, and without scripts."""

from playwright.sync_api import Page, expect

from portal.access.models import AudienceGroup
from portal.access.rules import AudienceRule, department_token, person_token
from portal.accounts.models import Preferences, User
from portal.accounts.services import save_preferences, set_first_password
from portal.audit.models import AuditRecord
from portal.imports.models import Import
from portal.notifications.models import Notification
from tests.browser.pages import ROSTER, carry_out_effects, index_everything, tell
from tests.cast import PASSWORD

COMPOSING = 229  # what a browser says of a key that an input method takes


def sign_in(page: Page, number: str, password: str) -> None:
    page.locator("[name=login]").fill(number)
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")


def walk_to(page: Page, selector: str, key: str = "Tab") -> None:
    """Press the key until this has the focus, as someone without a mouse does."""
    for _step in range(80):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{selector} cannot be reached by keyboard")


def test_a_newcomer_signs_in_sets_a_password_and_makes_the_portal_their_own(cast, open_page):
    first = set_first_password(cast.operator, actor=cast.admin)
    page = open_page("/organization/people/")
    sign_in(page, "10004", first)
    page.wait_for_url("**/accounts/password/**")
    page.goto("/organization/people/")
    page.wait_for_url("**/accounts/password/**")
    page.locator("[name=oldpassword]").fill(first)
    page.locator("[name=password1]").fill("yan-ye-2026-xin")
    page.locator("[name=password2]").fill("yan-ye-2026-xin")
    page.locator("main .primary").click()
    expect(page.locator("h1")).to_contain_text("张强")
    expect(page.locator(".toast")).to_have_count(1)
    page.goto("/accounts/preferences/")
    page.locator("[name=language][value=en]").check()
    page.locator("[name=theme][value=dark]").check()
    page.locator("main .primary").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("h1")).to_have_text("My account")
    assert Preferences.objects.get(user=cast.operator).theme == "dark"
    elsewhere = open_page("/accounts/sign-in/")
    sign_in(elsewhere, "10004", "yan-ye-2026-xin")
    expect(elsewhere.locator("html")).to_have_attribute("lang", "en")


def test_an_audience_is_picked_and_saved_as_a_group_by_keyboard_alone(cast, open_page):
    save_preferences(cast.admin, language="en")
    page = open_page("/access/groups/new/", cast.admin)
    walk_to(page, "#id_name")
    page.keyboard.type("Night readers")
    walk_to(page, "#id_rule_add_include")
    page.keyboard.type("nobody-is-called-so")
    expect(page.locator("#id_rule_add_include_choices .choice-none")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Control+a")
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    page.keyboard.type("zhijian")
    expect(page.locator("#id_rule_add_include_choices [aria-selected=true]")).to_contain_text("Quality")
    page.locator("#id_rule_add_include").dispatch_event("keydown", {"key": "Enter", "keyCode": COMPOSING})
    expect(page.locator("[data-part=include] .token")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=include] .token")).to_have_count(1)
    expect(page.locator(".reach")).to_contain_text("3 people")
    page.keyboard.type("zhangqiang")
    expect(page.locator("#id_rule_add_include_choices [aria-selected=true]")).to_contain_text("张强")
    page.keyboard.press("Enter")
    expect(page.locator(".reach")).to_contain_text("4 people")
    walk_to(page, ".audience-exceptions summary")
    page.keyboard.press("Enter")
    walk_to(page, "#id_rule_add_exclude")
    page.keyboard.type("ww")
    expect(page.locator("#id_rule_add_exclude_choices [aria-selected=true]")).to_contain_text("王伟")
    page.keyboard.press("Enter")
    expect(page.locator(".reach")).to_contain_text("3 people")
    page.keyboard.type("zhaoj")  # "zj" alone is 质检科 first
    expect(page.locator("#id_rule_add_exclude_choices [aria-selected=true]")).to_contain_text("赵静")
    page.keyboard.press("Escape")
    expect(page.locator("#id_rule_add_exclude_choices")).to_be_hidden()
    for _letter in "zhaoj":
        page.keyboard.press("Backspace")
    walk_to(page, "main form .primary")
    page.keyboard.press("Enter")
    page.wait_for_url("**/access/groups/")
    expect(page.locator("main table")).to_contain_text("Night readers")
    rule = AudienceGroup.objects.get(name="Night readers").audience.rule
    assert rule == AudienceRule.of([department_token(cast.quality.pk), person_token(cast.operator.pk)], [person_token(cast.inspector.pk)])


def test_an_administrator_brings_a_roster_in_and_finds_the_new_person_by_pinyin(cast, open_page):
    page = open_page("/organization/imports/new/", cast.admin)
    page.locator("input[type=file]").set_input_files({"name": "花名册.csv", "mimeType": "text/csv", "buffer": ROSTER})
    page.locator("main form .primary").click()
    expect(page.locator("#column_0")).to_have_value("employee_number")
    page.locator("main form .primary").click()
    expect(page.locator("main table")).to_contain_text("欧阳雪")
    expect(page.locator("main table")).to_contain_text("钱多多")
    assert not User.objects.filter(employee_number="10020").exists(), "shown before it is done"
    page.locator("main form.panel input[type=checkbox]").check()
    page.locator("main form.panel .primary").click()
    expect(page.locator("#progress")).to_be_visible()
    carry_out_effects()
    expect(page.locator(".note.good")).to_be_visible(timeout=10_000)
    assert Import.objects.get().status == Import.Status.DONE
    page.goto("/organization/people/")
    page.locator("main input[type=search]").fill("ouyangxue")
    expect(page.locator("#people tbody tr")).to_have_count(1)
    page.locator("#people a", has_text="欧阳雪").click()
    expect(page.locator("h1")).to_contain_text("欧阳雪")
    assert not User.objects.filter(employee_number="10021").exists(), "the refused line was left out"


def test_the_chart_is_walked_with_the_arrow_keys(cast, open_page):
    page = open_page("/organization/chart/", cast.operator)
    plant = page.locator('[role=treeitem][aria-level="1"]')
    walk_to(page, '[role=treeitem][aria-level="1"]')
    if plant.get_attribute("aria-expanded") == "false":
        page.keyboard.press("ArrowRight")
    expect(plant).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowRight")
    expect(page.locator('[role=treeitem][aria-level="2"]:focus')).to_have_count(1)
    while "生产车间" not in page.locator(":focus").inner_text():
        page.keyboard.press("ArrowDown")
    workshop = page.locator(":focus")
    page.keyboard.press("ArrowRight")
    shift = page.locator('[role=treeitem][aria-level="3"]', has_text="甲班")
    expect(shift).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(shift).to_be_hidden()
    page.keyboard.press("ArrowLeft")
    expect(plant).to_be_focused()
    assert workshop.count()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url("**/organization/departments/*/")


def test_an_administrator_views_the_site_as_an_operator_and_ends_it(cast, open_page):
    page = open_page(f"/access/view-as/?person={cast.operator.employee_number}", cast.admin)
    page.locator("[name=reason]").fill("他说看不到花名册")
    page.locator("main form .primary").click()
    banner = page.locator(".banner.view-as")
    expect(banner).to_contain_text("张强")
    expect(page.locator(".bell")).to_have_count(0)
    page.goto("/organization/people/")
    expect(banner).to_be_visible()
    expect(page.locator('main a[href$="/people/new/"]')).to_have_count(0)
    page.goto("/organization/imports/")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator('input[type="file"]')).to_have_count(0)
    page.goto("/organization/people/")
    banner.locator("button").click()
    expect(banner).to_have_count(0)
    expect(page.locator('main a[href$="/people/new/"]')).to_be_visible()
    assert AuditRecord.objects.filter(verb="view_as.ended", actor=cast.admin).count() == 1


def test_home_is_arranged_by_keyboard_alone(cast, open_page):
    page = open_page("/arrangement/", cast.operator)
    walk_to(page, '[data-column="side"] [data-code="absent"] [value="other_column"]')
    page.keyboard.press("Enter")
    expect(page.locator('[data-column="main"] [data-code="absent"]')).to_be_visible()
    above = page.locator('[data-column="main"] [data-code]').count() - 1
    for step in range(above):
        walk_to(page, '[data-column="main"] [data-code="absent"] [value="up"]')
        page.keyboard.press("Enter")
        expect(page.locator('[data-column="main"] [data-code]').nth(above - 1 - step)).to_have_attribute("data-code", "absent")
    expect(page.locator('[data-column="main"] [data-code]').first).to_have_attribute("data-code", "absent")
    walk_to(page, '[data-code="shortcuts"] [value="hide"]')
    page.keyboard.press("Enter")
    expect(page.locator('[data-column="hidden"] [data-code="shortcuts"]')).to_be_visible()
    page.goto("/")
    expect(page.locator("#widget-shortcuts")).to_have_count(0)


def test_without_scripts_one_signs_in_searches_saves_a_group_and_reads(cast, open_page):
    tell("温湿度管理办法", cast.admin)
    index_everything()
    page = open_page("/accounts/sign-in/", scripts=False)
    sign_in(page, "admin", PASSWORD)
    page.goto("/organization/people/")
    page.locator("main [type=search]").fill("wangwei")
    page.locator("main form[role=search] button").click()
    expect(page.locator("#people tbody tr")).to_have_count(1)
    expect(page.locator("#people")).to_contain_text("王伟")
    page.locator(".top form.seek input").fill("lm")
    page.locator(".top form.seek input").press("Enter")
    expect(page.locator("main")).to_contain_text("李敏")
    page.goto("/access/groups/new/")
    page.locator("#id_name").fill("无脚本组")
    page.locator("[name=rule_add_include]").fill("质检科")
    page.locator("main form .primary").click()
    expect(page.locator("main table")).to_contain_text("无脚本组")
    page.goto("/notifications/")
    expect(page.locator("main .bell-row.unread")).to_have_count(1)
    page.locator("main .end form button").click()
    expect(page.locator("main .bell-row.unread")).to_have_count(0)
    assert Notification.objects.get(recipient=cast.admin).read_at is not None
