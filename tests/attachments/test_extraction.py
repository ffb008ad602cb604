"""Text out of files that nobody trusts: what is read, what ends as failed, and that the queue goes on (S22)."""

import resource
import shutil
import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pypdfium2
import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, override

from portal.accounts.models import User
from portal.attachments.extraction import read_waiting
from portal.attachments.models import Attachment, StoredFile
from portal.attachments.office import open_pdf_of
from portal.attachments.queries import text_of
from tests.attachments import samples
from tests.cast import Cast

Receive = Callable[[User, str, bytes], Attachment]
State = StoredFile.Text


def read(attachment: Attachment) -> StoredFile:
    read_waiting()
    return StoredFile.objects.get(pk=attachment.file_id)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.docx", samples.docx("原料仓库", "humidity &amp; heat"), ["原料仓库", "humidity & heat"]),
        ("a.xlsx", samples.xlsx([["库区", "温度"], ["片烟库", 25]]), ["库区", "片烟库", "25"]),
        ("a.pptx", samples.pptx("第一页", "第二页"), ["第一页", "第二页"]),
        ("a.odt", samples.odt("前<text:span>中</text:span>后"), ["前中后"]),
        ("a.ofd", samples.ofd("厂发〔2026〕12号"), ["厂发〔2026〕12号"]),
        ("a.rtf", b"{\\rtf1\\ansi\\ansicpg936 caf\\'c3\\'a9 \\u28201?\\u24230? end}", ["温度"]),
        ("a.txt", "质量月报 全文".encode("gb18030"), ["质量月报"]),
        ("a.txt", "質量月報，繁體中文的內容".encode("big5"), ["質量月報"]),
        ("a.txt", "质量月报".encode("utf-16"), ["质量月报"]),
        ("a.csv", "工号,姓名\n10001,陈刚\n".encode("gbk"), ["陈刚"]),
        ("a.md", "# 标题\n\ntext".encode(), ["标题"]),
        ("a.html", "<html><head><style>b{}</style></head><p>看得见</p><script>alert('不要')</script>".encode(), ["看得见"]),
    ],
)
def test_text_is_read_out(cast: Cast, receive: Receive, name: str, content: bytes, words: list[str]) -> None:
    file = read(receive(cast.head, name, content))
    assert (file.text_state, file.text_reason) == (State.DONE, "")
    text = "\n".join(page.text for page in text_of(file))
    assert all(word in text for word in words), text
    assert "alert" not in text


def test_a_pdf_is_read_page_by_page_and_its_pages_are_counted(cast: Cast, receive: Receive) -> None:
    file = read(receive(cast.head, "a.pdf", samples.pdf("First page", "Second page", "Third page")))
    assert file.page_count == 3
    assert [(page.number, page.text) for page in text_of(file)] == [(1, "First page"), (2, "Second page"), (3, "Third page")]


@pytest.mark.parametrize(
    ("name", "make", "reason"),
    [
        ("bomb.docx", lambda: samples.docx_that_unpacks_to(600_000_000), "may be damaged"),
        ("entities.docx", samples.docx_with_quadratic_entities, "may be damaged"),
        ("external.docx", lambda: samples.docx_with_external_entity("file:///etc/passwd"), "may be damaged"),
        ("deep.docx", lambda: samples.deep_docx(200_000), "may be damaged"),
        ("loop.pdf", samples.pdf_whose_pages_loop, ""),
        ("broken.pdf", lambda: b"%PDF-1.7\n" + bytes(2000), ""),
        ("long.pdf", lambda: samples.pdf_that_unpacks_to(600_000_000), ""),
    ],
)
def test_bombs_end_within_memory_and_time_and_the_queue_goes_on(cast: Cast, receive: Receive, name: str, make: Callable[[], bytes], reason: str) -> None:
    bomb = receive(cast.head, name, make())
    good = receive(cast.head, "good.txt", "好文件".encode())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.monotonic()
    read_waiting()
    assert time.monotonic() - begun < 100
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # kB
    bomb.file.refresh_from_db()
    good.file.refresh_from_db()
    assert bomb.file.text_state in (State.FAILED, State.NONE), name
    if reason:
        assert reason in bomb.file.text_reason
    assert good.file.text_state == State.DONE
    assert read_waiting() == 0


def test_slides_are_read_in_the_order_of_the_show_with_their_notes(cast: Cast, receive: Receive) -> None:
    file = read(receive(cast.head, "a.pptx", samples.pptx_in_order({1: "第三季度", 2: "封面"}, [2, 1], notes={1: "此页讲两分钟"})))
    assert [(page.number, page.text) for page in text_of(file)] == [(1, "封面"), (2, "第三季度\n\n此页讲两分钟")]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("密.odt", samples.encrypted_odt(), "it is protected by a password"),
        ("密.pdf", samples.encrypted_pdf(), "it is protected by a password"),
        ("坏.pdf", b"%PDF-1.7\n" + bytes(2000), "it cannot be read; it may be damaged"),
    ],
)
def test_what_cannot_be_read_says_why_in_words_of_ours(
    cast: Cast, receive: Receive, client_for: Callable[[User], Client], name: str, content: bytes, reason: str
) -> None:
    attachment = receive(cast.head, name, content)
    file = read(attachment)
    assert (file.text_state, file.text_reason) == (State.FAILED, reason)
    with override("zh-hans"):
        said = gettext(reason)
    assert said != reason
    page = client_for(cast.head).get(reverse("attachments:preview", args=[attachment.pk])).content.decode()
    assert f"此文件无法在此显示：{said}。" in page
    assert "file-sheet" not in page


def test_an_archive_within_an_archive_is_not_unpacked(cast: Cast, receive: Receive) -> None:
    inner = samples.docx_that_unpacks_to(50_000_000)
    for _ in range(5):
        inner = samples.zipped({f"{number}.zip": inner for number in range(5)})
    file = read(receive(cast.head, "nested.zip", inner))
    assert file.text_state == State.NONE


def test_a_text_that_does_not_end_is_kept_up_to_a_length(cast: Cast, receive: Receive) -> None:
    file = read(receive(cast.head, "long.txt", b"word " * 4_000_000))
    assert file.text_state == State.DONE
    assert sum(len(page.text) for page in text_of(file)) <= 8_000_000


def test_old_office_files_say_that_libreoffice_is_missing(cast: Cast, receive: Receive, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    attachment = receive(cast.head, "a.docx", samples.docx("x"))
    StoredFile.objects.filter(pk=attachment.file_id).update(media_type="application/msword")
    file = read(attachment)
    assert (file.text_state, file.text_reason) == (State.FAILED, "LibreOffice is not installed")


def test_what_could_not_be_read_is_read_when_an_operator_asks(cast: Cast, receive: Receive) -> None:
    attachment = receive(cast.head, "a.txt", "质量月报".encode())
    StoredFile.objects.filter(pk=attachment.file_id).update(text_state=State.FAILED, text_reason="it takes too long")
    said = StringIO()
    call_command("read_files_again", stdout=said)
    assert "1 files are read again" in said.getvalue()
    file = read(attachment)
    assert (file.text_state, file.text_reason) == (State.DONE, "")


def test_old_office_files_are_read_through_libreoffice_where_it_is(cast: Cast, receive: Receive, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A stand-in for the program that is called as LibreOffice is, and leaves a PDF where LibreOffice does."""
    (tmp_path / "made.pdf").write_bytes(samples.pdf("From Word", "Second"))
    program = tmp_path / "soffice"
    program.write_text(
        f"#!/bin/sh\ntest -s in.doc && grep -q BlockUntrustedRefererLinks profile/user/registrymodifications.xcu && cp {tmp_path}/made.pdf in.pdf\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    attachment = receive(cast.head, "a.docx", samples.docx("x"))
    StoredFile.objects.filter(pk=attachment.file_id).update(media_type="application/msword")
    file = read(attachment)
    assert (file.text_state, file.page_count) == (State.DONE, 2)
    assert [page.text for page in text_of(file)] == ["From Word", "Second"]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_document_takes_nothing_of_the_servers_disk_into_its_pages(cast: Cast, receive: Receive, tmp_path: Path) -> None:
    picture = tmp_path / "photo.png"
    picture.write_bytes(samples.png(colour="red"))
    file = read(receive(cast.head, "a.odt", samples.odt_with_picture_at(picture.as_uri())))
    assert (file.text_state, file.page_count) == (State.DONE, 1)
    with open_pdf_of(file) as content:
        [page] = pypdfium2.PdfDocument(content.read())
        assert (255, 0, 0) not in {colour for _count, colour in page.render(scale=1).to_pil().convert("RGB").getcolors(1 << 24)}


def test_without_office_a_spreadsheet_is_shown_in_cells_and_what_stands_in_them_is_text(
    cast: Cast, receive: Receive, client_for: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.attachments.office.PROGRAM", "no-office")
    attachment = receive(cast.head, "抽检.xlsx", samples.xlsx([["机组", "班次"], ["<b>7 号</b>", "甲班"]]))
    read(attachment)
    page = client_for(cast.head).get(f"/files/{attachment.pk}/preview/").content.decode()
    assert "<td>机组</td><td>班次</td>" in page
    assert "<td>&lt;b&gt;7 号&lt;/b&gt;</td><td>甲班</td>" in page
