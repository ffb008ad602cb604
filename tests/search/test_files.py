"""What stands in files: on which page, over the ends of lines, and where it leads."""

from io import BytesIO

import pytest

from mail.models import Draft
from mail.services.mailboxes import ensure_mailboxes
from mail.services.sending import send_now
from portal.access.rules import department_token, person_token
from portal.attachments.extraction import read_waiting
from portal.attachments.models import FileText, StoredFile
from portal.attachments.services import receive_file
from portal.search.finding import Fit
from tests.attachments.samples import numbered_docx
from tests.bulletin.writing import audience, correct, write
from tests.mail.writing import open_it
from tests.search.indexing import ask, page, settle, titles

pytestmark = pytest.mark.usefixtures("index")


def test_a_word_deep_inside_a_file_is_found_with_its_page_by_those_who_may_see_the_file(cast, board):
    file = receive_file(actor=cast.head, name="设备手册.txt", content=_text("目录"))
    notice = write(board, cast.head, title="手册", file_ids=[file.pk], audience=audience(department_token(cast.quality.pk)))
    read_waiting()
    pages = [FileText(file=file.file, number=number, text=f"第 {number} 页 润滑油型号{number:04d}号" + "内容。" * 50) for number in range(2, 951)]
    FileText.objects.bulk_create(pages)
    StoredFile.objects.filter(pk=file.file_id).update(text_state=StoredFile.Text.DONE)
    correct(notice, cast.head, change_note="附手册")
    settle()
    found = ask(cast.inspector, "润滑油型号0900号")
    assert [(result.kind, result.page, result.about) for result in found.results] == [("file", 900, "手册")]
    assert found.results[0].url.endswith(f"/files/{file.pk}/preview/?from=900")
    assert "0900" in "".join(piece.text for piece in found.results[0].snippet)
    assert ask(cast.operator, "润滑油型号0900号").total == 0
    assert titles(cast.inspector, "type:text 手册") == ["设备手册.txt"]


def test_files_are_offered_and_copied_by_the_right_of_whoever_writes(cast, board, client_for):
    ensure_mailboxes()
    file = receive_file(actor=cast.head, name="温湿度记录表.txt", content=_text("每班记录两次"))
    write(board, cast.head, title="仓库管理", file_ids=[file.pk], audience=audience(department_token(cast.quality.pk)))
    settle()
    reader, stranger = client_for(cast.inspector), client_for(cast.operator)
    assert f'data-token="{file.pk}"' in reader.get("/search/files/?q=温湿度").content.decode()
    assert "data-token" not in stranger.get("/search/files/?q=温湿度").content.decode()
    assert stranger.post(f"/files/{file.pk}/copies/").status_code == 404
    copied = reader.post(f"/files/{file.pk}/copies/").json()["id"]
    sent = {"file_ids": [copied], "to_include": [person_token(cast.operator.pk)], "action": "send", "subject": "记录表", "body": "附上"}
    assert reader.post("/mail/new/", sent).status_code == 302
    message = send_now(actor=cast.inspector, draft=Draft.objects.get())
    read_waiting()
    settle()
    assert ask(cast.operator, "每班记录两次").total == 0  # not before it was opened
    open_it(message, cast.operator)
    settle()
    assert titles(cast.operator, "每班记录两次") == ["温湿度记录表.txt"]
    assert ask(cast.director, "每班记录两次").total == 0
    assert stranger.get(f"/files/{copied}/").status_code == 200
    assert stranger.get(f"/files/{file.pk}/").status_code == 404  # the copy opens to nobody what it was copied from


def test_an_article_of_a_regulation_is_found_by_the_number_that_word_gives_it(cast, board):
    level = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="第%1条"/></w:lvl>'
    numbering = f'<w:abstractNum w:abstractNumId="0">{level}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    article = '<w:p><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>'
    articles = "".join(map(article.format, ("适用范围", "职责分工", "库房温度", "货位标识", "进出登记并核对数量")))
    file = receive_file(actor=cast.head, name="管理规定.docx", content=BytesIO(numbered_docx(articles, numbering=numbering)))
    write(board, cast.head, title="仓库管理", file_ids=[file.pk], audience=audience("all"))
    read_waiting()
    settle()
    (found,) = ask(cast.operator, "第五条 进出登记").results
    assert (found.kind, found.about) == ("file", "仓库管理")
    assert ask(cast.operator, "第六条").total == 0


def test_a_table_of_contents_leads_to_the_page_and_is_not_shown_for_it(cast, board):
    file = receive_file(actor=cast.head, name="手册.txt", content=_text("封面"))
    notice = write(board, cast.head, title="新设备", file_ids=[file.pk], audience=audience("all"))
    read_waiting()
    contents = "目录\r\n" + "\r\n".join(f"第{number}节 润滑与保养 {'. ' * 40}{number * 10}" for number in range(1, 9))
    pages = {2: contents, 40: "每班润滑一次，" + "内容。" * 300}
    FileText.objects.bulk_create([FileText(file=file.file, number=number, text=text) for number, text in pages.items()])
    StoredFile.objects.filter(pk=file.file_id).update(text_state=StoredFile.Text.DONE)
    correct(notice, cast.head, change_note="附手册")
    settle()
    (found,) = ask(cast.operator, "润滑").results
    assert found.page == 40
    (found,) = ask(cast.operator, "第3节").results
    assert "".join(piece.text for piece in found.snippet).startswith("封面")


def test_a_word_that_is_cut_at_the_end_of_a_line_of_a_file_is_found(cast, board):
    """As PDFium gives it: lines of a page, and a sign where a word was hyphenated."""
    file = receive_file(actor=cast.head, name="手册.txt", content=_text("封面"))
    notice = write(board, cast.head, title="新设备", file_ids=[file.pk], audience=audience("all"))
    read_waiting()
    text = "3.2 保养\r\n每班开机之前由操作工按照点检表逐项检查，发现异常立即停机并报告值班电\r\n工处理。After reintro\x02ducing a MS\x02DOS disk."
    FileText.objects.create(file=file.file, number=2, text=text)
    correct(notice, cast.head, change_note="附手册")
    settle()
    for words in ("值班电工", "“值班电工处理”", "reintroducing", "ms-dos"):
        assert titles(cast.operator, words) == ["手册.txt"], words
    (found,) = ask(cast.operator, "值班电工").results
    assert "值班电工处理。After reintro-ducing" in "".join(piece.text for piece in found.snippet)
    assert ask(cast.operator, "保养每班").fit is Fit.NEAR, "a heading is not the beginning of what stands below it"


def test_a_page_is_said_where_the_file_has_pages_and_not_where_its_text_was_read_in_stretches(cast, board):
    files = [receive_file(actor=cast.head, name=f"手册.{end}", content=_text(f"封面 {end}")) for end in ("txt", "md")]
    notice = write(board, cast.head, title="新设备", file_ids=[file.pk for file in files], audience=audience("all"))
    read_waiting()
    for file, kind in zip(files, ("pdf", "text"), strict=True):
        FileText.objects.create(file=file.file, number=2, text="烘丝机入口水分")
        StoredFile.objects.filter(pk=file.file_id).update(text_state=StoredFile.Text.DONE, kind=kind)
    correct(notice, cast.head, change_note="附手册")
    settle()
    html = page(cast.operator, q="入口水分")
    assert html.count("?from=2") == 2, "both lead to where it stands"
    assert html.count("第 2 页") == 1


def test_a_file_found_leads_to_what_it_hangs_on(cast, board):
    file = receive_file(actor=cast.head, name="记录.txt", content=_text("烘丝机"))
    notice = write(board, cast.head, title="烘丝 <b>&", file_ids=[file.pk], audience=audience("all"))
    read_waiting()
    settle()
    assert f'附于《<a href="/bulletin/notices/{notice.pk}/">烘丝 &lt;b&gt;&amp;</a>》' in page(cast.operator, q="type:text 记录")


def test_a_file_whose_text_is_read_later_is_found_then(cast, board):
    file = receive_file(actor=cast.head, name="记录.txt", content=_text("烘丝机入口水分"))
    write(board, cast.head, title="附件", file_ids=[file.pk], audience=audience("all"))
    settle()
    assert titles(cast.operator, "入口水分") == []
    read_waiting()
    settle()
    assert titles(cast.operator, "入口水分") == ["记录.txt"]


def _text(words: str) -> BytesIO:
    return BytesIO(words.encode())
