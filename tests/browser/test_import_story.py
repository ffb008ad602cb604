"""A folder dropped into the knowledge base becomes drafts, which a keeper admits; a Word document becomes the text of a policy."""

from pathlib import Path
from random import Random

from playwright.sync_api import expect

from knowledge.models import Article, ImportItem, Policy
from tests.browser.pages import carry_out_effects
from tests.knowledge.regulations import regulation
from tests.knowledge.rules import policy_draft
from tests.knowledge.word import document, paragraph, regulation_document
from tests.knowledge.writing import make_category


def test_a_folder_becomes_drafts_that_a_keeper_admits(cast, open_page, tmp_path: Path):
    make_category(cast)
    folder = tmp_path / "设备"
    folder.mkdir()
    (folder / "切丝机.docx").write_bytes(document(paragraph("保养", style="1") + paragraph("先停机，再清洁。", number=(3, 0))))
    (folder / "须知.txt").write_bytes("戴好手套。".encode("gbk"))
    (folder / "旧.rar").write_bytes(b"Rar!\x1a\x07\x00 words")
    person = open_page("/knowledge/imports/new/", cast.inspector)
    person.locator("[name=category]").select_option(label="设备操作与保养")
    person.locator("form.stack button.primary").click()
    person.locator("[data-part=folder] input").set_input_files(folder)
    person.get_by_role("button", name="导入 3 个文件").click()
    expect(person.locator("#progress")).to_be_visible()
    carry_out_effects()
    expect(person.get_by_text("压缩包")).to_be_visible()
    assert sorted(ImportItem.objects.values_list("path", "state")) == [
        ("设备/切丝机.docx", "drafted"), ("设备/旧.rar", "refused"), ("设备/须知.txt", "drafted"),
    ]  # fmt: skip
    person.get_by_role("link", name="全部文件，申请入库").click()
    person.get_by_role("row", name="切丝机.docx").get_by_role("checkbox").check()
    person.get_by_role("button", name="申请入库").click()
    expect(person.locator(".toast, .messages")).to_contain_text("申请入库")
    carry_out_effects()
    keeper = open_page("/knowledge/desk/", cast.head)
    keeper.get_by_role("link", name="切丝机").click()
    expect(keeper.locator(".article-text")).to_contain_text("第一条 先停机，再清洁。")
    keeper.locator("[name=action][value=approve]").click()
    expect(keeper.locator("h1")).to_have_text("切丝机")
    assert Article.objects.filter(is_shown=True).count() == 1


def test_a_word_document_becomes_the_text_of_a_policy(cast, open_page, tmp_path: Path):
    policy = policy_draft(cast)
    (tmp_path / "办法.docx").write_bytes(regulation_document(Random(5), regulation(Random(5), 30)))
    head = open_page(f"/knowledge/policies/{policy.pk}/draft/", cast.head)
    head.get_by_role("link", name="从 Word 导入").click()
    head.locator("[name=file]").set_input_files(tmp_path / "办法.docx")
    head.locator("main button.primary").click()
    expect(head.locator(".toast, .messages")).to_contain_text("识别出 30 条（第一条至第三十条）")
    expect(head.locator("main")).to_contain_text("第三十条")
    assert "第三十条" in Policy.objects.get(pk=policy.pk).get_latest_revision_as_object().body
