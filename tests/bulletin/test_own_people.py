"""A head is told who of their people has not confirmed, and learns it of nobody else."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.access.rules import person_token
from portal.confirmations.services import OVERDUE_DUE, confirm
from portal.notifications.models import Notification
from portal.outbox.models import Effect
from portal.outbox.services import drain
from portal.pages.services import retract_page
from tests.bulletin.writing import audience, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(cast, board):
    """Of 质检科 for everyone; 刘洋 of 生产车间 has confirmed, 张强 of his shift has not."""
    notice = write(board, cast.head, audience=audience("all"), needs_confirmation=True, confirm_by=timezone.now() + timedelta(days=3))
    confirm(actor=cast.workshop_head, about=notice, number=1)
    return notice


def report_of(notice) -> str:
    return reverse("bulletin:notice_confirmation_report", args=[notice.pk])


def test_the_bell_of_what_is_overdue_leads_a_head_to_the_names_of_their_own_people(client, cast, asked):
    drain()
    Effect.objects.filter(kind=OVERDUE_DUE).update(due_at=timezone.now())
    drain()
    drain()
    told = Notification.objects.get(kind="bulletin.overdue", recipient=cast.workshop_head)
    client.force_login(cast.workshop_head)
    answer = client.get(told.url)
    assert [line.name for line in answer.context["people"]] == ["张强"]
    assert (answer.context["expected"], answer.context["confirmed"]) == (2, 1)
    page = answer.content.decode()
    assert "孙丽" not in page
    assert "confirmations/reminder" not in page, "reminding is for its publishers"
    assert report_of(asked) in client.get(asked.get_absolute_url()).content.decode()
    retract_page(asked, reason="重复", actor=cast.head)
    assert not Notification.objects.filter(kind="bulletin.overdue").exists()
    assert client.get(told.url).status_code == 404


def test_an_export_of_a_head_has_their_own_people_alone(client, cast, asked):
    client.force_login(cast.workshop_head)
    rows = client.get(report_of(asked), {"export": "csv"}).getvalue().decode()
    assert "张强" in rows
    assert "孙丽" not in rows
    assert client.get(report_of(asked), {"department": cast.sales.pk}).context["people"] == []


def test_who_heads_nobody_and_who_may_not_read_it_gets_no_report(client, cast, board, asked):
    for person in (cast.operator, cast.salesperson, cast.inspector):
        client.force_login(person)
        assert client.get(report_of(asked)).status_code == 403
    secret = write(board, cast.head, audience=audience(person_token(cast.operator.pk)), needs_confirmation=True)
    client.force_login(cast.workshop_head)
    assert client.get(report_of(secret)).status_code == 404


def test_nobody_is_offered_to_remind_of_what_was_retracted(client, cast, asked):
    retract_page(asked, reason="重复", actor=cast.head)
    client.force_login(cast.head)
    for name in ("notice_confirmation_report", "notice_confirmation_summary"):
        assert "confirmations/reminder" not in client.get(reverse(f"bulletin:{name}", args=[asked.pk])).content.decode()
