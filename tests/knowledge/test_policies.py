"""Policies: numbered and published by those in charge, in force on their day, compared article by article, confirmed by version."""

from datetime import date, timedelta
from random import Random

import pytest
import time_machine
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from knowledge.errors import KnowledgeError
from knowledge.force import in_force, state_on
from knowledge.models import Policy, PolicyClause, PolicyVersion
from knowledge.services.policies import repeal_policy, set_pair, withdraw_version
from portal.access.rules import AudienceRule
from portal.access.standings import people_matching
from portal.confirmations.errors import ConfirmationError
from portal.confirmations.models import Confirmation
from portal.confirmations.reports import ConfirmationReport
from portal.confirmations.services import confirm
from portal.notifications.models import Notification
from portal.organization.querysets import today
from portal.outbox.services import drain
from portal.pages.errors import PublicationError
from portal.pages.services import publish_draft, save_draft
from tests.cast import Cast
from tests.knowledge.rules import ALARM, CONTROL, KEEPING, articles, new_version, noon_in, policy_draft, published
from tests.knowledge.writing import audience, fresh

pytestmark = pytest.mark.django_db
THREE = CONTROL.replace("两次", "三次，间隔不少于三小时")
NIGHT = "夜班由值班长代为抽查一次，抽查不合格的，当班立即复测。"


def told(kind: str) -> list[str]:
    drain()
    return sorted(Notification.objects.filter(kind=f"knowledge.policy_{kind}").values_list("recipient__name", flat=True))


def page_of(client_for, person, policy: Policy, query: str = "") -> str:
    return client_for(person).get(f"/knowledge/policies/{policy.pk}/{query}").content.decode()


def test_the_person_in_charge_publishes_and_everyone_reads_it_by_its_articles(client_for, cast: Cast) -> None:
    head = client_for(cast.head)
    sent = {
        "title": "仓库温湿度管理办法", "body": articles(CONTROL, ALARM), "kind": "measure", "category": "storage", "effective_on": today().isoformat(),
        "audience_include": "all", "audience_level": "0", "interpreting_department": cast.quality.pk, "review_months": 36, "is_listed": "on",
        "action": "publish",
    }  # fmt: skip
    assert client_for(cast.inspector).get("/knowledge/policies/new/").status_code == 403
    assert head.post("/knowledge/policies/new/", sent).status_code == 302
    policy = Policy.objects.get()
    assert policy.number is not None
    assert policy.number.endswith(f"-{today().year}-001")
    page = page_of(client_for, cast.operator, policy)
    keys = list(PolicyClause.objects.order_by("order").values_list("key", "label"))
    assert [label for _key, label in keys] == ["第一条", "第二条"]
    assert all(f'id="t{key}"' in page for key, _label in keys)
    assert "现行有效" in page
    assert policy.number in client_for(cast.operator).get("/knowledge/policies/").content.decode()
    assert set(told("published")) == {person.name for person in people_matching(AudienceRule.of(["all"]))} - {"李敏"}


def test_a_future_version_is_shown_as_such_and_takes_effect_on_its_day_without_a_task(client_for, cast: Cast) -> None:
    policy = published(cast)
    new_version(cast, policy, body=articles(THREE, ALARM, KEEPING))
    assert "两次" in page_of(client_for, cast.operator, policy)
    assert "三次" not in page_of(client_for, cast.operator, policy).split("policy-text")[1]
    assert "尚未施行" in page_of(client_for, cast.operator, policy, "?version=2")
    with time_machine.travel(noon_in(timedelta(days=30)), tick=False):
        later = page_of(client_for, cast.operator, policy)
        assert "三次" in later.split("policy-text")[1]
        assert "两次" in page_of(client_for, cast.operator, policy, f"?day={today() - timedelta(days=1)}").split("policy-text")[1]
        drain()
        assert Notification.objects.filter(kind="knowledge.policy_effective", recipient=cast.operator).count() == 1
    assert state_on(Policy.objects.get(pk=policy.pk), today() - timedelta(days=1)) == "not_yet"


def test_a_version_that_is_taken_back_before_its_day_was_never_in_force(cast: Cast) -> None:
    policy = published(cast, body=articles(CONTROL))
    new_version(cast, policy, body=articles(THREE), effective_on=today() + timedelta(days=8))
    mistaken = PolicyVersion.objects.get(policy=policy, number=2)
    with pytest.raises(KnowledgeError):
        withdraw_version(mistaken, reason="误发", actor=fresh(cast.operator))
    withdraw_version(mistaken, reason="误发", actor=fresh(cast.head))
    new_version(cast, policy, body=articles(CONTROL, NIGHT), effective_on=today() + timedelta(days=15))
    days = {offset: in_force(policy, today() + timedelta(days=offset)) for offset in (0, 8, 14, 15)}
    assert {offset: version.number for offset, version in days.items() if version is not None} == {0: 1, 8: 1, 14: 1, 15: 3}
    with pytest.raises(KnowledgeError, match="已经施行"):
        withdraw_version(PolicyVersion.objects.get(policy=policy, number=1), reason="晚了", actor=fresh(cast.head))


def test_repealed_its_address_leads_to_what_replaces_it(client_for, cast: Cast) -> None:
    old = published(cast, title="旧办法")
    with pytest.raises(KnowledgeError, match="不能代替自身"):
        repeal_policy(old, effective_on=today(), replaced_by=old, actor=fresh(cast.head))
    new = published(cast, title="新办法", repeals=[old.pk], effective_on=today() + timedelta(days=5))
    assert in_force(old, today()) is not None
    assert in_force(old, today() + timedelta(days=5)) is None
    with time_machine.travel(timezone.now() + timedelta(days=6), tick=False):
        page = page_of(client_for, cast.operator, old)
        assert "已废止" in page
        assert new.get_absolute_url() in page


def test_in_force_on_any_day_as_known_at_any_moment_agrees_with_a_naive_reading(cast: Cast) -> None:
    random, start = Random(5), timezone.now()
    history: list[tuple[str, int, date, int]] = []  # what, version, effective day, day of knowledge
    policy = published(cast, body=articles(CONTROL))
    history.append(("published", 1, today(), 0))
    offset, number, withdrawn = 0, 1, set()
    for _step in range(9):
        offset += random.randrange(1, 6)
        with time_machine.travel(start + timedelta(days=offset), tick=False):
            open_ones = [row for row in PolicyVersion.objects.filter(policy=policy, effective_on__gt=today()) if row.number not in withdrawn]
            if open_ones and random.random() < 0.4:
                taken = random.choice(open_ones)
                withdraw_version(taken, reason="试", actor=fresh(cast.head))
                withdrawn.add(taken.number)
                history.append(("withdrawn", taken.number, taken.effective_on, offset))
                continue
            day = today() + timedelta(days=random.randrange(1, 20))
            if PolicyVersion.objects.filter(policy=policy, effective_on=day).exists():
                continue
            number += 1
            new_version(cast, policy, body=articles(CONTROL, f"第{number}次修订的内容。"), effective_on=day)
            history.append(("published", number, day, offset))
    for known in range(offset + 2):
        for ahead in range(-2, 45):
            day = (start + timedelta(days=ahead)).date()
            gone = {version for what, version, _day, at in history if what == "withdrawn" and at <= known}
            versions = [(on, version) for what, version, on, at in history if what == "published" and at <= known and version not in gone and on <= day]
            found = in_force(policy, day, start + timedelta(days=known, hours=1))
            assert (found.number if found is not None else None) == (max(versions)[1] if versions else None), (known, day)


def test_two_versions_never_take_effect_on_one_day_nor_before_what_is_in_force(cast: Cast) -> None:
    policy = published(cast, effective_on=today())
    new_version(cast, policy, body=articles(THREE), effective_on=today() + timedelta(days=10))
    new_version(cast, policy, body=articles(ALARM), effective_on=today() + timedelta(days=20))
    for body, day, sentence in ((NIGHT, -1, "现行版本自"), (NIGHT, 10, "已有版本")):
        with pytest.raises(PublicationError, match=sentence):
            new_version(cast, policy, body=articles(body), effective_on=today() + timedelta(days=day), backdating_reason="补发")
    assert PolicyVersion.objects.filter(policy=policy).count() == 3


def test_backdating_asks_for_a_reason_that_readers_see(client_for, cast: Cast) -> None:
    past = today() - timedelta(days=3)
    with pytest.raises(PublicationError, match="追溯"):
        published(cast, effective_on=past)
    policy = publish_draft(policy_draft(cast, title="另一项", effective_on=past, backdating_reason="会议已定"), actor=fresh(cast.head))
    assert "会议已定" in page_of(client_for, cast.operator, policy)


def test_articles_keep_their_address_and_the_table_says_what_became_of_each(client_for, cast: Cast) -> None:
    policy = published(cast, body=articles(CONTROL, ALARM, KEEPING))
    new_version(cast, policy, body=articles(THREE, NIGHT, ALARM), effective_on=today() + timedelta(days=1))
    first, second = (dict(PolicyClause.objects.filter(version__number=number).values_list("label", "key")) for number in (1, 2))
    assert second["第一条"] == first["第一条"]
    assert second["第三条"] == first["第二条"]
    assert second["第二条"] not in first.values()
    page = client_for(cast.operator).get(f"/knowledge/policies/{policy.pk}/comparison/1/2/?show=all").content.decode()
    rows = [row.split('"')[0] for row in page.split('<tr class="')[1:]]
    assert sorted(rows) == ["added", "changed", "removed", "renumbered"]
    assert "<ins>" in page


def test_the_writer_corrects_a_pair_before_publication_and_it_stays(client_for, cast: Cast) -> None:
    policy = published(cast, body=articles(CONTROL, KEEPING))
    key = PolicyClause.objects.get(label="第一条").key
    stored = Policy.objects.select_related("latest_revision").get(pk=policy.pk)
    head = client_for(cast.head)
    body = articles("巡检办法另行规定，由仓储科负责。", KEEPING)
    values = {"body": body, "change_note": "改", "effective_on": today() + timedelta(days=2)}
    save_draft(stored, actor=fresh(cast.head), values=values, seen=None)
    preview = head.get(f"/knowledge/policies/{policy.pk}/draft/preview/").content.decode()
    assert "新增" in preview
    digest = preview.split('name="digest" value="')[1].split('"')[0]
    with pytest.raises(KnowledgeError):
        set_pair(policy, digest=digest, key=999, actor=fresh(cast.head))
    assert head.post(f"/knowledge/policies/{policy.pk}/draft/pair/", {"digest": digest, "key": key}).status_code == 302
    publish_draft(Policy.objects.get(pk=policy.pk), actor=fresh(cast.head))
    assert PolicyClause.objects.get(version__number=2, label="第一条").key == key


def test_a_confirmation_belongs_to_a_version_and_says_what_changed_since(client_for, cast: Cast) -> None:
    policy = published(cast, needs_confirmation=True, confirm_by=timezone.now() + timedelta(days=9))
    path = f"/knowledge/policies/{policy.pk}/"
    reader = client_for(cast.operator)
    assert "请确认已读第 1 版" in reader.get(path).content.decode().replace("您", "")
    assert not Confirmation.objects.by(cast.operator).exists(), "a GET confirms nothing"
    assert reader.post(f"{path}confirmation/", {"version": 1}).status_code == 302
    new_version(cast, policy, body=articles(CONTROL, ALARM, KEEPING.replace("五年", "五年（含）")), effective_on=today() + timedelta(days=1))
    assert Policy.objects.get(pk=policy.pk).binding_number == 1, "a minor correction asks nobody anew"
    assert cast.operator.pk not in {pk for pk, _department in ConfirmationReport(Policy.objects.get(pk=policy.pk)).missing()}
    new_version(cast, policy, body=articles(THREE, NIGHT, ALARM, KEEPING), effective_on=today() + timedelta(days=2), asks_anew=True)
    assert Policy.objects.get(pk=policy.pk).binding_number == 3
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        page = page_of(client_for, cast.operator, policy)
        assert "自您确认第 1 版以来有 2 条改动" in page.replace("\n", "").replace("  ", "")
        with pytest.raises(ConfirmationError):
            confirm(actor=fresh(cast.operator), about=policy, number=1)
        never = page_of(client_for, cast.salesperson, policy)
        assert "自您确认" not in never


def test_nothing_to_confirm_anew_where_no_article_has_changed(cast: Cast) -> None:
    policy = published(cast, needs_confirmation=True)
    with pytest.raises(PublicationError, match="没有改动"):
        new_version(cast, policy, asks_anew=True, title="仓库温湿度管理办法（重印）")


def test_who_had_to_know_it_on_a_past_day(cast: Cast) -> None:
    policy = published(cast, needs_confirmation=True, audience=audience(f"dept:{cast.quality.pk}+"))
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        new_version(cast, policy, audience=audience("all"), body=articles(THREE, ALARM), effective_on=today() + timedelta(days=1), asks_anew=True)
    with time_machine.travel(timezone.now() + timedelta(days=4), tick=False):
        stored = Policy.objects.get(pk=policy.pk)
        on_first = {line.name for line in ConfirmationReport(stored, today() - timedelta(days=3)).people()[0]}
        now = {line.name for line in ConfirmationReport(stored).people()[0]}
    assert on_first == {"李敏", "王伟", "赵静"}
    assert "张强" in now


def test_the_database_refuses_to_change_what_was_published(cast: Cast) -> None:
    published(cast)
    for statement in ("UPDATE knowledge_policyversion SET title = 'x'", "DELETE FROM knowledge_policyclause", "UPDATE knowledge_policyclause SET text = ''"):
        with pytest.raises(ProgrammingError, match="only added"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
