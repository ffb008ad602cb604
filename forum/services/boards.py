"""Keeping the boards: who may read and write there, who moderates, when one is archived."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.capabilities import MANAGE
from forum.errors import ForumError
from forum.models import Board, Post, Thread
from portal.access.models import Audience
from portal.access.registry import has_capability
from portal.access.rules import AudienceRule
from portal.access.standings import count_matching
from portal.audit.services import record, snapshot
from portal.foundation.locking import lock_row
from portal.live.services import ring_listeners
from portal.organization.models import Duty
from portal.search.services import touch

WRITTEN = ("name_en", "purpose", "order", "allows_anonymous", "least_crowd")


@transaction.atomic
def create_board(*, actor: Any, name: str, rule: AudienceRule, duty: Duty | None = None, **values: Any) -> Board:
    """A board for an audience. `values` are further fields of `WRITTEN`."""
    _require_keeper(actor)
    _refuse_name(name, None)
    board = Board(name=name.strip(), duty=duty, audience=Audience.objects.for_rule(rule))
    _set(board, values)
    board.save()
    record(actor, "forum_board.created", board, after=_told(board))
    return board


@transaction.atomic
def change_board(*, actor: Any, board: Board, name: str, rule: AudienceRule, duty: Duty | None = None, **values: Any) -> Board:
    """Another audience is that of all its threads, in the same transaction; open pages ask again whether they may see them."""
    _require_keeper(actor)
    board = lock_row(Board.objects.select_related("audience", "duty"), board.pk)
    _refuse_name(name, board)
    before, earlier = _told(board), board.audience_id
    board.name, board.duty, board.audience = name.strip(), duty, Audience.objects.for_rule(rule)
    _set(board, values)
    board.save()
    if board.audience_id != earlier:
        threads = Thread.objects.filter(board=board)
        threads.update(audience=board.audience)
        ids = list(threads.values_list("pk", flat=True))
        touch(Post, Post.objects.filter(thread__in=threads).values_list("pk", flat=True))
        ring_listeners([board.topic, *(f"forum_thread:{pk}" for pk in ids)])
    if before != _told(board):
        record(actor, "forum_board.changed", board, before=before, after=_told(board))
    return board


def renew_crowds() -> None:
    """Count the readers of boards that take anonymous posts, for what their pages say."""
    boards = list(Board.objects.filter(allows_anonymous=True, archived_at__isnull=True).select_related("audience"))
    for board, count in zip(boards, count_matching([board.audience.rule for board in boards]), strict=True):
        Board.objects.filter(pk=board.pk).exclude(crowd=count).update(crowd=count)


@transaction.atomic
def set_archived(*, actor: Any, board: Board, wanted: bool) -> None:
    """An archived board is read, and written in no more."""
    _require_keeper(actor)
    board = Board.objects.select_for_update().get(pk=board.pk)
    if (board.archived_at is not None) == wanted:
        return
    board.archived_at = timezone.now() if wanted else None
    board.save(update_fields=["archived_at"])
    record(actor, "forum_board.archived" if wanted else "forum_board.unarchived", board)


def _require_keeper(actor: Any) -> None:
    if not has_capability(actor, MANAGE):
        raise PermissionDenied(_("Boards are kept by those who have that right."))


def _refuse_name(name: str, board: Board | None) -> None:
    others = Board.objects.exclude(pk=board.pk) if board is not None else Board.objects.all()
    if others.filter(name=name.strip()).exists():
        raise ForumError(_("There is a board of this name already."))


def _set(board: Board, values: dict[str, Any]) -> None:
    if unknown := values.keys() - set(WRITTEN):
        raise TypeError(f"no field of a board: {sorted(unknown)}")
    for name, value in values.items():
        setattr(board, name, value.strip() if isinstance(value, str) else value)
    board.crowd = count_matching([board.audience.rule])[0] if board.allows_anonymous else 0


def _told(board: Board) -> dict[str, Any]:
    return snapshot(board, "name", *WRITTEN) | {"audience": board.audience.key, "duty": str(board.duty or "")}
