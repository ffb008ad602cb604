"""Two people and a message: written with somebody who is offered, saved by itself, taken back, sent, opened, answered."""

import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

from django.test import Client
from playwright.sync_api import Browser, Page, expect

from mail.models import Placement
from mail.services.mailboxes import ensure_mailboxes
from portal.accounts.models import User
from portal.outbox.services import drain
from tests.cast import Cast
from tests.mail.outside import bring, connected, gateway, letter

OpenPage = Callable[..., Page]


def test_a_message_from_the_first_word_to_its_answer(open_page: OpenPage, cast: Cast, assert_accessible: Callable[..., None]) -> None:
    ensure_mailboxes()
    writer = open_page("/mail/new/", cast.head)
    choose(writer, "wangwei", cast.inspector)
    writer.get_by_label("主题").fill("3 号机组端部落丝超标")
    editor = writer.locator(".mail-form [contenteditable=true]")
    editor.click()
    editor.press_sequentially("请查吸丝带。")
    expect(writer.get_by_text("自动保存")).to_be_visible()
    expect(writer).to_have_url(re.compile(r"/mail/drafts/\d+/$"))
    assert_accessible(writer)
    writer.get_by_role("button", name="发送", exact=True).click()
    expect(writer.get_by_text(re.compile(r"\d+ 秒后发给 王伟"))).to_be_visible()
    writer.get_by_role("button", name="撤销").click()
    expect(writer.locator(".mail-form [contenteditable=true]")).to_contain_text("请查吸丝带。")
    writer.get_by_role("button", name="发送", exact=True).click()
    writer.get_by_role("button", name="马上发").click()
    expect(writer.get_by_text("邮件已发出。")).to_be_visible()
    drain()

    reader = open_page("/mail/", cast.inspector, width=360)
    reader.keyboard.press("j")
    reader.keyboard.press("Enter")
    expect(reader.get_by_text("请查吸丝带。")).to_be_visible()  # opened by the page itself, in a request that says so
    assert_accessible(reader)
    reader.keyboard.press("r")
    expect(reader.get_by_role("checkbox", name=re.compile("李敏"))).to_be_checked()

    writer.goto("/mail/in/sent/")
    writer.get_by_role("link", name="3 号机组端部落丝超标").click()
    expect(writer.get_by_text("1 人已读")).to_be_visible()


# Every way in which HTML asks for something that its reader did not ask for; each names itself in the address.
FETCHING = """
<html><head><base href="http://evil.example/base/"><link rel="stylesheet" href="http://evil.example/link"><link rel="prefetch" href="http://evil.example/prefetch">
<link rel="dns-prefetch" href="//evil.example"><link rel="icon" href="http://evil.example/icon"><meta http-equiv="refresh" content="0; url=http://evil.example/refresh">
<style>@import "http://evil.example/import";
@font-face { font-family: f; src: url(http://evil.example/font) } p { background: \\75rl(http://evil.example/escaped) }

:root { --x: url(http://evil.example/variable) }</style><script src="http://evil.example/script"></script></head>
<body background="http://evil.example/background" onload="fetch('http://evil.example/onload')">
<p style="background: url('http://evil.example/style'); list-style-image: url(http://evil.example/list)">报价见附件。</p>
<img src="http://evil.example/img"><img srcset="http://evil.example/srcset 2x"><image src="http://evil.example/image">
<picture><source srcset="http://evil.example/source"><img src="x"></picture><input type="image" src="http://evil.example/input">
<video src="http://evil.example/video" poster="http://evil.example/poster" autoplay></video><audio src="http://evil.example/audio" autoplay></audio>
<iframe src="http://evil.example/iframe"></iframe><iframe srcdoc="<img src='http://evil.example/srcdoc'>"></iframe>
<object data="http://evil.example/object"></object><embed src="http://evil.example/embed"><table background="http://evil.example/table"><tr><td>1</td></tr></table>
<svg><image href="http://evil.example/svg"/><use href="http://evil.example/use#x"/><animate attributeName="href" values="http://evil.example/smil"/></svg>
<a href="http://evil.example/a" ping="http://evil.example/ping">x</a><form action="http://evil.example/form"><button autofocus>x</button></form>
<math><mtext><img src="http://evil.example/math"></mtext></math></body></html>
"""


class Recorder(BaseHTTPRequestHandler):
    """A proxy that answers nothing and notes what it was asked for."""

    asked: ClassVar[list[str]] = []

    @classmethod
    def leaks(cls) -> list[str]:
        """What was asked of the mail's sender; a browser may have errands of its own."""
        return [path for path in cls.asked if "evil.example" in path]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_error(502)

    do_POST = do_CONNECT = do_HEAD = do_GET  # noqa: N815

    def log_message(self, *arguments: object) -> None:
        """Nothing on the terminal."""


def test_opening_mail_from_outside_asks_nobody_for_anything(browser: Browser, live_server: Any, cast: Cast, settings: Any) -> None:
    """S19: the browser's way to everywhere else leads over a proxy that records."""
    settings.ENVIRONMENT = connected()
    ensure_mailboxes()
    written = letter(subject="报价单")
    written.add_alternative(FETCHING, subtype="html")
    with gateway() as port:
        bring(port, written.as_bytes())
    proxy = ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    client = Client()
    client.force_login(cast.head)
    context = browser.new_context(base_url=live_server.url, proxy={"server": f"http://127.0.0.1:{proxy.server_port}", "bypass": "localhost"})
    try:
        context.add_cookies([{"name": "gongfang_session", "value": client.cookies["gongfang_session"].value, "url": live_server.url}])
        page = context.new_page()
        page.goto("http://evil.example/control")
        assert Recorder.leaks() == ["http://evil.example/control"]
        page.goto(f"/mail/messages/{Placement.objects.get(mailbox__owner=cast.head).pk}/")
        expect(page.get_by_text("报价见附件。").first).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert Recorder.leaks() == ["http://evil.example/control"]
    finally:
        context.close()
        proxy.shutdown()
        proxy.server_close()


def choose(page: Page, spelled: str, person: User) -> None:
    """By the combobox, as one types."""
    box = page.get_by_label("收件人").first
    box.press_sequentially(spelled)
    expect(page.locator(f"[data-token='user:{person.pk}']")).to_be_visible()
    box.press("Enter")
    expect(page.get_by_role("checkbox", name=re.compile(person.name))).to_be_checked()
