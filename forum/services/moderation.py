"""What moderators do, each with a reason where somebody's words are concerned; and what readers report to them."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.errors import DecidedError, ForumError
from forum.masks import own_masks
from forum.models import Board, Case, Post, Report, Thread
from forum.services.common import checked_reason, count_up, locked_post, locked_thread, require
from portal.access.policies import decide
from portal.audit.services import record
from portal.live.services import ring_listeners, ring_topics
from portal.outbox.services import enqueue
from portal.search.services import touch

HIDDEN, RESTORED, REPORTED, CLOSED, MOVED = "forum.hidden", "forum.restored", "forum.reported", "forum.case_closed", "forum.moved"


@transaction.atomic
def hide_post(*, actor: Any, post: Post, reason: str) -> Post:
    """Its place stays, its words and files are for the author and the moderators. An open case of it is decided by that."""
    reason = checked_reason(reason)
    post = locked_post(post)
    require(actor, "hide", post)
    _hide(post, actor, reason)
    case = Case.objects.filter(post=post, state=Case.State.OPEN).first()
    if case is not None:
        _close(case, actor, Case.State.HIDDEN, reason)
    return post


@transaction.atomic
def restore_post(*, actor: Any, post: Post, reason: str) -> Post:
    """Show again what was hidden."""
    reason = checked_reason(reason)
    post = locked_post(post)
    require(actor, "restore", post)
    _refuse_own_mask(actor, post)
    count_up(post.thread)
    before = {"reason": post.hidden_reason}
    post.hidden_at, post.hidden_by, post.hidden_reason, post.changed_in = None, None, "", post.thread.cursor
    post.save(update_fields=["hidden_at", "hidden_by", "hidden_reason", "changed_in"])
    record(actor, "post.restored", post, before=before, reason=reason)
    enqueue(RESTORED, {"post_id": post.pk, "actor_id": actor.pk, "reason": reason})
    touch(Post, [post.pk])
    return post


@transaction.atomic
def set_closed(*, actor: Any, thread: Thread, wanted: bool) -> None:
    """A closed thread is read, and written in by moderators alone."""
    thread = _moderated(actor, thread)
    if thread.is_closed == wanted:
        return
    thread.closed_at = timezone.now() if wanted else None
    count_up(thread, "closed_at")
    record(actor, "thread.closed" if wanted else "thread.reopened", thread)


@transaction.atomic
def set_pinned(*, actor: Any, thread: Thread, wanted: bool) -> None:
    """A pinned thread stands first on its board."""
    thread = _moderated(actor, thread)
    if thread.is_pinned == wanted:
        return
    thread.is_pinned = wanted
    count_up(thread, "is_pinned")
    record(actor, "thread.pinned" if wanted else "thread.unpinned", thread)


@transaction.atomic
def move_thread(*, actor: Any, thread: Thread, board: Board) -> Thread:
    """To another board that one may write in; its readers are then those of that board, from this moment on."""
    thread = _moderated(actor, thread)
    require(actor, "post", board)
    if board.pk == thread.board_id:
        raise ForumError(_("The thread stands on this board already."))
    before = {"board": thread.board.name}
    earlier = thread.board
    thread.board, thread.audience = board, board.audience
    count_up(thread, "board", "audience")
    ring_topics({earlier.topic: thread.board_cursor})
    ring_listeners([thread.topic])
    record(actor, "thread.moved", thread, before=before, after={"board": board.name})
    touch(Post, Post.objects.filter(thread=thread).values_list("pk", flat=True))
    enqueue(MOVED, {"thread_id": thread.pk, "actor_id": actor.pk})
    return thread


@transaction.atomic
def set_shown(*, actor: Any, thread: Thread, wanted: bool, reason: str) -> None:
    """Hide a whole thread from everybody but the moderators, or show it again."""
    reason = checked_reason(reason)
    thread = _moderated(actor, thread)
    if thread.author_id == actor.pk:
        raise ForumError(_("Nobody judges their own post. Ask another moderator."))
    if thread.is_shown == wanted:
        return
    thread.is_shown = wanted
    count_up(thread, "is_shown")
    ring_listeners([thread.topic])
    record(actor, "thread.shown" if wanted else "thread.hidden", thread, reason=reason)
    touch(Post, Post.objects.filter(thread=thread).values_list("pk", flat=True))


@transaction.atomic
def report_post(*, actor: Any, post: Post, reason: str) -> Case:
    """Tell the moderators of a post. What several report of one post is one case; what was decided and is reported again is a new one."""
    reason = checked_reason(reason)
    post = locked_post(post)
    require(actor, "report", post)
    case, is_new = Case.objects.get_or_create(post=post, state=Case.State.OPEN)
    try:
        with transaction.atomic():
            Report.objects.create(case=case, person=actor, reason=reason)
    except IntegrityError:
        raise ForumError(_("You have reported this already; the moderators will look at it.")) from None
    record(actor, "post.reported", post, reason=reason)
    if is_new:
        enqueue(REPORTED, {"case_id": case.pk})
    return case


@transaction.atomic
def close_case(*, actor: Any, case: Case, is_upheld: bool, answer: str) -> Case:
    """Decide on a case once: hide the post, or leave it. The reason goes to the author where it is hidden, and to those who reported."""
    answer = checked_reason(answer)
    post = locked_post(case.post)
    case = Case.objects.select_for_update().get(pk=case.pk)
    case.post = post
    if case.state != Case.State.OPEN:
        raise DecidedError(_("Another moderator has just decided on this: %(state)s.") % {"state": case.get_state_display()})
    require(actor, "decide", case)
    _refuse_own_mask(actor, post)
    if is_upheld and decide(actor, "hide", post):
        _hide(post, actor, answer)
    _close(case, actor, Case.State.HIDDEN if is_upheld else Case.State.DISMISSED, answer)
    return case


def _refuse_own_mask(actor: Any, post: Post) -> None:
    """Only when it is done, for a button that is missing would say whose it is; and told to the one who tries alone."""
    if post.mask is not None and post.mask in own_masks(actor, post.thread):
        raise ForumError(_("Nobody judges their own post. Ask another moderator."))


def _hide(post: Post, actor: Any, reason: str) -> None:
    count_up(post.thread)
    post.hidden_at, post.hidden_by, post.hidden_reason, post.changed_in = timezone.now(), actor, reason, post.thread.cursor
    post.save(update_fields=["hidden_at", "hidden_by", "hidden_reason", "changed_in"])
    record(actor, "post.hidden", post, reason=reason)
    enqueue(HIDDEN, {"post_id": post.pk})
    touch(Post, [post.pk])


def _close(case: Case, actor: Any, state: str, answer: str) -> None:
    case.state, case.closed_at, case.closed_by, case.answer = state, timezone.now(), actor, answer
    case.save(update_fields=["state", "closed_at", "closed_by", "answer"])
    record(actor, "case.closed", case, after={"state": state}, reason=answer)
    enqueue(CLOSED, {"case_id": case.pk})


def _moderated(actor: Any, thread: Thread) -> Thread:
    thread = locked_thread(thread.pk)
    require(actor, "moderate", thread)
    return thread
