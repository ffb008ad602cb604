"""Whoever reads the record learns that something was done, and not what things are called that are not for them."""

import csv
import re
from collections.abc import Callable
from io import BytesIO, StringIO

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from portal.access.models import Audience
from portal.access.policies import models_with_policies
from portal.access.rules import AudienceRule, department_token, person_token
from portal.access.services import grant_capability
from portal.accounts.models import User
from portal.administration.sight import look_over
from portal.attachments.services import hang_files, receive_file
from portal.audit.models import AuditRecord
from portal.audit.services import record
from portal.discussion.services import post_comment, remove_comment
from tests.attachments.samples import pdf
from tests.cast import Cast
from tests.papers.models import Paper

Sign = Callable[[User], Client]
RECORD = "/administration/record/"
SECRETS = ("停产方案", "裁减名单", "夜班先停", "第一稿")


@pytest.fixture
def auditors(cast: Cast, client_for: Sign) -> tuple[Client, Client]:
    """Two who may read the record: one may see the things of the quality department, the other may not."""
    rule = AudienceRule.of([person_token(cast.inspector.pk), person_token(cast.workshop_head.pk)])
    grant_capability("audit.read", rule=rule, actor=cast.admin)
    return client_for(cast.inspector), client_for(cast.workshop_head)


@pytest.fixture
def plan(cast: Cast) -> Paper:
    """A paper for the quality department, with a file, a comment and a change of its text on record."""
    made = Paper.objects.create(title="停产方案", audience=Audience.objects.for_rule(AudienceRule.of([department_token(cast.quality.pk)])))
    file = receive_file(actor=cast.head, name="裁减名单.pdf", content=BytesIO(pdf("List")))
    hang_files(actor=cast.head, about=made, shown=[file.pk])
    post_comment(actor=cast.head, about=made, body="夜班先停")
    with transaction.atomic():
        record(cast.head, "paper.changed", made, before={"title": "第一稿"}, after={"title": "停产方案"}, reason="第一稿不全")
    return made


def exported(browser: Client, kind: str) -> str:
    answer = browser.post(RECORD, {"export": kind})
    content = b"".join(answer.streaming_content)
    if kind == "csv":
        return "\n".join(" ".join(row) for row in csv.reader(StringIO(content.decode("utf-8-sig"))))
    return "\n".join(" ".join(str(cell) for cell in row) for row in load_workbook(BytesIO(content)).active.iter_rows(values_only=True))


def test_names_and_words_are_for_those_who_may_see_the_thing(plan: Paper, auditors: tuple[Client, Client]) -> None:
    sees, sees_not = auditors
    rows = AuditRecord.objects.order_by("pk")
    for secret in SECRETS:
        for kind in ("csv", "xlsx"):
            assert secret in exported(sees, kind), secret
            assert secret not in exported(sees_not, kind), secret
        assert secret in "".join(sees.get(f"{RECORD}{row.pk}/").content.decode() for row in rows), secret
        assert secret not in "".join(sees_not.get(f"{RECORD}{row.pk}/").content.decode() for row in rows), secret
    page, closed = sees.get(RECORD).content.decode(), sees_not.get(RECORD).content.decode()
    for secret in SECRETS[:3]:
        assert secret in page
        assert secret not in closed
    assert f"paper #{plan.pk}" in closed
    assert "李敏" in closed


def test_no_search_tells_of_a_name_that_is_not_shown(plan: Paper, auditors: tuple[Client, Client]) -> None:
    sees, sees_not = auditors
    assert {row.object_label for row in sees.get(RECORD, {"q": "停产"}).context["page"].rows} == {"停产方案"}
    assert sees_not.get(RECORD, {"q": "停产"}).context["page"].rows == []
    assert sees_not.get(RECORD, {"q": "李敏"}).context["page"].rows


def test_it_is_shown_on_demand_to_whoever_says_why_and_that_goes_on_record(cast: Cast, plan: Paper, auditors: tuple[Client, Client]) -> None:
    _sees, sees_not = auditors
    row = AuditRecord.objects.get(verb="paper.changed")
    name, page = f"{RECORD}{row.pk}/name/", f"{RECORD}{row.pk}/"
    assert name in sees_not.get(page).content.decode()
    assert sees_not.post(name, {"reason": " "}).status_code == 422
    assert not AuditRecord.objects.filter(verb="record.uncovered").exists()
    assert sees_not.post(name, {"reason": "有人举报，核对"}).status_code == 302
    noted = AuditRecord.objects.get(verb="record.uncovered")
    assert (noted.actor, noted.object_id, noted.reason) == (cast.workshop_head, str(row.pk), "有人举报，核对")
    assert "停产方案" not in noted.object_label
    shown = sees_not.get(page).content.decode()
    assert "停产方案" in shown
    assert "第一稿不全" in shown
    assert "停产方案" not in sees_not.get(RECORD).content.decode()
    assert "有人举报，核对" in sees_not.get(f"{RECORD}{noted.pk}/").content.decode()


def test_what_was_taken_away_is_shown_to_nobody_unasked(cast: Cast, plan: Paper, auditors: tuple[Client, Client]) -> None:
    sees, _sees_not = auditors
    comment = post_comment(actor=cast.inspector, about=plan, body="说错了的话")
    assert "说错了的话" in sees.get(RECORD).content.decode()
    remove_comment(comment=comment, actor=cast.inspector)
    assert "说错了的话" not in sees.get(RECORD).content.decode()
    assert "说错了的话" not in exported(sees, "csv")


def test_all_rows_are_asked_in_one_statement_whatever_they_are_about(cast: Cast) -> None:
    """Besides what policies ask about a person, which is the same for one row of a kind as for many."""
    kinds = [model._meta.label_lower for model in models_with_policies()]
    one, many = ([AuditRecord(object_type=kind, object_id=str(pk), verb="thing.changed") for kind in kinds for pk in range(1, count + 1)] for count in (1, 5))
    look_over(one, cast.workshop_head)
    with CaptureQueriesContext(connection) as asked_of_one:
        look_over(one, cast.workshop_head)
    with CaptureQueriesContext(connection) as asked_of_many:
        look_over(many, cast.workshop_head)
    assert sum(" UNION ALL " in query["sql"] for query in asked_of_many) == 1
    assert len(asked_of_many) == len(asked_of_one)


def test_who_takes_part_is_named_and_not_numbered(cast: Cast, client_for: Sign) -> None:
    head = f"user:{cast.head.pk}"
    before, after = {"readers": head}, {"readers": f"dept:{cast.quality.pk}+ head:{cast.quality.pk} {head} until:3"}
    changed = record(cast.admin, "readers.changed", cast.quality, before=before, after=after)
    page = client_for(cast.admin).get(f"{RECORD}{changed.pk}/").content.decode()
    assert "参与人" in page
    assert "质检科及下属、质检科负责人、李敏" in re.sub(r" ?\(\d+\)", "", page)
    assert head not in page
    assert "until:3" in page, "what has no name stays as it is"
