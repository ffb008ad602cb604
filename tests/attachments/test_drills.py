"""Drills on whole portals: what is far larger than the memory that may be used for it, and a disk that fills during an upload (S23, D4)."""

import hashlib
import json
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.depth import deep
from tests.runtime.portal_process import Browser, PortalProcess, portal_process

pytestmark = pytest.mark.drill

NUMBER, PASSWORD = "10003", "gongfang-2026"
PART = 5 * 2**20
BOUNDARY = "frontier"
GROWTH_MB = 250
LARGE = deep(2_048_000_000, part=600_000_000)
LARGE_BODY = deep(10**9, part=600_000_000)


class Sender:
    """A signed-in person whose requests are written to the connection as they are made."""

    def __init__(self, portal: PortalProcess, number: str = NUMBER, password: str = PASSWORD) -> None:
        browser = Browser(portal.address)
        browser.sign_in(number, password)
        values = {cookie.name: cookie.value or "" for cookie in browser.cookies}
        self.headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in values.items()), "X-CSRFToken": values["gongfang_csrf"]}
        self.port = portal.port

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request(method, path, body, self.headers | {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        result = answer.status, dict(answer.getheaders()), answer.read(1_000_000)
        connection.close()
        return result

    def start(self, name: str, size: int) -> tuple[int, dict[str, Any]]:
        status, _headers, body = self.ask("POST", "/files/uploads/", f"name={name}", Upload_Length=str(size), Content_Type="application/x-www-form-urlencoded")
        return status, json.loads(body)

    def send(self, url: str, offset: int, part: bytes, digest: bytes = b"") -> tuple[int, dict[str, str], bytes]:
        """The last part goes with the digest of the whole."""
        whole = {"Repr-Digest": f"sha-256=:{b64encode(digest).decode()}:"} if digest else {}
        return self.ask("PATCH", url, part, Upload_Offset=str(offset), Content_Type="application/offset+octet-stream", **whole)


def memory_mb(portal: PortalProcess) -> int:
    """Of the portal and all its children, the largest. One that ends while it is looked at counts for nothing."""
    assert portal.process is not None
    largest = 0
    for process in psutil.Process(portal.process.pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if "postgres" not in process.name():
                largest = max(largest, process.memory_info().rss)
    return largest // 2**20


def test_a_large_file_comes_in_parts_and_goes_out_in_bounded_memory() -> None:
    with portal_process() as portal:
        portal.start()
        sender = Sender(portal)
        sender.ask("GET", "/")
        before, most = memory_mb(portal), 0
        size = LARGE
        status, upload = sender.start("film.bin", size)
        assert status == 201, upload
        part, sent, answer = b"\1" * PART, 0, b""
        digest = hashlib.sha256()
        while sent < size:
            piece = part[: size - sent]
            digest.update(piece)
            status, _headers, answer = sender.send(upload["url"], sent, piece, digest.digest() if sent + len(piece) == size else b"")
            assert status in (200, 204), answer
            sent += len(piece)
            most = max(most, memory_mb(portal))
        coming = most
        attachment = json.loads(answer)
        connection = HTTPConnection("127.0.0.1", portal.port, timeout=120)
        connection.request("GET", f"/files/{attachment['id']}/", headers=sender.headers)
        response = connection.getresponse()
        received, whole = hashlib.sha256(), 0
        while piece := response.read(2**20):
            received.update(piece)
            whole += len(piece)
            if whole % (64 * 2**20) == 0:
                most = max(most, memory_mb(portal))
        most = max(most, memory_mb(portal))
        assert (whole, received.digest()) == (size, digest.digest())
        print(f"{size:,} bytes: {before} MB before, {coming} MB while it came in, {most} MB while it went out")  # noqa: T201
        assert most - before < GROWTH_MB


def test_one_large_body_by_a_plain_form_stays_in_bounded_memory() -> None:
    with portal_process() as portal:
        portal.start()
        sender = Sender(portal)
        sender.ask("GET", "/")
        before = memory_mb(portal)
        most = 0
        size = LARGE_BODY
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\nContent-Type: application/octet-stream\r\n\r\n'.encode()
        tail = f"\r\n--{BOUNDARY}--\r\n".encode()

        def body() -> Iterator[bytes]:
            nonlocal most
            yield head
            for number in range(size // 10**6):
                yield b"\1" * 10**6
                if number % 50 == 0:
                    most = max(most, memory_mb(portal))
            yield tail

        status, _headers, answer = sender.ask(
            "POST", "/files/uploads/", body(), Content_Type=f"multipart/form-data; boundary={BOUNDARY}", Content_Length=str(len(head) + size + len(tail))
        )
        most = max(most, memory_mb(portal))
        assert status == 201, answer
        assert json.loads(answer)["size"] == size
        print(f"{size:,} bytes in one body: {before} MB before, {most} MB at most")  # noqa: T201
        assert most - before < GROWTH_MB


def test_a_disk_that_fills_during_an_upload_is_507_and_the_upload_goes_on_when_there_is_room() -> None:
    with portal_process(PORTAL_MINIMUM_FREE_DISK_MB="20") as portal:
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400m", "none", portal.data_dir], capture_output=True)
        if mounted.returncode != 0:
            pytest.skip("this machine does not let us mount a small file system")
        try:
            portal.start()
            sender = Sender(portal)
            size = 30_000_000
            status, upload = sender.start("film.bin", size)
            assert status == 201
            assert sender.send(upload["url"], 0, bytes(PART))[0] == 204
            incoming = portal.data_dir / "incoming" / "filler"
            _fill(incoming)
            status, _headers, answer = sender.send(upload["url"], PART, bytes(PART))
            assert status == 507, answer
            assert "error" in json.loads(answer)
            incoming.unlink()
            status, _headers, answer = sender.ask("GET", upload["url"])
            offset = json.loads(answer)["offset"]
            assert (status, offset) == (200, PART)
            while offset < size:
                piece = bytes(min(PART, size - offset))
                status, _headers, answer = sender.send(
                    upload["url"], offset, piece, hashlib.sha256(bytes(size)).digest() if offset + len(piece) == size else b""
                )
                assert status in (200, 204), answer
                offset += len(piece)
            assert json.loads(answer)["size"] == size
        finally:
            if portal.process is not None:
                portal.end()
            subprocess.run(["umount", "-l", portal.data_dir], check=False)


def _fill(path: Path) -> None:
    with path.open("wb") as file:
        try:
            while True:
                file.write(b"\0" * 2**20)
                file.flush()
        except OSError:
            return
