"""Whatever happens over the first thing of a queue: it is put aside with its reason, what stands behind it goes on, and operators see it and try it again."""

import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.utils import timezone

from bulletin.news.feeds import FeedEntry
from bulletin.news.models import NewsEntry, NewsFeed
from bulletin.news.services.feeds import Outcome, _keep, add_feed
from mail.models import Mailbox, Message, RawMail
from mail.services.mailboxes import ensure_mailboxes
from mail.services.taking_in import take_in_waiting
from portal.access.models import Standing
from portal.access.services import refresh_day
from portal.accounts.models import User
from portal.approvals.services.moving import STRANDED, move_stranded
from portal.attachments.extraction import FILES, read_waiting
from portal.attachments.models import Attachment, StoredFile
from portal.attachments.services import receive_file
from portal.attachments.storage import content_storage
from portal.attachments.sweeping import sweep_files
from portal.foundation.fetching import Fetched
from portal.imports.models import Import
from portal.imports.services import confirm_import, plan_import, start_import
from portal.notifications.models import Notification
from portal.organization.services.people import dismiss_person
from portal.outbox import registry
from portal.outbox.known_queues import all_queues
from portal.outbox.models import Effect, Trouble
from portal.outbox.registry import Payload, handler
from portal.outbox.services import MAX_ATTEMPTS, drain, enqueue
from portal.outbox.troubles import DIED, FEW_TRIES, begin_try
from portal.runtime.addresses import APPLICATION_ROLE, OWNER_ROLE
from portal.runtime.health import _checks
from portal.search.feeding import feed_waiting
from portal.search.following import follow
from portal.search.models import Entry
from tests.approvals.writing import make_kind, person, seats, step, submit
from tests.cast import Cast
from tests.health import said_by
from tests.organization.rosters import workbook
from tests.outbox.dying import die_over
from tests.papers.models import Paper
from tests.papers.search import POISON, UNTAKEN
from tests.search.indexing import paper, settle, start_afresh, titles

State = StoredFile.Text
LONE_SURROGATE = rb"{\rtf1\ansi before \u-10240? after}"
NO_ROOM_BODY = "BEGIN RAISE disk_full USING MESSAGE = 'no room'; END"
NO_ROOM = f"DO $$ {NO_ROOM_BODY} $$"
PAIR = rb"{\rtf1\ansi \u-10179?\u-8704?}"


def again(work: Callable[[], object], times: int = FEW_TRIES) -> None:
    """At as many later moments, each after the longest wait between two tries."""
    for turn in range(1, times + 1):
        with time_machine.travel(timezone.now() + timedelta(hours=2 * turn)):
            work()


def aside(code: str) -> list[str]:
    """What /readyz and the page for operators say of a queue, with the reason."""
    [queue] = [queue for queue in all_queues() if queue.code == code]
    found = [f"{one.key} {one.reason}" for one in queue.aside(10)]
    detail = said_by(_checks["queues"].ask).detail
    assert (f"{code}: {len(found)} put aside" in detail) == bool(found), detail
    return found


def try_again(admin: User, code: str) -> None:
    client = Client()
    client.force_login(admin)
    assert client.post("/administration/operation/effects/retry/", {"queue": code}).status_code == 302


def receive(actor: User, name: str, content: bytes) -> Attachment:
    return receive_file(actor=actor, name=name, content=io.BytesIO(content))


def state(attachment: Attachment) -> str:
    return StoredFile.objects.get(pk=attachment.file_id).text_state


def break_content(attachment: Attachment) -> Path:
    """As after a restore that left it out: the row is there, its content is not."""
    path = Path(content_storage().path(attachment.file.storage_name))
    path.rename(path.with_suffix(".away"))
    return path


def test_text_that_postgresql_cannot_keep_is_cleaned_and_the_file_is_read(cast: Cast) -> None:
    first, pair = receive(cast.head, "a.rtf", LONE_SURROGATE), receive(cast.head, "b.rtf", PAIR)
    behind = receive(cast.head, "c.txt", b"behind")
    read_waiting()
    assert [state(one) for one in (first, pair, behind)] == [State.DONE] * 3
    assert first.file.texts.get().text == "before \ufffd after"
    assert pair.file.texts.get().text == "\U0001f600"


def test_a_file_over_which_anything_fails_is_put_aside_and_those_behind_it_are_read(cast: Cast, client_for: Callable[[User], Client]) -> None:
    first, behind = receive(cast.head, "a.txt", b"first"), receive(cast.head, "b.txt", b"behind")
    path = break_content(first)
    read_waiting()
    assert (state(first), state(behind)) == (State.WAITING, State.DONE)
    again(read_waiting)
    assert state(first) == State.FAILED
    [said] = aside("files")
    assert said.startswith(f"files:{first.file_id} FileNotFoundError")
    page = client_for(cast.admin).get("/administration/operation/").content.decode()
    assert f"files:{first.file_id}" in page
    assert "FileNotFoundError" in page
    path.with_suffix(".away").rename(path)
    try_again(cast.admin, "files")
    read_waiting()
    assert (state(first), aside("files")) == (State.DONE, [])


def test_a_file_that_workers_die_of_is_put_aside_too(cast: Cast) -> None:
    first, behind = receive(cast.head, "a.txt", b"first"), receive(cast.head, "b.txt", b"behind")
    again(lambda: begin_try(FILES, first.file_id))  # as a worker leaves it that is killed over the file
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        read_waiting()
    assert (state(first), state(behind)) == (State.FAILED, State.DONE)
    assert aside("files") == [f"files:{first.file_id} {DIED}"]


def test_content_that_cannot_be_deleted_keeps_no_other_from_being_cleared_away(cast: Cast) -> None:
    first, behind = receive(cast.head, "a.txt", b"first"), receive(cast.head, "b.txt", b"behind")
    path = Path(content_storage().path(first.file.storage_name))
    path.unlink()
    (path / "not-empty").mkdir(parents=True)  # cannot be removed by deleting it
    Attachment.objects.all().delete()
    again(sweep_files, FEW_TRIES + 1)
    assert list(StoredFile.objects.values_list("pk", flat=True)) == [first.file_id]
    [said] = aside("sweeping")
    assert said.startswith(f"sweeping:{first.file_id}")
    assert behind.file_id != first.file_id
    (path / "not-empty").rmdir()
    path.rmdir()
    try_again(cast.admin, "sweeping")
    again(sweep_files, 1)
    assert not StoredFile.objects.exists()


@pytest.fixture
def done() -> Iterator[list[Payload]]:
    """Effects of this test: `test.noted` notes, the others fail in a way of their own."""
    noted: list[Payload] = []
    before = dict(registry._registrations)

    @handler("test.noted")
    def note(payloads: list[Payload]) -> None:
        noted.extend(payloads)

    @handler("test.unsayable")
    def fail(payloads: list[Payload]) -> None:
        raise ValueError("\x00 and \ud800")

    @handler("test.late")
    def fail_at_commit(payloads: list[Payload]) -> None:
        Notification.objects.create(recipient_id=987_654_321, kind="test", delivery="6b1b36cb-c1a0-4e7e-8f0f-0a3e1f5b8d10")

    @handler("test.full")
    def meet_a_full_disk(payloads: list[Payload]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(NO_ROOM)

    yield noted
    registry._registrations.clear()
    registry._registrations.update(before)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["test.unsayable", "test.late"])
def test_an_effect_that_fails_unsayably_or_as_late_as_its_commit_holds_up_no_other(cast: Cast, done: list[Payload], kind: str) -> None:
    enqueue(kind)
    enqueue("test.noted", {"n": 1})
    drain()
    assert done == [{"n": 1}]
    again(drain, FEW_TRIES - 1)
    [said] = aside("effects")
    assert said.startswith(kind)
    again(drain, MAX_ATTEMPTS)
    assert Effect.objects.get().failed_at is not None
    try_again(cast.admin, "effects")
    assert Effect.objects.get(kind=kind).failed_at is None


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_of_the_database_is_no_fault_of_an_effect(cast: Cast, done: list[Payload]) -> None:
    enqueue("test.full")
    enqueue("test.noted", {"n": 1})
    again(drain, MAX_ATTEMPTS)
    assert done == [{"n": 1}]
    left = Effect.objects.get()
    assert (left.attempts, left.failed_at) == (0, None)
    assert "DiskFull" in left.last_error


def test_a_full_disk_of_the_database_is_no_fault_of_a_mail(cast: Cast) -> None:
    ensure_mailboxes()
    RawMail.objects.create(key=b"x", content=b"Subject: x\r\n\r\nx", size=16, peer="x", recipients=[[Mailbox.objects.get(owner=cast.head).pk, "x"]])
    with connection.cursor() as cursor:
        connection.check_constraints()
        cursor.execute(f"SET ROLE {OWNER_ROLE}")
        cursor.execute(f"CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ {NO_ROOM_BODY} $$")
        cursor.execute("CREATE TRIGGER no_room BEFORE INSERT ON mail_message FOR EACH ROW EXECUTE FUNCTION no_room()")
        cursor.execute(f"SET ROLE {APPLICATION_ROLE}")
        for _turn in range(FEW_TRIES + 1):
            with pytest.raises(OperationalError, match="no room"), transaction.atomic():
                take_in_waiting()
        connection.check_constraints()
        cursor.execute(f"SET ROLE {OWNER_ROLE}")
        cursor.execute("DROP TRIGGER no_room ON mail_message")
        cursor.execute(f"SET ROLE {APPLICATION_ROLE}")
    assert (take_in_waiting(), RawMail.objects.get().state, Message.objects.get().subject) == (1, "read", "x")


@pytest.mark.django_db(transaction=True)
def test_an_effect_that_workers_die_of_holds_up_no_other_and_is_put_aside(cast: Cast, done: list[Payload]) -> None:
    enqueue("test.noted", {"n": "deadly"})
    first = Effect.objects.get()
    enqueue("test.noted", {"n": 1})
    for turn in range(FEW_TRIES):
        die_over(first)
        with time_machine.travel(timezone.now() + timedelta(hours=2 * turn)):
            drain()
    assert done == [{"n": 1}]
    assert aside("effects") == [f"test.noted:{first.pk} {DIED}"]
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        drain()
    assert done[-1] == {"n": "deadly"}, "nobody dies of it this time"
    assert aside("effects") == []


def test_a_person_whose_standing_cannot_be_computed_keeps_no_other_from_theirs(cast: Cast) -> None:
    day = timezone.localdate()
    Standing.objects.filter(pk__in=[cast.head.pk, cast.operator.pk]).update(stale_on=day)
    with connection.cursor() as cursor:  # a rule of the database that refuses this one row
        connection.check_constraints()
        cursor.execute(f"SET ROLE {OWNER_ROLE}")
        cursor.execute(
            f"ALTER TABLE access_standing ADD CONSTRAINT poisoned CHECK (user_id <> {cast.head.pk} OR stale_on IS NOT DISTINCT FROM '{day}') NOT VALID"
        )
        cursor.execute(f"SET ROLE {APPLICATION_ROLE}")
    assert refresh_day() == 1
    assert not Standing.objects.filter(pk=cast.operator.pk, stale_on=day).exists()
    for _turn in range(FEW_TRIES):
        Trouble.objects.update(due_at=timezone.now())
        refresh_day()
    [said] = aside("standings")
    assert said.startswith(f"standings:{cast.head.pk} IntegrityError")


def test_a_paper_that_cannot_be_moved_keeps_no_other_waiting(cast: Cast) -> None:
    kind = make_kind(step("a", person(cast.head)))
    first, second = submit(kind, cast.inspector), submit(kind, cast.inspector)
    with connection.cursor() as cursor:
        connection.check_constraints()
        cursor.execute(f"SET ROLE {OWNER_ROLE}")
        cursor.execute(f"ALTER TABLE approvals_task ADD CONSTRAINT poisoned CHECK (paper_id <> {first.pk} OR state <> 'void') NOT VALID")
        cursor.execute(f"SET ROLE {APPLICATION_ROLE}")
    dismiss_person(cast.head, leaves_on=timezone.localdate() - timedelta(days=1), actor=cast.admin)
    assert move_stranded() == 1
    assert seats(second) != [f"user:{cast.head.pk}"]
    for _turn in range(FEW_TRIES):
        Trouble.objects.update(due_at=timezone.now())
        move_stranded()
    [said] = aside(STRANDED)
    assert said.startswith(f"{STRANDED}:{first.pk} IntegrityError")


def test_what_cannot_be_read_for_the_search_or_taken_by_the_index_holds_up_nothing(cast: Cast) -> None:
    start_afresh()
    unread = paper(f"{POISON}：甲")
    refused = paper(f"{UNTAKEN}：乙")
    paper("好的：丙")
    settle()
    assert titles(cast.head, "好的") == ["好的"]
    assert titles(cast.head, UNTAKEN) == []
    entry = Entry.objects.get(object_id=refused.pk, source="papers")

    def try_when_due() -> None:
        feed_waiting()
        follow()

    again(try_when_due)
    assert aside("index")[0].startswith(f"index:{entry.pk} ChangeRefusedError")
    assert "this paper cannot be read" in aside("search")[0]
    Paper.objects.filter(pk=refused.pk).update(title="装得下：乙")
    Paper.objects.filter(pk=unread.pk).update(title="读得出来：甲")
    for code in ("index", "search"):
        try_again(cast.admin, code)
    settle()
    assert titles(cast.head, "装得下") == ["装得下"]
    assert titles(cast.head, "读得出来") == ["读得出来"]
    assert aside("index") == aside("search") == []
    start_afresh()


def test_an_index_that_is_made_anew_goes_past_what_it_cannot_take(cast: Cast) -> None:
    paper(f"{UNTAKEN}：乙")
    paper("好的：丙")
    start_afresh()
    settle()
    assert titles(cast.head, "好的") == ["好的"]
    assert Trouble.objects.get(queue="index").attempts == 1
    start_afresh()


def test_a_feed_whose_answer_cannot_be_kept_is_named_and_the_others_are_read(cast: Cast) -> None:
    first, behind = (add_feed(name=name, address=f"https://{name}.example.cn/", category="market", actor=cast.admin) for name in ("a", "b"))
    fetched = Fetched(address="https://a.example.cn/", content_type="", content=b"", entity_tag="", last_modified="", is_unchanged=False)

    def brings(title: object) -> Outcome:
        return Outcome(fetched, [FeedEntry(identity="1", title=title, summary="", link="", author="", published_at=None)])  # type: ignore[arg-type]

    for _turn in range(FEW_TRIES):
        _keep(first, brings(None))
        _keep(behind, brings("好的"))
    assert list(NewsEntry.objects.values_list("title", flat=True)) == ["好的"]
    [said] = aside("feeds")
    assert said.startswith(f"feed:{first.pk} feed_damaged")
    try_again(cast.admin, "feeds")
    assert NewsFeed.objects.get(pk=first.pk).next_at <= timezone.now()


def test_a_roster_that_fails_in_any_way_says_so_and_the_next_one_is_carried_out(cast: Cast) -> None:
    def planned(number: str, name: str) -> Import:
        rows = [("工号", "姓名", "部门", "岗位"), (number, name, "质检科", "科员")]
        made = start_import("roster", content=workbook(rows), file_name="花名册.xlsx", actor=cast.admin)
        plan_import(made, header_row=made.header_row, mapping=made.mapping, actor=cast.admin)
        confirm_import(made, leaves_out_refused=False, actor=cast.admin)
        return made

    first = planned("20001", "钱一")
    planned("20002", "钱二")
    Import.objects.filter(pk=first.pk).update(mapping={"employee_number": "nonsense"})
    drain()
    first.refresh_from_db()
    assert first.status == Import.Status.FAILED
    assert first.failure
    assert User.objects.filter(employee_number="20002").exists()
    assert not User.objects.filter(employee_number="20001").exists()
