"""The editor of texts: typed into, steered by keyboard, pasted into; and what was stored shown without harm."""

import base64

from playwright.sync_api import Page, expect

from portal.foundation.rich_text import clean_html
from portal.foundation.rich_text.forms import RichTextWidget
from tests.cast import Cast
from tests.foundation.rich_text.corpus import HOSTILE, PICTURE

PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
WORD = """<html xmlns:o="urn:x"><head><style>p.MsoNormal{color:red}</style></head><body><!--StartFragment-->
<p class=MsoNormal style='text-align:center;font-family:宋体'><b>关于<span style='color:red'>抽检</span>的通知</b><o:p></o:p>\
<span class=MsoCommentReference><a class=msocomanchor href="#_msocom_1">[A1]</a></span></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>1.<span style='font:7pt'>&nbsp; </span></span>取样</p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>2.<span style='font:7pt'>&nbsp; </span></span>送检</p>
<table class=MsoTableGrid><tr><td style='width:10pt'><p class=MsoNormal align=right style='text-align:right'>片烟库</p></td><td><p>20</p></td></tr></table>
<div style='mso-element:comment-list'><div style='mso-element:comment'><div class=msocomtxt><p>厂长不同意</p></div></div></div>
<p><img src="file:///C:/a.png" width=300></p><script>document.title='ran'</script><!--EndFragment--></body></html>"""
PASTE = """([element, html, picture]) => {
  const transfer = new DataTransfer();
  if (html) transfer.setData("text/html", html);
  if (picture) transfer.items.add(new File([Uint8Array.from(atob(picture), (sign) => sign.charCodeAt(0))], "仓库.png", {type: "image/png"}));
  element.dispatchEvent(new ClipboardEvent("paste", {clipboardData: transfer, bubbles: true, cancelable: true}));
}"""

# Presses Escape here and goes elsewhere before the next frame, as fast fingers on a busy machine do: where the focus is at once, and where it stays.
LEAVE = """(element) => {
  element.dispatchEvent(new KeyboardEvent("keydown", {key: "Escape", bubbles: true}));
  const atOnce = document.activeElement.className;
  document.querySelector("[type=search]").focus();
  return new Promise((tell) => requestAnimationFrame(() => requestAnimationFrame(() => tell([atOnce, document.activeElement.type]))));
}"""


def open_editor(open_page, cast: Cast, **look) -> Page:
    page = open_page("/styleguide/", cast.admin, **look)
    page.locator(".rich-text.on").wait_for()
    page.locator(".ProseMirror").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    return page


def stored(page: Page) -> str:
    return clean_html(page.locator(".rich-text textarea").input_value())


def paste(page: Page, html: str = "", picture: bytes = b"") -> None:
    page.evaluate(PASTE, [page.locator(".ProseMirror").element_handle(), html, base64.b64encode(picture).decode()])


def test_what_is_typed_and_pressed_in_the_toolbar_stands_in_the_field(open_page, cast):
    page = open_editor(open_page, cast)
    page.keyboard.type("各机组、仓库：")
    page.keyboard.press("Enter")
    page.keyboard.press("Alt+F10")
    assert page.evaluate("document.activeElement.dataset.command") == "bold"
    page.keyboard.press("Enter")
    page.keyboard.type("每班两次")
    page.keyboard.press("Control+b")
    page.keyboard.press("Enter")
    page.keyboard.press("Alt+F10")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.keyboard.type("范围")
    assert stored(page) == "<p>各机组、仓库：</p><p><strong>每班两次</strong></p><h2>范围</h2>"
    page.keyboard.press("Alt+F10")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+z")
    assert "范围" not in stored(page)


def test_the_text_has_the_focus_at_once_and_never_takes_it_back(open_page, cast):
    page = open_editor(open_page, cast)
    page.keyboard.press("Control+k")
    expect(page.locator(".rich-text-link input")).to_be_focused()
    for place in (".rich-text-link input", ".rich-text [role=toolbar] button[tabindex='0']"):
        at_once, afterwards = page.locator(place).evaluate(LEAVE)
        assert "ProseMirror" in at_once, place
        assert afterwards == "search", place


def test_a_table_and_a_link_are_made_by_the_toolbar(open_page, cast):
    page = open_editor(open_page, cast)
    page.locator("[data-command=table]").click()
    page.keyboard.type("库区")
    page.keyboard.press("Tab")
    page.keyboard.type("温度")
    page.keyboard.press("Shift+Tab")
    page.locator("[data-command=column-removal]").click()
    page.locator("[data-command=row-after]").click()
    for _cell in range(8):
        page.keyboard.press("Tab")
    assert stored(page).count("<tr>") == 4, "the last cell leads out, and makes no row"
    page.keyboard.type("表后")
    assert stored(page).endswith("<p>表后</p>")
    page.keyboard.press("Tab")
    assert not page.locator(".ProseMirror").evaluate("(text) => text.contains(document.activeElement)")
    page.locator(".ProseMirror td").first.click()
    expect(page.locator("[data-command=table-removal]")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.type("又在")
    assert "又在表后" in stored(page)
    page.locator(".ProseMirror td").first.click()
    expect(page.locator("[data-command=table-removal]")).to_be_visible()
    assert stored(page).count("<tr>") == 4
    assert stored(page).count("<th>") == 2
    page.locator("[data-command=table-removal]").click()
    page.locator("[data-command=link]").click()
    page.locator(".rich-text-link input").fill("a.example/x")
    page.keyboard.press("Enter")
    assert stored(page) == '<p><a href="https://a.example/x" rel="noopener noreferrer">https://a.example/x</a>又在表后</p>'


def test_what_is_pasted_from_a_word_processor_keeps_its_shape(open_page, cast):
    page = open_editor(open_page, cast)
    paste(page, WORD)
    html = stored(page)
    assert html.startswith('<p class="center"><strong>关于抽检的通知</strong></p><ol><li>取样</li><li>送检</li></ol><table>')
    assert '<td class="right">片烟库</td><td>20</td>' in html
    assert "A1" not in html
    assert "不同意" not in page.locator(".rich-text").inner_text()
    assert "style" not in page.locator(".rich-text textarea").input_value()
    assert page.title() != "ran"
    expect(page.locator(".ProseMirror figure[data-arriving='']")).to_have_count(1)
    expect(page.locator(".rich-text-status.wrong")).not_to_be_empty()
    assert "figure" not in html, "readers see nothing of the picture that did not come along"


def test_a_picture_copied_from_a_page_of_the_portal_keeps_its_place(open_page, cast):
    page = open_editor(open_page, cast)
    page.route(f"**{PICTURE}", lambda route: route.fulfill(body=PIXEL, content_type="image/png"))
    origin = page.evaluate("location.origin")
    paste(page, f'<p>前</p><figure><img src="{origin}{PICTURE}"></figure><p><img src="https://elsewhere.example{PICTURE}"></p>')
    expect(page.locator(f'.ProseMirror img[src="{PICTURE}"]')).to_have_count(1)
    assert stored(page).count("<img") == 1


def test_pictures_from_the_clipboard_are_uploaded_and_put_in_place(open_page, cast):
    page = open_editor(open_page, cast)
    page.route("**/pictures/", lambda route: route.fulfill(json={"url": PICTURE}))
    page.route(f"**{PICTURE}", lambda route: route.fulfill(body=PIXEL, content_type="image/png"))
    page.evaluate("document.querySelector('.rich-text').dataset.upload = '/pictures/'")
    paste(page, picture=PIXEL)
    page.locator(".ProseMirror figure img").wait_for()
    assert stored(page).count(f'<figure><img src="{PICTURE}" alt=""></figure>') == 1
    paste(page, f"<p>前</p><p><img src='data:image/png;base64,{base64.b64encode(PIXEL).decode()}'></p><p>后</p>")
    page.locator(".ProseMirror figure img").nth(1).wait_for()
    assert stored(page).count("<figure>") == 2


def test_a_picture_that_is_refused_leaves_a_sentence_and_no_gap(open_page, cast):
    page = open_editor(open_page, cast)
    page.route("**/pictures/", lambda route: route.fulfill(status=422, json={"error": "太大"}))
    page.evaluate("document.querySelector('.rich-text').dataset.upload = '/pictures/'")
    paste(page, picture=PIXEL)
    page.locator(".rich-text-status.wrong", has_text="太大").wait_for()
    assert page.locator("figure[data-arriving]").count() == 0


def test_hostile_texts_run_nothing_when_they_are_shown_edited_or_pasted(open_page, cast):
    page = open_editor(open_page, cast)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url) if "evil.example" in request.url else None)
    for html in HOSTILE:
        page.evaluate("(html) => { document.querySelector('.prose:not(.ProseMirror)').innerHTML = html; }", clean_html(html))
        paste(page, html.replace("\ud800", ""))
        assert clean_html(stored(page)) == stored(page)
    page.wait_for_timeout(300)
    assert page.title() != "ran"
    assert not requests


def test_the_text_area_alone_takes_text_without_scripts(open_page, cast):
    page = open_page("/styleguide/", cast.admin, scripts=False)
    assert page.locator(".rich-text textarea").is_visible()
    assert not page.locator(".rich-text-bar").is_visible()


def test_a_draft_that_is_restored_is_shown_by_the_editor(open_page, cast):
    page = open_editor(open_page, cast)
    page.evaluate("document.querySelector('.rich-text textarea').value = '<p>从草稿恢复</p>'")
    assert page.locator(".ProseMirror").inner_text().strip() == "从草稿恢复"


def test_the_editor_is_accessible_wide_and_narrow(open_page, cast, assert_accessible):
    for width in (1280, 360):
        page = open_editor(open_page, cast, width=width)
        page.evaluate("for (const other of document.querySelectorAll('main section:not(#texts)')) other.remove()")
        assert_accessible(page)


def test_the_editor_works_alone_on_a_page_of_another_frame(open_page, cast):
    """As in Wagtail's admin: neither our sheet nor our script is there, and the policy is as strict."""
    widget = RichTextWidget(attrs={"id": "body", "aria-label": "正文"}, upload_url="/pictures/")
    html = f"<!doctype html><html lang=zh><head><title>x</title>{widget.media}</head><body><form>{widget.render('body', '<p>一</p>', {})}</form></body></html>"
    page = open_page("/healthz")
    page.route(
        "**/alone/",
        lambda route: route.fulfill(
            body=html, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:"}
        ),
    )
    page.goto("/alone/")
    page.locator(".rich-text.on").wait_for()
    page.locator(".ProseMirror").click()
    page.keyboard.press("End")
    page.keyboard.type("二")
    assert stored(page) == "<p>一二</p>"
    assert page.locator(".rich-text-tool").first.evaluate("(tool) => getComputedStyle(tool).width") == "30px"
