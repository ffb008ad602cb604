"""Anonymous posts: taken in without a trace of who sends them, and released a round later by the beat. What is promised stands in `forum.sealing`.

These are the only services that put nothing on record while somebody acts: a record at that moment would name the author by its time. What is released
is on record as done by nobody.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from html import escape
from secrets import SystemRandom
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forum.errors import ForumError
from forum.masks import anonymity_closed_until, mask_for, own_masks, seal_keys
from forum.mentions import mentioned_in
from forum.models import LONGEST_POST, Board, HeldPost, Mask, Post, Seal, Thread, Waiting, WaitingPicture
from forum.sealing.envelopes import seal_author
from forum.sealing.limits import count_attempt, note_sent, was_sent
from forum.sealing.months import new_tag
from forum.sealing.rounds import moment_of, next_moment, round_of
from forum.services.common import checked_title, count_up, locked_post, locked_thread, require
from forum.services.posts import POSTED, checked_quotation
from forum.words import held_words_in, told_words
from portal.access.standings import people_matching
from portal.attachments.unnamed import hang_unnamed
from portal.audit.origin import NOWHERE, current_origin
from portal.audit.services import record
from portal.discussion.mentions import refuse_too_many, sentences_on
from portal.discussion.texts import clean_body
from portal.organization.querysets import today
from portal.outbox.services import enqueue
from portal.outbox.troubles import apart, not_now
from portal.search.services import touch

QUEUE, HELD = "forum.rounds", "forum.held"
MOST_PICTURES = 4


def post_masked(
    *, actor: Any, board: Board, thread: Thread | None, words: str, key: UUID, title: str = "", pictures: Sequence[bytes] = (), quoted: Post | None = None
) -> datetime:
    """Take in an anonymous reply, or without `thread` a thread on the board; from which moment on it can be read.

    Writes one row without a person, in a transaction of its own. Refuses where the board does not allow it, where too few people could have been the
    author, whoever is muted, and too much in too short a time. The same form sent again is taken in once.
    """
    if thread is not None:
        require(actor, "reply", thread)
    else:
        require(actor, "post", board)
    keys = _keys_where_allowed(board)
    body = paragraphs_of(words)
    title = checked_title(title) if thread is None else ""
    _refuse_unreached(body, thread or board)
    if len(pictures) > MOST_PICTURES:
        raise ForumError(_("An anonymous post has at most %(most)s pictures.") % {"most": MOST_PICTURES})
    if thread is not None and quoted is not None:
        quoted = checked_quotation(actor, thread, quoted)
    until = anonymity_closed_until(actor, board)
    if until is not None:
        raise ForumError(_("You may not post here for the time being."))
    digest, now = hashlib.sha256(key.bytes).digest(), timezone.now()
    if was_sent(digest) or Waiting.objects.filter(key=digest).exists():
        return next_moment(now)
    count_attempt(actor.pk)
    uuid = uuid4()
    thread_uuid = thread.uuid if thread is not None else uuid4()
    month, tag = mask_for(actor, thread) if thread is not None else new_tag(thread_uuid, actor.pk)
    waiting = Waiting(
        key=digest,
        round=round_of(now),
        board=board if thread is None else None,
        thread=thread,
        thread_uuid=thread_uuid if thread is None else None,
        uuid=uuid,
        title=title,
        body=body,
        quoted=quoted,
        tag=tag,
        month=month,
        box=seal_author(actor.pk, today(), uuid, bytes(keys[0].public), bytes(keys[1].public)),
        first_key=keys[0],
        second_key=keys[1],
    )
    _keep(waiting, pictures)
    note_sent(digest)
    return next_moment(now)


def withdraw_masked(*, actor: Any, post: Post) -> datetime:
    """Take back what one wrote under a mask; when that happens. It waits for its round too, or the moment would tell who was there."""
    require(actor, "view", post)
    if post.mask not in own_masks(actor, post.thread):
        raise PermissionDenied(_("Only who wrote it changes it."))
    now = timezone.now()
    _keep(Waiting(key=hashlib.sha256(f"withdrawal {post.uuid}".encode()).digest(), round=round_of(now), withdraws=post), ())
    return next_moment(now)


def release_waiting() -> int:
    """Turn into posts what came in another round than the present one, in random order; how many there were.

    By another, not by an earlier one: after a step of the clock back, nothing waits for the time that was taken away.
    """
    held = HeldPost.objects.filter(waiting__isnull=False).values("waiting")
    ripe = Waiting.objects.exclude(round=round_of(timezone.now())).exclude(pk__in=held)
    ids = list(ripe.exclude(pk__in=not_now(QUEUE)).values_list("pk", flat=True))
    SystemRandom().shuffle(ids)
    origin = current_origin.set(NOWHERE)
    try:
        failed = [pk for one in ids for pk in apart(QUEUE, [one], _release)]
    finally:
        current_origin.reset(origin)
    return len(ids) - len(failed)


def paragraphs_of(words: str) -> str:
    """Plain text as paragraphs: what was formatted or pasted would bring more than words."""
    text = clean_body(words)
    if not text:
        raise ForumError(_("Write something first."))
    if len(text) > LONGEST_POST // 2:
        figures = {"length": len(text), "most": LONGEST_POST // 2}
        raise ForumError(_("This is too long: %(length)s characters, at most %(most)s. Shorten it.") % figures)
    blocks = [block for block in text.split("\n\n") if block.strip()]
    return "".join(f"<p>{'<br>'.join(escape(line) for line in block.strip().splitlines())}</p>" for block in blocks)


def _refuse_unreached(body: str, place: Board | Thread) -> None:
    """Said before it is taken in, on the page that answers: afterwards it could be told to a person alone, and would be written down somewhere."""
    mentioned = mentioned_in(body, place)
    refuse_too_many(mentioned)
    if told := sentences_on(mentioned):
        raise ForumError(_("Take the @ away from whoever cannot be told. %(why)s") % {"why": " ".join(told)})


def _keys_where_allowed(board: Board) -> Any:
    if not board.allows_anonymous:
        raise PermissionDenied(_("This board takes no anonymous posts."))
    keys = seal_keys()
    if keys is None:
        raise ForumError(_("Anonymous posts are closed: the officers who keep the seals have not made their keys yet. Post under your name, or ask them."))
    crowd = people_matching(board.audience.rule).filter(kind="employee").count()
    if crowd < board.least_crowd:
        sentence = ngettext(
            "Only %(count)s person reads this board, too few to hide among: at least %(least)s are needed. Post under your name, or on a larger board.",
            "Only %(count)s people read this board, too few to hide among: at least %(least)s are needed. Post under your name, or on a larger board.",
            crowd,
        )
        raise ForumError(sentence % {"count": crowd, "least": board.least_crowd})
    return keys


def _keep(waiting: Waiting, pictures: Sequence[bytes]) -> None:
    try:
        with transaction.atomic():
            waiting.save(force_insert=True)
            for order, content in enumerate(pictures):
                WaitingPicture(waiting=waiting, order=order, content=content).save(force_insert=True)
    except IntegrityError as error:
        if "forum_waiting_key" not in str(error):
            raise


def _release(ids: Sequence[int]) -> None:
    for waiting in Waiting.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk__in=ids):
        if waiting.withdraws_id is not None:
            _withdraw(Post.objects.get(pk=waiting.withdraws_id))
        elif _is_held(waiting):
            continue
        else:
            _add_post(waiting, _thread_of(waiting))
        waiting.delete()


def release_reviewed(waiting: Waiting) -> Post:
    """What a moderator has looked at and lets through."""
    origin = current_origin.set(NOWHERE)
    try:
        post = _add_post(waiting, _thread_of(waiting))
    finally:
        current_origin.reset(origin)
    waiting.delete()
    return post


def _is_held(waiting: Waiting) -> bool:
    """Only now, when nobody knows any more when it was sent, the moderators hear that there is something to look at."""
    board = Board.objects.get(pk=waiting.board_id or Thread.objects.values_list("board", flat=True).get(pk=waiting.thread_id or 0))
    words = held_words_in(board, waiting.title, waiting.body)
    if not words:
        return False
    held = HeldPost.objects.create(
        board=board,
        thread_id=waiting.thread_id,
        waiting=waiting,
        title=waiting.title,
        body=waiting.body,
        quoted_id=waiting.quoted_id,
        words=told_words(words),
        held_at=moment_of(round_of(timezone.now())),
    )
    record(None, "held_post.held", held, after={"words": held.words})
    enqueue(HELD, {"held_id": held.pk})
    return True


def _thread_of(waiting: Waiting) -> Thread:
    """Locked, begun where the post begins it. What was right when it was sent is released, for nobody knows whom to ask."""
    if waiting.thread_id is not None:
        return locked_thread(waiting.thread_id)
    now = timezone.now()
    board = Board.objects.select_related("audience").get(pk=waiting.board_id or 0)
    thread = Thread.objects.create(
        board=board,
        audience=board.audience,
        uuid=waiting.thread_uuid or uuid4(),
        title=waiting.title,
        author=None,
        created_at=moment_of(round_of(now)),
        last_author=None,
        last_mask=1,
        last_post_at=now,
    )
    record(None, "thread.begun", thread, after={"title": thread.title, "board": board.name})
    return locked_thread(thread.pk)


def _add_post(waiting: Waiting, thread: Thread) -> Post:
    now = timezone.now()
    mask = Mask.objects.filter(thread=thread, tag=waiting.tag).first()
    if mask is None:
        thread.mask_count += 1
        mask = Mask.objects.create(thread=thread, number=thread.mask_count, tag=waiting.tag, month=waiting.month)
    thread.last_number += 1
    thread.last_post_at, thread.last_author, thread.last_mask = max(now, thread.last_post_at), None, mask.number
    count_up(thread, "last_number", "last_post_at", "last_author", "last_mask", "mask_count")
    at = moment_of(round_of(now))
    post = Post.objects.create(
        thread=thread,
        number=thread.last_number,
        author=None,
        mask=mask.number,
        uuid=waiting.uuid,
        body=waiting.body,
        quoted=waiting.quoted,
        created_at=at,
        changed_in=thread.cursor,
    )
    Seal.objects.create(post=post, box=waiting.box, first_key_id=waiting.first_key_id or 0, second_key_id=waiting.second_key_id or 0)
    hang_unnamed(about=post, contents=[bytes(picture.content) for picture in waiting.pictures.order_by("order")], at=at)
    record(None, "post.released", post, after={"seal": seal_digest(bytes(waiting.box), post.body)})
    touch(Post, [post.pk])
    enqueue(POSTED, {"post_id": post.pk, "called": sorted(mentioned_in(post.body, thread).ids)})
    return post


def seal_digest(box: bytes, body: str) -> str:
    """What the record keeps of a seal and its text, so that either shows when it was changed afterwards."""
    return hashlib.sha256(box + body.encode()).hexdigest()


def _withdraw(post: Post) -> None:
    post = locked_post(post)
    if not post.is_readable:
        return
    count_up(post.thread)
    post.withdrawn_at, post.changed_in = moment_of(round_of(timezone.now())), post.thread.cursor
    post.save(update_fields=["withdrawn_at", "changed_in"])
    record(None, "post.withdrawn", post)
    touch(Post, [post.pk])
