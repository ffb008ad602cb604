"""The leader in charge, and nobody else, grants who may read; every surface obeys at once, and the grant ends by itself."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from knowledge.errors import KnowledgeError
from knowledge.models import Policy, PolicyGrant, PolicyRequest
from knowledge.services.grants import ask_to_read, end_grant, grant_reading
from portal.access.policies import can, viewers_of, visible_to
from portal.access.standings import refresh_standings
from portal.notifications.models import Notification
from portal.organization.querysets import today
from portal.outbox.services import drain
from tests.cast import Cast
from tests.knowledge.rules import leader_duty, published
from tests.knowledge.writing import audience, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def policy(cast: Cast) -> Policy:
    """For 质检科 alone, from level 1 on; 陈刚 leads; its title stands in the register."""
    return published(cast, title="内控标准", audience=audience(f"dept:{cast.quality.pk}+", level=1), leader=leader_duty(cast, cast.director))


def grant(cast: Cast, policy: Policy, days: int = 10, **to) -> PolicyGrant:
    return grant_reading(policy, actor=fresh(cast.director), starts_on=today(), ends_on=today() + timedelta(days=days), reason="审计", **to)


def sees(client_for, person, policy: Policy) -> bool:
    """On all surfaces alike."""
    found = fresh(person)
    answers = {
        can(found, "view", policy),
        visible_to(Policy, found).filter(pk=policy.pk).exists(),
        viewers_of(policy).filter(pk=person.pk).exists(),
        client_for(person).get(policy.get_absolute_url()).status_code == 200,
    }
    assert len(answers) == 1
    return answers.pop()


def test_a_grant_opens_it_to_a_person_a_position_and_a_department_until_its_day(client_for, cast: Cast, policy: Policy) -> None:
    assert not sees(client_for, cast.operator, policy)
    to_each = (
        ({"person": cast.salesperson}, cast.salesperson),
        ({"position": cast.operator_post}, cast.operator),
        ({"department": cast.workshop}, cast.workshop_head),
    )
    for to, person in to_each:
        assert not sees(client_for, person, policy)
        given = grant(cast, policy, **to)
        assert sees(client_for, person, policy)
        with time_machine.travel(timezone.now() + timedelta(days=11), tick=False):
            assert not sees(client_for, person, policy), "it ends with no task running"
        refresh_standings()
        end_grant(given, actor=fresh(cast.director))
        assert not sees(client_for, person, policy)


def test_granted_anew_after_it_ended_it_has_its_own_days(client_for, cast: Cast, policy: Policy) -> None:
    grant(cast, policy, days=1, person=cast.salesperson)
    with time_machine.travel(timezone.now() + timedelta(days=5), tick=False):
        assert not sees(client_for, cast.salesperson, policy)
        grant(cast, policy, days=3, person=cast.salesperson)
        assert sees(client_for, cast.salesperson, policy)


def test_nobody_but_the_leader_grants_and_nobody_to_themselves(client_for, cast: Cast, policy: Policy) -> None:
    for person in (cast.head, cast.admin, cast.inspector):
        with pytest.raises(KnowledgeError, match="分管领导"):
            grant_reading(policy, actor=fresh(person), starts_on=today(), ends_on=today(), reason="x", person=cast.operator)
    with pytest.raises(KnowledgeError, match="不能授权给自己"):
        grant(cast, policy, person=cast.director)
    assert client_for(cast.head).get(policy.grants_url).status_code == 403
    assert client_for(cast.director).get(policy.grants_url).status_code == 200


def test_a_grant_lifts_no_clearance_and_goes_to_nobody_who_left(cast: Cast) -> None:
    secret = published(cast, title="配方", audience=audience(f"dept:{cast.quality.pk}+", level=3), leader=leader_duty(cast, cast.director))
    with pytest.raises(KnowledgeError, match="密级不足"):
        grant(cast, secret, person=cast.operator)
    grant(cast, secret, department=cast.workshop)
    assert not can(fresh(cast.operator), "view", secret), "of the department, but of level 1"
    assert can(fresh(cast.workshop_head), "view", secret)
    with pytest.raises(KnowledgeError, match="不在岗"):
        grant(cast, secret, person=cast.leaver)


def test_a_grant_has_a_reason_and_lasts_a_year_at_most(cast: Cast, policy: Policy) -> None:
    common = {"actor": fresh(cast.director), "person": cast.operator, "starts_on": today()}
    with pytest.raises(KnowledgeError, match="理由"):
        grant_reading(policy, ends_on=today(), reason=" ", **common)
    with pytest.raises(KnowledgeError, match="最长一年"):
        grant_reading(policy, ends_on=today() + timedelta(days=400), reason="x", **common)
    with pytest.raises(KnowledgeError, match="三者之一"):
        grant_reading(policy, ends_on=today(), reason="x", department=cast.sales, **common)


def test_who_knows_the_title_asks_and_the_leader_answers(client_for, cast: Cast, policy: Policy) -> None:
    reader, leader = client_for(cast.operator), client_for(cast.director)
    assert "内控标准" in reader.get("/knowledge/policies/").content.decode()
    closed = reader.get(policy.get_absolute_url())
    assert closed.status_code == 403
    assert "申请查阅" in closed.content.decode()
    assert "温湿度" not in closed.content.decode()
    assert reader.post(f"/knowledge/policies/{policy.pk}/request/", {"reason": "写报告"}).status_code == 302
    ask_to_read(policy, actor=fresh(cast.operator), reason="再问一次")
    request = PolicyRequest.objects.get()
    drain()
    assert [row.recipient.name for row in Notification.objects.filter(kind="knowledge.access_asked")] == ["陈刚"]
    assert "写报告" in leader.get(policy.grants_url).content.decode()
    path = f"/knowledge/policies/requests/{request.pk}/answer/"
    assert client_for(cast.head).post(path, {"action": "grant", "ends_on": today()}).status_code == 403
    assert leader.post(path, {"action": "grant", "ends_on": (today() + timedelta(days=3)).isoformat()}).status_code == 302
    assert sees(client_for, cast.operator, policy)
    assert PolicyRequest.objects.get().state == "granted"


def test_what_is_not_listed_is_not_named_to_those_it_is_not_for(client_for, cast: Cast) -> None:
    hidden = published(cast, title="不列名的制度", audience=audience(f"dept:{cast.quality.pk}+"), is_listed=False)
    reader = client_for(cast.operator)
    assert reader.get(hidden.get_absolute_url()).status_code == 404
    assert reader.get(f"/knowledge/policies/{hidden.pk}/request/").status_code == 404
    assert "不列名" not in reader.get("/knowledge/policies/").content.decode()
    assert "不列名" in client_for(cast.inspector).get("/knowledge/policies/").content.decode()
