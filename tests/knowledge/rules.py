"""Policies as tests write them."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from knowledge.models import Policy
from knowledge.services.policies import create_policy, shelf_of
from portal.access.standings import refresh_standings
from portal.accounts.models import User
from portal.organization.models import Duty, DutyHolding
from portal.organization.querysets import today
from portal.pages.drafts import draft_stamp
from portal.pages.services import publish_draft, save_draft
from tests.cast import Cast
from tests.knowledge.writing import fresh

CONTROL = "保管员每班检查温湿度两次并如实记录。"
ALARM = "发现垛温升高的，当班报质检科，并开启除湿设备。"
KEEPING = "记录保存五年，纸面记录按月装订，交档案室。"


def articles(*texts: str) -> str:
    return "".join(f"<p>第{'一二三四五六七八九'[place]}条　{text}</p>" for place, text in enumerate(texts))


def leader_duty(cast: Cast, holder: User) -> Duty:
    duty, is_new = Duty.objects.get_or_create(code="L-quality", defaults={"name": "分管质量的副厂长"})
    if is_new:
        DutyHolding.objects.create(duty=duty, person=holder, starts_on=today())
        refresh_standings()
    return duty


def policy_draft(cast: Cast, *, title: str = "仓库温湿度管理办法", body: str = "", effective_on: date | None = None, **values: Any) -> Policy:
    policy = create_policy(shelf_of(cast.quality), actor=fresh(cast.head))
    body = body or articles(CONTROL, ALARM, KEEPING)
    save_draft(policy, actor=fresh(cast.head), values={"title": title, "body": body, "effective_on": effective_on or today(), **values}, seen=None)
    return Policy.objects.get(pk=policy.pk)


def published(cast: Cast, **values: Any) -> Policy:
    """In force from today unless another day is given, published by 李敏, head of 质检科."""
    return publish_draft(policy_draft(cast, **values), actor=fresh(cast.head))


def new_version(cast: Cast, policy: Policy, *, change_note: str = "修订", effective_on: date | None = None, **values: Any) -> Policy:
    stored = Policy.objects.select_related("latest_revision").get(pk=policy.pk)
    values = {"change_note": change_note, "effective_on": effective_on or today() + timedelta(days=30), **values}
    save_draft(stored, actor=fresh(cast.head), values=values, seen=draft_stamp(stored))
    return publish_draft(stored, actor=fresh(cast.head))


def noon_in(days: timedelta) -> datetime:
    """The middle of a day to come, at whatever hour the test runs: bells ring in the morning."""
    return timezone.localtime().replace(hour=12) + days
