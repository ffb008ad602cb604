"""Writing: threads, replies, edits, taking back, support, bookmarks."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.errors import ForumError, HeldWordsError, TooManyPostsError
from forum.masks import named_mute
from forum.mentions import mentioned_in
from forum.models import LONGEST_POST, Board, Bookmark, Draft, Follow, Post, PostRevision, Support, Thread
from forum.services.common import checked_title, count_up, lock_drafts, locked_post, locked_thread, require
from forum.services.reading import note_read
from forum.words import held_words_in, told_words
from portal.access.policies import can, decide
from portal.attachments.services import hang_files
from portal.audit.services import record
from portal.discussion.mentions import refuse_too_many
from portal.foundation.rich_text import clean_html, picture_ids, to_text
from portal.outbox.services import enqueue
from portal.search.services import touch

POSTED, CALLED = "forum.posted", "forum.called"
MOST_IN = {timedelta(minutes=1): 10, timedelta(days=1): 300}
SAME_AGAIN = timedelta(minutes=1)


@transaction.atomic
def start_thread(*, actor: Any, board: Board, title: str, body: str, file_ids: Sequence[UUID] = ()) -> Thread:
    """Begin a thread with its first post; who begins it follows it. HeldWordsError where a moderator is to look at it first (`hold_post`)."""
    require(actor, "post", board)
    title, body = checked_title(title), checked_body(body, file_ids)
    mentioned = mentioned_in(body, board)
    refuse_too_many(mentioned)
    refuse_muted_and_flood(actor, board)
    _refuse_held(actor, board, title, body)
    lock_drafts(actor)
    thread = _begin(board, actor, title)
    _add_post(thread, actor, body, file_ids, None, mentioned.ids)
    return thread


@transaction.atomic
def post_reply(*, actor: Any, thread: Thread, body: str, file_ids: Sequence[UUID] = (), quoted: Post | None = None) -> Post:
    """Say something in a thread. The same words of one person again within a minute are the same post."""
    require(actor, "reply", thread)
    body = checked_body(body, file_ids)
    mentioned = mentioned_in(body, thread)
    refuse_too_many(mentioned)
    lock_drafts(actor)
    thread = locked_thread(thread.pk)
    require(actor, "reply", thread)
    if quoted is not None:
        quoted = checked_quotation(actor, thread, quoted)
    twin = Post.objects.readable().filter(thread=thread, author=actor, body=body, created_at__gt=timezone.now() - SAME_AGAIN).first()
    if twin is not None:
        return twin
    refuse_muted_and_flood(actor, thread.board)
    _refuse_held(actor, thread.board, body)
    return _add_post(thread, actor, body, file_ids, quoted, mentioned.ids)


@transaction.atomic
def edit_post(*, actor: Any, post: Post, body: str, title: str | None = None, file_ids: Sequence[UUID] = ()) -> Post:
    """Change what one wrote; how it read before stays for whoever reads it. A title is that of the thread, in its first post."""
    require(actor, "change", post)
    body = checked_body(body, file_ids)
    post = locked_post(post)
    require(actor, "change", post)
    _refuse_muted(actor, post.thread.board)
    thread = post.thread
    mentioned = mentioned_in(body, thread)
    refuse_too_many(mentioned)
    new_title = checked_title(title) if title is not None and post.number == 1 else thread.title
    hang_files(actor=actor, about=post, shown=file_ids, pictures=picture_ids(body))
    if (post.body, thread.title) == (body, new_title):
        return post
    _refuse_held(actor, thread.board, new_title, body)
    called = mentioned.ids - mentioned_in(post.body, thread).ids
    number = PostRevision.objects.filter(post=post).count() + 1
    earlier_title = thread.title if new_title != thread.title else ""
    PostRevision.objects.create(post=post, number=number, title=earlier_title, body=post.body)
    before = {"title": thread.title, "body": post.body}
    thread.title = new_title
    count_up(thread, "title")
    post.body, post.edited_at, post.changed_in = body, timezone.now(), thread.cursor
    post.save(update_fields=["body", "edited_at", "changed_in"])
    record(actor, "post.edited", post, before=before, after={"title": new_title, "body": body})
    touch(Post, Post.objects.filter(thread=thread).values_list("pk", flat=True) if earlier_title else [post.pk])
    if called:
        enqueue(CALLED, {"post_id": post.pk, "person_ids": sorted(called)})
    return post


@transaction.atomic
def release_reviewed_post(*, author: Any, board: Board, thread: Thread | None, title: str, body: str, quoted: Post | None) -> Post:
    """What a moderator has looked at and lets through, as its author's post of this moment. What was right when it was sent is released."""
    lock_drafts(author)
    thread = locked_thread(thread.pk) if thread is not None else _begin(board, author, title)
    quoted = quoted if quoted is not None and quoted.thread_id == thread.pk and quoted.is_readable else None
    return _add_post(thread, author, body, None, quoted, mentioned_in(body, thread).ids)


@transaction.atomic
def withdraw_post(*, actor: Any, post: Post) -> Post:
    """Take back what one wrote: number and place stay, the words are for the author and the moderators."""
    post = locked_post(post)
    require(actor, "withdraw", post)
    count_up(post.thread)
    post.withdrawn_at, post.changed_in = timezone.now(), post.thread.cursor
    post.save(update_fields=["withdrawn_at", "changed_in"])
    record(actor, "post.withdrawn", post)
    touch(Post, [post.pk])
    return post


@transaction.atomic
def set_support(*, actor: Any, post: Post, wanted: bool) -> None:
    """Support what another wrote, or take that back. Pressed twice, it is done once."""
    require(actor, "support", post)
    post = locked_post(post)
    require(actor, "support", post)
    mine = Support.objects.filter(post=post, person=actor)
    if wanted:
        _row, is_new = Support.objects.get_or_create(post=post, person=actor)
        change = 1 if is_new else 0
    else:
        change = -mine.delete()[0]
    if change:
        Post.objects.filter(pk=post.pk).update(support_count=F("support_count") + change)


@transaction.atomic
def set_bookmark(*, actor: Any, post: Post, wanted: bool) -> None:
    """For oneself alone; nobody else sees it."""
    require(actor, "view", post)
    if wanted:
        Bookmark.objects.get_or_create(person=actor, post=post)
    else:
        Bookmark.objects.filter(person=actor, post=post).delete()


@transaction.atomic
def set_follow(*, actor: Any, thread: Thread, level: str) -> None:
    """`level` of `Follow.Level`; empty for answers to oneself alone."""
    require(actor, "view", thread)
    if level in Follow.Level.values:
        Follow.objects.update_or_create(person=actor, thread=thread, defaults={"level": level}, create_defaults={"level": level, "since": timezone.now()})
    else:
        Follow.objects.filter(person=actor, thread=thread).delete()


def checked_body(body: str, file_ids: Sequence[UUID] = ()) -> str:
    """The text as it may be stored. Pictures or files alone say something too."""
    cleaned = clean_html(body)
    if not to_text(cleaned).strip() and not picture_ids(cleaned) and not file_ids:
        raise ForumError(_("Write something first."))
    if len(cleaned) > LONGEST_POST:
        figures = {"length": len(cleaned), "most": LONGEST_POST}
        raise ForumError(_("This is too long: %(length)s characters, at most %(most)s. Shorten it, or add it as a file.") % figures)
    return cleaned


def checked_quotation(actor: Any, thread: Thread, quoted: Post) -> Post:
    """As it is now. Refuses what may not be read any more, or stands in another thread."""
    quoted = Post.objects.get(pk=quoted.pk)
    if quoted.thread_id != thread.pk or not can(actor, "view", quoted) or not quoted.is_readable:
        raise ForumError(_("What you quote was hidden or taken back meanwhile. Take the quotation out, and send your reply again."))
    return quoted


def _begin(board: Board, actor: Any, title: str) -> Thread:
    """A thread without a post, locked."""
    now = timezone.now()
    thread = Thread.objects.create(
        board=board, audience=board.audience, title=title, author=actor, created_at=now, last_author=actor, last_number=0, last_post_at=now
    )
    record(actor, "thread.begun", thread, after={"title": title, "board": board.name})
    return locked_thread(thread.pk)


def _add_post(thread: Thread, actor: Any, body: str, file_ids: Sequence[UUID] | None, quoted: Post | None, called: set[int]) -> Post:
    """The thread is locked. `called` are those whom it calls, kept with it, for an edit that comes before they are told calls its own."""
    now = timezone.now()
    thread.last_number += 1
    thread.last_post_at, thread.last_author, thread.last_mask = max(now, thread.last_post_at), actor, None
    count_up(thread, "last_number", "last_post_at", "last_author", "last_mask")
    post = Post.objects.create(thread=thread, number=thread.last_number, author=actor, body=body, quoted=quoted, created_at=now, changed_in=thread.cursor)
    pictures = picture_ids(body)
    if file_ids is not None and (file_ids or pictures):
        hang_files(actor=actor, about=post, shown=file_ids, pictures=pictures)
    note_read(actor, {thread.pk: thread.last_number}, own=True)
    Follow.objects.bulk_create([Follow(person=actor, thread=thread, level=Follow.Level.NEWS)], ignore_conflicts=True)
    record(actor, "post.written", post, after={"number": post.number})
    touch(Post, [post.pk])
    Draft.objects.filter(person=actor, thread=None if post.number == 1 else thread, board=thread.board).delete()
    enqueue(POSTED, {"post_id": post.pk, "called": sorted(called)})
    return post


def refuse_muted_and_flood(actor: Any, board: Board) -> None:
    _refuse_muted(actor, board)
    _refuse_flood(actor)


def _refuse_held(actor: Any, board: Board, *texts: str) -> None:
    """Whoever moderates the board is not asked to look at their own."""
    words = held_words_in(board, *texts)
    if words and not decide(actor, "moderate", board):
        sentence = _("Moderators look first at what has these words: %(words)s. Write it as a new post, which is then kept for them, or without the words.")
        raise HeldWordsError(sentence % {"words": told_words(words)})


def _refuse_muted(actor: Any, board: Board) -> None:
    mute = named_mute(actor, board)
    if mute is not None:
        figures = {"until": f"{timezone.localtime(mute.until):%Y-%m-%d %H:%M}", "reason": mute.reason}
        raise ForumError(_("You may not write here until %(until)s: %(reason)s") % figures)


def _refuse_flood(actor: Any) -> None:
    now = timezone.now()
    recent = Post.objects.filter(author=actor, created_at__gt=now - max(MOST_IN)).order_by()
    counts = recent.aggregate(**{f"in_{place}": Count("pk", filter=Q(created_at__gt=now - period)) for place, period in enumerate(MOST_IN)})
    if any(counts[f"in_{place}"] >= most for place, most in enumerate(MOST_IN.values())):
        raise TooManyPostsError(_("You have written a great deal in a short time. Wait a little and send it again; what you typed is kept."))
