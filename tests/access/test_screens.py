"""The picker, groups, capabilities and why, as people use them."""

from collections.abc import Callable

import pytest
from django.test import Client

from portal.access.models import Audience, AudienceGroup, CapabilityGrant
from portal.access.rules import AudienceRule, department_token, person_token
from portal.access.services import grant_capability
from portal.accounts.models import User
from portal.audit.models import AuditRecord
from tests.cast import Cast, employ, make_person
from tests.papers.models import Paper

Sign = Callable[[User], Client]


@pytest.mark.parametrize("text", ["质检", "quality", "zhijian", "QUALITY"])
def test_the_picker_offers_departments_by_name_pinyin_and_code(cast: Cast, client_for: Sign, text: str) -> None:
    answer = client_for(cast.operator).get("/access/audience/choices/", {"q": text})
    assert f'data-token="{department_token(cast.quality.pk)}"' in answer.content.decode()


def test_the_picker_passes_over_what_no_name_has(cast: Cast, client_for: Sign) -> None:
    answer = client_for(cast.operator).get("/access/audience/choices/", {"q": "\0质检\0"})
    assert f'data-token="{department_token(cast.quality.pk)}"' in answer.content.decode()


@pytest.mark.parametrize("text", ["王伟", "wangwei", "wang wei", "ww", "10003"])
def test_the_picker_offers_people_by_pinyin_and_number(cast: Cast, client_for: Sign, text: str) -> None:
    body = client_for(cast.operator).get("/access/audience/choices/", {"q": text}).content.decode()
    assert f'data-token="{person_token(cast.inspector.pk)}"' in body
    assert f'data-token="{person_token(cast.head.pk)}"' not in body


def test_the_picker_says_how_many_it_reaches_and_who(cast: Cast, client_for: Sign) -> None:
    query = {
        "field": "audience",
        "audience_include": department_token(cast.quality.pk),
        "audience_exclude": person_token(cast.deputy.pk),
        "audience_level": "0",
    }
    browser = client_for(cast.operator)
    assert "2" in browser.get("/access/audience/reach/", query).content.decode()
    browser.cookies["gongfang_language"] = "en"
    people = browser.get("/access/audience/people/", query).content.decode()
    assert "李敏" in people
    assert "王伟" in people
    assert "except 赵静" in people
    assert people.count("赵静") == 1, "named in the rule, not among those it reaches"


def test_customers_and_strangers_learn_nothing_from_the_picker(cast: Cast, client_for: Sign, client: Client) -> None:
    for path in ("/access/audience/choices/", "/access/audience/reach/", "/access/audience/people/"):
        assert client.get(path, {"q": "王"}).status_code == 302
        assert client_for(cast.customer).get(path, {"q": "王"}).status_code == 403


def test_a_keeper_saves_a_group_and_others_may_not(cast: Cast, client_for: Sign) -> None:
    form = {"name": "质检骨干", "note": "", "rule_include": [department_token(cast.quality.pk)], "rule_level": "0"}
    assert client_for(cast.head).post("/access/groups/new/", form).status_code == 403
    grant_capability("access.groups", rule=AudienceRule.of([person_token(cast.head.pk)]), actor=cast.admin)
    assert client_for(cast.head).post("/access/groups/new/", form).status_code == 302
    group = AudienceGroup.objects.get(name="质检骨干")
    assert group.owner == cast.head
    assert AuditRecord.objects.filter(verb="group.created", actor=cast.head).count() == 1
    grant_capability("access.groups", rule=AudienceRule.of([person_token(cast.head.pk), person_token(cast.inspector.pk)]), actor=cast.admin)
    assert client_for(cast.inspector).get(f"/access/groups/{group.pk}/").status_code == 403
    assert client_for(cast.head).get(f"/access/groups/{group.pk}/").status_code == 200


def test_a_group_of_nobody_or_of_what_does_not_exist_is_refused_and_what_was_typed_is_kept(cast: Cast, client_for: Sign) -> None:
    for extra in ({}, {"rule_include": ["dept:999999+"]}, {"rule_include": ["nonsense"]}, {"rule_add_include": "查无此人"}):
        answer = client_for(cast.admin).post("/access/groups/new/", {"name": "质检骨干", "note": "留着", "rule_level": "0", **extra})
        assert answer.status_code == 422
        assert "留着" in answer.content.decode()
    assert not AudienceGroup.objects.exists()


def test_without_a_script_one_name_is_typed_and_two_of_one_name_are_told_apart(cast: Cast, client_for: Sign) -> None:
    form = {"name": "一人组", "note": "", "rule_level": "0", "rule_add_include": "张强"}
    namesake = make_person("20001", "张强")
    employ(namesake, cast.sales, cast.staff_post)
    answer = client_for(cast.admin).post("/access/groups/new/", form)
    assert answer.status_code == 422
    assert "20001" in answer.content.decode()
    assert client_for(cast.admin).post("/access/groups/new/", form | {"rule_add_include": "20001"}).status_code == 302
    assert AudienceGroup.objects.get().audience.rule == AudienceRule.of([person_token(namesake.pk)])


def test_administrators_grant_capabilities_and_nobody_else(cast: Cast, client_for: Sign) -> None:
    form = {"rule_include": [person_token(cast.head.pk)], "rule_level": "0"}
    assert client_for(cast.head).post("/access/capabilities/audit.read/", form).status_code == 403
    assert client_for(cast.head).get("/access/capabilities/").status_code == 403
    assert client_for(cast.admin).post("/access/capabilities/audit.read/", form).status_code == 302
    assert CapabilityGrant.objects.get().audience.rule == AudienceRule.of([person_token(cast.head.pk)])
    assert client_for(cast.admin).get("/access/capabilities/no.such/").status_code == 404


def test_why_names_the_rule_that_decides(cast: Cast, client_for: Sign) -> None:
    rule = AudienceRule.of([department_token(cast.quality.pk)], [person_token(cast.inspector.pk)], 3)
    paper = Paper.objects.create(title="质量月报", audience=Audience.objects.for_rule(rule.of([*rule.include, person_token(cast.admin.pk)], rule.exclude, 3)))
    browser = client_for(cast.admin)

    def ask(person: str) -> str:
        return browser.get(f"/access/why/papers.paper/{paper.pk}/", {"person": person, "action": "view"}).content.decode()

    browser.cookies["gongfang_language"] = "en"
    assert "Yes: 李敏" in ask("10002")
    assert "Head in Quality Inspection since" in ask("10002")
    assert "left out by the exception" in ask("10003")
    assert "belongs to none of these" in ask("10004")
    assert "Yes: 赵静" in ask("10007")
    assert "account is not active" in ask("10008")


def test_why_is_for_those_who_were_granted_it_about_any_thing(cast: Cast, client_for: Sign) -> None:
    paper = Paper.objects.create(title="质量月报", audience=Audience.objects.for_rule(AudienceRule.of([department_token(cast.quality.pk)])))
    address = f"/access/why/papers.paper/{paper.pk}/"
    assert client_for(cast.head).get(address).status_code == 403
    grant_capability("access.explain", rule=AudienceRule.of([person_token(cast.head.pk), person_token(cast.salesperson.pk)]), actor=cast.admin)
    for person in (cast.head, cast.salesperson, cast.admin):
        page = client_for(person).get(address, {"person": "10003"}).content.decode()
        assert "质量月报" in page
        assert "质检科" in page
    assert client_for(cast.inspector).get(address).status_code == 403, "seeing the thing gives no right to ask"
    for nonsense in (
        "/access/why/papers.paper/x/",
        "/access/why/auth.permission/1/",
        "/access/why/no.model/1/",
        "/access/why/papers/1/",
        f"{address[:-2]}999/",
    ):
        assert client_for(cast.admin).get(nonsense).status_code == 404
