"""Who may see a board or a thread may listen to it."""

from typing import Any

from forum.models import Board, Thread
from portal.access.policies import visible_to
from portal.live.topics import register_topic


def _hears_thread(user: Any, key: str) -> bool:
    return _is_id(key) and visible_to(Thread, user).filter(pk=int(key)).exists()


def _thread_cursor(user: Any, key: str) -> int:
    return (Thread.objects.filter(pk=int(key)).values_list("cursor", flat=True).first() or 0) if _is_id(key) else 0


def _hears_board(user: Any, key: str) -> bool:
    return _is_id(key) and visible_to(Board, user).filter(pk=int(key)).exists()


def _board_cursor(user: Any, key: str) -> int:
    newest = Thread.objects.filter(board=int(key), is_shown=True).order_by("-last_post_at", "-id").first() if _is_id(key) else None
    return newest.board_cursor if newest is not None else 0


def _is_id(key: str) -> bool:
    return key.isdecimal() and key.isascii() and len(key) < 19


register_topic("forum_thread", _hears_thread, _thread_cursor)
register_topic("forum_board", _hears_board, _board_cursor)
