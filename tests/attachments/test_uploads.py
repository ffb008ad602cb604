"""Uploading from pages: at once, in parts, and with a plain form; bodies that are too much (S23)."""

import hashlib
import io
import json
from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from portal.accounts.models import User
from portal.attachments.forms import AttachmentsField
from portal.attachments.models import Attachment, Upload
from portal.attachments.services import hang_files
from portal.attachments.storage import content_storage
from portal.attachments.sweeping import sweep_files
from portal.attachments.uploads import LARGEST_PART, add_part, part_path
from tests.attachments import samples
from tests.cast import Cast

SignIn = Callable[[User], Client]
Receive = Callable[[User, str, bytes], Attachment]


def start(browser: Client, name: str, size: int) -> Any:
    return browser.post("/files/uploads/", {"name": name}, headers={"Upload-Length": str(size)})


def send(browser: Client, url: str, offset: int, part: bytes, whole: bytes | None = None) -> Any:
    """The last part goes with the digest of the whole, as a browser computes it."""
    headers = {"Upload-Offset": str(offset)}
    if whole is not None:
        headers["Repr-Digest"] = f"sha-256=:{b64encode(hashlib.sha256(whole).digest()).decode()}:"
    return browser.patch(url, part, content_type="application/offset+octet-stream", headers=headers)


def test_a_small_file_is_one_request(cast: Cast, client_for: SignIn) -> None:
    answer = client_for(cast.head).post("/files/uploads/", {"file": SimpleUploadedFile("现场.png", samples.png())})
    assert answer.status_code == 201
    attachment = Attachment.objects.get(pk=answer.json()["id"])
    assert (attachment.name, attachment.uploaded_by_id, attachment.standing) == ("现场.png", cast.head.pk, "loose")
    assert answer.json()["url"] == f"/files/{attachment.pk}/picture/"
    assert client_for(cast.head).get(answer.json()["url"])["Content-Type"] == "image/webp"


def test_refusals_are_json_with_their_status(cast: Cast, client_for: SignIn, limits) -> None:
    browser = client_for(cast.head)
    for content, name, status in ((b"", "空.txt", 422), (b"MZ" + bytes(100), "a.pdf", 422)):
        answer = browser.post("/files/uploads/", {"file": SimpleUploadedFile(name, content)})
        assert (answer.status_code, name in answer.json()["error"]) == (status, True)
    limits(greatest_file_mb=1)
    assert start(browser, "big.bin", 1_000_001).status_code == 413
    assert start(browser, "x" * 256, 10).status_code == 422
    limits(minimum_free_disk_mb=10**9)
    assert start(browser, "a.bin", 10).status_code == 507


def test_a_large_file_comes_in_parts_and_goes_on_where_it_stopped(cast: Cast, client_for: SignIn) -> None:
    content = bytes(range(256)) * 40_000
    browser = client_for(cast.head)
    url = start(browser, "大.bin", len(content)).json()["url"]
    assert send(browser, url, 0, content[:5_000_000]).status_code == 204
    assert browser.head(url)["Upload-Offset"] == "5000000"
    assert send(browser, url, 0, content[:5_000_000]).status_code == 409
    assert send(browser, url, 6_000_000, content[6_000_000:], content).status_code == 409
    again = client_for(cast.head)  # another session: the first has ended
    offset = again.get(url).json()["offset"]
    answer = send(again, url, offset, content[offset:], content)
    assert answer.status_code == 200
    attachment = Attachment.objects.get(pk=answer.json()["id"])
    with content_storage().open(attachment.file.storage_name) as file:
        assert file.read() == content
    assert not Upload.objects.exists()
    assert not part_path(UUID(url.split("/")[-2])).exists()


def test_an_upload_whose_last_answer_was_lost_is_found_again_and_sent_once(cast: Cast, client_for: SignIn) -> None:
    browser = client_for(cast.head)
    url = start(browser, "大.bin", 1000).json()["url"]
    made = send(browser, url, 0, bytes(1000), bytes(1000)).json()
    assert send(browser, url, 0, bytes(1000), bytes(1000)).json()["id"] == made["id"]
    assert browser.get(url).json()["id"] == made["id"] == url.split("/")[-2]
    assert client_for(cast.operator).get(url).status_code == 404
    assert Attachment.objects.count() == 1


def test_an_upload_that_was_not_finished_is_finished_when_the_server_and_the_disk_are_back(cast: Cast, client_for: SignIn, limits) -> None:
    browser = client_for(cast.head)
    url = start(browser, "大.bin", 1000).json()["url"]
    add_part(upload_id=UUID(url.split("/")[-2]), actor=cast.head, offset=0, part=bytes(1000))  # and then it ended
    assert browser.get(url).json()["offset"] == 1000
    limits(minimum_free_disk_mb=10**9)
    assert send(browser, url, 1000, b"", bytes(1000)).status_code == 507
    limits(minimum_free_disk_mb=0)
    assert send(browser, url, 1000, b"", bytes(1000)).json()["size"] == 1000
    assert not Upload.objects.exists()


@pytest.mark.parametrize("harm", ["gone", "short", "zeros", "restored"])
def test_what_was_sent_and_is_not_there_any_more_is_refused_and_begun_anew(cast: Cast, client_for: SignIn, harm: str) -> None:
    browser, content = client_for(cast.head), bytes(range(256)) * 40_000
    url = start(browser, "大.bin", len(content)).json()["url"]
    assert send(browser, url, 0, content[:8_000_000]).status_code == 204
    path = part_path(UUID(url.split("/")[-2]))
    if harm == "gone":
        path.unlink()
    elif harm == "short":
        path.write_bytes(content[:5_000_000])
    elif harm == "zeros":
        path.write_bytes(bytes(8_000_000))
    else:
        Upload.objects.all().delete()
    answer = send(browser, url, 8_000_000, content[8_000_000:], content)
    assert (answer.status_code, answer.json()["anew"]) == (404 if harm == "restored" else 410, True)
    assert harm == "restored" or "大.bin" in answer.json()["error"]
    assert browser.get(url).json()["anew"] is True
    assert not Attachment.objects.exists()
    assert not Upload.objects.exists()
    anew = start(browser, "大.bin", len(content)).json()["url"]
    send(browser, anew, 0, content[:8_000_000])
    assert send(browser, anew, 8_000_000, content[8_000_000:], content).json()["size"] == len(content)


def test_a_file_whose_sender_does_not_say_what_it_is_like_is_not_finished(cast: Cast, client_for: SignIn) -> None:
    browser = client_for(cast.head)
    url = start(browser, "大.bin", 1000).json()["url"]
    assert send(browser, url, 0, bytes(1000)).status_code == 400
    assert not Attachment.objects.exists()
    assert send(browser, url, 0, bytes(1000), b"another").status_code == 410


def test_an_upload_is_its_uploaders_alone(cast: Cast, client_for: SignIn) -> None:
    url = start(client_for(cast.head), "a.bin", 100).json()["url"]
    other = client_for(cast.admin)
    assert {other.get(url).status_code, send(other, url, 0, b"x").status_code, other.delete(url).status_code} == {404}
    assert client_for(cast.head).delete(url).status_code == 204
    assert client_for(cast.head).get(url).status_code == 404


def test_an_ended_session_is_told_so_and_a_foreign_page_is_refused(cast: Cast, client_for: SignIn) -> None:
    url = start(client_for(cast.head), "a.bin", 100).json()["url"]
    for answer in (send(Client(), url, 0, b"x"), Client().get(url), Client().post("/files/uploads/")):
        assert answer.status_code == 401
        assert answer.json()["sign_in"] == "/accounts/sign-in/"
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.head)
    assert send(strict, url, 0, b"x").status_code == 403
    assert strict.post("/files/uploads/", {"file": SimpleUploadedFile("a.txt", b"a")}).status_code == 403


def test_too_much_in_one_part_more_than_announced_and_nonsense_are_refused(cast: Cast, client_for: SignIn) -> None:
    browser = client_for(cast.head)
    url = start(browser, "a.bin", 100).json()["url"]
    assert send(browser, url, 0, b"x" * 101).status_code == 409
    assert send(browser, url, 0, bytes(LARGEST_PART + 1)).status_code == 413
    assert browser.patch(url, b"x", content_type="application/offset+octet-stream").status_code == 400
    for size in ("-1", "abc", "9" * 40, "0"):
        assert browser.post("/files/uploads/", {"name": "a"}, headers={"Upload-Length": size}).status_code in (413, 422)


def test_many_uploads_at_once_have_no_more_room_than_one(cast: Cast, client_for: SignIn, limits) -> None:
    browser, part = client_for(cast.head), bytes(600_000)
    limits(loose_files_mb=1)
    urls = [start(browser, f"{number}.zip", 900_000).json()["url"] for number in range(3)]
    assert [send(browser, url, 0, part).status_code for url in urls] == [204, 422, 422]
    assert "1 MB" in send(browser, urls[1], 0, part).json()["error"]
    assert browser.delete(urls[0]).status_code == 204
    assert send(browser, urls[1], 0, part).status_code == 204
    limits(loose_files_mb=100, minimum_free_disk_mb=10**9)
    assert send(browser, urls[1], 600_000, bytes(10)).status_code == 507


def test_abandoned_uploads_are_swept(cast: Cast, client_for: SignIn) -> None:
    browser = client_for(cast.head)
    old, new = (start(browser, f"{name}.bin", 100).json()["url"] for name in "ab")
    send(browser, old, 0, b"x")
    assert part_path(UUID(old.split("/")[-2])).exists()
    Upload.objects.filter(name="a.bin").update(touched_at=timezone.now() - timedelta(days=2))
    sweep_files()
    assert [browser.get(url).status_code for url in (old, new)] == [404, 200]
    assert not part_path(UUID(old.split("/")[-2])).exists()


def test_the_field_takes_what_came_with_the_form_and_loses_nothing_when_another_field_is_wrong(cast: Cast, rf, receive: Receive) -> None:
    from django import forms

    class NoticeForm(forms.Form):
        title = forms.CharField()
        files = AttachmentsField()

    def bound(data: dict[str, Any]) -> NoticeForm:
        request = rf.post("/", data)
        form = NoticeForm(request.POST, request.FILES)
        form.fields["files"].belongs_to(cast.head)
        return form

    here = receive(cast.head, "here.txt", b"here")
    form = bound({"title": "", "files": [str(here.pk)], "files-files": [SimpleUploadedFile("a.txt", b"a"), SimpleUploadedFile("b.txt", b"b")]})
    assert not form.is_valid()
    assert [Attachment.objects.get(pk=pk).name for pk in form.cleaned_data["files"]] == ["here.txt", "a.txt", "b.txt"]
    html = str(form["files"])
    assert all(name in html for name in ("here.txt", "a.txt", "b.txt"))
    ids = [str(pk) for pk in form.cleaned_data["files"]]
    form = bound({"title": "x", "files": [ids[2], ids[0]]})
    assert form.is_valid()
    assert [str(pk) for pk in form.cleaned_data["files"]] == [ids[2], ids[0]]
    foreign = receive(cast.operator, "foreign.txt", b"f")
    assert not bound({"title": "x", "files": [str(foreign.pk)]}).is_valid()
    assert "foreign.txt" not in str(bound({"title": "x", "files": [str(foreign.pk)]})["files"])
    assert not bound({"title": "x", "files-files": [SimpleUploadedFile("a.pdf", b"MZ" + bytes(90))]}).is_valid()
    paper = samples.paper_for(cast.quality)
    hang_files(actor=cast.head, about=paper, shown=form.cleaned_data["files"])
    form = bound({"title": "x", "files": [ids[0]]})
    assert not form.is_valid()
    form.fields["files"].belongs_to(cast.inspector, paper)
    form.full_clean()
    assert form.is_valid()


def test_a_strangers_large_body_is_refused_before_it_is_read(cast: Cast, client_for: SignIn) -> None:
    class Endless(io.RawIOBase):
        reads = 0

        def read(self, size: int = -1) -> bytes:
            self.reads += 1
            return b"x" * max(size, 1)

    body = Endless()
    answer = Client().generic("POST", "/accounts/sign-in/", b"", CONTENT_LENGTH=str(2 * 10**9), **{"wsgi.input": body})
    assert (answer.status_code, body.reads) == (413, 0)
    answer = client_for(cast.head).generic("POST", "/accounts/preferences/", b"", CONTENT_LENGTH=str(3 * 10**9), **{"wsgi.input": body})
    assert (answer.status_code, body.reads) == (413, 0)


def test_far_too_many_fields_and_base64_files_get_a_clear_answer(cast: Cast, client_for: SignIn) -> None:
    browser = client_for(cast.head)
    refused = browser.post("/files/uploads/", {f"field{number}": "x" for number in range(20_000)})
    assert (refused.status_code, "提交的内容太大" in refused.content.decode()) == (413, True)
    many = browser.post("/files/uploads/", {f"file{number}": io.BytesIO(b"x") for number in range(200)})
    assert (many.status_code, "提交的内容太大" in many.content.decode()) == (413, True)
    long = browser.post("/files/uploads/", {"body": "长" * 10_000_000})
    assert (long.status_code, "提交的内容太大" in long.content.decode()) == (413, True)
    boundary = "frontier"
    lines = [
        f"--{boundary}",
        'Content-Disposition: form-data; name="file"; filename="a.txt"',
        "Content-Transfer-Encoding: base64",
        "",
        "aGVsbG8=",
        f"--{boundary}--",
        "",
    ]
    answer = browser.generic("POST", "/files/uploads/", "\r\n".join(lines).encode(), content_type=f"multipart/form-data; boundary={boundary}")
    assert answer.status_code == 201
    assert json.loads(answer.content)["size"] == 5


@pytest.mark.parametrize("name", ['"><img src=x onerror=alert(1)>.txt', "{{ 7|add:7 }}.txt", "</script><script>alert(1)</script>.txt"])
def test_hostile_names_are_text_in_every_answer(cast: Cast, client_for: SignIn, receive: Receive, name: str) -> None:
    attachment = receive(cast.head, name, b"hello")
    page = client_for(cast.head).get(f"/files/{attachment.pk}/preview/").content.decode()
    assert "<img src=x" not in page
    assert "<script>alert" not in page
