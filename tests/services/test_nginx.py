"""The proxy of deploy/: pages and websockets on one port, with Debian's nginx in front of a whole portal."""

import base64
import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request

import psycopg
import pytest

from portal.runtime.addresses import DATABASE_NAME, OWNER_ROLE, POSTGRESQL_PORT, sockets_dir
from tests.runtime.portal_process import PATIENCE, ROOT, Browser, PortalProcess, free_ports, portal_process, wait_until

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"

pytestmark = [
    pytest.mark.drill,
    pytest.mark.skipif(not Path(NGINX).exists(), reason="nginx is not installed"),
]

NUMBER, PASSWORD = "10003", "gongfang-2026"


@pytest.fixture(scope="module")
def portal() -> Iterator[PortalProcess]:
    with portal_process(PORTAL_SOCKET_URL="/live/", PORTAL_TRUSTED_PROXIES="1", PORTAL_FILES_SENT_BY="nginx") as process:
        process.start()
        yield process


@pytest.fixture(scope="module")
def proxy(portal: PortalProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """nginx with the site of deploy/, on a port of its own; the address of the proxy."""
    port = free_ports()
    directory = tmp_path_factory.mktemp("nginx")
    site = (ROOT / "deploy" / "nginx.conf").read_text()
    site = site.replace("127.0.0.1:8000", f"127.0.0.1:{portal.port}").replace("127.0.0.1:8001", f"127.0.0.1:{portal.port + 1}")
    site = site.replace("/var/lib/gongfang/", f"{portal.data_dir}/")
    (directory / "site.conf").write_text(re.sub(r"listen 80;", f"listen 127.0.0.1:{port};", site))
    paths = "".join(f"{name}_temp_path {directory}/{name}; " for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root;" if os.getuid() == 0 else ""
    (directory / "nginx.conf").write_text(
        f"{user} daemon off; pid {directory}/pid; error_log {directory}/error.log; events {{}} http {{ access_log off; {paths} include site.conf; }}"
    )
    process = subprocess.Popen([NGINX, "-p", str(directory), "-c", "nginx.conf", "-e", str(directory / "error.log")])
    try:
        wait_until(lambda: Browser(f"http://127.0.0.1:{port}/").get("/healthz")[0] == 200, PATIENCE)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(10)


def test_pages_come_through_the_proxy_and_name_the_socket_on_the_same_port(proxy: str) -> None:
    browser = Browser(proxy)
    browser.sign_in(NUMBER, PASSWORD)
    status, page = browser.get("/accounts/preferences/")
    assert status == 200
    assert 'data-socket="/live/"' in page


def test_socket_opens_on_the_same_port_for_its_person_and_for_nobody_else(proxy: str) -> None:
    browser = Browser(proxy)
    browser.sign_in(NUMBER, PASSWORD)
    session = next(cookie.value for cookie in browser.cookies if cookie.name == "gongfang_session")
    assert _handshake(proxy, f"gongfang_session={session}", origin=proxy.rstrip("/")) == 101
    assert _handshake(proxy, f"gongfang_session={session}", origin="http://elsewhere.example") == 403


def test_what_a_client_says_about_its_address_is_not_believed(portal: PortalProcess, proxy: str) -> None:
    browser = Browser(proxy)
    browser.opener.addheaders = [("X-Forwarded-For", "203.0.113.9"), ("X-Real-IP", "203.0.113.9"), ("User-Agent", "forger")]
    browser.sign_in(NUMBER, PASSWORD)
    with psycopg.connect(host=str(sockets_dir(portal.data_dir)), port=POSTGRESQL_PORT, user=OWNER_ROLE, dbname=DATABASE_NAME) as connection:
        rows = connection.execute("SELECT host(ip) FROM usersessions_usersession WHERE user_agent LIKE '%%forger%%'", []).fetchall()
    assert rows == [("127.0.0.1",)]


def test_nginx_sends_the_content_of_files_whole_and_in_ranges_and_only_through_the_portal(proxy: str) -> None:
    browser = Browser(proxy)
    browser.sign_in(NUMBER, PASSWORD)
    token = next(cookie.value for cookie in browser.cookies if cookie.name == "gongfang_csrf")
    content = bytes(range(32, 127)) * 1000
    head = b'--frontier\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=frontier", "X-CSRFToken": token or "", "Referer": proxy}
    with browser.opener.open(Request(f"{proxy}files/uploads/", head + content + b"\r\n--frontier--\r\n", headers), timeout=15) as answer:
        address = f"{proxy}files/{json.load(answer)['id']}/"
    with browser.opener.open(address, timeout=15) as answer:
        assert answer.read() == content
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"] == 'attachment; filename="a.txt"'
        assert answer.headers["Cache-Control"] in ("private, no-cache", "no-store")
    with browser.opener.open(Request(address, headers={"Range": "bytes=95-189"}), timeout=15) as answer:
        assert (answer.status, answer.read()) == (206, content[95:190])
    digest = hashlib.sha256(content).hexdigest()
    assert browser.get(f"files-content/{digest[:2]}/{digest[2:4]}/{digest}")[0] == 404
    assert "login" in Browser(proxy).get(address.removeprefix(proxy))[1]


def _handshake(address: str, cookie: str, *, origin: str) -> int:
    """Ask for a websocket and return the status of the answer."""
    host, port = address.removeprefix("http://").rstrip("/").split(":")
    key = base64.b64encode(os.urandom(16)).decode()
    lines = ["GET /live/ HTTP/1.1", f"Host: {host}:{port}", "Upgrade: websocket", "Connection: Upgrade", f"Sec-WebSocket-Key: {key}"]
    lines += ["Sec-WebSocket-Version: 13", f"Origin: {origin}", f"Cookie: {cookie}", "", ""]
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall("\r\n".join(lines).encode())
        return int(connection.recv(200).split(b" ", 2)[1])
