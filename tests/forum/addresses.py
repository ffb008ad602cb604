"""Who may open what of the forum, and a thing for each address to be about."""

from typing import Any

from forum.services.moderation import report_post
from tests.cast import Cast
from tests.forum.writing import fresh, make_board, make_thread, moderators_duty, post_of, quality_board
from tests.permissions.roles import ADMINISTRATORS, EMPLOYEES
from tests.permissions.rules import DONE, UNSEEN, Answers, act, form, page

MEMBERS = {"inspector", "head", "deputy"}  # the board is for 质检科; the head moderates it, and the deputy stands in
MODERATORS = {"head", "deputy"}
JUDGED: Answers = {**UNSEEN, "inspector": 403}
WROTE: Answers = {**UNSEEN, "head": 403, "deputy": 403}
OTHERS: Answers = {**UNSEEN, "inspector": 403}

ADDRESSES = [
    page("forum:front", EMPLOYEES),
    act("forum:all_read", EMPLOYEES),
    page("forum:bookmarks", EMPLOYEES),
    page("forum:board", MEMBERS, "forum_board", refusal=UNSEEN),
    form("forum:thread_create", MEMBERS, "forum_board", refusal=UNSEEN),
    page("forum:thread", MEMBERS, "thread", refusal=UNSEEN),
    page("forum:arrivals", MEMBERS, "thread", refusal=UNSEEN),
    act("forum:reading", MEMBERS, "thread", outcome=204, refusal=UNSEEN),
    act("forum:following", MEMBERS, "thread", refusal=UNSEEN),
    act("forum:reply", MEMBERS, "thread", outcome=422, refusal=UNSEEN),
    act("forum:thread_closing", MODERATORS, "thread", refusal=JUDGED),
    act("forum:thread_pinning", MODERATORS, "thread", refusal=JUDGED),
    form("forum:thread_move", MODERATORS, "thread", refusal=JUDGED),
    form("forum:thread_hiding", MODERATORS, "thread", refusal=JUDGED),
    page("forum:post", MEMBERS, "forum_post", shown=DONE, refusal=UNSEEN),
    page("forum:history", MEMBERS, "forum_post", refusal=UNSEEN),
    form("forum:post_update", {"inspector"}, "forum_post", refusal=WROTE),
    act("forum:post_withdrawal", {"inspector"}, "forum_post", refusal=WROTE),
    act("forum:post_support", MODERATORS, "forum_post", refusal=OTHERS),
    act("forum:post_bookmark", MEMBERS, "forum_post", refusal=UNSEEN),
    form("forum:post_report", MODERATORS, "forum_post", refusal=OTHERS),
    form("forum:post_hiding", MODERATORS, "forum_post", refusal=JUDGED),
    form("forum:post_restoring", set(), "forum_post", refusal={**JUDGED, "head": 403, "deputy": 403}),
    form("forum:case_list", MODERATORS, outcome=DONE),
    form("forum:case", MODERATORS, "forum_case", refusal=UNSEEN),
    page("forum:board_list", ADMINISTRATORS),
    form("forum:board_create", ADMINISTRATORS),
    form("forum:board_update", ADMINISTRATORS, "forum_board"),
    act("forum:board_archiving", ADMINISTRATORS, "forum_board"),
]
EXCEPTIONS: dict[Any, Any] = {("forum:case", "post", "deputy"): 403}  # who reported a post does not decide on it
QUERIES = {"/forum/": 12}


def make_things(cast: Cast) -> dict[str, Any]:
    """One of each, for 质检科 alone; 王伟 wrote, 李敏 moderates, 赵静 reported. A second board is for everybody."""
    board = quality_board(cast, duty=moderators_duty(cast, cast.head))
    make_board(cast)
    thread = make_thread(board, cast.inspector)
    post = post_of(thread, 1)
    case = report_post(actor=fresh(cast.deputy), post=post, reason="不实")
    return {"forum_board": board.pk, "thread": thread.pk, "forum_post": post.pk, "forum_case": case.pk}
