"""Hostile text in whatever people type or import runs nothing and stays what it is (S18)."""

from django.db import transaction
from playwright.sync_api import expect

from portal.access.models import Audience, AudienceGroup
from portal.access.rules import AudienceRule, department_token, person_token
from portal.accounts.models import User
from portal.audit.services import record
from portal.imports.services import plan_import, start_import
from portal.organization.models import Absence, Department, Deputyship, Position, Profile
from tests.browser.pages import furnish, tell
from tests.organization.rosters import HEADINGS, text_table

SCRIPT = "<script>alert(1)</script>"
IMAGE = "<img src=x onerror=alert(2)>"
BROKEN_OUT = "\"><svg onload=alert(3)>'"
CLOSED = "</title></textarea></template><iframe src=javascript:alert(4)>"
TEMPLATE = "{{ 7|add:7 }}{% now 'Y' %}${alert(5)}"
BACKWARDS = "王\u202e\u2066gnp.伟\u200f"
ATTRIBUTE = "x' hx-get='/x' \" autofocus onfocus=\"alert(6)"
WATCH = """addEventListener("securitypolicyviolation", (event) => { document.documentElement.dataset.violation = event.violatedDirective; });"""


def poison(cast) -> None:
    """Put hostile text in every field that is shown."""
    for person, name in ((cast.head, SCRIPT), (cast.inspector, IMAGE), (cast.operator, BROKEN_OUT), (cast.deputy, BACKWARDS), (cast.admin, ATTRIBUTE)):
        person.name, person.name_en = name, TEMPLATE
        person.save()
    for department, name in ((cast.quality, BROKEN_OUT), (cast.plant, SCRIPT), (cast.workshop, CLOSED[:80]), (cast.sales, ATTRIBUTE[:80])):
        Department.objects.filter(pk=department.pk).update(name=name, name_en=IMAGE, phone=SCRIPT)
    Position.objects.update(name=IMAGE, name_en=SCRIPT)
    Profile.objects.filter(person=cast.head).update(mobile=SCRIPT, phone=IMAGE, room=BROKEN_OUT, about=CLOSED + TEMPLATE + "\n" + SCRIPT)
    Absence.objects.update(note=SCRIPT)
    Deputyship.objects.update(reason=BROKEN_OUT)
    rule = AudienceRule.of([department_token(cast.quality.pk), person_token(cast.operator.pk)], [person_token(cast.deputy.pk)])
    AudienceGroup.objects.create(name=BROKEN_OUT, note=CLOSED, owner=cast.head, audience=Audience.objects.for_rule(rule))
    with transaction.atomic():
        record(cast.head, "card.changed", cast.head, before={"room": SCRIPT}, after={IMAGE: BROKEN_OUT}, reason=CLOSED)
    tell(SCRIPT + BROKEN_OUT)


def test_hostile_text_runs_nothing_on_any_page(cast, open_page):
    paths = furnish(cast)
    poison(cast)
    roster = text_table(
        [HEADINGS, ("10030", SCRIPT, BROKEN_OUT.replace('"', "”"), IMAGE, "2026-01-05", TEMPLATE), ("10003", IMAGE, CLOSED, "科员", SCRIPT, "1")]
    )
    draft = start_import("roster", content=roster, file_name=BROKEN_OUT + ".csv", actor=cast.admin)
    planned = start_import("roster", content=roster, file_name=SCRIPT + ".csv", actor=cast.admin)
    plan_import(planned, header_row=planned.header_row, mapping=planned.mapping, actor=cast.admin)
    paths += [
        f"/organization/imports/{draft.pk}/",
        f"/organization/imports/{planned.pk}/",
        f"/organization/people/{cast.operator.pk}/",
        f"/organization/people/?q={SCRIPT}",
        f"/organization/people/?q={BROKEN_OUT}",
        f"/administration/record/?q={IMAGE}",
        f"/accounts/sign-in/?next={BROKEN_OUT}",
    ]
    page = open_page("/robots.txt", User.objects.get(pk=cast.admin.pk))
    page.add_init_script(WATCH)
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialog.accept() if dialog.type == "beforeunload" else (dialogs.append(page.url), dialog.dismiss()))
    for path in paths:
        page.goto(path)
        planted = page.evaluate(
            """() => [...document.querySelectorAll("img[src='x'], svg[onload], iframe, [onerror], [onmouseover], [onfocus], [hx-get='/x'], main script")]
              .filter((element) => element.type !== "application/json").map((element) => element.outerHTML)"""
        )
        assert planted == [], path
        assert page.evaluate("document.documentElement.dataset.violation") is None, path
    assert dialogs == []


def test_hostile_names_are_shown_as_they_are_where_scripts_write_them(cast, open_page):
    poison(cast)
    dialogs: list[str] = []
    page = open_page("/access/groups/new/", cast.admin)
    page.on("dialog", lambda dialog: dialog.accept() if dialog.type == "beforeunload" else (dialogs.append(page.url), dialog.dismiss()))
    page.locator("#id_rule_add_include").press_sequentially("10002")
    expect(page.locator("#id_rule_add_include_choices [aria-selected=true]")).to_contain_text(SCRIPT)
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=include] .token")).to_contain_text(SCRIPT)
    page.locator(".bell summary").click()
    expect(page.locator(".bell-list")).to_contain_text(SCRIPT + BROKEN_OUT)
    page.goto(f"/organization/people/{cast.head.pk}/")
    expect(page.locator("h1")).to_contain_text(SCRIPT)
    expect(page.locator("main")).to_contain_text("</title></textarea></template>")
    expect(page.locator("main")).to_contain_text("{{ 7|add:7 }}")
    page.goto("/organization/people/")
    page.locator("main input[type=search]").fill("10003")
    expect(page.locator("#people tbody tr")).to_have_count(1)
    expect(page.locator("#people")).to_contain_text(IMAGE)
    page.goto("/organization/chart/")
    for _level in range(2):
        page.evaluate("document.querySelectorAll('[role=treeitem][aria-expanded=false] > .node .toggle').forEach((toggle) => toggle.click())")
        page.wait_for_load_state("networkidle")
    expect(page.locator("[role=tree]")).to_contain_text(BROKEN_OUT)
    assert dialogs == []
