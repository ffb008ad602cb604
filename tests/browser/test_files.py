"""Files in a real browser: dropped, pasted, in parts, without scripts, previewed in place, and with names that would do harm (S18)."""

from io import BytesIO
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Page, expect

from portal.attachments.extraction import read_waiting
from portal.attachments.models import Attachment
from portal.attachments.queries import shown_on
from portal.attachments.services import hang_files, receive_file
from portal.attachments.storage import content_storage, incoming_folder
from tests.attachments import samples

pytestmark = pytest.mark.urls("tests.attachments.urls")

HOSTILE = ['"><img src=x onerror=document.title=1>.txt', "<svg onload=document.title=1>.txt", "javascript:document.title=1.txt", "\u202etxt.exe 卷烟.txt"]
DROP = """([selector, files]) => {
  const transfer = new DataTransfer();
  for (const [name, text] of files) transfer.items.add(new File([text], name));
  document.querySelector(selector).dispatchEvent(new DragEvent("drop", {dataTransfer: transfer, bubbles: true, cancelable: true}));
}"""
PASTE = """([selector, bytes]) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([new Uint8Array(bytes)], "image.png", {type: "image/png"}));
  document.querySelector(selector).dispatchEvent(new ClipboardEvent("paste", {clipboardData: transfer, bubbles: true, cancelable: true}));
}"""


def names(page: Page) -> list[str]:
    return page.locator(".chosen .file-name").all_inner_texts()


def test_files_are_dropped_pasted_and_chosen_and_hang_there_after_saving(cast, open_page, assert_accessible, tmp_path: Path):
    paper = samples.paper_for(cast.quality)
    page = open_page(f"/papers/{paper.pk}/files/change/", cast.head)
    page.evaluate(DROP, ["[data-part=drop]", [["一.txt", "one"], ["二.txt", "two"], ["三.txt", "three"]]])
    expect(page.locator(".chosen")).to_have_count(3)
    page.evaluate(PASTE, ["[data-part=drop] input", list(samples.png())])
    expect(page.locator(".chosen")).to_have_count(4)
    large = tmp_path / "大.bin"
    large.write_bytes(bytes(range(256)) * 90_000)
    page.locator("[data-part=drop] input").set_input_files(large)
    expect(page.locator(".chosen")).to_have_count(5)
    assert_accessible(page)
    page.locator(".chosen", has_text="二.txt").get_by_role("button").click()
    expect(page.locator(".chosen")).to_have_count(4)
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(f"**/papers/{paper.pk}/files/")
    assert {row.name for row in shown_on(paper)} == {"一.txt", "三.txt", "image.png", "大.bin"}
    assert Attachment.objects.get(name="大.bin").file.size == large.stat().st_size
    assert_accessible(page)


def test_a_refused_file_says_why_and_the_form_keeps_the_others(cast, open_page):
    paper = samples.paper_for(cast.quality)
    page = open_page(f"/papers/{paper.pk}/files/change/", cast.head)
    page.evaluate(DROP, ["[data-part=drop]", [["好.txt", "fine"], ["坏.pdf", "MZ this is a program"], ["空.txt", ""]]])
    expect(page.locator(".chosen")).to_have_count(1)
    expect(page.locator(".going.wrong")).to_have_count(2)
    expect(page.locator(".going.wrong", has_text="坏.pdf").locator("[data-part=state]")).to_contain_text("坏.pdf")
    page.locator("[name=title]").fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".has-error")).to_have_count(1)
    assert names(page) == ["好.txt"]


def test_an_upload_goes_on_after_the_session_ended(cast, open_page, tmp_path: Path):
    paper = samples.paper_for(cast.quality)
    page = open_page(f"/papers/{paper.pk}/files/change/", cast.head)
    sent: list[str] = []

    def interrupt(route) -> None:
        sent.append(route.request.headers["upload-offset"])
        if len(sent) == 3:
            Session.objects.all().delete()
        route.continue_()

    page.route("**/files/uploads/*-*/", lambda route: interrupt(route) if route.request.method == "PATCH" else route.continue_())
    large = tmp_path / "大.bin"
    large.write_bytes(bytes(range(256)) * 100_000)
    page.locator("[data-part=drop] input").set_input_files(large)
    expect(page.locator("[data-part=sign-in]")).to_be_visible(timeout=20_000)
    assert sent == ["0", "5242880", "10485760"]
    browser = Client()
    browser.force_login(cast.head)
    page.context.add_cookies([{"name": "gongfang_session", "value": browser.cookies["gongfang_session"].value, "url": page.url.split("/papers")[0]}])
    page.locator("[data-part=again]").click()
    expect(page.locator(".chosen")).to_have_count(1)
    assert sent[3] == "10485760"
    assert Attachment.objects.get().file.size == large.stat().st_size


def test_an_upload_goes_on_when_the_disk_has_room_again(cast, open_page, settings, tmp_path: Path):
    roomy = settings.ENVIRONMENT
    paper = samples.paper_for(cast.quality)
    page = open_page(f"/papers/{paper.pk}/files/change/", cast.head)
    sent: list[str] = []

    def fill(route) -> None:
        sent.append(route.request.headers["upload-offset"])
        if len(sent) == 3:
            settings.ENVIRONMENT = roomy.model_copy(update={"minimum_free_disk_mb": 10**9})
        route.continue_()

    page.route("**/files/uploads/*-*/", lambda route: fill(route) if route.request.method == "PATCH" else route.continue_())
    large = tmp_path / "大.bin"
    large.write_bytes(bytes(range(256)) * 100_000)
    page.locator("[data-part=drop] input").set_input_files(large)
    expect(page.locator(".going.wrong [data-part=again]")).to_be_visible()
    settings.ENVIRONMENT = roomy
    page.locator("[data-part=again]").click()
    expect(page.locator(".chosen")).to_have_count(1)
    assert sent[2:4] == ["10485760", "10485760"], "what had arrived is not sent again"
    assert Attachment.objects.get().file.size == large.stat().st_size


def test_an_upload_whose_first_parts_are_gone_begins_anew_by_itself(cast, open_page, tmp_path: Path):
    """On a page without https, where the browser has no digests of its own."""
    paper = samples.paper_for(cast.quality)
    page = open_page(f"/papers/{paper.pk}/files/change/", cast.head)
    sent: list[str] = []

    def lose(route) -> None:
        sent.append(route.request.headers["upload-offset"])
        if len(sent) == 3:
            for part in incoming_folder().glob("*.part"):
                part.unlink()
        route.continue_()

    page.route("**/files/uploads/*-*/", lambda route: lose(route) if route.request.method == "PATCH" else route.continue_())
    large = tmp_path / "大.bin"
    large.write_bytes(bytes(range(256)) * 100_000)
    page.locator("[data-part=drop] input").set_input_files(large)
    expect(page.locator(".chosen")).to_have_count(1, timeout=20_000)
    assert sent[2:5] == ["10485760", "0", "5242880"]
    with content_storage().open(Attachment.objects.get().file.storage_name) as file:
        assert file.read() == large.read_bytes()


def test_on_a_telephone_the_button_for_files_can_be_pressed(cast, open_page):
    page = open_page(f"/papers/{samples.paper_for(cast.quality).pk}/files/change/", cast.head, width=360)
    drop, chooser = (page.locator(place).bounding_box() for place in ("[data-part=drop]", "[data-part=drop] input"))
    assert drop["x"] + drop["width"] <= 360 - 16
    assert chooser["width"] > 200
    assert chooser["height"] >= 44


def test_without_scripts_files_are_chosen_and_unticked(cast, open_page, tmp_path: Path):
    paper = samples.paper_for(cast.quality)
    hang_files(actor=cast.head, about=paper, shown=[receive_file(actor=cast.head, name="旧.txt", content=_open(b"old")).pk])
    page = open_page(f"/papers/{paper.pk}/files/change/", cast.head, scripts=False)
    new = tmp_path / "新.txt"
    new.write_text("new")
    page.locator("[type=file]").set_input_files(new)
    page.locator(".chosen", has_text="旧.txt").locator("[type=checkbox]").uncheck()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(f"**/papers/{paper.pk}/files/")
    assert [row.name for row in shown_on(paper)] == ["新.txt"]
    page.locator(".file a[href$='/preview/']").click()
    expect(page.locator("main")).to_contain_text("新.txt")


@pytest.mark.parametrize("width", [1280, 360])
def test_pictures_pdf_and_text_are_previewed_in_place(cast, open_page, assert_accessible, width: int):
    paper = samples.paper_for(cast.quality)
    contents = {"现场.png": samples.png(600, 400), "办法.pdf": samples.pdf(*[f"Page {n}" for n in range(1, 13)]), "说明.txt": "温湿度".encode("gbk")}
    hang_files(actor=cast.head, about=paper, shown=[receive_file(actor=cast.head, name=name, content=_open(body)).pk for name, body in contents.items()])
    read_waiting()
    page = open_page(f"/papers/{paper.pk}/files/", cast.inspector, width=width)
    for name, inside in (("现场.png", "img"), ("办法.pdf", ".file-sheet"), ("说明.txt", "pre")):
        row = page.locator(".file", has_text=name)
        row.locator("[data-behavior=preview]").press(" ")
        expect(row.locator(f".file-place {inside}").first).to_be_visible()
    sheets = page.locator(".file .file-sheet")
    expect(sheets).to_have_count(10)
    page.locator(".file .preview-more a").click()
    expect(sheets).to_have_count(12)
    sheets.nth(11).scroll_into_view_if_needed()
    expect(page.locator(".file .file-sheet img").nth(11)).to_have_js_property("naturalWidth", 1200)
    expect(page.locator(".file pre")).to_have_text("温湿度")
    assert_accessible(page)


def test_hostile_names_run_nothing_and_stand_as_text(cast, open_page):
    paper = samples.paper_for(cast.quality)
    ids = [receive_file(actor=cast.head, name=name, content=_open(b"text")).pk for name in HOSTILE]
    hang_files(actor=cast.head, about=paper, shown=ids)
    for path in (f"/papers/{paper.pk}/files/", f"/papers/{paper.pk}/files/change/", f"/files/{ids[0]}/preview/"):
        page = open_page(path, cast.head)
        assert page.title() != "1"
        assert page.locator("img[src=x], svg[onload]").count() == 0
    page = open_page(f"/papers/{paper.pk}/files/", cast.head)
    with page.expect_download() as download:
        page.locator(".file", has_text="onerror").get_by_role("link", name="Download").or_(page.locator(".file a[download]").first).first.click()
    assert "\n" not in download.value.suggested_filename


def test_a_page_that_was_uploaded_is_downloaded_and_not_drawn(cast, open_page):
    for name, body in (("a.html", b"<!doctype html><script>document.title='owned'</script>"), ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")):
        attachment = receive_file(actor=cast.head, name=name, content=_open(body))
        page = open_page("/", cast.head)
        with page.expect_download() as download:
            page.evaluate("url => { location.href = url }", f"/files/{attachment.pk}/")
        assert download.value.suggested_filename == name
        assert page.title() != "owned"


def _open(content: bytes) -> BytesIO:
    return BytesIO(content)
