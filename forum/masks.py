"""Whose a mask is, as far as the person who asks wears it themselves: computed for each request from keys outside the database, stored nowhere."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from forum.models import Board, Mask, Mute, Thread
from forum.sealing.models import Role, RoleKey
from forum.sealing.months import new_tag, tag_of, tags_under


def own_masks(user: Any, thread: Thread) -> frozenset[int]:
    """The numbers of the masks under which this person spoke in a thread. Only for the person's own page, never where somebody views as them."""
    if thread.mask_count == 0:
        return frozenset()
    masks = list(Mask.objects.filter(thread=thread))
    tags = tags_under({mask.month for mask in masks}, thread.uuid, user.pk)
    return frozenset(mask.number for mask in masks if bytes(mask.tag) in tags)


def mask_for(user: Any, thread: Thread) -> tuple[str, bytes]:
    """Month and tag under which this person speaks there: those of the mask that they wear already, as long as its key lives, else new ones."""
    worn = own_masks(user, thread)
    mask = Mask.objects.filter(thread=thread, number__in=worn).order_by("-number").first()
    return (mask.month, bytes(mask.tag)) if mask is not None else new_tag(thread.uuid, user.pk)


def named_mute(user: Any, board: Board) -> Mute | None:
    """The mute by name that keeps this person from writing on a board, the longest one."""
    mutes = Mute.objects.filter(Q(board=board) | Q(board__isnull=True), person=user.pk, lifted_at__isnull=True, until__gt=timezone.now())
    return mutes.order_by("-until").first()


def anonymity_closed_until(user: Any, board: Board) -> datetime | None:
    """Whether this person may not post anonymously: they are muted there by name, or a mask of theirs is. Which of both, nobody is told."""
    named = named_mute(user, board)
    masked = Mute.objects.filter(mask__isnull=False, lifted_at__isnull=True, until__gt=timezone.now()).select_related("mask__thread")
    ends = [named.until] if named is not None else []
    for mute in masked:
        if mute.mask is not None and tag_of(mute.mask.month, mute.mask.thread.uuid, user.pk) == bytes(mute.mask.tag):
            ends.append(mute.until)
    return max(ends, default=None)


def seal_keys() -> tuple[RoleKey, RoleKey] | None:
    """The keys of both roles, under which authors are sealed today; None where a role has none, or only one share of it, which could be lost for good."""
    keys: dict[str, RoleKey] = {key.role: key for key in RoleKey.objects.filter(retired_at__isnull=True).prefetch_related("shares")}
    if any(role not in keys or len(keys[role].shares.all()) < 2 for role in Role.values):
        return None
    return keys[Role.FIRST], keys[Role.SECOND]
