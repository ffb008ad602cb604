"""A discussion in two windows: what one writes the other is offered, and nothing moves or is lost meanwhile."""

import pytest
from playwright.sync_api import Page, Route, expect

from portal.access.models import Audience
from portal.access.rules import AudienceRule, department_token
from portal.discussion.services import post_comment
from portal.discussion.threads import PER_PAGE
from tests.browser.pages import carry_out_effects, elsewhere
from tests.papers.models import Paper

pytestmark = pytest.mark.urls("tests.discussion.urls")
ARRIVALS = "**/discussion/*/new/*"
HOSTILE = "<img src=x onerror=document.title='ran'><script>document.title='ran'</script> javascript:alert(1) https://a.cn/\"onmouseover=\"document.title='ran'"


@pytest.fixture
def paper(cast) -> Paper:
    audience = Audience.objects.for_rule(AudienceRule.of([department_token(cast.quality.pk)]))
    return Paper.objects.create(title="关于印发温湿度管理办法的通知", audience=audience)


def write(page: Page, text: str) -> None:
    page.locator("#discussion-body").fill(text)
    page.get_by_role("button", name="评论", exact=True).or_(page.get_by_role("button", name="Comment", exact=True)).click()


def test_what_one_writes_the_other_is_offered_and_what_is_being_typed_stays(cast, sockets, paper, open_page):
    reader = open_page(f"/papers/{paper.pk}/", cast.head)
    writer = open_page(f"/papers/{paper.pk}/", cast.inspector)
    for page in (reader, writer):
        expect(page.locator("body")).to_have_attribute("data-live", "socket")
    reader.locator("#discussion-body").fill("我正在写")
    write(writer, "湿度偏高")
    expect(writer.locator(".comment")).to_contain_text("湿度偏高")
    expect(writer.locator("#discussion-body")).to_have_value("")
    expect(writer.locator(".arrived")).to_be_hidden()
    expect(reader.locator(".arrived")).to_be_visible()
    expect(reader.locator(".comment")).to_have_count(0)
    write(writer, "请车间查一查")
    expect(reader.locator(".arrived a")).to_contain_text("2")
    reader.locator(".arrived a").click()
    expect(reader.locator(".comment")).to_have_count(2)
    expect(reader.locator(".comment").first).to_contain_text("请车间查一查")
    expect(reader.locator("#discussion-body")).to_have_value("我正在写")

    reader.locator(".comment").last.locator("a[href$='/reply/']").click()
    reader.locator(".reply-place textarea").fill("已通知")
    reader.locator(".reply-place .primary").click()
    expect(reader.locator(".replies .comment")).to_contain_text("已通知")
    expect(reader.locator(".reply-place textarea")).to_have_count(0)
    writer.locator(".arrived a").click()
    expect(writer.locator(".replies .comment")).to_contain_text("已通知")

    writer.locator(".place").last.locator(".support button").first.click()
    expect(writer.locator(".support button[aria-pressed=true]")).to_contain_text("1")
    writer.locator(".place").first.locator("a[href$='/change/']").first.click()
    writer.locator("article textarea").fill("请二车间查一查")
    writer.locator("article .primary").click()
    expect(writer.locator(".comment").first).to_contain_text("请二车间查一查")
    expect(reader.locator(".comment").first).to_contain_text("请二车间查一查")

    reader.locator(".comment").first.locator("a[href$='/removal/']").click()
    reader.locator("article input[name=reason]").fill("与议题无关")
    reader.locator("article .danger").click()
    expect(reader.locator(".comment.removed")).to_contain_text("与议题无关")
    expect(writer.locator(".comment.removed")).to_contain_text("与议题无关")
    carry_out_effects()
    expect(writer.locator(".bell-count")).to_have_text("2")


def test_an_answer_that_comes_late_neither_hides_nor_overtakes_what_was_said_meanwhile(cast, sockets, paper, open_page):
    """The answer to the first ring is held back until the page was rung again."""
    reader = open_page(f"/papers/{paper.pk}/", cast.head)
    expect(reader.locator("body")).to_have_attribute("data-live", "socket")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    reader.route(ARRIVALS, hold, times=1)
    with reader.expect_request(ARRIVALS):
        elsewhere(lambda: post_comment(actor=cast.inspector, about=paper, body="湿度偏高"))
    reader.locator("#discussion-body").fill("我来查")
    with reader.expect_response("**/comments/"):
        reader.locator(".composer .primary").first.click()
    elsewhere(lambda: post_comment(actor=cast.deputy, about=paper, body="同意"))
    held[0].continue_()
    expect(reader.locator(".comment", has_text="我来查")).to_have_count(1)
    expect(reader.locator(".comment")).to_have_count(3)
    expect(reader.locator(".arrived")).to_be_hidden()


def test_a_reply_to_what_stands_on_another_page_is_offered_and_shown_there(cast, sockets, paper, open_page):
    oldest = post_comment(actor=cast.inspector, about=paper, body="最早的意见")
    for person in (cast.inspector, cast.head, cast.deputy):
        for number in range(PER_PAGE // 3 + 1):
            post_comment(actor=person, about=paper, body=f"意见 {number}")
    reader = open_page(f"/papers/{paper.pk}/", cast.head)
    expect(reader.locator("body")).to_have_attribute("data-live", "socket")
    elsewhere(lambda: post_comment(actor=cast.deputy, about=paper, body="回复最早的", parent=oldest))
    reader.locator(".arrived a").click()
    expect(reader.locator(".replies .comment")).to_contain_text("回复最早的")


def test_a_hostile_comment_runs_nothing_and_what_is_refused_keeps_what_was_typed(cast, paper, open_page):
    post_comment(actor=cast.inspector, about=paper, body=HOSTILE)
    page = open_page(f"/papers/{paper.pk}/", cast.head)
    page.locator(".said a").hover()
    assert "ran" not in page.title()
    page.locator("#discussion-body").fill("长" * 4001)
    page.locator(".composer .primary").first.click()
    expect(page.locator(".composer .help.wrong")).to_be_visible()
    assert page.locator("#discussion-body").input_value() == "长" * 4001


@pytest.mark.parametrize("width", [1280, 360])
def test_a_discussion_is_accessible_and_nothing_scrolls_sideways(cast, paper, open_page, assert_accessible, width):
    root = post_comment(actor=cast.inspector, about=paper, body="https://www.tobacco.gov.cn/" + "a" * 300 + "\n湿度偏高")
    post_comment(actor=cast.deputy, about=paper, body="同意", parent=root)
    page = open_page(f"/papers/{paper.pk}/", cast.head, width=width)
    assert_accessible(page)
    page.locator("a[href$='/reply/']").first.click()
    expect(page.locator(".reply-place textarea")).to_be_focused()
    page.locator("a[href$='/removal/']").last.click()
    expect(page.locator("article input[name=reason]")).to_be_visible()
    assert_accessible(page)


def test_without_scripts_all_of_it_can_be_done(cast, paper, open_page):
    post_comment(actor=cast.inspector, about=paper, body="湿度偏高")
    page = open_page(f"/papers/{paper.pk}/", cast.head, scripts=False)
    page.locator("#discussion-body").fill("请查")
    page.locator(".composer .primary").click()
    expect(page.locator(".comment").first).to_contain_text("请查")
    page.locator(".comment").last.locator("a[href$='/reply/']").click()
    page.locator("textarea[name=body]").fill("已收到")
    page.locator(".composer .primary").click()
    expect(page.locator(".replies .comment")).to_contain_text("已收到")
    page.locator(".comment", has_text="湿度偏高").locator(".support button").click()
    expect(page.locator(".support button[aria-pressed=true]")).to_have_count(1)
    page.locator(".comment", has_text="湿度偏高").locator("a[href$='/removal/']").click()
    page.locator("input[name=reason]").fill("与议题无关")
    page.locator(".removal .danger").click()
    expect(page.locator(".comment.removed")).to_contain_text("与议题无关")
