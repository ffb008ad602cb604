"""People at the boards of a whole portal, over plain HTTP; and a look behind it, into its database."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from tests.runtime.portal_process import Browser, PortalProcess, look

PASSWORD = "gongfang-2026"
NOTICE = re.compile(r"/bulletin/notices/(\d+)/$")


class _Stay(HTTPRedirectHandler):
    """Answers that lead elsewhere are answers."""

    def redirect_request(self, *_arguments: Any) -> None:
        return None


class Desk:
    """Someone signed in, whose POST is answered by what it leads to: a redirect says that it was done."""

    def __init__(self, portal: PortalProcess, number: str, password: str = PASSWORD) -> None:
        self.portal, self.number = portal, number
        self.browser = Browser(portal.address)
        self.browser.sign_in(number, password)
        self.opener = build_opener(HTTPCookieProcessor(self.browser.cookies), _Stay())

    def cookie(self, name: str) -> str:
        return next((cookie.value or "" for cookie in self.browser.cookies if cookie.name == name), "")

    def get(self, path: str) -> int:
        return self.browser.get(path)[0]

    def post(self, path: str, fields: dict[str, Any]) -> tuple[int, str]:
        """The status, and where it leads to; (0, "") where no answer came."""
        body = urlencode(fields | {"csrfmiddlewaretoken": self.cookie("gongfang_csrf")}, doseq=True).encode()
        request = Request(self.portal.address + path.lstrip("/"), data=body, headers={"Referer": self.portal.address})
        try:
            with self.opener.open(request, timeout=20) as answer:
                return answer.status, ""
        except HTTPError as answer:
            return answer.code, answer.headers.get("Location", "")
        except (URLError, HTTPException, OSError):
            return 0, ""

    def publish(self, department: int, title: str, **fields: Any) -> int | None:
        """The number of the notice if the portal said that it is published; None where it said something else, or nothing."""
        values = {
            "title": title, "body": "<p>各机组提前备样。</p>", "audience_include": "all", "audience_level": "0", "kind": "notice",
            "allows_comments": "on", "pinned_for": "", "action": "publish",
        }  # fmt: skip
        status, place = self.post(f"/bulletin/notices/new/?department={department}", values | fields)
        found = NOTICE.search(place)
        return int(found[1]) if status == 302 and found else None

    def upload(self, name: str, content: bytes) -> str:
        """The address of a file of one's own."""
        border = "----gongfang"
        body = f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode() + content + f"\r\n--{border}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={border}", "X-CSRFToken": self.cookie("gongfang_csrf"), "Referer": self.portal.address}
        with self.opener.open(Request(self.portal.address + "files/uploads/", data=body, headers=headers), timeout=20) as answer:
            return str(json.loads(answer.read())["id"])

    def feed(self) -> str:
        """A new private address of the boards' feed."""
        body = self.browser.post("/bulletin/feed/")[1]
        found = re.search(r"/bulletin/feed/[\w-]+\.xml", body)
        assert found, body[:2_000]
        return found[0]

    def confirm(self, notice: int) -> bool:
        status, place = self.post(f"/bulletin/notices/{notice}/confirmation/", {"version": "1"})
        return status == 302 and bool(NOTICE.search(place))

    @contextmanager
    def listening(self, *topics: str) -> Iterator[ClientConnection]:
        """An open page's socket that listens to these, all of which are allowed."""
        port = self.portal.port
        origin = Origin(f"http://127.0.0.1:{port}")
        cookie = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.browser.cookies)
        with connect(f"ws://127.0.0.1:{port + 1}/live/", origin=origin, additional_headers={"Cookie": cookie}, open_timeout=10) as socket:
            socket.send(json.dumps({"listen": list(topics)}))
            answer = json.loads(socket.recv(timeout=10))
            assert answer["listening"] == sorted(topics), answer
            yield socket


def ask(portal: PortalProcess, statement: str, *values: Any) -> list[tuple]:
    with look(portal) as connection:
        return connection.execute(statement, values or None).fetchall()  # type: ignore[arg-type]


def department_of(portal: PortalProcess, code: str) -> int:
    return int(ask(portal, "SELECT id FROM organization_department WHERE code = %s", code)[0][0])


def person_of(portal: PortalProcess, number: str) -> int:
    return int(ask(portal, "SELECT id FROM accounts_user WHERE employee_number = %s", number)[0][0])


def effects(portal: PortalProcess) -> int:
    """How many effects are due and not yet carried out."""
    return int(ask(portal, "SELECT count(*) FROM outbox_effect WHERE failed_at IS NULL AND due_at < now() + interval '1 minute'")[0][0])


def in_days(days: int) -> str:
    return str(date.today() + timedelta(days=days))
