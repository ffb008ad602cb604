"""Reports of confirmations, as of now and past days, reminders, and how a department has published."""

from datetime import date, datetime, time, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from bulletin.models import Notice, NoticeVersion
from bulletin.reporting.periods import PeriodReport
from bulletin.services.readers import note_reading
from portal.access.models import StandingPeriod
from portal.access.standings import refresh_standings
from portal.accounts.models import User
from portal.confirmations.errors import ConfirmationError
from portal.confirmations.models import Confirmation
from portal.confirmations.reports import ConfirmationReport
from portal.confirmations.services import confirm, remind_unconfirmed
from portal.notifications.models import Notification
from portal.organization.models import Employment
from portal.organization.querysets import today
from portal.outbox.models import Effect
from portal.outbox.services import drain
from tests.bulletin.writing import audience, correct, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(cast, board):
    """For everyone in 质检科, to be confirmed in three days."""
    return write(board, cast.head, title="须确认", needs_confirmation=True, confirm_by=timezone.now() + timedelta(days=3))


def lines(notice: Notice, day: date | None = None) -> dict[str, tuple[int, int]]:
    return {line.label: (line.expected, line.confirmed) for line in ConfirmationReport(notice, day).departments()}


def test_the_report_counts_by_department_who_has_and_has_not(cast, board):
    notice = write(board, cast.head, needs_confirmation=True, audience=audience(f"dept:{cast.quality.pk}", f"dept:{cast.sales.pk}"))
    confirm(actor=cast.inspector, about=notice, number=1)
    assert lines(notice) == {"质检科": (3, 2), "销售科": (1, 0)}, "who wrote it has read it"
    missing = {person for person, _department in ConfirmationReport(notice).missing()}
    assert missing == {cast.deputy.pk, cast.salesperson.pk}


def test_someone_who_moved_or_left_is_counted_as_they_were_on_that_day(cast, asked):
    """王伟 moves from 质检科 to 销售科 today, 赵静 leaves today; yesterday's report has both where they were."""
    _publish_days_ago(asked, 5)
    for person in (cast.inspector, cast.deputy):
        Employment.objects.filter(person=person).update(ends_on=today() - timedelta(days=1))
    Employment.objects.create(person=cast.inspector, department=cast.sales, position=cast.staff_post, starts_on=today())
    User.objects.filter(pk=cast.deputy.pk).update(is_active=False)
    refresh_standings()
    assert lines(asked, today() - timedelta(days=1)) == {"质检科": (3, 0)}
    assert lines(asked) == {"质检科": (1, 1)}


def test_a_confirmation_counts_from_the_day_it_was_given(cast, asked):
    _publish_days_ago(asked, 5)
    Confirmation.objects.create(about=asked, number=1, person=cast.inspector, department=cast.quality, confirmed_at=timezone.now() - timedelta(days=2))
    assert lines(asked, today() - timedelta(days=3)) == {"质检科": (3, 0)}
    assert lines(asked, today() - timedelta(days=2)) == {"质检科": (3, 1)}
    assert not ConfirmationReport(asked, today() - timedelta(days=9)).was_asked


def test_what_people_stood_for_is_kept_by_days(cast):
    known = StandingPeriod.objects.get(user=cast.inspector)
    assert known.starts_on == Employment.objects.get(person=cast.inspector).starts_on
    Employment.objects.filter(person=cast.inspector).update(ends_on=today() - timedelta(days=1))
    refresh_standings([cast.inspector.pk])
    refresh_standings([cast.inspector.pk])
    periods = list(StandingPeriod.objects.filter(user=cast.inspector).order_by("starts_on").values_list("starts_on", "ends_on", "tokens"))
    assert [(starts, ends) for starts, ends, _tokens in periods] == [(known.starts_on, today() - timedelta(days=1)), (today(), None)]
    assert periods[1][2] == []


def test_a_correction_that_asks_anew_starts_the_report_anew(cast, asked):
    confirm(actor=cast.inspector, about=asked, number=1)
    correct(asked, cast.head)
    assert lines(asked) == {"质检科": (3, 2)}
    correct(asked, cast.head, asks_anew=True)
    assert lines(asked) == {"质检科": (3, 1)}


def test_reminding_reaches_those_who_have_not_and_not_twice_within_an_hour(cast, asked):
    drain()
    confirm(actor=cast.inspector, about=asked, number=1)
    assert remind_unconfirmed(actor=cast.head, about=asked) == 1
    drain()
    told = set(Notification.objects.filter(kind="bulletin.reminder").values_list("recipient", flat=True))
    assert told == {cast.deputy.pk}, "the head wrote it, the inspector has confirmed"
    with pytest.raises(ConfirmationError):
        remind_unconfirmed(actor=cast.head, about=asked)


def test_before_the_deadline_people_are_reminded_and_after_it_their_heads_are_told(cast, board):
    notice = write(board, cast.head, audience=audience("all"), needs_confirmation=True, confirm_by=timezone.now() + timedelta(days=3))
    drain()
    confirm(actor=cast.inspector, about=notice, number=1)
    reminder = Effect.objects.get(kind="confirmations.remind_due")
    assert reminder.due_at == notice.confirm_by - timedelta(days=1)
    Effect.objects.filter(kind__in=["confirmations.remind_due", "confirmations.overdue_due"]).update(due_at=timezone.now())
    drain()
    drain()
    reminded = set(Notification.objects.filter(kind="bulletin.reminder").values_list("recipient", flat=True))
    assert cast.inspector.pk not in reminded
    assert {cast.operator.pk, cast.salesperson.pk, cast.deputy.pk} <= reminded
    told = dict(Notification.objects.filter(kind="bulletin.overdue").values_list("recipient", "words__number"))
    assert told[cast.workshop_head.pk] == 2, "the operator of the shift, which has no head, and himself"
    assert told[cast.head.pk] == 1, "her deputy; she wrote it"
    assert told[cast.director.pk] == 2, "himself, and the salesperson, whose department has no head"


def test_a_deadline_that_was_moved_reminds_at_the_new_time_only(cast, asked):
    drain()
    correct(asked, cast.head, confirm_by=timezone.now() + timedelta(days=9))
    Effect.objects.filter(kind="confirmations.remind_due").update(due_at=timezone.now())
    drain()
    drain()
    assert (
        Notification.objects.filter(kind="bulletin.reminder").values("recipient").distinct().count()
        == Notification.objects.filter(kind="bulletin.reminder").count()
    )


def test_the_report_is_exported_with_defused_cells(client, cast, asked):
    User.objects.filter(pk=cast.inspector.pk).update(name="=1+1")
    client.force_login(cast.head)
    response = client.get(reverse("bulletin:notice_confirmation_report", args=[asked.pk]), {"export": "xlsx"})
    sheet = load_workbook(BytesIO(b"".join(response.streaming_content) if response.streaming else response.content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 4
    assert any(row[1] == "'=1+1" for row in rows)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_an_export_has_a_name_with_one_ending(client, cast, asked, kind):
    client.force_login(cast.head)
    for address in (reverse("bulletin:notice_confirmation_report", args=[asked.pk]), reverse("bulletin:department_report")):
        name = client.get(address, {"export": kind})["Content-Disposition"]
        assert name.endswith(f".{kind}")
        assert name.count(f".{kind}") == 1


def test_the_page_names_people_by_state_and_department_and_day(client, cast, asked):
    confirm(actor=cast.inspector, about=asked, number=1)
    client.force_login(cast.head)
    address = reverse("bulletin:notice_confirmation_report", args=[asked.pk])
    assert [line.name for line in client.get(address, {"state": "confirmed"}).context["people"]] == ["李敏", "王伟"]
    assert {line.name for line in client.get(address, {"state": "missing"}).context["people"]} == {"赵静"}
    assert client.get(address, {"department": cast.sales.pk}).context["people"] == []
    assert client.get(address, {"day": "nonsense", "state": "nonsense", "department": "nonsense"}).status_code == 200
    assert client.get(address, {"day": "1999-01-01"}).status_code == 200


def test_the_departments_report_adds_up(cast, board):
    first = write(board, cast.head, title="甲", needs_confirmation=True)
    write(board, cast.head, title="乙", audience=audience("all"))
    note_reading(first, actor=cast.deputy)
    confirm(actor=cast.inspector, about=first, number=1)
    report = PeriodReport(cast.quality.pk, today() - timedelta(days=6), today())
    notices = {line.title: line for line in report.notices()}
    assert (notices["甲"].reach, notices["甲"].read, notices["甲"].confirmed) == (3, 3, 2)
    assert notices["乙"].reach == len([*cast.employees, cast.admin])
    days = report.days()
    assert len(days) == 7
    assert (days[-1].published, days[-1].read, days[-1].confirmed) == (2, 3, 2)
    assert [(line.label, line.asked, line.confirmed) for line in report.slowest()] == [("质检科", 3, 2)]


def test_a_departments_report_is_for_its_publishers_and_those_who_watch_over_the_boards(client, cast, notice):
    address = reverse("bulletin:department_report")
    for person, status in ((cast.head, 200), (cast.admin, 200), (cast.inspector, 403), (cast.customer, 403)):
        client.force_login(person)
        assert client.get(address).status_code == status, person
    client.force_login(cast.workshop_head)
    assert client.get(address, {"department": cast.quality.pk}).status_code == 404


def _publish_days_ago(notice: Notice, days: int) -> None:
    """As if it had been published then; the row of the version is made anew, for it cannot be changed."""
    at = timezone.make_aware(datetime.combine(today() - timedelta(days=days), time(9)))
    version = NoticeVersion.objects.get(notice=notice)
    earlier = NoticeVersion(
        notice=notice,
        number=0,
        title=version.title,
        body=version.body,
        audience=version.audience,
        is_binding=True,
        published_at=at,
        published_by=version.published_by,
    )
    earlier.save()
    Notice.objects.filter(pk=notice.pk).update(published_at=at, binding_number=0)
