"""Taking files in: what is kept, what is refused, and in which words."""

import io
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from PIL import Image

from portal.accounts.models import User
from portal.attachments.errors import AttachmentError, DiskFullError, EmptyFileError, KindRefusedError, NameTooLongError, QuotaError, TooLargeError
from portal.attachments.extraction import read_waiting
from portal.attachments.models import Attachment, FileText, StoredFile
from portal.attachments.services import receive_file
from portal.attachments.storage import content_storage, incoming_folder
from portal.attachments.sweeping import sweep_files
from portal.audit.models import AuditRecord
from tests.attachments import samples
from tests.cast import Cast

SignIn = Callable[[User], Client]


def receive(cast: Cast, name: str, content: bytes) -> Attachment:
    return receive_file(actor=cast.head, name=name, content=io.BytesIO(content))


def stored(attachment: Attachment) -> bytes:
    with content_storage().open(attachment.file.storage_name) as file:
        return file.read()


def test_same_content_is_stored_once_under_two_names(cast: Cast) -> None:
    first, second = receive(cast, "a.txt", b"hello"), receive(cast, "b.txt", b"hello")
    assert first.file.storage_name == second.file.storage_name
    assert first.pk != second.pk
    read_waiting()
    assert {row.file_id for row in Attachment.objects.all()} == {first.file_id}
    assert stored(second) == b"hello"
    assert AuditRecord.objects.filter(verb="file.received").count() == 2
    assert not [path for path in incoming_folder().iterdir() if path.suffix != ".part"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plan.txt", "停产方案".encode()),
        ("plan.pdf", samples.pdf("One", "Two")),
        ("plan.docx", samples.docx("停产方案")),
        ("plan.xlsx", samples.xlsx([["停产方案", 3]])),
        ("plan.pptx", samples.pptx("停产方案", "附件")),
    ],
)
def test_an_upload_does_not_tell_that_something_hidden_has_the_same_content(cast: Cast, client_for: SignIn, name: str, content: bytes) -> None:
    """What one sees of content that is known, before and after it is read, is what one sees of new content."""
    hidden = receive_file(actor=cast.director, name="secret", content=io.BytesIO(content))
    read_waiting()
    browser = client_for(cast.operator)

    def seen() -> list[Any]:
        sent = io.BytesIO(content)
        sent.name = name
        answer = browser.post("/files/uploads/", {"file": sent})
        assert answer.status_code == 201, answer.content
        told, pk = answer.json(), answer.json()["id"]
        before = [_plain(browser.get(f"/files/{pk}/{address}", headers={"HX-Request": "true"}), pk) for address in ("preview/", "text/")]
        read_waiting()
        after = [_plain(browser.get(f"/files/{pk}/{address}", headers={"HX-Request": "true"}), pk) for address in ("preview/", "text/")]
        assert "404" in before[1]
        assert "200" in after[1]
        return [told["row"].replace(pk, "PK"), *before, *after]

    known = seen()
    StoredFile.objects.filter(pk=hidden.file_id).update(sha256="0" * 64)  # as if nobody had it
    assert seen() == known


def _plain(answer: Any, pk: str) -> str:
    """An answer without the address of this very file."""
    if answer.status_code != 200:
        return str(answer.status_code)
    page = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return f"{answer.status_code} " + page.decode().replace(pk, "PK")


def test_content_that_came_once_more_stays_while_either_is_there(cast: Cast) -> None:
    first, again = receive(cast, "a.txt", b"hello"), receive(cast, "b.txt", b"hello")
    StoredFile.objects.update(created_at=timezone.now() - timedelta(days=1))
    first.delete()
    sweep_files()
    assert stored(again) == b"hello"
    read_waiting()
    assert FileText.objects.get(file__attachments=again).text.strip() == "hello"


def test_content_is_no_public_file(cast: Cast) -> None:
    path = Path(content_storage().path(receive(cast, "a.txt", b"hello").file.storage_name))
    assert path.stat().st_mode & 0o007 == 0
    assert settings.MEDIA_ROOT not in path.parents


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\li\\表.txt", "表.txt"),
        ("a\r\nSet-Cookie: x=1.txt", "a Set-Cookie: x=1.txt"),
        ("evil\u202etxt.exe.txt", "eviltxt.exe.txt"),
        ("nul\x00.txt", "nul.txt"),
        ("...", "file"),
        ("a" * 251 + ".txt", "a" * 251 + ".txt"),
        ("卷" * 251 + ".txt", "卷" * 251 + ".txt"),
        ('"><img src=x onerror=alert(1)>.txt', '"><img src=x onerror=alert(1)>.txt'),
    ],
)
def test_names_are_neutralised(cast: Cast, name: str, kept: str) -> None:
    attachment = receive(cast, name, b"hello")
    attachment.refresh_from_db()
    assert attachment.name in (kept, "文件")


def test_a_name_that_is_too_long_has_its_sentence(cast: Cast) -> None:
    with pytest.raises(NameTooLongError, match="256"):
        receive(cast, "卷" * 252 + ".txt", b"hello")


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.png", samples.png(), "picture"),
        ("a.pdf", samples.pdf("Hello"), "pdf"),
        ("a.docx", samples.docx("x"), "document"),
        ("a.xlsx", samples.xlsx([[1]]), "sheet"),
        ("a.pptx", samples.pptx("x"), "slides"),
        ("a.odt", samples.odt("x"), "document"),
        ("a.ofd", samples.ofd("x"), "document"),
        ("a.zip", samples.zipped({"a.txt": b"x"}), "archive"),
        ("a.rtf", b"{\\rtf1\\ansi hello}", "document"),
        ("a.txt", "你好，世界".encode("gbk"), "text"),
        ("a.csv", b"a,b\n1,2\n", "text"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "markup"),
        ("a.html", b"<!doctype html><p>x", "markup"),
        ("old.xls", b"<html><table><tr><td>1</td></tr></table></html>", "markup"),
        ("drawing.dwg", b"AC1027" + bytes(100), "other"),
        ("clip.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(100), "video"),
    ],
)
def test_kind_is_found_by_content(cast: Cast, name: str, content: bytes, kind: str) -> None:
    assert receive(cast, name, content).file.kind == kind


def test_a_png_called_jpg_is_taken_and_is_a_png(cast: Cast) -> None:
    attachment = receive(cast, "照片.jpg", samples.png())
    assert attachment.name == "照片.png"
    assert attachment.file.media_type == "image/png"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("报告.pdf", b"MZ\x90\x00" + bytes(200)),
        ("报告.pdf", b"\x7fELF" + bytes(200)),
        ("tool.exe", b"MZ\x90\x00" + bytes(200)),
        ("run.bat", b"del *.*"),
        ("a.txt", b"#!/bin/sh\nrm -rf /\n"),
        ("a.jar", samples.zipped({"META-INF/MANIFEST.MF": b"x", "A.class": b"x"})),
        ("a.pdf", b"<html><script>alert(1)</script>"),
        ("a.png", b"<svg onload=alert(1)>"),
        ("a.png", b"GIF89a is what I say I am, in words"),
        ("a.png", samples.png()[:60]),
        ("a.docx", b"plain words" + bytes(20)),
        ("a.pdf", bytes(100)),
        ("a.jpg", samples.pdf("x")),
    ],
)
def test_a_file_that_lies_or_runs_is_refused(cast: Cast, name: str, content: bytes) -> None:
    with pytest.raises(KindRefusedError):
        receive(cast, name, content)
    assert not Attachment.objects.exists()
    assert not [path for path in incoming_folder().iterdir() if path.suffix != ".part"]


def test_refusals_are_sentences_that_name_the_file(cast: Cast, limits) -> None:
    for name, content, error in (("空.txt", b"", EmptyFileError), ("程序.pdf", b"MZ" + bytes(100), KindRefusedError)):
        with pytest.raises(error, match=name[:-4]):
            receive(cast, name, content)
    limits(greatest_file_mb=1)
    with pytest.raises(TooLargeError, match="大"):
        receive(cast, "大.txt", b"x" * 1_000_001)
    limits(files_allowed="pdf")
    with pytest.raises(KindRefusedError, match="表"):
        receive(cast, "表.xlsx", samples.xlsx([[1]]))
    assert receive(cast, "a.pdf", samples.pdf("x")).name == "a.pdf"
    limits(files_allowed="", files_refused="zip,video")
    with pytest.raises(KindRefusedError):
        receive(cast, "a.zip", samples.zipped({"a": b"x"}))
    limits(minimum_free_disk_mb=10**9)
    with pytest.raises(DiskFullError):
        receive(cast, "a.txt", b"x")


def test_loose_files_have_a_quota_of_their_owner(cast: Cast, limits) -> None:
    limits(loose_files_mb=1)
    receive(cast, "a.txt", b"a" * 600_000)
    with pytest.raises(QuotaError):
        receive(cast, "b.txt", b"b" * 600_000)
    assert receive_file(actor=cast.inspector, name="b.txt", content=io.BytesIO(b"b" * 600_000)).pk


def test_pictures_are_turned_upright_and_stripped_of_position(cast: Cast) -> None:
    original = samples.sideways_photo_with_position()
    assert Image.open(io.BytesIO(original)).getexif().get_ifd(0x8825)
    attachment = receive(cast, "现场.jpg", original)
    content = stored(attachment)
    kept = Image.open(io.BytesIO(content))
    assert kept.size == (40, 60) == (attachment.file.width, attachment.file.height)
    assert not dict(kept.getexif())
    assert b"Gongfang" not in content


def test_png_and_webp_lose_their_texts_and_what_follows_their_end(cast: Cast) -> None:
    from PIL.PngImagePlugin import PngInfo

    note = PngInfo()
    note.add_text("Location", "secret-place")
    output = io.BytesIO()
    Image.new("RGBA", (9, 9), (1, 2, 3, 128)).save(output, "PNG", pnginfo=note)
    content = stored(receive(cast, "a.png", output.getvalue() + b"<script>alert(1)</script>"))
    assert b"secret-place" not in content
    assert b"<script>" not in content
    assert Image.open(io.BytesIO(content)).getpixel((0, 0)) == (1, 2, 3, 128)
    exif = Image.Exif()
    exif[0x010F] = "secret-place"
    output = io.BytesIO()
    Image.new("RGB", (9, 9), "red").save(output, "WEBP", exif=exif)
    content = stored(receive(cast, "a.webp", output.getvalue()))
    assert b"secret-place" not in content
    assert Image.open(io.BytesIO(content)).size == (9, 9)


def _tiff(mode: str = "L", **options: Any) -> bytes:
    """Two pages with a camera, an author and, where the pages are not black and white, a place."""
    exif = Image.Exif()
    exif.update({0x010F: "Gongfang Telephone", 0x013B: "secret-author", 0x0132: "2026:11:23 08:00:00", 0x0112: 6})
    if mode != "1":
        exif.get_ifd(0x8825).update(samples.GPS)
    output = io.BytesIO()
    pages = [Image.effect_noise((120, 90), 60).convert(mode), Image.linear_gradient("L").resize((64, 64)).convert(mode)]
    pages[0].save(output, "TIFF", save_all=True, append_images=pages[1:], exif=exif, **options)
    return output.getvalue()


@pytest.mark.parametrize(("mode", "compression"), [("L", "raw"), ("RGB", "tiff_lzw"), ("L", "jpeg"), ("RGBA", "tiff_adobe_deflate"), ("1", "group4")])
def test_a_tiff_keeps_its_pages_and_loses_place_camera_author_and_time(cast: Cast, mode: str, compression: str) -> None:
    original = _tiff(mode, compression=compression)
    assert b"secret-author" in original
    content = stored(receive(cast, "扫描.tif", original))
    before, after = Image.open(io.BytesIO(original)), Image.open(io.BytesIO(content))
    assert not after.getexif().get_ifd(0x8825)
    assert set(after.getexif()) & {0x010F, 0x013B, 0x0132, 0x8825, 0x8769} == set()
    assert b"Gongfang" not in content
    assert b"secret-author" not in content
    assert b"2026:11" not in content
    assert after.n_frames == before.n_frames
    for page in range(before.n_frames):
        before.seek(page)
        after.seek(page)
        assert after.tobytes() == before.tobytes()


def test_a_tiff_that_goes_in_a_circle_or_is_cut_off_is_refused(cast: Cast) -> None:
    whole = _tiff()
    with pytest.raises(KindRefusedError):
        receive(cast, "a.tif", whole[: len(whole) // 3])
    circle = b"II*\x00\x08\x00\x00\x00" + b"\x00\x00" + b"\x08\x00\x00\x00"
    with pytest.raises(KindRefusedError):
        receive(cast, "b.tif", circle)


def test_a_gif_keeps_its_frames_and_loses_comments_and_what_follows_its_end(cast: Cast) -> None:
    output = io.BytesIO()
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "green", "blue")]
    frames[0].save(output, "GIF", save_all=True, append_images=frames[1:], comment=b"secret-place", loop=0, duration=120)
    xmp = b"\x21\xff\x0bXMP DataXMP" + b"\x0cGPS-position" + b"\x00"
    original = output.getvalue()[:-1] + xmp + b"\x3b<script>alert(1)</script>"
    assert b"secret-place" in original
    content = stored(receive(cast, "动图.gif", original))
    for hidden in (b"secret-place", b"GPS-position", b"<script>"):
        assert hidden not in content
    before, after = Image.open(io.BytesIO(original)), Image.open(io.BytesIO(content))
    assert after.n_frames == before.n_frames == 3
    assert (after.info["loop"], after.info["duration"]) == (0, 120)
    for frame in range(before.n_frames):
        before.seek(frame)
        after.seek(frame)
        assert after.convert("RGB").tobytes() == before.convert("RGB").tobytes()


def test_a_heic_of_a_telephone_becomes_a_jpeg_without_position(cast: Cast) -> None:
    pillow_heif = pytest.importorskip("pillow_heif")
    pillow_heif.register_heif_opener()
    exif = Image.Exif()
    exif[0x010F] = "Gongfang Telephone"
    output = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(output, "HEIF", exif=exif.tobytes())
    attachment = receive(cast, "IMG_1.HEIC", output.getvalue())
    assert attachment.name == "IMG_1.jpg"
    assert attachment.file.media_type == "image/jpeg"
    assert b"Gongfang" not in stored(attachment)


def test_a_picture_bomb_is_refused_before_it_is_unpacked(cast: Cast) -> None:
    with pytest.raises(KindRefusedError, match="80"):
        receive(cast, "bomb.png", samples.picture_bomb())


def test_content_that_was_lost_comes_back_with_the_same_file(cast: Cast) -> None:
    attachment = receive(cast, "a.txt", b"hello")
    content_storage().delete(attachment.file.storage_name)
    receive(cast, "b.txt", b"hello")
    assert stored(attachment) == b"hello"


def test_every_error_is_told_to_people(cast: Cast) -> None:
    assert issubclass(DiskFullError, AttachmentError)
    assert {error.status for error in (DiskFullError, TooLargeError, AttachmentError)} == {507, 413, 422}
    assert StoredFile.objects.count() == 0
    assert os.path.isdir(settings.FILE_UPLOAD_TEMP_DIR)
