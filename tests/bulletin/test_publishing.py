"""Publishing, as heads, delegates and others do it, and who sees it then."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from bulletin.models import Notice, NoticeVersion
from bulletin.services.boards import board_of, delegate_publishing, end_delegation, refer_notice
from bulletin.services.notices import create_notice
from bulletin.services.readers import mark_all_read, note_reading
from portal.access.policies import can, visible_to
from portal.accounts.models import User
from portal.audit.models import AuditRecord
from portal.confirmations.errors import ConfirmationError
from portal.confirmations.models import Confirmation
from portal.confirmations.services import confirm
from portal.notifications.models import Notification
from portal.organization.querysets import today
from portal.outbox.models import Effect
from portal.outbox.services import drain
from portal.pages.drafts import draft_stamp
from portal.pages.errors import EditConflictError, PageStateError, PublicationError
from portal.pages.services import delete_draft, publish_draft, retract_page, save_draft
from tests.bulletin.writing import audience, correct, draft, write

pytestmark = pytest.mark.django_db


def again(person: User) -> User:
    """The person as the next request loads them."""
    return User.objects.get(pk=person.pk)


def sees(person: User, notice: Notice) -> bool:
    fresh = again(person)
    answers = {can(fresh, "view", Notice.objects.get(pk=notice.pk)), visible_to(Notice, fresh).filter(pk=notice.pk).exists()}
    assert len(answers) == 1, "the decision and the list differ"
    return answers.pop()


def test_a_published_notice_is_seen_by_its_audience_and_by_nobody_else(cast, notice):
    assert sees(cast.inspector, notice)
    assert sees(cast.deputy, notice)
    assert not sees(cast.salesperson, notice)
    assert not sees(cast.workshop_head, notice)
    assert not sees(cast.admin, notice)
    assert not sees(cast.customer, notice)


def test_a_draft_is_seen_by_the_departments_publishers_alone(cast, board):
    written = draft(board, cast.head)
    assert sees(cast.head, written)
    assert sees(cast.deputy, written), "who stands in for the head"
    assert not sees(cast.inspector, written)
    assert not sees(cast.director, written)


def test_only_publishers_of_the_department_publish(cast, board):
    written = draft(board, cast.head)
    for stranger in (cast.inspector, cast.workshop_head, cast.director, cast.admin):
        with pytest.raises(PageStateError):
            publish_draft(written, actor=again(stranger))
    assert not Notice.objects.get(pk=written.pk).is_shown
    assert publish_draft(written, actor=again(cast.deputy)).is_shown


def test_publishing_can_be_delegated_for_a_time_and_taken_back(cast, board):
    written = draft(board, cast.head)
    delegation = delegate_publishing(cast.quality, cast.inspector, starts_on=today(), ends_on=today() + timedelta(days=7), actor=cast.head)
    assert can(again(cast.inspector), "publish", written)
    end_delegation(delegation, actor=cast.head)
    assert not can(again(cast.inspector), "publish", written)


def test_a_delegation_that_begins_tomorrow_gives_nothing_today(cast, board):
    written = draft(board, cast.head)
    delegate_publishing(cast.quality, cast.inspector, starts_on=today() + timedelta(days=1), ends_on=today() + timedelta(days=7), actor=cast.head)
    assert not can(again(cast.inspector), "publish", written)


def test_everyone_in_the_audience_finds_it_in_their_bell_and_nobody_else_does(cast, board):
    write(board, cast.head, title="停电检修")
    drain()
    told = set(Notification.objects.filter(kind="bulletin.published").values_list("recipient", flat=True))
    assert told == {cast.inspector.pk, cast.deputy.pk}


def test_publishing_is_on_record_with_its_version(cast, notice):
    entry = AuditRecord.objects.get(verb="notice.published")
    assert (entry.actor_id, entry.object_id, entry.after["version"]) == (cast.head.pk, str(notice.pk), 1)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"body": "<p> </p>"}, "body"),
        ({"audience": None}, "audience"),
        ({"needs_confirmation": True, "confirm_by": timezone.now() - timedelta(hours=1)}, "confirm_by"),
        ({"expire_at": timezone.now() - timedelta(hours=1)}, "expire_at"),
        ({"go_live_at": timezone.now() - timedelta(minutes=2)}, "go_live_at"),
        ({"kind": "topic"}, "closes_on"),
        ({"kind": "topic", "closes_on": today() - timedelta(days=1)}, "closes_on"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_is_published(cast, board, values, field):
    written = draft(board, cast.head, **values)
    with pytest.raises(PublicationError) as refusal:
        publish_draft(written, actor=cast.head)
    assert list(refusal.value.problems) == [field]
    stored = Notice.objects.get(pk=written.pk)
    assert (stored.is_shown, stored.live, stored.version_number) == (False, False, 0)
    assert not NoticeVersion.objects.filter(notice=written.pk).exists()


def test_an_audience_of_nobody_is_refused(cast, board):
    written = draft(board, cast.head, audience=audience(f"user:{cast.leaver.pk}"))
    with pytest.raises(PublicationError) as refusal:
        publish_draft(written, actor=cast.head)
    assert "audience" in refusal.value.problems


def test_a_document_gets_the_next_number_of_its_department_and_year(cast, board):
    first, second = write(board, cast.head, kind="document"), write(board, cast.head, kind="document")
    year = today().year
    assert (first.number, second.number) == (f"厂质〔{year}〕1号", f"厂质〔{year}〕2号")
    assert correct(first, cast.head).number == first.number


def test_a_department_without_a_prefix_issues_no_documents(cast):
    written = draft(board_of(cast.workshop), cast.workshop_head, kind="document")
    with pytest.raises(PublicationError) as refusal:
        publish_draft(written, actor=cast.workshop_head)
    assert "kind" in refusal.value.problems


def test_a_publication_that_fails_leaves_no_gap_in_the_numbers(cast, board):
    write(board, cast.head, kind="document")
    failing = draft(board, cast.head, kind="document")

    def publish_and_fail() -> None:
        with transaction.atomic():
            publish_draft(failing, actor=cast.head)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        publish_and_fail()
    assert write(board, cast.head, kind="document").document_number == 2


@pytest.mark.django_db(transaction=True)
def test_documents_published_at_the_same_moment_get_numbers_without_gaps_or_doubles(cast, board):
    waiting = [draft(board, cast.head, kind="document", title=f"文件 {number}") for number in range(8)]
    together = Barrier(4)
    failures: list[Exception] = []

    def publish(part: list[Notice]) -> None:
        try:
            together.wait()
            for notice in part:
                publish_draft(notice, actor=again(cast.head))
        except Exception as failure:  # seen below
            failures.append(failure)
        finally:
            connection.close()

    threads = [Thread(target=publish, args=(waiting[start::4],)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not failures
    assert sorted(Notice.objects.values_list("document_number", flat=True)) == list(range(1, 9))


def test_a_correction_is_a_new_version_and_the_earlier_text_stays(cast, notice):
    corrected = correct(notice, cast.head, body="<p>每班两次取样。</p>")
    assert corrected.version_number == 2
    assert corrected.corrected_at is not None
    assert [version.body for version in NoticeVersion.objects.filter(notice=notice).order_by("number")] == ["<p>各机组提前备样。</p>", "<p>每班两次取样。</p>"]
    assert corrected.published_at == notice.published_at


def test_a_correction_must_say_what_was_changed(cast, notice):
    with pytest.raises(PublicationError) as refusal:
        correct(notice, cast.head, change_note=" ")
    assert list(refusal.value.problems) == ["change_note"]
    assert Notice.objects.get(pk=notice.pk).version_number == 1


def test_what_is_written_after_publishing_is_seen_by_nobody_before_it_is_published(cast, notice):
    save_draft(notice, actor=cast.head, values={"body": "<p>尚未公布</p>", "title": "尚未公布", "audience": audience("all")}, seen=None)
    stored = Notice.objects.get(pk=notice.pk)
    assert "尚未公布" not in stored.body + stored.title
    assert not sees(cast.salesperson, notice)


def test_a_correction_can_move_the_notice_to_another_audience(cast, notice):
    correct(notice, cast.head, audience=audience(f"dept:{cast.sales.pk}"))
    assert sees(cast.salesperson, notice)
    assert not sees(cast.inspector, notice)


def test_versions_and_confirmations_cannot_be_altered_or_removed(cast, board):
    notice = write(board, cast.head, needs_confirmation=True)
    confirm(actor=cast.inspector, about=notice, number=1)
    for rows, change in ((NoticeVersion.objects.all(), {"title": "x"}), (Confirmation.objects.all(), {"confirmed_at": timezone.now()})):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows._raw_delete(rows.db)


def test_a_confirmation_belongs_to_the_version_that_was_read(cast, board):
    notice = write(board, cast.head, needs_confirmation=True)
    confirm(actor=cast.inspector, about=notice, number=1)
    correct(notice, cast.head)
    assert not Notice.objects.addressed_to(cast.inspector).awaiting_confirmation_by(cast.inspector).exists(), "nothing was asked anew"
    correct(notice, cast.head, asks_anew=True, change_note="第二次更正")
    assert Notice.objects.addressed_to(cast.inspector).awaiting_confirmation_by(cast.inspector).get() == notice
    with pytest.raises(ConfirmationError):
        confirm(actor=cast.inspector, about=notice, number=1)
    assert confirm(actor=cast.inspector, about=notice, number=3).number == 3


def test_confirming_twice_is_the_same_as_once_and_outsiders_cannot(cast, board):
    notice = write(board, cast.head, needs_confirmation=True)
    first = confirm(actor=cast.inspector, about=notice, number=1)
    assert confirm(actor=cast.inspector, about=notice, number=1) == first
    assert Confirmation.objects.of(notice).by(cast.inspector).count() == 1
    with pytest.raises(ConfirmationError):
        confirm(actor=cast.salesperson, about=notice, number=1)


def test_retraction_takes_it_from_everyone_at_once_and_says_why_on_record(cast, notice):
    drain()
    retract_page(notice, reason="数据有误", actor=cast.head)
    assert not sees(cast.inspector, notice)
    assert sees(cast.head, notice)
    assert not Notification.objects.filter(kind="bulletin.published").exists()
    assert AuditRecord.objects.get(verb="notice.retracted").reason == "数据有误"
    with pytest.raises(PageStateError):
        publish_draft(notice, actor=cast.head)


def test_an_administrator_retracts_anything_with_a_reason_and_others_nothing(cast, notice):
    for stranger in (cast.inspector, cast.workshop_head, cast.salesperson):
        with pytest.raises(PageStateError):
            retract_page(notice, reason="不该有", actor=stranger)
    with pytest.raises(PageStateError):
        retract_page(notice, reason=" ", actor=cast.admin)
    assert retract_page(notice, reason="误发", actor=cast.admin).retracted_by == cast.admin


def test_a_planned_notice_appears_at_its_time_and_not_before(cast, board):
    at = timezone.now() + timedelta(hours=2)
    planned = write(board, cast.head, go_live_at=at)
    assert not planned.is_shown
    assert not sees(cast.inspector, planned)
    drain()
    assert not sees(cast.inspector, planned), "its time has not come"
    _let_pass(planned, hours=3)
    drain()
    assert sees(cast.inspector, planned)
    assert Notice.objects.get(pk=planned.pk).published_by == cast.head


def test_a_planned_notice_of_someone_who_may_no_longer_publish_stays_a_draft(cast, board):
    delegation = delegate_publishing(cast.quality, cast.inspector, starts_on=today(), ends_on=today() + timedelta(days=7), actor=cast.head)
    planned = write(board, again(cast.inspector), go_live_at=timezone.now() + timedelta(hours=2))
    end_delegation(delegation, actor=cast.head)
    _let_pass(planned, hours=3)
    drain()
    drain()
    assert not Notice.objects.get(pk=planned.pk).is_shown
    assert Notification.objects.filter(kind="bulletin.not_published", recipient=cast.head).exists()


def test_an_expired_notice_is_gone_at_its_moment_before_any_worker_has_noted_it(cast, board):
    notice = write(board, cast.head, expire_at=timezone.now() + timedelta(hours=1))
    assert sees(cast.inspector, notice)
    Notice.objects.filter(pk=notice.pk).update(shown_until=timezone.now() - timedelta(seconds=1))
    assert not sees(cast.inspector, notice)
    Effect.objects.filter(kind="pages.expire_due").update(due_at=timezone.now())
    drain()
    stored = Notice.objects.get(pk=notice.pk)
    assert (stored.is_shown, stored.expired) == (False, True)


def test_two_people_editing_the_same_notice_lose_nothing(cast, board):
    written = draft(board, cast.head)
    seen = draft_stamp(written)
    save_draft(written, actor=cast.head, values={"body": "<p>甲</p>"}, seen=seen)
    with pytest.raises(EditConflictError):
        save_draft(written, actor=cast.deputy, values={"body": "<p>乙</p>"}, seen=seen)
    assert Notice.objects.get(pk=written.pk).get_latest_revision_as_object().body == "<p>甲</p>"


def test_automatic_saves_of_one_sitting_are_one_revision(cast, board):
    written = draft(board, cast.head)
    before = written.revisions.count()
    for text in ("一", "二", "三"):
        fresh = Notice.objects.select_related("latest_revision").get(pk=written.pk)
        save_draft(fresh, actor=cast.head, values={"body": f"<p>{text}</p>"}, seen=draft_stamp(fresh), is_autosave=True)
    assert written.revisions.count() == before
    assert Notice.objects.get(pk=written.pk).get_latest_revision_as_object().body == "<p>三</p>"


def test_a_reference_on_another_board_widens_nothing(cast, notice):
    refer_notice(notice, cast.sales, actor=cast.head)
    assert Notice.objects.addressed_to(cast.inspector).on_board(cast.sales.pk).get() == notice
    assert not Notice.objects.addressed_to(cast.salesperson).on_board(cast.sales.pk).exists()


def test_drafts_are_deleted_and_what_was_published_is_not(cast, board, notice):
    written = draft(board, cast.head)
    delete_draft(written, actor=cast.head)
    assert not Notice.objects.filter(pk=written.pk).exists()
    with pytest.raises(PageStateError):
        delete_draft(notice, actor=cast.head)


def test_marking_all_as_read_is_not_opening(cast, board, notice):
    user = cast.inspector
    since = timezone.now() - timedelta(days=1)
    assert Notice.objects.addressed_to(user).unread_by(user, since=since).exists()
    mark_all_read(actor=user, until=timezone.now())
    assert not notice.readings.exists()
    note_reading(notice, actor=user)
    note_reading(notice, actor=user)
    assert notice.readings.count() == 1


def test_only_known_fields_are_written(cast, board):
    written = create_notice(board, actor=cast.head)
    with pytest.raises(TypeError):
        save_draft(written, actor=cast.head, values={"is_shown": True}, seen=None)


def test_hostile_markup_is_not_kept(cast, board):
    notice = write(board, cast.head, body='<p onclick="x()">好<script>alert(1)</script><img src="https://elsewhere.example/x.png"></p>')
    assert "script" not in notice.body
    assert "onclick" not in notice.body
    assert "elsewhere" not in notice.body


def _let_pass(notice: Notice, *, hours: int) -> None:
    """Bring what is planned forward, as if the hours had passed."""
    revision = notice.revisions.get(approved_go_live_at__isnull=False)
    earlier = timezone.now() - timedelta(hours=hours - 2)
    revision.content["go_live_at"] = earlier.isoformat()
    revision.approved_go_live_at = earlier
    revision.save(update_fields=["content", "approved_go_live_at"])
    Effect.objects.filter(kind="pages.publish_due").update(due_at=earlier)


def test_a_locked_notice_is_saved_by_nobody_but_who_locked_it(cast, board):
    written = draft(board, cast.head)
    written.locked, written.locked_by = True, cast.deputy
    written.save(update_fields=["locked", "locked_by"])
    with pytest.raises(EditConflictError):
        save_draft(written, actor=cast.head, values={"body": "<p>甲</p>"}, seen=None)
    save_draft(written, actor=cast.deputy, values={"body": "<p>乙</p>"}, seen=None)
    assert Notice.objects.get(pk=written.pk).get_latest_revision_as_object().body == "<p>乙</p>"


def test_a_bell_names_the_department_in_the_language_of_its_reader(cast, notice, client_for):
    drain()
    reader = client_for(cast.inspector)
    assert "质检科" in reader.get("/notifications/").content.decode().partition("<main")[2]
    reader.cookies["gongfang_language"] = "en"
    assert "Quality Inspection" in reader.get("/notifications/").content.decode().partition("<main")[2]
