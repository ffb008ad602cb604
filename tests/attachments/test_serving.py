"""How content is sent: ranges, names, and headers that make it harmless (S20, S21)."""

from collections.abc import Callable
from email.message import Message
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.test import Client

from portal.accounts.models import User
from portal.attachments.models import Attachment
from portal.attachments.storage import content_storage
from tests.attachments import samples
from tests.cast import Cast

SignIn = Callable[[User], Client]
Receive = Callable[[User, str, bytes], Attachment]
TEXT = bytes(range(32, 127)) * 1000


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def file_name(disposition: str) -> str:
    """As a browser reads it (RFC 6266)."""
    message = Message()
    message["Content-Disposition"] = disposition
    if "filename*=" in disposition:
        return unquote(disposition.split("filename*=utf-8''")[1])
    return str(message.get_filename())


@pytest.mark.parametrize(
    ("asked", "status", "start", "end"),
    [
        ("bytes=0-9", 206, 0, 10),
        ("bytes=90000-", 206, 90_000, 95_000),
        ("bytes=-5", 206, 94_995, 95_000),
        ("bytes=-999999", 206, 0, 95_000),
        ("bytes=94999-999999", 206, 94_999, 95_000),
        ("bytes=0-0,5-9", 200, 0, 95_000),
        ("bytes=-", 200, 0, 95_000),
        ("lines=1-2", 200, 0, 95_000),
        (f"bytes={'9' * 5_000}-", 200, 0, 95_000),
        (f"bytes=-{'9' * 5_000}", 200, 0, 95_000),
        ("bytes=٣-٤", 200, 0, 95_000),
    ],
)
def test_ranges(cast: Cast, client_for: SignIn, receive: Receive, asked: str, status: int, start: int, end: int) -> None:
    attachment = receive(cast.head, "a.txt", TEXT)
    answer = client_for(cast.head).get(f"/files/{attachment.pk}/", headers={"Range": asked, "Accept-Encoding": "gzip"})
    assert (answer.status_code, body(answer)) == (status, TEXT[start:end])
    assert answer["Content-Length"] == str(end - start)
    assert "Content-Encoding" not in answer
    if status == 206:
        assert answer["Content-Range"] == f"bytes {start}-{end - 1}/95000"


@pytest.mark.parametrize("asked", ["bytes=95000-", "bytes=9-3", "bytes=-0"])
def test_a_range_that_is_not_there_is_416(cast: Cast, client_for: SignIn, receive: Receive, asked: str) -> None:
    attachment = receive(cast.head, "a.txt", TEXT)
    answer = client_for(cast.head).get(f"/files/{attachment.pk}/", headers={"Range": asked})
    assert answer.status_code == 416
    assert answer["Content-Range"] == "bytes */95000"


def test_a_range_of_an_older_content_is_answered_by_the_whole(cast: Cast, client_for: SignIn, receive: Receive) -> None:
    attachment = receive(cast.head, "a.txt", TEXT)
    browser = client_for(cast.head)
    etag = browser.get(f"/files/{attachment.pk}/")["ETag"]
    assert browser.get(f"/files/{attachment.pk}/", headers={"Range": "bytes=0-9", "If-Range": etag}).status_code == 206
    assert browser.get(f"/files/{attachment.pk}/", headers={"Range": "bytes=0-9", "If-Range": '"other"'}).status_code == 200
    assert browser.get(f"/files/{attachment.pk}/", headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize(
    ("name", "content", "media_type", "is_inline"),
    [
        ("a.png", samples.png(), "image/png", True),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "application/octet-stream", False),
        ("a.html", b"<!doctype html><script>alert(1)</script>", "application/octet-stream", False),
        ("a.xml", b"<?xml version='1.0'?><x/>", "application/octet-stream", False),
        ("a.txt", b"hello <script>alert(1)</script>", "text/plain", False),
        ("a.pdf", samples.pdf("x"), "application/pdf", False),
        ("a.dat", b"\x01\x02<html><script>alert(1)</script>", "application/octet-stream", False),
    ],
)
def test_everything_is_served_harmless(cast: Cast, client_for: SignIn, receive: Receive, name: str, content: bytes, media_type: str, is_inline: bool) -> None:
    attachment = receive(cast.head, name, content)
    answer = client_for(cast.head).get(f"/files/{attachment.pk}/")
    assert answer["Content-Type"] == media_type
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Content-Disposition"].startswith("inline" if is_inline else "attachment")
    download = client_for(cast.head).get(f"/files/{attachment.pk}/?download")
    assert download["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "name",
    [
        "卷" * 251 + ".txt",
        'a"b;c=\\d.txt',
        "a\r\nX-Evil: 1.txt",
        "rtl\u202efdp.txt",
        "50%25.txt",
        "naïve 表格 (1).txt",
        "'; alert(1) //.txt",
        "\U0001f469\u200d\U0001f52c.txt",
    ],
)
def test_names_come_back_safely(cast: Cast, client_for: SignIn, receive: Receive, name: str) -> None:
    attachment = receive(cast.head, name, TEXT)
    answer = client_for(cast.head).get(f"/files/{attachment.pk}/")
    assert "X-Evil" not in answer
    assert "\n" not in answer["Content-Disposition"]
    assert "\u202e" not in unquote(answer["Content-Disposition"])
    expected = attachment.name.replace("\\", "_")
    assert file_name(answer["Content-Disposition"]) == expected


def test_a_proxy_is_told_where_the_content_is_and_sends_nothing_without_the_right(cast: Cast, client_for: SignIn, receive: Receive, limits) -> None:
    attachment = receive(cast.head, "表.txt", TEXT)
    limits(files_sent_by="nginx")
    answer = client_for(cast.head).get(f"/files/{attachment.pk}/")
    assert answer["X-Accel-Redirect"] == f"/files-content/{attachment.file.storage_name}"
    assert answer.content == b""
    assert "X-Accel-Redirect" not in client_for(cast.operator).get(f"/files/{attachment.pk}/")
    limits(files_sent_by="sendfile")
    assert client_for(cast.head).get(f"/files/{attachment.pk}/")["X-Sendfile"].endswith(attachment.file.storage_name)


@pytest.mark.parametrize("sender", ["portal", "nginx"])
def test_a_file_that_lies_on_another_nodes_disk_is_a_sentence(cast: Cast, client_for: SignIn, receive: Receive, limits, sender: str) -> None:
    attachment = receive(cast.head, "a.txt", TEXT)
    Path(content_storage().path(attachment.file.storage_name)).unlink()
    limits(files_sent_by=sender)
    browser = client_for(cast.head)
    browser.raise_request_exception = False
    answer = browser.get(f"/files/{attachment.pk}/")
    assert answer.status_code == 503
    assert "磁盘上现在没有这个文件" in answer.content.decode()
