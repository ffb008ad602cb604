"""Rights follow from today's employments, by themselves and at once."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from portal.access.models import Audience, AudienceGroup, Standing
from portal.access.policies import can
from portal.access.registry import has_capability
from portal.access.rules import AudienceRule, department_token, position_token
from portal.access.services import AudienceError, delete_group, grant_capability, refresh_day, save_group
from portal.access.standings import people_matching
from portal.accounts.models import User
from portal.organization.models import Employment
from tests.cast import Cast, employ
from tests.papers.models import Paper


def paper_for(rule: AudienceRule) -> Paper:
    return Paper.objects.create(title="温湿度管理办法", audience=Audience.objects.for_rule(rule))


def reload(person: User) -> User:
    return User.objects.get(pk=person.pk)


def test_a_department_sees_with_those_below_only_where_the_rule_says_so(cast: Cast) -> None:
    with_below = paper_for(AudienceRule.of([department_token(cast.workshop.pk)]))
    itself = paper_for(AudienceRule.of([department_token(cast.workshop.pk, with_below=False)]))
    assert can(cast.operator, "view", with_below)
    assert can(cast.workshop_head, "view", with_below)
    assert can(cast.workshop_head, "view", itself)
    assert not can(cast.operator, "view", itself)
    assert not can(cast.inspector, "view", with_below)


def test_a_deputy_has_the_rights_of_the_post_while_it_lasts(cast: Cast) -> None:
    paper = paper_for(AudienceRule.of([position_token(cast.head_post.pk)], level=3))
    assert can(cast.deputy, "view", paper)
    assert not can(cast.inspector, "view", paper)
    with time_machine.travel(timezone.now() + timedelta(days=25)):
        assert not can(reload(cast.deputy), "view", paper)
        assert can(reload(cast.head), "view", paper)


def test_a_move_in_the_future_takes_effect_on_its_day_by_itself(cast: Cast) -> None:
    paper = paper_for(AudienceRule.of([department_token(cast.sales.pk)]))
    day = timezone.localdate() + timedelta(days=5)
    Employment.objects.filter(person=cast.inspector).update(ends_on=day - timedelta(days=1))
    employ(cast.inspector, cast.sales, cast.staff_post, starts_on=day)
    assert not can(reload(cast.inspector), "view", paper)
    with time_machine.travel(timezone.now() + timedelta(days=5)):
        assert can(reload(cast.inspector), "view", paper)
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        assert not can(reload(cast.inspector), "view", paper), "the clock was set back"


def test_after_midnight_reach_is_right_before_anyone_signs_in(cast: Cast) -> None:
    rule = AudienceRule.of([department_token(cast.office.pk)])
    assert not people_matching(rule).filter(pk=cast.newcomer.pk).exists()
    with time_machine.travel(timezone.now() + timedelta(days=14)):
        assert refresh_day() >= 1
        assert people_matching(rule).filter(pk=cast.newcomer.pk).exists()
        assert refresh_day() == 0


def test_who_is_employed_by_nobody_stands_for_nothing(cast: Cast) -> None:
    everyone = paper_for(AudienceRule.of(["all"]))
    for outsider in (cast.leaver, cast.newcomer, cast.customer):
        assert not can(outsider, "view", everyone)
    assert can(cast.operator, "view", everyone)


def test_a_group_gives_its_members_what_names_it_and_takes_it_back(cast: Cast) -> None:
    group = save_group(AudienceGroup(name="义务消防队", owner=cast.admin), rule=AudienceRule.of([f"user:{cast.operator.pk}"]), actor=cast.admin)
    paper = paper_for(AudienceRule.of([f"group:{group.pk}"]))
    assert can(reload(cast.operator), "view", paper)
    assert not can(reload(cast.inspector), "view", paper)
    save_group(group, rule=AudienceRule.of([f"user:{cast.inspector.pk}"]), actor=cast.admin)
    assert not can(reload(cast.operator), "view", paper)
    assert can(reload(cast.inspector), "view", paper)


def test_a_group_in_use_is_not_deleted_and_holds_no_group(cast: Cast) -> None:
    group = save_group(AudienceGroup(name="义务消防队", owner=cast.admin), rule=AudienceRule.of([f"user:{cast.operator.pk}"]), actor=cast.admin)
    with pytest.raises(AudienceError):
        save_group(AudienceGroup(name="组中组", owner=cast.admin), rule=AudienceRule.of([f"group:{group.pk}"]), actor=cast.admin)
    paper_for(AudienceRule.of([f"group:{group.pk}"]))
    with pytest.raises(AudienceError):
        delete_group(group, actor=cast.admin)
    Paper.objects.all().delete()
    Audience.objects.filter(include__contains=[f"group:{group.pk}"]).delete()
    delete_group(group, actor=cast.admin)
    assert not Standing.objects.filter(tokens__contains=[f"group:{group.pk}"]).exists()


def test_a_capability_is_held_by_whom_it_was_granted_to_and_granted_by_administrators_alone(cast: Cast) -> None:
    rule = AudienceRule.of([department_token(cast.office.pk), f"user:{cast.inspector.pk}"])
    grant_capability("organization.manage", rule=rule, actor=cast.admin)
    assert has_capability(reload(cast.inspector), "organization.manage")
    assert not has_capability(reload(cast.operator), "organization.manage")
    assert not has_capability(reload(cast.inspector), "audit.read")
    with pytest.raises(PermissionError):
        grant_capability("audit.read", rule=rule, actor=reload(cast.inspector))
