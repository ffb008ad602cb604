"""What all services of the forum do first: ask the policy, take the lock, count up the cursor."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, models
from django.utils.translation import gettext as _

from forum.errors import ForumError
from forum.models import LONGEST_REASON, LONGEST_TITLE, Post, Thread
from portal.access.policies import decide
from portal.discussion.texts import clean_body
from portal.foundation.locking import lock_row
from portal.live.services import ring_topics

DRAFTS_LOCK = 482231


def require(actor: Any, action: str, thing: models.Model) -> None:
    """PermissionDenied with the rule, as the reader is told it."""
    decision = decide(actor, action, thing)
    if not decision:
        raise PermissionDenied(decision.rule)


def locked_thread(pk: int) -> Thread:
    """Writers take turns at the thread: its numbers have no gap, its cursor rises in the order in which changes become visible."""
    return lock_row(Thread.objects.select_related("board", "audience", "author"), pk)


def lock_drafts(person: Any) -> None:
    """Sending and keeping take turns, so that what is kept late does not come back after it was sent. Before any row is locked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [DRAFTS_LOCK, person.pk % 2**31])


def locked_post(post: Post) -> Post:
    """The thread's lock first, then the post as it is now."""
    thread = locked_thread(post.thread_id)
    fresh = Post.objects.select_related("author", "hidden_by").get(pk=post.pk)
    fresh.thread = thread
    return fresh


def count_up(thread: Thread, *changed: str) -> None:
    """The thread has changed; whoever listens is rung once this has committed. `changed` are its fields that were set besides."""
    thread.cursor += 1
    thread.save(update_fields=["cursor", *changed])
    ring_topics({thread.topic: thread.cursor, thread.board.topic: thread.board_cursor})


def checked_title(title: str) -> str:
    cleaned = " ".join(clean_body(title).split())
    if not cleaned:
        raise ForumError(_("Give the thread a title."))
    if len(cleaned) > LONGEST_TITLE:
        raise ForumError(_("The title is too long: at most %(most)s characters.") % {"most": LONGEST_TITLE})
    return cleaned


def checked_reason(reason: str) -> str:
    cleaned = clean_body(reason)[:LONGEST_REASON]
    if not cleaned:
        raise ForumError(_("Say why: the author is told, and the reason goes on record."))
    return cleaned
