"""What cannot be: each gets its sentence, where it was typed, and nothing typed is lost."""

from datetime import timedelta

import pytest

from knowledge.errors import KnowledgeError
from knowledge.models import Article, ArticleCategory, Policy, PolicyGrant, PolicyRepeal, PolicyVersion
from knowledge.services.grants import grant_reading
from portal.access.standings import refresh_standings
from portal.accounts.models import User
from portal.organization.models import Employment
from portal.organization.querysets import today
from portal.pages.drafts import draft_stamp
from portal.pages.errors import PublicationError
from portal.pages.services import publish_draft, save_draft
from tests.bulletin.test_meetings import meets
from tests.cast import Cast
from tests.knowledge.rules import ALARM, CONTROL, KEEPING, articles, leader_duty, published
from tests.knowledge.writing import fresh

pytestmark = pytest.mark.django_db
TYPED = "保管员每班检查三次，我刚写到这里。"


def sent(cast: Cast, policy: Policy, **values: object) -> dict[str, object]:
    """The form of a new version as a browser sends it, begun with what is stored now."""
    stored = Policy.objects.select_related("latest_revision").get(pk=policy.pk)
    return {
        "title": stored.title, "body": articles(TYPED, ALARM), "kind": "measure", "category": "storage", "change_note": "修订", "audience_include": "all",
        "audience_level": "0", "interpreting_department": cast.quality.pk, "review_months": 36, "is_listed": "on", "seen": draft_stamp(stored),
        "effective_on": (today() + timedelta(days=5)).isoformat(), "action": "publish",
    } | values  # fmt: skip


def test_a_version_before_the_one_in_force_is_refused_at_its_field_and_the_text_stays(client_for, cast: Cast) -> None:
    policy = published(cast, effective_on=today())
    day = (today() - timedelta(days=9)).isoformat()
    answer = client_for(cast.head).post(policy.writing_url, sent(cast, policy, effective_on=day, backdating_reason="补发"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "现行版本自" in page
    assert day in page
    assert TYPED in page
    assert Policy.objects.get(pk=policy.pk).get_latest_revision_as_object().body == articles(TYPED, ALARM), "kept as a draft besides"
    assert PolicyVersion.objects.count() == 1


def test_of_two_who_publish_a_version_the_second_is_told_and_loses_nothing(client_for, cast: Cast) -> None:
    policy = published(cast)
    mine, other = client_for(cast.head), client_for(cast.deputy)
    first, second = sent(cast, policy), sent(cast, policy, body=articles(CONTROL.replace("两次", "四次")))
    assert mine.post(policy.writing_url, first).status_code == 302
    answer = other.post(policy.writing_url, second)
    assert answer.status_code == 409
    assert "四次" in answer.content.decode()
    assert "李敏" in answer.content.decode()
    assert list(PolicyVersion.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert TYPED in PolicyVersion.objects.get(number=2).body
    assert mine.post(policy.writing_url, first).status_code == 302, "the answer was lost, and it is sent again"
    assert PolicyVersion.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_one_moment_publish_one_version(cast: Cast) -> None:
    policy = published(cast)
    stored = Policy.objects.select_related("latest_revision").get(pk=policy.pk)
    values = {"body": articles(CONTROL), "change_note": "修订", "effective_on": today() + timedelta(days=3)}
    save_draft(stored, actor=fresh(cast.head), values=values, seen=draft_stamp(stored))
    outcome = meets(policy, lambda: publish_draft(policy, actor=fresh(cast.head)), lambda: publish_draft(policy, actor=User.objects.get(pk=cast.deputy.pk)))
    assert isinstance(outcome, Exception | Policy)
    assert list(PolicyVersion.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert Policy.objects.get(pk=policy.pk).version_number == 2


def test_a_policy_does_not_replace_itself(client_for, cast: Cast) -> None:
    policy = published(cast)
    answer = client_for(cast.head).post(policy.writing_url, sent(cast, policy, repeals=[policy.pk]))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "不能代替自身" in page
    assert TYPED in page
    stored = Policy.objects.select_related("latest_revision").get(pk=policy.pk)
    values = {"body": articles(KEEPING), "change_note": "改", "effective_on": today() + timedelta(days=2), "repeals": [policy.pk]}
    save_draft(stored, actor=fresh(cast.head), values=values, seen=None)
    with pytest.raises(PublicationError, match="不能代替自身"):
        publish_draft(stored, actor=fresh(cast.head))
    assert not PolicyRepeal.objects.exists()


def test_nothing_is_granted_to_whoever_left_or_has_not_come(client_for, cast: Cast) -> None:
    policy = published(cast, leader=leader_duty(cast, cast.director))
    leader = client_for(cast.director)
    values = {"starts_on": today().isoformat(), "ends_on": today().isoformat(), "reason": "审计底稿要用"}
    for number, words in (("10008", "已不在本厂"), ("周涛", "已不在本厂"), ("10009", "今天不在岗"), ("没有这个人", "没有")):
        answer = leader.post(policy.grants_url, values | {"person": number})
        assert answer.status_code == 422
        assert words in answer.content.decode(), number
        assert "审计底稿要用" in answer.content.decode()
    Employment.objects.filter(person=cast.salesperson).update(ends_on=today() - timedelta(days=1))
    refresh_standings()
    with pytest.raises(KnowledgeError, match="今天不在岗"):
        grant_reading(policy, actor=fresh(cast.director), person=cast.salesperson, starts_on=today(), ends_on=today(), reason="审计")
    assert not PolicyGrant.objects.exists()


def test_a_category_with_articles_stays_with_them(client_for, cast: Cast, category: ArticleCategory, article: Article) -> None:
    answer = client_for(cast.admin).post(f"/knowledge/categories/{category.pk}/deletion/", follow=True)
    assert "还有 1 篇" in answer.content.decode()
    assert ArticleCategory.objects.filter(pk=category.pk).exists()
    assert client_for(cast.operator).get(article.get_absolute_url()).status_code == 200
