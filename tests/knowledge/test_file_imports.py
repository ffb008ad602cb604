"""Folders and archives of files become drafts of articles; what does not come along is told, and the same folder twice brings nothing new."""

from contextlib import suppress
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

from knowledge.models import Article, ArticleCategory, ImportItem, ImportRun
from knowledge.services.file_imports import add_file, begin_import, clear_old_imports, start_import
from portal.accounts.models import User
from portal.attachments.errors import AttachmentError
from portal.attachments.models import Attachment
from portal.attachments.queries import attachments_on
from portal.notifications.models import Notification
from portal.outbox.models import Effect
from portal.outbox.services import drain
from portal.pages.approval import approve_page
from tests.attachments.samples import pdf, png
from tests.cast import Cast
from tests.knowledge.word import OFFICE, archive, claiming, document, old_office, paragraph
from tests.knowledge.writing import audience, fresh

pytestmark = pytest.mark.django_db
PICTURE = (
    '<w:r><w:drawing xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:p="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:d="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><d:inline><a:graphic><a:graphicData><p:pic><p:blipFill>'
    '<a:blip r:embed="rId9"/></p:blipFill></p:pic></a:graphicData></a:graphic></d:inline></w:drawing></w:r>'
)
TABLE = (
    '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p><w:r><w:t>合并</w:t></w:r></w:p></w:tc></w:tr>'
    "<w:tr><w:tc><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>乙</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
)
MANUAL = document(
    paragraph("切丝机保养", style="1")
    + paragraph("清洁刀门", number=(3, 0))
    + paragraph("目录", style="TOC1")
    + paragraph("润滑", number=(4, 0), runs=PICTURE)
    + TABLE,
    more={"word/media/a.png": png()},
    relations=f'<Relationship Id="rId9" Type="{OFFICE}/image" Target="media/a.png"/>',
)
FOLDER = {
    "设备/切丝机.docx": MANUAL,
    "设备/温湿度.pdf": pdf("Temperature and humidity", "are noted twice a day."),
    "设备/须知.txt": "第一件事。\n第二件事。".encode("gb18030"),
    "设备/说明.md": "# 启动\n\n- 开水\n- 开电\n".encode(),
    "设备/index.html": "<html><head><title>换刀步骤</title></head><body><h1>换刀</h1><p>先停机。</p></body></html>".encode(),
    "设备/铭牌.png": png(60),
    "设备/__MACOSX/._a": b"x",
    "设备/坏.docx": b"PK\x03\x04 nothing",
    "设备/旧.docx": old_office("WordDocument"),
}


def brought(person: User, category: ArticleCategory, *files: tuple[str, bytes]) -> ImportRun:
    """A run of these files, by their paths, carried out."""
    with override("zh-hans"):
        run = begin_import(actor=person, category=category, audience=audience("all"))
        for path, content in files:
            with suppress(AttachmentError):
                add_file(run, actor=person, name=path.rsplit("/", 1)[-1], path=path, content=BytesIO(content))
        start_import(run, actor=person)
    drain()
    return ImportRun.objects.get(pk=run.pk)


def became(run: ImportRun) -> dict[str, str]:
    return dict(run.items.values_list("path", "state"))


def draft_of(run: ImportRun, path: str) -> Article:
    item = run.items.select_related("article").get(path=path)
    assert item.article is not None
    return item.article.get_latest_revision_as_object()


def test_a_folder_in_a_zip_becomes_drafts_and_the_same_again_brings_nothing(client_for, cast: Cast, category: ArticleCategory) -> None:
    person = fresh(cast.inspector)
    run = brought(person, category, ("设备资料.zip", archive(FOLDER)))
    assert run.state == ImportRun.State.DONE
    states = became(run)
    assert [path for path, state in states.items() if state == "refused"] == ["设备/坏.docx", "设备/旧.docx"]
    assert "旧版 Word" in run.items.get(path="设备/旧.docx").reason
    assert sum(state == "drafted" for state in states.values()) == 6 == Article.objects.count()
    assert Notification.objects.get(kind="knowledge.imported").words["made"] == 6

    manual = draft_of(run, "设备/切丝机.docx")
    assert "<h2>切丝机保养</h2>" in manual.body
    assert "第一条" in manual.body
    assert '<td colspan="2">' in manual.body
    assert "<li>" in manual.body
    assert "目录" not in manual.body
    assert run.items.get(path="设备/切丝机.docx").lost == {"contents": 1}
    assert attachments_on(manual).count() == 1, "the picture hangs on the draft"
    assert draft_of(run, "设备/index.html").title == "换刀步骤"
    assert draft_of(run, "设备/须知.txt").body == "<p>第一件事。</p><p>第二件事。</p>"
    assert "<li>开水</li>" in draft_of(run, "设备/说明.md").body
    assert "<img" in draft_of(run, "设备/铭牌.png").body
    humidity = draft_of(run, "设备/温湿度.pdf")
    assert "twice a day" in humidity.body
    assert len(humidity.file_ids) == 1

    page = client_for(cast.inspector).get(run.get_absolute_url()).content.decode()
    assert "目录未导入" in page
    assert client_for(cast.head).get(run.get_absolute_url()).status_code == 404

    again = brought(person, category, *((path, content) for path, content in FOLDER.items()))
    assert set(became(again).values()) == {"unchanged", "refused"}
    changed = brought(person, category, ("设备/须知.txt", "第一件事。\n第三件事。".encode()))
    assert became(changed) == {"设备/须知.txt": "renewed"}
    assert Article.objects.count() == 6
    assert "第三件事" in draft_of(changed, "设备/须知.txt").body


def test_an_admitted_article_stays_in_force_while_its_new_version_waits(client_for, cast: Cast, category: ArticleCategory) -> None:
    person = fresh(cast.inspector)
    run = brought(person, category, ("须知.txt", b"one\n"), ("别的.txt", b"two\n"))
    client = client_for(cast.inspector)
    items = {item.path: item for item in run.items.all()}
    client.post(f"/knowledge/imports/files/?run={run.pk}", {"act": "submit", "row": [items["须知.txt"].pk]})
    article = Article.objects.get(pk=items["须知.txt"].article_id)
    waiting = brought(person, category, ("须知.txt", b"three\n"))
    assert "正在等待入库" in waiting.items.get().reason
    approve_page(article, actor=fresh(cast.head))
    client.post(f"{waiting.get_absolute_url()}retry/")
    drain()
    assert became(waiting) == {"须知.txt": "renewed"}
    assert Article.objects.get(pk=article.pk).body == "<p>one</p>"
    assert draft_of(waiting, "须知.txt").body == "<p>three</p>"
    client.post(f"/knowledge/imports/files/?run={run.pk}", {"act": "discard", "row": [items["别的.txt"].pk]})
    assert not Article.objects.filter(pk=items["别的.txt"].article_id).exists()
    assert client_for(cast.head).get("/knowledge/imports/files/").content.decode().count("须知.txt") == 0


def test_pictures_that_a_page_names_come_with_it(cast: Cast, category: ArticleCategory) -> None:
    """In a folder as in an archive; another picture under the same name is a new version; what no text names is an article of its own."""
    person = fresh(cast.inspector)
    folder = {
        "手册/图/开机.png": png(40),
        "手册/单独.png": png(41),
        "手册/启动.html": '<h1>启动</h1><p>见图：<img src="图/%E5%BC%80%E6%9C%BA.png" alt="开机"><img src="http://x.test/a.png"></p>'.encode(),
        "手册/停机.md": "停机\n\n![开机](图/开机.png) ![缺](图/缺.png) ![外](../../外.png)\n".encode(),
    }
    run = brought(person, category, ("手册.zip", archive(folder)))
    assert became(run) == {"手册/图/开机.png": "within", "手册/单独.png": "drafted", "手册/启动.html": "drafted", "手册/停机.md": "drafted"}
    for path, lost in (("手册/启动.html", 1), ("手册/停机.md", 2)):
        page = draft_of(run, path)
        assert page.body.count("<img") == 1
        assert f"/files/{attachments_on(page).get().pk}/picture/" in page.body, "under the right of the article"
        assert run.items.get(path=path).lost == {"pictures": lost}
    assert set(became(brought(person, category, *folder.items())).values()) == {"within", "unchanged"}
    changed = brought(person, category, *(folder | {"手册/图/开机.png": png(44)}).items())
    assert became(changed)["手册/启动.html"] == "renewed"
    assert became(changed)["手册/单独.png"] == "unchanged"
    assert Article.objects.count() == 3


def test_a_keeper_is_told_once_of_many_articles_that_wait(client_for, cast: Cast, category: ArticleCategory) -> None:
    run = brought(fresh(cast.inspector), category, *((f"{number}.txt", f"{number}\n".encode()) for number in range(4)))
    rows = list(run.items.values_list("pk", flat=True))
    for chosen in (rows[:3], rows[3:]):
        client_for(cast.inspector).post(f"/knowledge/imports/files/?run={run.pk}", {"act": "submit", "row": chosen})
    drain()
    told = Notification.objects.filter(recipient=cast.head, kind__in=["knowledge.asked", "knowledge.asked_together"]).order_by("pk")
    assert [(row.kind, row.words.get("number")) for row in told] == [("knowledge.asked_together", 3), ("knowledge.asked", None)]
    bells = client_for(cast.head).get("/notifications/").content.decode()
    assert "请您审核 3 篇文章" in bells
    assert told[0].url == "/knowledge/desk/"


def test_what_an_archive_must_not_do_is_refused_by_entry_or_whole(cast: Cast, category: ArticleCategory) -> None:
    person = fresh(cast.inspector)
    made = BytesIO()
    with ZipFile(made, "w") as file:
        for name in ("../外.txt", "/etc/a.txt", "C:/a.txt", "内.zip", "好.txt"):
            file.writestr(name, "words")
        # One name in two encodings: as UTF-8 says so, and as an old program writes GBK without saying so.
        file.writestr("名.txt", "words")
        file.writestr("??.txt", "other words")
    content = made.getvalue().replace(b"??.txt", "名".encode("gbk") + b".txt")
    run = brought(person, category, ("a.zip", content))
    reasons = {item.path: item.reason for item in run.items.filter(state="refused")}
    assert [path for path, reason in reasons.items() if "路径指向压缩包之外" in reason] == ["../外.txt", "etc/a.txt", "C:/a.txt"]
    assert "压缩包中的压缩包" in reasons["内.zip"]
    assert "有两个" in reasons["名.txt"]
    assert [path for path, state in became(run).items() if state == "drafted"] == ["a/好.txt", "a/名.txt"]

    bomb = claiming(archive({"炸.txt": "a", "b.txt": "b"}), "炸.txt", 2**31)
    assert "超过 64 MB" in brought(person, category, ("b.zip", bomb)).items.get(path="炸.txt").reason
    locked = archive({"锁.txt": "a", "c.txt": "c"})
    place = locked.index(b"PK\x01\x02")
    locked = locked[: place + 8] + b"\x01\x08" + locked[place + 10 :]
    assert "密码" in brought(person, category, ("c.zip", locked)).items.get(path="锁.txt").reason


def test_a_hundred_thousand_entries_are_refused_with_a_sentence(client_for, cast: Cast, category: ArticleCategory) -> None:
    made = BytesIO()
    with ZipFile(made, "w") as file:
        for number in range(10_001):
            file.writestr(f"{number}.txt", b"")
    run = begin_import(actor=fresh(cast.inspector), category=category, audience=audience("all"))
    client = client_for(cast.inspector)
    address = f"{run.get_absolute_url()}files/"
    answer = client.post(address, {"files": SimpleUploadedFile("many.zip", made.getvalue()), "path": "many.zip"}, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert "10,001" in answer.json()["refused"][0]
    answer = client.post(address, {"files": SimpleUploadedFile("a.txt", b"words"), "path": "../a.txt"}, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert client.post(address, {"files": [SimpleUploadedFile(f"{name}.txt", b"words") for name in "ab"]}).status_code == 302
    assert ImportItem.objects.filter(run=run, state="waiting").count() == 2
    assert "导入 2 个文件" in client.get(run.get_absolute_url()).content.decode()
    assert client.post(f"{run.get_absolute_url()}start/").status_code == 302
    assert client.post(f"{run.get_absolute_url()}removal/").status_code == 302
    assert ImportRun.objects.filter(pk=run.pk).exists(), "what was started stays"


def test_a_file_that_workers_die_of_is_put_aside_and_the_rest_goes_on(cast: Cast, category: ArticleCategory) -> None:
    person = fresh(cast.inspector)
    run = begin_import(actor=person, category=category, audience=audience("all"))
    for name in ("毒.txt", "好.txt", "更好.txt"):
        add_file(run, actor=person, name=name, path=name, content=BytesIO(b"words"))
    start_import(run, actor=person)
    Effect.objects.filter(kind="knowledge.import_files", payload__lane=0).update(attempts=4)
    Effect.objects.filter(kind="knowledge.import_files", payload__lane=1).delete()
    drain()
    assert became(run) == {"毒.txt": "refused", "好.txt": "drafted", "更好.txt": "drafted"}
    assert ImportRun.objects.get(pk=run.pk).state == ImportRun.State.DONE


def test_an_import_begins_with_a_category_and_can_be_removed_and_tried_again(client_for, cast: Cast, category: ArticleCategory) -> None:
    client = client_for(cast.inspector)
    sent = {"category": category.pk, "audience_include": "all", "audience_level": "0"}
    assert client.post("/knowledge/imports/new/", {**sent, "category": ""}).status_code == 422
    assert client.post("/knowledge/imports/new/", sent).status_code == 302
    run = ImportRun.objects.get()
    assert client.post(f"{run.get_absolute_url()}start/", follow=True).content.decode().count("还没有可以导入的文件") == 1
    client.post(f"{run.get_absolute_url()}removal/")
    assert not ImportRun.objects.exists()

    bad = brought(fresh(cast.inspector), category, ("空.txt", b" \n "))
    assert "没有文字" in bad.items.get().reason
    assert client.post(f"{bad.get_absolute_url()}retry/").status_code == 302
    assert ImportRun.objects.get(pk=bad.pk).state == ImportRun.State.RUNNING
    drain()
    assert ImportRun.objects.get(pk=bad.pk).state == ImportRun.State.DONE
    ImportRun.objects.update(created_at="2020-01-01T00:00:00Z")
    assert clear_old_imports() == 1
    assert not Attachment.objects.filter(name="空.txt").exists()
    assert "已清理" in client.get(bad.get_absolute_url()).content.decode()
