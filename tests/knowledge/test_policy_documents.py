"""A Word document becomes the text of a policy: its articles are recognised, also those that Word numbers, and compared without an unmarked change."""

from random import Random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from knowledge.clauses import articles_of, recognise
from knowledge.models import Policy
from tests.cast import Cast
from tests.knowledge.regulations import regulation
from tests.knowledge.rules import policy_draft
from tests.knowledge.scoring import score_of
from tests.knowledge.word import archive, claiming, document, old_office, paragraph, regulation_document

pytestmark = pytest.mark.django_db
FEW = 4


def sent(content: bytes, name: str = "办法.docx") -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile(name, content)}


def test_articles_that_word_numbers_are_recognised_and_paired() -> None:
    for seed in range(FEW):
        score = score_of(Random(seed))
        assert score.recognised >= 0.95
        assert score.precision >= 0.95
        assert score.recall >= 0.95
        assert score.unmarked == 0


@pytest.mark.drill
def test_so_are_those_of_twenty_policies_and_their_revisions() -> None:
    scores = [score_of(Random(seed)) for seed in range(20)]
    articles = sum(score.articles for score in scores)
    assert sum(score.recognised * score.articles for score in scores) / articles >= 0.95
    assert sum(score.precision * score.articles for score in scores) / articles >= 0.95
    assert sum(score.recall * score.articles for score in scores) / articles >= 0.95
    assert sum(score.unmarked for score in scores) == 0


def test_the_person_in_charge_imports_a_document_into_the_draft(client_for, cast: Cast) -> None:
    policy = policy_draft(cast)
    content = regulation_document(Random(5), regulation(Random(5), 101))
    address = f"/knowledge/policies/{policy.pk}/draft/document/"
    assert client_for(cast.inspector).post(address, sent(content)).status_code == 404
    head = client_for(cast.head)
    assert address in head.get(f"/knowledge/policies/{policy.pk}/draft/").content.decode()
    answer = head.post(address, sent(content), follow=True)
    assert "识别出 101 条（第一条至第一百〇一条）" in answer.content.decode().replace("零", "〇")
    kept = Policy.objects.get(pk=policy.pk).get_latest_revision_as_object()
    assert kept.title == "仓库温湿度管理办法"
    articles = [clause for clause in articles_of(recognise(kept.body)) if clause.kind == "article"]
    assert [clause.label for clause in articles][9:11] == ["第十条", "第十一条"]
    assert not articles[0].html.startswith("<h")


def test_a_policy_begins_with_a_document(client_for, cast: Cast) -> None:
    content = document(paragraph("烟叶仓储管理办法", style="T") + paragraph("总则", style="Zhang") + paragraph("为了保管好烟叶，制定本办法。", style="Tiao"))
    address = f"/knowledge/policies/new/document/?department={cast.quality.pk}"
    assert client_for(cast.operator).post(address, sent(content)).status_code == 403
    assert client_for(cast.head).post(address, sent(content, "第3稿.docx")).status_code == 302
    draft = Policy.objects.get().get_latest_revision_as_object()
    assert draft.title == "烟叶仓储管理办法"
    assert draft.body.replace("　", " ") == "<h2>第一章 总则</h2><p>第一条 为了保管好烟叶，制定本办法。</p>"


BAD = [
    (document(paragraph("一"), more={"word/vbaProject.bin": b"x"}), "含有宏"),
    (document(paragraph("一") * 30_001), "超过 30,000 个段落"),
    (document("<w:tbl><w:tr><w:tc>" * 6 + paragraph("一") + "</w:tc></w:tr></w:tbl>" * 6), "表格嵌套超过五层"),
    (document("<w:smartTag>" * 200 + paragraph("一") + "</w:smartTag>" * 200), "嵌套得太深"),
    (document(paragraph("一"), more={"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "实体"),
    (claiming(document(paragraph("一")), "word/document.xml", 2**30), "解压后"),
    (document(paragraph("一"), more={"word/document.xml": "<a><b></a>"}), "可能已损坏"),
    (old_office("WordDocument"), "旧版 Word"),
    (old_office("EncryptedPackage"), "有密码保护"),
    (archive({"a.txt": "一"}), "压缩"),
    (document(paragraph("")), "没有文字"),
]


def test_what_cannot_be_read_is_refused_with_a_sentence_of_its_own(client_for, cast: Cast) -> None:
    policy = policy_draft(cast)
    head = client_for(cast.head)
    for content, sentence in BAD:
        answer = head.post(f"/knowledge/policies/{policy.pk}/draft/document/", sent(content))
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    assert Policy.objects.get(pk=policy.pk).revisions.count() == 2
