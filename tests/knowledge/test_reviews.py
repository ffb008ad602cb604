"""An article is answered for by a position, so nothing is orphaned; it is asked for before the day, and kept, revised or withdrawn."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from knowledge.errors import KnowledgeError
from knowledge.models import Article, Verification
from knowledge.policies import people_answering_for
from knowledge.services.reviews import review_article
from portal.access.standings import refresh_standings
from portal.notifications.models import Notification
from portal.organization.models import Employment
from portal.organization.querysets import today
from portal.outbox.services import drain
from tests.knowledge.writing import fresh, renewed

pytestmark = pytest.mark.django_db


def names(people) -> list[str]:
    return sorted(person.name for person in people)


def test_those_who_hold_the_position_in_the_department_answer_for_it_else_its_head_else_the_keepers(cast, article):
    assert "王伟" in names(people_answering_for(article))
    assert "孙丽" not in names(people_answering_for(article)), "the same position in another department"
    Employment.objects.filter(department=cast.quality, position=cast.staff_post).update(ends_on=today() - timedelta(days=1))
    refresh_standings()
    assert names(people_answering_for(article)) == ["李敏"]
    Article.objects.filter(pk=article.pk).update(department=cast.sales)
    assert names(people_answering_for(Article.objects.get(pk=article.pk))) == ["孙丽"]
    Article.objects.filter(pk=article.pk).update(owner_position=cast.director_post)
    assert "李敏" in names(people_answering_for(Article.objects.get(pk=article.pk))), "the sales have no head, so the keepers do"


def test_they_are_asked_two_weeks_before_and_not_where_it_was_reviewed_meanwhile(client_for, cast, article):
    assert article.review_due_on is not None
    nine = timezone.now().replace(hour=12)
    with time_machine.travel(nine + (article.review_due_on - today()) - timedelta(days=13), tick=False):
        drain()
        asked = Notification.objects.filter(kind="knowledge.review_due")
        assert names(row.recipient for row in asked.select_related("recipient")) == ["王伟", "赵静"]
        review_article(article, actor=fresh(cast.head), outcome="keep", version_number=1)
        drain()
        assert "复核" not in client_for(cast.inspector).get("/notifications/").content.decode()


def test_keeping_changes_neither_text_nor_version_only_the_next_day(cast, article):
    before = Article.objects.values("title", "body", "version_number", "published_at").get()
    with time_machine.travel(timezone.now() + timedelta(days=100), tick=False):
        done = review_article(article, actor=fresh(cast.inspector), outcome="keep", version_number=1, note="已核对参数")
        assert Article.objects.values("title", "body", "version_number", "published_at").get() == before
        stored = Article.objects.get()
        assert stored.verified_on == today()
        assert stored.review_due_on == done.next_due_on > article.review_due_on


def test_it_is_reviewed_by_who_answers_for_it_and_by_nobody_else(client_for, cast, article):
    for person, code in ((cast.inspector, 200), (cast.head, 200), (cast.operator, 403), (cast.workshop_head, 403)):
        assert client_for(person).get(f"/knowledge/articles/{article.pk}/review/").status_code == code
    with pytest.raises(KnowledgeError):
        review_article(article, actor=fresh(cast.operator), outcome="keep", version_number=1)


def test_a_version_that_was_not_read_is_not_kept(cast, article):
    renewed(article, fresh(cast.inspector), cast.head, body="<p>新的一版。</p>")
    with pytest.raises(KnowledgeError, match="新版本"):
        review_article(article, actor=fresh(cast.inspector), outcome="keep", version_number=1)
    assert not Verification.objects.exists()


def test_overdue_it_is_shown_with_a_banner_and_not_hidden(client_for, cast, article):
    reader = client_for(cast.operator)
    with time_machine.travel(timezone.now() + timedelta(days=400), tick=False):
        assert "逾期未复核" in client_for(cast.operator).get(f"/knowledge/articles/{article.pk}/").content.decode()
        assert "跑条" in client_for(cast.operator).get("/knowledge/articles/?review=overdue").content.decode()
        assert "逾期" in client_for(cast.operator).get("/knowledge/").content.decode()
    assert "逾期未复核" not in reader.get(f"/knowledge/articles/{article.pk}/").content.decode().split("<h1>")[1]


def test_withdrawn_by_a_review_with_a_reason(client_for, cast, article):
    keeper = client_for(cast.head)
    refused = keeper.post(f"/knowledge/articles/{article.pk}/review/", {"outcome": "withdraw", "note": "", "version": 1})
    assert refused.status_code == 422
    assert keeper.post(f"/knowledge/articles/{article.pk}/review/", {"outcome": "withdraw", "note": "机型已淘汰", "version": 1}).status_code == 302
    assert client_for(cast.operator).get(f"/knowledge/articles/{article.pk}/").status_code == 404
