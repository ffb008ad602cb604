"""Muting: a person by name on one board or on all, a mask without anybody learning whose it is. Both end by themselves."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.errors import ForumError
from forum.models import Board, Mask, Mute, Post
from forum.policies import OF_ALL_BOARDS, moderates
from forum.services.common import checked_reason, require
from portal.access.standings import standing_of
from portal.audit.services import record
from portal.foundation.locking import lock_row
from portal.outbox.services import enqueue

MUTED = "forum.muted"
LONGEST_MUTE = timedelta(days=60)  # shorter than the life of a mask's key


@transaction.atomic
def mute_author(*, actor: Any, post: Post, days: int, reason: str, is_everywhere: bool = False) -> Mute:
    """Mute who wrote a post. By name: on its board, or on all by whoever moderates all. A mask: for anonymous posts everywhere, and for nothing else."""
    require(actor, "moderate", post.thread)
    reason = checked_reason(reason)
    if not 1 <= days <= LONGEST_MUTE.days:
        raise ForumError(_("A mute lasts from 1 to %(most)s days.") % {"most": LONGEST_MUTE.days})
    if post.author_id == actor.pk:
        raise ForumError(_("Nobody judges their own post. Ask another moderator."))
    board: Board | None = post.thread.board
    if is_everywhere and not post.is_masked and OF_ALL_BOARDS not in standing_of(actor).token_set:
        raise PermissionDenied(_("Only who moderates the whole forum mutes on all boards."))
    if is_everywhere or post.is_masked:
        board = None
    mask = Mask.objects.get(thread=post.thread_id, number=post.mask) if post.mask is not None else None
    until = timezone.now() + timedelta(days=days)
    mute = Mute.objects.create(person_id=post.author_id, mask=mask, board=board, post=post, until=until, reason=reason, muted_by=actor)
    record(actor, "forum_mute.set", post, after={"days": days, "board": board.name if board is not None else ""}, reason=reason)
    if mute.person_id is not None:
        enqueue(MUTED, {"mute_id": mute.pk})
    return mute


@transaction.atomic
def lift_mute(*, actor: Any, mute: Mute) -> None:
    """Let somebody write again before the end; this mute alone, whatever others there are."""
    mute = lock_row(Mute.objects.select_related("post__thread__board"), mute.pk)
    if mute.post is None or not moderates(actor, mute.post.thread.board):
        raise PermissionDenied(_("Boards are moderated by those who hold their duty."))
    if mute.lifted_at is not None:
        return
    mute.lifted_at = timezone.now()
    mute.save(update_fields=["lifted_at"])
    record(actor, "forum_mute.lifted", mute.post)
