"""The record and operation, for those who may."""

import csv
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from io import BytesIO, StringIO

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from bulletin.services.boards import board_of, keep_board
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
    assert client_for(cast.inspector).post(RECORD, {"export": "xlsx"}).status_code == 403


def test_the_record_is_searched_by_person_act_and_day(cast: Cast, client_for: Sign) -> None:
    write(cast.inspector, "group.created", reason="消防")
    write(cast.operator, "group.deleted")
    browser = client_for(cast.admin)
    today, tomorrow = timezone.localdate(), timezone.localdate() + timedelta(days=1)

    def found(**query: object) -> set[str]:
        return {entry.actor_label for entry in browser.get(RECORD, query).context["page"].rows}

    assert found(q="王伟") == {"王伟 (10003)"}
    assert found(q="消防 10003") == {"王伟 (10003)"}
    assert found(verb="group.deleted") == {"张强 (10004)"}
    assert found(at_from=today, at_to=today) == {"王伟 (10003)", "张强 (10004)"}
    assert found(at_from=tomorrow) == set()


@pytest.mark.parametrize(
    "query", [{"at_from": "gestern"}, {"verb": "no.such"}, {"at_from": "2026-03-02", "at_to": "2026-03-01"}, {"after": "1; DROP TABLE"}, {"q": "x" * 90}]
)
def test_a_filter_that_is_wrong_gets_an_answer_and_no_error(cast: Cast, client_for: Sign, query: dict[str, str]) -> None:
    assert client_for(cast.admin).get(RECORD, query).status_code in (200, 422)


def test_older_entries_follow_without_gaps_or_repeats(cast: Cast, client_for: Sign) -> None:
    written = [write(cast.operator).pk for _turn in range(120)]
    browser, seen, place = client_for(cast.admin), [], ""
    while True:
        page = browser.get(RECORD, {"after": place} if place else {}).context["page"]
        seen += [entry.pk for entry in page.rows]
        place = page.next
        if not place:
            break
    assert seen == written[::-1]


def test_what_is_exported_is_defused_and_the_export_is_on_record(cast: Cast, client_for: Sign) -> None:
    write(cast.operator, reason="=HYPERLINK(1)")
    browser = client_for(cast.admin)
    answer = browser.post(f"{RECORD}?q=张强", {"export": "xlsx"})
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 2
    assert "'=HYPERLINK(1)" in rows[1]
    text = b"".join(browser.post(f"{RECORD}?q=张强", {"export": "csv"}).streaming_content).decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in next(csv.reader(StringIO(text.splitlines()[1])))
    assert AuditRecord.objects.filter(verb="list.exported", actor=cast.admin).count() == 2


def test_operation_is_for_administrators_and_tries_again_what_was_given_up(cast: Cast, client_for: Sign) -> None:
    Effect.objects.create(kind="standings.changed", payload={"user_ids": []}, failed_at=timezone.now(), attempts=12, last_error="<b>boom</b>")
    assert client_for(cast.head).get("/administration/operation/").status_code == 403
    assert client_for(cast.head).post("/administration/operation/effects/retry/").status_code == 403
    page = client_for(cast.admin).get("/administration/operation/").content.decode()
    assert "&lt;b&gt;boom" in page
    assert "正常" in page
    assert not any(word in page for word in (">database<", "in order", "failing"))
    assert client_for(cast.admin).post("/administration/operation/effects/retry/").status_code == 302
    assert not Effect.objects.filter(failed_at__isnull=False).exists()


def test_how_the_parts_are_is_said_in_the_operators_language(cast: Cast, client_for: Sign) -> None:
    page = client_for(cast.admin).get("/administration/operation/").content.decode()
    words = unescape(re.sub(r"<[^>]+>", " ", page.split("<main", 1)[1].split("</main>")[0]))
    assert re.findall(r"\b[a-z]{2,}(?: [a-z]{2,})+", words, re.IGNORECASE) == []


def test_the_record_names_fields_and_values_in_words(cast: Cast, client_for: Sign) -> None:
    board = board_of(cast.quality)
    keep_board(board, document_prefix="质检", needs_second_person=True, actor=cast.head)
    entry = AuditRecord.objects.get(verb="board.changed")
    page = client_for(cast.admin).get(f"{RECORD}{entry.pk}/").content.decode()
    assert "公文字号前缀" in page or "文号" in page
    assert "是</td>" in page
    assert not any(raw in page for raw in ("document_prefix", "document prefix", "needs_second_person", "True"))
