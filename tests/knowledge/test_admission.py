"""Anyone writes; somebody else who keeps the category admits; what was admitted stays in force until the next version is."""

import pytest
from django.db import ProgrammingError, connection, transaction

from knowledge.errors import KnowledgeError
from knowledge.models import Article, ArticleVersion
from knowledge.services.articles import assign_admission, move_article
from portal.notifications.models import Notification
from portal.outbox.services import drain
from portal.pages.approval import approve_page, send_back_page, submit_page
from portal.pages.drafts import draft_stamp
from portal.pages.errors import PageStateError, PublicationError
from portal.pages.services import publish_draft, retract_page, save_draft
from tests.knowledge.writing import BODY, audience, draft, fresh, make_category, renewed, revise

pytestmark = pytest.mark.django_db


def bells(kind: str) -> list[str]:
    drain()
    return sorted(Notification.objects.filter(kind=f"knowledge.{kind}").values_list("recipient__name", flat=True))


def test_an_article_goes_from_its_writer_to_the_keeper_to_the_readers(client_for, cast, category):
    writer, keeper, reader = client_for(cast.inspector), client_for(cast.head), client_for(cast.operator)
    sent = {
        "title": "跑条的原因", "body": BODY, "summary": "七处", "department": cast.quality.pk, "review_months": 12, "audience_include": "all",
        "audience_level": "0", "action": "submit",
    }  # fmt: skip
    begun = writer.post(f"/knowledge/articles/new/?category={category.pk}", sent)
    article = Article.objects.get()
    assert begun.status_code == 302
    assert article.workflow_in_progress
    assert reader.get(f"/knowledge/articles/{article.pk}/").status_code == 404
    assert bells("asked") == ["李敏", "赵静"]
    page = keeper.get(f"/knowledge/articles/{article.pk}/admission/").content.decode()
    assert "先清洗吸丝带" in page
    seen = draft_stamp(Article.objects.get(pk=article.pk))
    assert keeper.post(f"/knowledge/articles/{article.pk}/admission/", {"action": "approve", "seen": seen}).status_code == 302
    assert bells("admitted") == ["王伟"]
    assert "先清洗吸丝带" in reader.get(f"/knowledge/articles/{article.pk}/").content.decode()
    version = ArticleVersion.objects.get()
    assert (version.number, version.written_by, version.admitted_by) == (1, cast.inspector, cast.head)


def test_nobody_admits_their_own_and_nobody_but_keepers_admits(client_for, cast, category):
    own = draft(category, cast.head)
    submit_page(own, actor=fresh(cast.head))
    for person in (cast.head, cast.inspector, cast.operator, cast.director):
        with pytest.raises(PageStateError):
            approve_page(own, actor=fresh(person))
    approve_page(own, actor=fresh(cast.deputy))
    assert Article.objects.get(pk=own.pk).is_shown


def test_nothing_is_published_past_admission(cast, category):
    own = draft(category, cast.head)
    for person in (cast.head, cast.deputy, cast.admin):
        with pytest.raises(PageStateError):
            publish_draft(own, actor=fresh(person))


def test_where_nobody_else_could_admit_it_says_so_and_keeps_the_draft(cast):
    category = make_category(cast, "无人管理", keeper=cast.operator)
    own = draft(category, cast.operator)
    cast.admin.is_active = False
    cast.admin.save()
    with pytest.raises(PageStateError, match="没有其他知识管理员"):
        submit_page(own, actor=fresh(cast.operator))
    assert Article.objects.get(pk=own.pk).draft_title == "跑条的原因与处理"


def test_an_edit_leaves_the_admitted_version_in_force_until_it_is_admitted(client_for, cast, article):
    reader = client_for(cast.operator)
    revise(article, fresh(cast.inspector), body="<p>先查风室。</p>", change_note="换了顺序")
    submit_page(article, actor=fresh(cast.inspector))
    assert "先清洗吸丝带" in reader.get(f"/knowledge/articles/{article.pk}/").content.decode()
    approve_page(article, actor=fresh(cast.head))
    page = reader.get(f"/knowledge/articles/{article.pk}/").content.decode()
    assert "先清洗吸丝带" not in page
    assert "换了顺序" in page
    assert "<del>" in reader.get(f"/knowledge/articles/{article.pk}/changes/2/").content.decode()


def test_what_was_changed_after_it_was_read_is_not_admitted_unseen(client_for, cast, category):
    waiting = draft(category, cast.inspector)
    submit_page(waiting, actor=fresh(cast.inspector))
    seen = draft_stamp(Article.objects.get(pk=waiting.pk))
    writer = client_for(cast.inspector)
    writer.post(f"/knowledge/articles/{waiting.pk}/admission/end/")
    save_draft(waiting, actor=fresh(cast.inspector), values={"body": "<p>另一回事。</p>"}, seen=None)
    submit_page(waiting, actor=fresh(cast.inspector))
    answer = client_for(cast.head).post(f"/knowledge/articles/{waiting.pk}/admission/", {"action": "approve", "seen": seen})
    assert answer.status_code == 409
    assert "另一回事" in answer.content.decode()
    assert not Article.objects.get(pk=waiting.pk).is_shown


def test_it_is_sent_back_with_a_word_which_the_writer_reads(client_for, cast, category):
    waiting = draft(category, cast.inspector)
    submit_page(waiting, actor=fresh(cast.inspector))
    send_back_page(waiting, comment="补上参数表", actor=fresh(cast.head))
    assert bells("sent_back") == ["王伟"]
    assert "补上参数表" in client_for(cast.inspector).get(f"/knowledge/articles/{waiting.pk}/draft/").content.decode()


def test_a_keeper_hands_it_to_somebody_who_knows_the_subject_and_that_person_admits_this_one_alone(client_for, cast, category):
    waiting, other = draft(category, cast.inspector), draft(category, cast.inspector, title="另一篇")
    for one in (waiting, other):
        submit_page(one, actor=fresh(cast.inspector))
    with pytest.raises(KnowledgeError, match="自己的稿件"):
        assign_admission(waiting, cast.inspector, actor=fresh(cast.head))
    with pytest.raises(KnowledgeError, match="只有类别的知识管理员"):
        assign_admission(waiting, cast.operator, actor=fresh(cast.operator))
    assign_admission(waiting, cast.operator, actor=fresh(cast.head))
    assert bells("assigned") == ["张强"]
    expert = client_for(cast.operator)
    assert expert.get(f"/knowledge/articles/{waiting.pk}/admission/").status_code == 200
    assert expert.get(f"/knowledge/articles/{other.pk}/admission/").status_code == 404
    assert "跑条" in expert.get("/knowledge/desk/").content.decode()
    approve_page(waiting, actor=fresh(cast.operator))
    assert Article.objects.get(pk=waiting.pk).assignee is None


def test_moved_to_another_category_it_is_kept_by_its_keepers_and_keeps_its_address(client_for, cast, article):
    other = make_category(cast, "质量与检验", keeper=cast.workshop_head)
    with pytest.raises(KnowledgeError):
        move_article(article, other, actor=fresh(cast.workshop_head))
    move_article(article, other, actor=fresh(cast.head))
    moved = Article.objects.get(pk=article.pk)
    assert moved.category == other
    revise(moved, fresh(cast.inspector), body="<p>新的。</p>", change_note="改")
    submit_page(moved, actor=fresh(cast.inspector))
    assert bells("asked")[-1] == "刘洋"
    approve_page(moved, actor=fresh(cast.workshop_head))
    assert client_for(cast.operator).get(article.get_absolute_url()).status_code == 200


def test_it_says_what_is_missing_at_its_field(client_for, cast, category):
    answer = client_for(cast.inspector).post(
        f"/knowledge/articles/new/?category={category.pk}", {"title": "", "body": "", "review_months": 12, "action": "submit"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请填写标题" in page
    with pytest.raises(PublicationError):
        submit_page(Article.objects.get(), actor=fresh(cast.inspector))


def test_the_database_refuses_to_change_or_remove_a_version(cast, article):
    for statement in ("UPDATE knowledge_articleversion SET title = 'x'", "DELETE FROM knowledge_articleversion"):
        with pytest.raises(ProgrammingError, match="only added"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_version_for_fewer_people_is_not_compared_for_those_it_was_not_for(client_for, cast, category):
    from_few = draft(category, cast.inspector, audience=audience(f"dept:{cast.quality.pk}+"), body="<p>只给质检科。</p>")
    submit_page(from_few, actor=fresh(cast.inspector))
    approve_page(from_few, actor=fresh(cast.head))
    renewed(Article.objects.get(pk=from_few.pk), fresh(cast.inspector), cast.head, audience=audience("all"), body="<p>给大家。</p>")
    reader = client_for(cast.operator)
    assert reader.get(f"/knowledge/articles/{from_few.pk}/changes/2/").status_code == 403
    assert "只给质检科" not in reader.get(f"/knowledge/articles/{from_few.pk}/").content.decode()
    assert client_for(cast.inspector).get(f"/knowledge/articles/{from_few.pk}/changes/2/").status_code == 200


def test_withdrawn_it_leaves_every_page_and_says_why_to_its_writers(client_for, cast, article):
    retract_page(article, reason="参数有误", actor=fresh(cast.head))
    reader, writer = client_for(cast.operator), client_for(cast.inspector)
    for path in (f"/knowledge/articles/{article.pk}/", f"/knowledge/articles/{article.pk}/changes/1/"):
        assert reader.get(path).status_code == 404
    for path in ("/knowledge/", "/knowledge/articles/"):
        assert "跑条" not in reader.get(path).content.decode()
    assert "参数有误" in writer.get(f"/knowledge/articles/{article.pk}/").content.decode()
    assert bells("withdrawn") == ["王伟", "赵静"]
