"""What is confirmed is a version, by a person, once and for good; a thing of one module is never taken for that of another."""

from dataclasses import replace

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bulletin.listing import NoticeFilter, NoticeList, counts_for
from bulletin.models import Notice
from bulletin.reporting.periods import PeriodReport
from bulletin.services.boards import board_of
from portal.access.models import Audience, AudienceGroup
from portal.audit.models import AuditRecord
from portal.confirmations.errors import ConfirmationError
from portal.confirmations.keeping import TRIGGER
from portal.confirmations.models import Confirmation
from portal.confirmations.queries import has_confirmed, latest_confirmed, latest_confirmed_of, state_of
from portal.confirmations.registry import all_confirmables, confirmable_for, register_confirmable
from portal.confirmations.reports import ConfirmationReport
from portal.confirmations.services import confirm
from portal.organization.models import Employment
from portal.organization.querysets import today
from portal.pages.errors import PageStateError
from portal.pages.services import delete_draft, retract_page
from portal.runtime.addresses import OWNER_ROLE
from tests.bulletin.writing import correct, draft, write
from tests.papers.models import Paper

pytestmark = pytest.mark.django_db

# Everyone else has confirmed two hundred versions of each notice.
MANY = """
    INSERT INTO confirmations_confirmation (about_type_id, about_id, number, person_id, confirmed_at)
    SELECT %s, n.page_ptr_id, version, u.id, now() FROM bulletin_notice n, generate_series(1, 200) version, accounts_user u WHERE NOT u.id = ANY(%s)
"""


def test_the_version_that_is_read_is_confirmed_and_no_other(cast, asked):
    correct(asked, cast.head)
    for number, sentence in ((1, "更正"), (3, "没有这个版本"), (0, "没有这个版本")):
        with pytest.raises(ConfirmationError, match=sentence):
            confirm(actor=cast.inspector, about=asked, number=number)
    first = confirm(actor=cast.inspector, about=asked, number=2)
    assert (first.about, first.number, first.department) == (asked, 2, cast.quality)
    Employment.objects.filter(person=cast.inspector).update(department=cast.sales)
    assert confirm(actor=cast.inspector, about=asked, number=2) == first, "sent twice is done once"
    assert AuditRecord.objects.filter(verb="notice.confirmed", actor=cast.inspector).count() == 1
    with pytest.raises(ConfirmationError):
        confirm(actor=cast.salesperson, about=asked, number=2)
    with pytest.raises(LookupError):
        confirm(actor=cast.head, about=board_of(cast.quality), number=1)
    retract_page(asked, reason="重复", actor=cast.head)
    with pytest.raises(ConfirmationError):
        confirm(actor=cast.deputy, about=asked, number=2)
    plain = write(board_of(cast.quality), cast.head)
    with pytest.raises(ConfirmationError):
        confirm(actor=cast.inspector, about=plain, number=1)
    assert Confirmation.objects.by(cast.inspector).count() == 1


def test_a_minor_correction_asks_nobody_anew_and_shows_what_has_changed(cast, asked, client_for):
    browser = client_for(cast.inspector)
    address = reverse("bulletin:notice_confirmation", args=[asked.pk])
    assert "我已阅读" in browser.get(asked.get_absolute_url()).content.decode()
    assert browser.post(address, {"version": "1"}).status_code == 302
    correct(asked, cast.head)
    state = state_of(cast.inspector, asked_again := Notice.objects.get(pk=asked.pk))
    assert state is not None
    assert (state.confirmation.number, state.may_confirm, state.is_of_an_earlier_version) == (1, False, True)
    page = browser.get(asked.get_absolute_url()).content.decode()
    assert reverse("bulletin:notice_change", args=[asked.pk, 2]) in page
    assert "我已阅读" not in page
    correct(asked_again, cast.head, asks_anew=True)
    state = state_of(cast.inspector, Notice.objects.get(pk=asked.pk))
    assert (state.confirmation, state.may_confirm, state.asking.current) == (None, True, 3)
    assert latest_confirmed(cast.inspector, asked).number == 1, "still known, though it counts no more"
    assert state_of(cast.inspector, write(board_of(cast.quality), cast.head)) is None


def test_the_latest_version_of_one_thing_and_of_many_is_one_question_along_an_index(cast, asked):
    others = [write(board_of(cast.quality), cast.head, needs_confirmation=True) for _number in range(2)]
    confirm(actor=cast.inspector, about=asked, number=1)
    correct(asked, cast.head, asks_anew=True)
    confirm(actor=cast.inspector, about=asked, number=2)
    confirm(actor=cast.inspector, about=others[0], number=1)
    confirm(actor=cast.deputy, about=others[1], number=1)
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL ROLE {OWNER_ROLE}")
        cursor.execute(MANY, [ContentType.objects.get_for_model(Notice).pk, [cast.inspector.pk, cast.deputy.pk, cast.head.pk]])
        cursor.execute("ANALYZE confirmations_confirmation")
    for ask, answer in (
        (lambda: latest_confirmed(cast.inspector, asked).number, 2),
        (lambda: latest_confirmed(cast.inspector, others[1]), None),
        (lambda: latest_confirmed_of(cast.inspector, Notice, [asked.pk, *(one.pk for one in others)]), {asked.pk: 2, others[0].pk: 1}),
        (lambda: set(Notice.objects.filter(has_confirmed(cast.inspector, Notice, since="binding_number"))), {asked, others[0]}),
    ):
        with CaptureQueriesContext(connection) as questions:
            assert ask() == answer
        assert len(questions) == 1
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {questions[0]['sql']}")
            assert "one_confirmation_of_a_version" in "\n".join(line for (line,) in cursor.fetchall())


def test_a_thing_of_another_kind_with_the_same_number_is_another_thing(cast, asked):
    """Whatever counts confirmations of notices: row, list, counter, report, report of the department, own state."""
    foreign = ContentType.objects.get_for_model(AudienceGroup)
    for person in (cast.inspector, cast.deputy, cast.head):
        Confirmation.objects.create(about_type=foreign, about_id=asked.pk, number=9, person=person, confirmed_at=timezone.now())
    report = ConfirmationReport(asked)
    assert [(line.expected, line.confirmed) for line in report.departments()] == [(3, 1)], "who wrote it"
    assert len(report.missing()) == 2
    assert counts_for(cast.inspector).waiting == 1
    assert [row.confirmed_at for row in NoticeList(cast.inspector)[0:5]] == [None]
    assert [len(NoticeList(cast.inspector, NoticeFilter(confirmation=kind))[0:5]) for kind in ("waiting", "confirmed")] == [1, 0]
    assert Notice.objects.awaiting_confirmation_by(cast.inspector).get() == asked
    period = PeriodReport(cast.quality.pk, today(), today())
    assert ([line.confirmed for line in period.notices()], [line.confirmed for line in period.days()]) == ([1], [1])
    assert [line.confirmed for line in period.slowest()] == [1]
    assert latest_confirmed(cast.inspector, asked) is None
    assert confirm(actor=cast.inspector, about=asked, number=1).number == 1


def test_what_was_confirmed_stays_also_against_the_owner_of_the_tables(cast, asked):
    untouched = draft(board_of(cast.quality), cast.head)
    confirm(actor=cast.inspector, about=asked, number=1)
    with pytest.raises(PageStateError, match="撤下"):
        delete_draft(asked, actor=cast.head)
    with pytest.raises(ProtectedError):
        Notice.objects.get(pk=asked.pk).delete()
    rows, notices = Confirmation.objects.all(), Notice.objects.filter(pk=asked.pk)
    acts = (
        (lambda: rows.update(confirmed_at=timezone.now()), "only added"),
        (lambda: rows._raw_delete(rows.db), "only added"),
        (lambda: notices._raw_delete(notices.db), "was confirmed"),
    )
    for act, _reason in acts:
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL ROLE {OWNER_ROLE}")
    for act, reason in acts:
        with pytest.raises(DatabaseError, match=reason), transaction.atomic():
            act()
    delete_draft(untouched, actor=cast.head)
    assert not Notice.objects.filter(pk=untouched.pk).exists()


def test_every_table_whose_things_are_confirmed_keeps_them():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = %s", [TRIGGER])
        kept = {table for (table,) in cursor.fetchall()}
    assert kept == {one.model._meta.db_table for one in all_confirmables()}


def test_a_registration_that_lacks_something_is_refused():
    notices = confirmable_for(Notice)
    for wrong, error, sentence in (
        (notices, ValueError, "already"),
        (replace(notices, model=Paper), LookupError, "confirm, report, report_own"),
        (replace(notices, noun="paper"), LookupError, "paper.confirmed"),
    ):
        with pytest.raises(error, match=sentence):
            register_confirmable(wrong)
    with pytest.raises(LookupError):
        confirmable_for(Audience)
