"""The record and operation, for those who may."""

import csv
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from portal.access.rules import AudienceRule, person_token
from portal.access.services import grant_capability
from portal.accounts.models import User
from portal.audit.models import AuditRecord
from portal.audit.services import record
from portal.outbox.models import Effect
from tests.cast import Cast

Sign = Callable[[User], Client]
RECORD = "/administration/record/"


def write(actor: User, verb: str = "group.created", **values: object) -> AuditRecord:
    with transaction.atomic():
        return record(actor, verb, actor, **values)


def test_the_record_is_for_those_who_were_granted_it(cast: Cast, client_for: Sign, client: Client) -> None:
    entry = write(cast.inspector)
    grant_capability("audit.read", rule=AudienceRule.of([person_token(cast.head.pk)]), actor=cast.admin)
    for path in (RECORD, f"{RECORD}{entry.pk}/"):
        assert client_for(cast.admin).get(path).status_code == 200
        assert client_for(cast.head).get(path).status_code == 200
        assert client_for(cast.inspector).get(path).status_code == 403
        assert client.get(path).status_code == 302
    assert client_for(cast.inspector).post(f"{RECORD}export/").status_code == 403


def test_the_record_is_searched_by_person_act_and_day(cast: Cast, client_for: Sign) -> None:
    write(cast.inspector, "group.created", reason="消防")
    write(cast.operator, "group.deleted")
    browser = client_for(cast.admin)
    today, tomorrow = timezone.localdate(), timezone.localdate() + timedelta(days=1)

    def found(**query: object) -> set[str]:
        return {entry.actor_label for entry in browser.get(RECORD, query).context["records"]}

    assert found(words="王伟") == {"王伟 (10003)"}
    assert found(words="消防 10003") == {"王伟 (10003)"}
    assert found(verb="group.deleted") == {"张强 (10004)"}
    assert found(since=today, until=today) == {"王伟 (10003)", "张强 (10004)"}
    assert found(since=tomorrow) == set()


@pytest.mark.parametrize(
    "query", [{"since": "gestern"}, {"verb": "no.such"}, {"since": "2026-03-02", "until": "2026-03-01"}, {"before": "1; DROP TABLE"}, {"words": "x" * 90}]
)
def test_a_filter_that_is_wrong_gets_an_answer_and_no_error(cast: Cast, client_for: Sign, query: dict[str, str]) -> None:
    assert client_for(cast.admin).get(RECORD, query).status_code in (200, 422)


def test_older_entries_follow_without_gaps_or_repeats(cast: Cast, client_for: Sign) -> None:
    written = [write(cast.operator).pk for _turn in range(120)]
    browser, seen, before = client_for(cast.admin), [], None
    while True:
        context = browser.get(RECORD, {"before": before} if before else {}).context
        seen += [entry.pk for entry in context["records"]]
        before = context["more"]
        if before is None:
            break
    assert seen == written[::-1]


def test_what_is_exported_is_defused_and_the_export_is_on_record(cast: Cast, client_for: Sign) -> None:
    write(cast.operator, reason="=HYPERLINK(1)")
    browser = client_for(cast.admin)
    answer = browser.post(f"{RECORD}export/", {"words": "张强"})
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 2
    assert "'=HYPERLINK(1)" in rows[1]
    text = b"".join(browser.post(f"{RECORD}export/", {"kind": "csv", "words": "张强"}).streaming_content).decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in next(csv.reader(StringIO(text.splitlines()[1])))
    assert AuditRecord.objects.filter(verb="record.exported", actor=cast.admin).count() == 2


def test_operation_is_for_administrators_and_tries_again_what_was_given_up(cast: Cast, client_for: Sign) -> None:
    Effect.objects.create(kind="standings.changed", payload={"user_ids": []}, failed_at=timezone.now(), attempts=12, last_error="<b>boom</b>")
    assert client_for(cast.head).get("/administration/operation/").status_code == 403
    assert client_for(cast.head).post("/administration/operation/effects/retry/").status_code == 403
    page = client_for(cast.admin).get("/administration/operation/").content.decode()
    assert "&lt;b&gt;boom" in page
    assert client_for(cast.admin).post("/administration/operation/effects/retry/").status_code == 302
    assert not Effect.objects.filter(failed_at__isnull=False).exists()
