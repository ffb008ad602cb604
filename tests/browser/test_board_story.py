"""The bulletin board's story, with several browsers open at once: a head publishes, those it is for see it at once, nobody else sees it anywhere."""

import re
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from bulletin.models import Notice
from bulletin.services.boards import board_of, keep_board
from bulletin.services.readers import note_reading
from portal.access.rules import person_token
from portal.confirmations.models import Confirmation
from portal.notifications.models import Notification
from tests.browser.pages import carry_out_effects
from tests.browser.test_files import DROP
from tests.bulletin.writing import audience, write

TITLE = "关于印发《原料仓库温湿度管理办法》的通知"
MOST_OF_A_ROW = 72  # pixels on a phone, with a title of two lines
BEFORE_NOON = "%Y-%m-%dT%H:%M"


def test_a_department_speaks_the_plant_reads_and_it_is_known_who_has_read(cast, sockets, open_page, assert_accessible):
    board = board_of(cast.quality)
    keep_board(board, document_prefix="厂质", needs_second_person=False, actor=cast.head)
    earlier = write(board, cast.head, title="上周的通知")
    long = "关于进一步规范原料仓库温湿度记录和片烟垛位管理工作有关事项的补充通知" * 2
    write(board, cast.head, title=long, audience=audience(person_token(cast.salesperson.pk)), needs_confirmation=True)
    carry_out_effects()
    Notification.objects.filter(recipient=cast.salesperson).update(read_at=timezone.now())
    note_reading(earlier, actor=cast.inspector)

    reader = open_page("/bulletin/", cast.inspector)
    asked: list[str] = []
    reader.on("request", lambda request: asked.append(request.url) if "/arrivals/" in request.url else None)
    reader_at_home = reader.context.new_page()
    reader_at_home.goto("/")
    expect(reader_at_home.locator("[id='widget-bulletin.waiting']")).to_have_count(0)
    outsider = open_page("/bulletin/", cast.salesperson, width=360)
    heights = outsider.locator(".notices .item").evaluate_all("(rows) => rows.map((row) => row.getBoundingClientRect().height)")
    assert heights
    assert max(heights) <= MOST_OF_A_ROW
    for page in (reader, reader_at_home, outsider):
        expect(page.locator("body")).to_have_attribute("data-live", "socket")

    # The head writes, adds a file, asks for confirmation, and publishes.
    head = open_page("/bulletin/notices/new/", cast.head)
    head.locator(".rich-text.on").wait_for()
    head.locator("#id_title").fill(TITLE)
    head.locator("input[name=kind][value=document]").check(force=True)
    head.locator(".ProseMirror").click()
    head.keyboard.type("各车间、科室：请组织学习。")
    head.evaluate(DROP, ["[data-part=drop]", [["温湿度记录要求.txt", "库区每班记录两次。"]]])
    expect(head.locator(".chosen")).to_have_count(1)
    head.locator("#id_needs_confirmation").check(force=True)
    head.locator("#id_confirm_by").fill((timezone.localtime() + timedelta(days=3)).strftime(BEFORE_NOON))
    head.get_by_role("button", name="发布", exact=True).click()
    head.wait_for_url(re.compile(r"/notices/\d+/$"))
    notice = Notice.objects.get(title=TITLE)
    number = f"厂质〔{timezone.localdate().year}〕1号"
    expect(head.locator(".notice-head")).to_contain_text(number)
    carry_out_effects()

    # Those it is for see it at once: a line to press, the bell, home, without a reload. Nobody else does.
    expect(reader.locator(".arrived")).to_be_visible()
    expect(reader.locator(".bell-count")).to_have_text("1")
    for count in ("[data-count=unread]", "[data-count=waiting]", ".rail [data-badge=bulletin]"):
        expect(reader.locator(count)).to_have_text("1")
    for panel in ("waiting", "notices"):
        expect(reader_at_home.locator(f"[aria-labelledby='widget-bulletin.{panel}'] a[href='{notice.get_absolute_url()}']")).to_be_visible()
    expect(outsider.locator(".bell-count")).to_have_text("")
    assert outsider.locator(".arrived").count() == 0
    outsider.goto("/bulletin/?q=温湿度")
    assert TITLE not in outsider.content()
    answers = [outsider.context.request.get(address).status for address in (notice.get_absolute_url(), f"/files/{notice.file_ids[0]}/")]
    assert answers == [404, 404]

    assert len(asked) <= 3, "what is fetched when rung does not ring again"

    # The reader opens it from the board, reads the file in place, and confirms.
    reader.locator(".arrived a").click()
    row = reader.locator(".item.unread", has_text=TITLE)
    expect(row).to_contain_text(number)
    assert_accessible(reader)
    row.locator("a.title").click()
    expect(reader.locator("h1")).to_have_text(TITLE)
    expect(reader.locator(".notice-files")).to_contain_text("温湿度记录要求.txt")
    assert_accessible(reader)
    reader.get_by_role("button", name=re.compile("已阅读")).click()
    expect(reader.locator(".confirm")).to_contain_text("第 1 版")
    assert Confirmation.objects.by(cast.inspector).count() == 1

    # The head sees who has and has not, without a reload, and reminds the others.
    panel = head.locator("aside .panel", has_text="2 ").first
    expect(panel).to_contain_text("2 / 3")
    head.locator("aside form button").first.click()
    carry_out_effects()
    expect(head.locator(".toast")).to_contain_text("1")

    # A correction asks anew; the reader sees what has changed.
    head.goto(f"{notice.get_absolute_url()}draft/")
    head.locator(".rich-text.on").wait_for()
    head.locator(".ProseMirror").click()
    head.keyboard.press("Control+End")
    head.keyboard.type("每班两次。")
    head.locator("#id_change_note").fill("补充频次")
    head.locator("#id_asks_anew").check(force=True)
    head.get_by_role("button", name=re.compile("^发布")).click()
    head.wait_for_url(re.compile(r"/notices/\d+/$"))
    carry_out_effects()
    expect(reader.locator(".newer")).to_contain_text("第 2 版")
    reader.locator(".newer a").click()
    expect(reader.locator(".newer")).to_have_count(0)
    expect(reader.locator(".corrected")).to_contain_text("补充频次")
    expect(reader.locator(".confirm button")).to_be_visible()
    reader.locator(".corrected a").click()
    expect(reader.locator("ins")).to_contain_text("每班两次")

    # An administrator takes it down; it is gone from the reader's page, board and bell.
    watcher = open_page("/bulletin/oversight/", cast.admin)
    watcher.locator("tr, li", has_text=TITLE).get_by_role("link", name=re.compile("撤下")).click()
    watcher.locator("[name=reason]").fill("数据有误")
    watcher.get_by_role("button", name=re.compile("撤下")).click()
    watcher.wait_for_url(re.compile("oversight"))
    assert reader.context.request.get(notice.get_absolute_url()).status == 410, "who had opened it is told why"
    reader.goto("/bulletin/")
    expect(reader.locator("#notices")).not_to_contain_text(TITLE)
    assert Notice.objects.get(pk=notice.pk).retraction_reason == "数据有误"
