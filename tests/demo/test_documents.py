"""Documents of a folder become notices: texts as texts, files as files, and what is refused leaves nothing behind."""

import gzip
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from bulletin.models import Notice
from portal.access.policies import can
from portal.accounts.models import User
from portal.attachments.queries import shown_on
from tests.attachments.samples import odt, pdf

pytestmark = pytest.mark.django_db

CHAPTER = """<html><head><title>第 9 章 系统技巧</title></head><body><div class="navheader">上一页</div>
<h1>系统技巧</h1><table><tr><th>键</th><th>说明</th></tr><tr><td>^A c</td><td>新窗口</td></tr></table><script>alert(1)</script></body></html>"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a-chapter.html").write_text(CHAPTER, encoding="utf-8")
    (tmp_path / "b-manual.pdf").write_bytes(pdf("page one", "page two"))
    (tmp_path / "c-faq.txt.gz").write_bytes(gzip.compress("常见问题".encode("gb18030")))
    (tmp_path / "d-styles.odt").write_bytes(odt("样式"))
    (tmp_path / "e-empty.html").write_text("<html><body></body></html>")
    (tmp_path / "f-program.pdf").write_bytes(b"\x7fELF\x02\x01\x01" + bytes(200))
    (tmp_path / "ignored.iso").write_bytes(b"x")
    return tmp_path


def load(folder: Path, person: User, **options: int) -> str:
    output = StringIO()
    call_command("demo_documents", str(folder), "--as", person.employee_number, stdout=output, **options)
    return output.getvalue()


def test_texts_become_texts_and_files_become_files(cast, folder):
    load(folder, cast.head)
    chapter, manual, faq = (Notice.objects.get(title=title) for title in ("第 9 章 系统技巧", "b-manual.pdf", "c-faq.txt"))
    assert "<table>" in chapter.body
    assert "新窗口" in chapter.body
    assert "上一页" not in chapter.body
    assert "alert" not in chapter.body
    assert [row.name for row in shown_on(manual)] == ["b-manual.pdf"]
    assert [row.name for row in shown_on(faq)] == ["c-faq.txt"]


def test_people_with_different_rights_find_different_documents(cast, folder):
    load(folder, cast.head)
    seen = {
        person.pk: {notice.title for notice in Notice.objects.all() if can(User.objects.get(pk=person.pk), "view", notice)}
        for person in (cast.head, cast.inspector, cast.salesperson)
    }
    everyone, department, own = {"第 9 章 系统技巧", "d-styles.odt"}, {"b-manual.pdf"}, {"c-faq.txt"}
    assert seen == {cast.head.pk: everyone | department | own, cast.inspector.pk: everyone | department, cast.salesperson.pk: everyone}


def test_what_is_refused_is_said_and_leaves_no_draft(cast, folder):
    said = load(folder, cast.head)
    assert "e-empty.html: " in said
    assert "f-program.pdf: " in said
    assert "4 documents were published." in said
    assert set(Notice.objects.filter(is_shown=False)) == set()


def test_nobody_loads_documents_who_publishes_for_no_department(cast, folder):
    with pytest.raises(CommandError):
        load(folder, cast.inspector)
    assert not Notice.objects.exists()
