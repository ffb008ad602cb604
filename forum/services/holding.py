"""Words that a board's moderators look at first: what has one is kept back, its writer is told, and a moderator decides once."""

from collections.abc import Sequence
from typing import Any
from unicodedata import normalize
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.errors import DecidedError, ForumError
from forum.models import Board, HeldPost, Post, Thread, Waiting
from forum.sealing.months import tag_of
from forum.services.common import checked_reason, checked_title, require
from forum.services.drafts import drop_draft
from forum.services.masked import HELD, release_reviewed
from forum.services.posts import checked_body, refuse_muted_and_flood, release_reviewed_post
from forum.words import LONGEST_WORD, MOST_WORDS, held_words_in, told_words
from portal.attachments.services import hand_files_on, hang_files
from portal.audit.services import record
from portal.discussion.texts import clean_body
from portal.foundation.locking import lock_row
from portal.foundation.rich_text import picture_ids
from portal.outbox.services import enqueue

DECIDED = "forum.held_decided"


@transaction.atomic
def set_held_words(*, actor: Any, board: Board, words: str) -> None:
    """One a line; for whoever moderates the board."""
    require(actor, "moderate", board)
    lines = dict.fromkeys(" ".join(line.split()) for line in clean_body(words).splitlines())
    kept = [line for line in lines if line]
    if wrong := next((line for line in kept if not 2 <= len(normalize("NFKC", line)) <= LONGEST_WORD), ""):
        figures = {"word": wrong[:LONGEST_WORD], "most": LONGEST_WORD}
        raise ForumError(_("“%(word)s” does not do: a word has 2 to %(most)s characters.") % figures)
    if len(kept) > MOST_WORDS:
        raise ForumError(_("At most %(most)s words, one a line.") % {"most": MOST_WORDS})
    board = Board.objects.select_for_update().get(pk=board.pk)
    before, board.held_words = board.held_words, "\n".join(kept)
    if before != board.held_words:
        board.save(update_fields=["held_words"])
        record(actor, "forum_board.words_set", board, before={"words": before}, after={"words": board.held_words})


@transaction.atomic
def hold_post(
    *, actor: Any, board: Board, thread: Thread | None, body: str, title: str = "", file_ids: Sequence[UUID] = (), quoted: Post | None = None
) -> HeldPost:
    """Keep a reply, or without `thread` a thread on the board, until a moderator has looked at it."""
    require(actor, "reply" if thread is not None else "post", thread or board)
    body, title = checked_body(body, file_ids), checked_title(title) if thread is None else ""
    words = held_words_in(board, title, body)
    if not words:
        raise ForumError(_("The words that are looked at first have just changed. Send it again."))
    twin = HeldPost.objects.filter(author=actor, board=board, thread=thread, body=body, state=HeldPost.State.OPEN).first()
    if twin is not None:
        return twin
    refuse_muted_and_flood(actor, board)
    if HeldPost.objects.filter(author=actor, state=HeldPost.State.OPEN).count() >= 10:
        raise ForumError(_("Ten posts of yours wait to be looked at already. Wait for the moderators; what you typed is kept."))
    held = HeldPost.objects.create(board=board, thread=thread, author=actor, title=title, body=body, quoted=quoted, words=told_words(words))
    hang_files(actor=actor, about=held, shown=file_ids, pictures=picture_ids(body))
    drop_draft(actor, board, thread)
    record(actor, "held_post.held", held, after={"words": held.words})
    enqueue(HELD, {"held_id": held.pk})
    return held


@transaction.atomic
def decide_on_held(*, actor: Any, held: HeldPost, is_released: bool, answer: str = "") -> HeldPost:
    """Let it through, when it becomes a post of this moment; or not, with a reason that its author is told, where there is one to tell."""
    answer = checked_reason(answer) if not is_released else clean_body(answer)[:200]
    held = lock_row(HeldPost.objects.select_related("board", "thread", "author", "waiting"), held.pk)
    if not held.is_open:
        raise DecidedError(_("Another moderator has just decided on this: %(state)s.") % {"state": held.get_state_display()})
    require(actor, "decide", held)
    _refuse_own(actor, held)
    if is_released:
        held.post = _release(held)
    elif held.waiting is not None:
        held.waiting.delete()
        held.waiting = None
    held.state = HeldPost.State.RELEASED if is_released else HeldPost.State.REFUSED
    held.decided_at, held.decided_by, held.answer = timezone.now(), actor, answer
    held.save(update_fields=["state", "decided_at", "decided_by", "answer", "post", "waiting"])
    record(actor, "held_post.released" if is_released else "held_post.refused", held, reason=answer)
    enqueue(DECIDED, {"held_id": held.pk})
    return held


def _release(held: HeldPost) -> Post:
    if held.waiting is not None:
        waiting, held.waiting = held.waiting, None
        HeldPost.objects.filter(pk=held.pk).update(waiting=None)
        return release_reviewed(waiting)
    post = release_reviewed_post(author=held.author, board=held.board, thread=held.thread, title=held.title, body=held.body, quoted=held.quoted)
    hand_files_on(actor=held.author, about=held, to=post)
    return post


def _refuse_own(actor: Any, held: HeldPost) -> None:
    """Only when it is done, and told to the one who tries alone: a button that is missing would say whose it is."""
    waiting: Waiting | None = held.waiting
    if waiting is None:
        return
    place = waiting.thread.uuid if waiting.thread is not None else waiting.thread_uuid
    if place is not None and tag_of(waiting.month, place, actor.pk) == bytes(waiting.tag or b""):
        raise ForumError(_("Nobody judges their own post. Ask another moderator."))
