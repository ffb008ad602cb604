"""A policy is reviewed by those in charge: kept, revised or repealed; keeping changes nothing but the next day."""

from datetime import timedelta

import pytest
import time_machine
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from knowledge.errors import KnowledgeError
from knowledge.models import Policy, PolicyReview
from knowledge.services.policies import repeal_policy
from knowledge.services.policy_reviews import review_policy
from portal.access.standings import refresh_standings
from portal.confirmations.models import Confirmation
from portal.notifications.models import Notification
from portal.organization.querysets import today
from portal.outbox.services import drain
from tests.cast import Cast
from tests.knowledge.rules import articles, new_version, published
from tests.knowledge.writing import fresh

pytestmark = pytest.mark.django_db


def told() -> list[str]:
    refresh_standings()
    drain()
    return sorted(Notification.objects.filter(kind="knowledge.policy_review_due").values_list("recipient__name", flat=True))


def test_those_in_charge_are_asked_a_month_before_and_put_on_record_what_they_found(client_for, cast: Cast) -> None:
    policy = published(cast, review_months=12, needs_confirmation=True)
    client_for(cast.operator).post(f"{policy.get_absolute_url()}confirmation/", {"version": 1})
    assert policy.review_due_on is not None
    assert told() == []
    with time_machine.travel(timezone.now() + (policy.review_due_on - today()) - timedelta(days=5), tick=False):
        assert told() == ["李敏"]
        head, reader = client_for(cast.head), client_for(cast.operator)
        found = "/knowledge/policies/?review=due"
        assert policy.title in head.get(found).content.decode()
        assert policy.title not in head.get("/knowledge/policies/?review=overdue").content.decode()
        assert reader.get(policy.review_url).status_code == 403
        before = Policy.objects.values("version_number", "binding_number", "body", "published_at").get()
        answer = head.post(policy.review_url, {"outcome": "revise", "note": "", "version": 1})
        assert answer.status_code == 422
        assert "哪些内容" in answer.content.decode()
        assert head.post(policy.review_url, {"outcome": "keep", "note": "参数仍适用", "version": 1}).status_code == 302
        assert Policy.objects.values("version_number", "binding_number", "body", "published_at").get() == before
        assert Confirmation.objects.count() == 2
        assert Policy.objects.get().review_due_on == PolicyReview.objects.get().next_due_on > policy.review_due_on
        assert told() == []
        assert "参数仍适用" in head.get(policy.review_url).content.decode()


def test_to_revise_and_to_repeal_lead_where_that_is_done(client_for, cast: Cast) -> None:
    policy = published(cast)
    head = client_for(cast.head)
    for outcome, url in (("revise", policy.writing_url), ("repeal", f"{policy.get_absolute_url()}repeal/")):
        answer = head.post(policy.review_url, {"outcome": outcome, "note": "设备已更换", "version": 1})
        assert (answer.status_code, answer["Location"]) == (302, url)
    repeal_policy(policy, effective_on=today(), reason="设备已更换", actor=fresh(cast.head))
    assert head.get(policy.review_url).status_code == 403


def test_a_version_that_was_not_read_is_not_kept_and_reviews_only_grow(cast: Cast) -> None:
    policy = published(cast)
    review_policy(policy, actor=fresh(cast.head), outcome="keep", version_number=1)
    new_version(cast, policy, body=articles("新的一版。"))
    with pytest.raises(KnowledgeError, match="新版本"):
        review_policy(policy, actor=fresh(cast.head), outcome="keep", version_number=1)
    with pytest.raises(KnowledgeError):
        review_policy(policy, actor=fresh(cast.operator), outcome="keep", version_number=2)
    with pytest.raises(ProgrammingError, match="only added"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE knowledge_policyreview SET note = 'x'")
