"""`manage.py search`: what it says, refuses and mends."""

from io import BytesIO, StringIO

import pytest
from django.core.management import CommandError, call_command

from bulletin.models import Notice
from portal.access.rules import department_token
from portal.attachments.extraction import read_waiting
from portal.attachments.models import FileText
from portal.attachments.services import receive_file
from portal.search import locks
from portal.search.engines import engine
from portal.search.models import Entry
from portal.search.question import Gone
from portal.search.services import touch
from tests.bulletin.writing import audience, write
from tests.papers.models import Paper
from tests.search.indexing import another_session, paper, settle, titles

pytestmark = pytest.mark.usefixtures("index")


def search(*arguments: str) -> str:
    said = StringIO()
    call_command("search", *arguments, stdout=said)
    return said.getvalue()


def test_rebuild_says_how_much_it_holds(cast):
    paper("第一号通报")
    settle()
    count = Entry.objects.filter(is_gone=False).count()
    assert f"The index holds {count} entries." in search("rebuild")
    assert titles(cast.inspector, "通报") == ["第一号通报"]


def test_rebuild_of_the_feed_reads_everything_once_more(cast):
    Paper.objects.create(title="悄悄写的", audience=audience("all"))
    settle()
    search("rebuild")
    assert titles(cast.inspector, "悄悄写的") == []
    said = search("rebuild", "--feed")
    assert "feed: papers" in said
    assert titles(cast.inspector, "悄悄写的") == ["悄悄写的"]


def test_two_rebuilds_at_once_are_refused(cast):
    settle()
    with another_session() as session:
        session.execute("SELECT pg_advisory_lock(%s)", [locks.REBUILD])
        with pytest.raises(CommandError, match="made anew already; /readyz says how far it is"):
            search("rebuild")


def test_check_mends_feed_and_index_and_says_what(cast):
    kept, altered = paper("烟叶复烤"), paper("卷接保养")
    settle()
    assert [line.split("│")[1:4] for line in search("check").splitlines() if "in the" in line] == [
        [f" {what} ", f" {Entry.objects.count()} ".ljust(len(" right ")), " 0      "] for what in ("things in the feed  ", "entries in the index")
    ]
    Paper.objects.filter(pk=altered.pk).update(title="包装检验")
    entry = Entry.objects.get(source="papers", object_id=kept.pk)
    engine().write([Gone(entry.pk, entry.version)], cursor=engine().state().cursor)
    assert titles(cast.inspector, "烟叶复烤") == []
    mended = [line.split("│")[3].strip() for line in search("check").splitlines() if "in the" in line]
    assert mended == ["1", "1"]
    assert titles(cast.inspector, "烟叶复烤") == ["烟叶复烤"]
    assert titles(cast.inspector, "包装检验") == ["包装检验"]


def test_explain_names_the_page_of_a_file_and_what_was_found_there(cast, board):
    file = receive_file(actor=cast.head, name="保养 [手册].txt", content=BytesIO("目录".encode()))
    write(board, cast.head, title="保养安排", audience=audience(department_token(cast.quality.pk)), file_ids=[file.pk])
    read_waiting()
    FileText.objects.bulk_create([FileText(file=file.file, number=page, text=f"第{page}页" + "机组保养" * (page == 3)) for page in range(2, 5)])
    touch(Notice, Notice.objects.values_list("pk", flat=True))
    settle()
    said = search("explain", "机组保养", "--as", "wangwei")
    row = next(line for line in said.splitlines() if "手册" in line and "file" in line)
    assert "保养 [手册].txt" in row, "brackets are no markup"
    assert [cell.strip() for cell in row.split("│")][4] == "3"
    assert [cell.strip() for cell in row.split("│")][5] == f"{department_token(cast.quality.pk)}; or head:{cast.quality.pk} publish:{cast.quality.pk}"
    assert "notices:" in row
    assert "【机组保养】" in said
    assert "王伟 stands for all" in said
    assert "clause 1" in said
    assert f"dept:{cast.quality.pk}" in said
    assert "in all, exact" in said
    assert "手册" not in search("explain", "机组保养", "--as", cast.operator.employee_number)


def test_explain_shows_the_scores_where_asked(cast):
    paper("第一号通报")
    settle()
    assert '"value"' in search("explain", "通报", "--as", cast.inspector.employee_number, "--scores")
    assert '"value"' not in search("explain", "通报", "--as", cast.inspector.employee_number)


def test_explain_wants_somebody_who_is_one(cast):
    settle()
    with pytest.raises(CommandError, match="names nobody"):
        search("explain", "通报", "--as", "nobody")


def test_explain_and_check_without_an_index_say_what_to_do(cast):
    with pytest.raises(CommandError, match=r"no index that can be used .* `manage.py search rebuild` does it now"):
        search("explain", "通报", "--as", cast.inspector.employee_number)
    assert "entries in the index" in search("check"), "it makes one"


def test_output_into_a_file_is_not_cut_off(cast):
    title = "关于二〇二六年第三季度设备维护保养与安全生产检查工作安排的补充通知"
    paper(title)
    settle()
    assert title in search("explain", "补充通知", "--as", cast.inspector.employee_number)
