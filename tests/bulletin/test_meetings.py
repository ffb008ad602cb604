"""Two who act on one page at the same moment: the second waits, then meets what the first has done."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from bulletin.models import Notice
from bulletin.services.boards import delegate_publishing, keep_board
from portal.organization.querysets import today
from portal.pages.drafts import draft_stamp, lock_page
from portal.pages.services import delete_draft, publish_due, unschedule_page
from tests.bulletin.short_form import NEW, typed
from tests.bulletin.test_publishing import _let_pass
from tests.bulletin.writing import draft, write

pytestmark = pytest.mark.django_db(transaction=True)

BLOCKED = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"


def meets(notice: Notice, first: Callable[[], Any], second: Callable[[], Any]) -> Any:
    """`second` begins, waits for the page, and goes on when `first` is committed; what came of it."""
    outcome: list[Any] = []

    def run() -> None:
        try:
            outcome.append(second())
        except Exception as failure:  # the test looks at it
            outcome.append(failure)
        finally:
            connection.close()

    thread = Thread(target=run)
    with transaction.atomic():
        lock_page(notice)
        thread.start()
        until = monotonic() + 60
        with connection.cursor() as cursor:
            while cursor.execute(BLOCKED).fetchone()[0] == 0:
                assert monotonic() < until, "nobody waits for the page"
                sleep(0.01)
        first()
    thread.join(timeout=60)
    return outcome[0]


def at_once(times: int, act: Callable[[], Any]) -> list[Any]:
    """What comes of one act that several do at the same moment."""
    barrier, outcomes = Barrier(times), []

    def run() -> None:
        try:
            barrier.wait(60)
            outcomes.append(act())
        except Exception as failure:  # the test looks at it
            outcomes.append(failure)
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return outcomes


@pytest.mark.parametrize("needs_second_person", [False, True])
def test_a_new_notice_that_is_sent_many_times_at_once_is_one(as_head, cast, board, needs_second_person):
    keep_board(board, document_prefix="", needs_second_person=needs_second_person, actor=cast.head)
    delegate_publishing(cast.quality, cast.deputy, starts_on=today(), ends_on=today(), actor=cast.head)
    form = typed(cast, key=uuid4().hex, action="submit" if needs_second_person else "publish")
    answers = at_once(4, lambda: as_head.post(NEW, form))
    notice = Notice.objects.get()
    assert (notice.version_number, notice.workflow_in_progress) == ((0, True) if needs_second_person else (1, False))
    assert [answer.status_code for answer in answers] == [302] * 4
    assert len({answer.url for answer in answers}) == 1


def test_a_draft_that_is_deleted_twice_at_once_is_gone_and_nobody_meets_an_error(as_head, cast, board):
    written = draft(board, cast.head)
    address = reverse("bulletin:notice_deletion", args=[written.pk])
    answer = meets(written, lambda: delete_draft(written, actor=cast.head), lambda: as_head.post(address))
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("bulletin:drafts"))
    assert not Notice.objects.exists()


def test_what_is_published_while_another_deletes_it_stays_and_is_said(as_head, cast, board):
    written = draft(board, cast.head)
    address = reverse("bulletin:notice_deletion", args=[written.pk])
    answer = meets(written, lambda: written.get_latest_revision().publish(user=cast.head), lambda: as_head.post(address))
    assert answer.status_code == 302
    assert Notice.objects.get().is_shown


def test_what_one_writes_is_still_on_the_page_when_a_colleague_deletes_the_draft(as_head, cast, board):
    written = Notice.objects.select_related("latest_revision").get(pk=draft(board, cast.head).pk)
    address = reverse("bulletin:notice_update", args=[written.pk])
    typed = {"title": "写了一半的通知", "body": "<p>已经写了很多</p>", "seen": draft_stamp(written), "action": "save"}
    answer = meets(written, lambda: delete_draft(written, actor=cast.deputy), lambda: as_head.post(address, typed))
    assert answer.status_code == 422
    assert "写了一半的通知" in answer.content.decode()
    assert "已经写了很多" in answer.content.decode()


def test_a_planned_publication_that_is_called_off_at_its_very_moment_does_not_happen(cast, board):
    planned = write(board, cast.head, go_live_at=timezone.now() + timedelta(hours=1))
    _let_pass(planned, hours=3)
    revision = planned.revisions.get(approved_go_live_at__isnull=False)
    failure = meets(planned, lambda: unschedule_page(planned, actor=cast.head), lambda: publish_due(revision.pk))
    assert failure is None
    assert not Notice.objects.get().is_shown
