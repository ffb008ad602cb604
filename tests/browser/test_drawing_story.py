"""An administrator draws a fourteenth paper with lines, a formula and a condition, tries it and publishes it; a clerk's paper then goes that way."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from portal.approvals.models import Paper, PaperKind
from tests.approvals.writing import approve, now, seats
from tests.cast import Cast


def test_a_fourteenth_paper_is_drawn_and_used(cast: Cast, open_page: Callable[..., Page], assert_accessible: Callable[..., None]) -> None:
    page = open_page("/approvals/kinds/new/", cast.admin)
    page.locator("[id=id_name]").fill("加班申请")
    page.locator("[name=number_prefix]").fill("加班")
    page.locator("form.stack .foot .primary").click()
    page.get_by_role("link", name="明细表", exact=True).click()
    page.locator(".drawing-panel .primary").click()
    for kind, name in (("物料或产品", "事项"), ("数字", "小时"), ("金额", "单价")):
        page.locator(".drawn-table summary").click()
        page.locator(".drawn-table .palette").get_by_role("link", name=kind, exact=True).click()
        page.locator("[name=label]").fill(name)
        page.locator("[name=required]").check()
        page.locator(".drawing-panel .primary").click()
    page.locator(".drawn-table summary").click()
    page.locator(".drawn-table .palette").get_by_role("link", name="公式", exact=True).click()
    page.locator("[name=label]").fill("金额")
    page.locator("[name=is_money]").check()
    page.locator("[name=formula]").fill("小时 × 工价")
    page.locator("[name=fact]").select_option("amount")
    page.locator(".drawing-panel .primary").click()
    expect(page.locator(".drawing-faults")).to_contain_text("工价")
    page.locator(".drawing-faults a").first.click()
    page.locator("[name=formula]").fill("小时 × 单价")
    page.locator(".drawing-panel .primary").click()
    page.locator(".palette-fields").get_by_role("link", name="公式", exact=True).click()
    page.locator("[name=label]").fill("合计")
    page.locator("[name=is_money]").check()
    page.locator("[name=formula]").fill("SUM(明细.金额)")
    page.locator("[name=role]").select_option("amount")
    page.locator(".drawing-panel .primary").click()
    page.get_by_role("link", name="流程", exact=True).click()
    page.locator(".route.whole > .route-add summary").last.click()
    page.locator(".route.whole > .route-add").last.get_by_role("link", name="条件").click()
    page.locator("[name=if-0-field]").select_option(label="合计")
    page.locator("[name=if-0-op]").select_option("ge")
    page.locator("[name=if-0-value]").fill("5000")
    page.locator(".drawing-panel .primary").click()
    page.locator(".case .route-add summary").first.click()
    page.locator(".case .route-add").first.get_by_role("link", name="审批", exact=True).click()
    page.locator("[name=label]").fill("厂长审批")
    page.locator("[name=who-0-by]").select_option("person")
    page.locator("[name=who-0-person]").fill(cast.director.employee_number)
    page.locator(".drawing-panel .primary").click()
    page.locator("[name=try-person]").fill(cast.inspector.employee_number)
    page.locator(".trial .field input").last.fill("6000")
    page.locator(".trial button").click()
    expect(page.locator(".route-card.lit").last).to_contain_text(cast.director.name)
    assert_accessible(page)
    page.get_by_role("link", name="发布…").click()
    page.locator("[name=act][value=publish]").click()
    kind = PaperKind.objects.select_related("form").get(name="加班申请")
    clerk = open_page(f"/approvals/new/{kind.code}/", cast.inspector)
    clerk.locator("[name=title]").fill("十一月加班")
    assert kind.form is not None
    item, hours, price, amount = [column.key for column in kind.form.plan.tables[0].columns]
    clerk.locator(f"[id=lines-0-{item}]").fill("除尘管道清理")
    clerk.locator(f"[id=lines-0-{hours}]").fill("80")
    clerk.locator(f"[id=lines-0-{price}]").fill("100")
    expect(clerk.locator(f"[id=lines-0-{amount}]")).to_have_text("8,000.00")
    clerk.locator("[name=act][value=submit]").click()
    expect(clerk.locator(".said-lines")).to_contain_text("8,000.00")
    paper = Paper.objects.get()
    approve(paper, cast.head)
    assert seats(paper) == [f"user:{cast.director.pk}"]
    approve(paper, cast.director)
    assert now(paper).state == "approved"
