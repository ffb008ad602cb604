"""Who may open what of the forum, and a thing for each address to be about."""

from typing import Any
from uuid import uuid4

from django.db import transaction

from forum.models import Board, Ceremony, Post, RoleKey, Seal
from forum.sealing.models import Role
from forum.services.holding import hold_post, set_held_words
from forum.services.moderation import report_post
from forum.services.unsealing import ask_to_unseal
from portal.access.rules import AudienceRule, person_token
from portal.access.services import grant_capability
from tests.cast import Cast
from tests.forum.writing import fresh, make_board, make_thread, moderators_duty, post_of, quality_board
from tests.permissions.roles import ADMINISTRATORS, EMPLOYEES
from tests.permissions.rules import DONE, UNSEEN, Answers, act, form, page

MEMBERS = {"inspector", "head", "deputy"}  # the board is for 质检科; the head moderates it, and the deputy stands in
MODERATORS = {"head", "deputy"}
OFFICERS = {"curator"}  # 陈刚 opens seals for one side
JUDGED: Answers = {**UNSEEN, "inspector": 403}
WROTE: Answers = {**UNSEEN, "head": 403, "deputy": 403}
OTHERS: Answers = {**UNSEEN, "inspector": 403}

ADDRESSES = [
    page("forum:front", EMPLOYEES),
    act("forum:all_read", EMPLOYEES),
    page("forum:bookmarks", EMPLOYEES),
    page("forum:board", MEMBERS, "forum_board", refusal=UNSEEN),
    form("forum:thread_create", MEMBERS, "forum_board", refusal=UNSEEN),
    page("forum:people", MEMBERS, "forum_board", refusal=UNSEEN),
    page("forum:thread", MEMBERS, "thread", refusal=UNSEEN),
    page("forum:thread_print", MEMBERS, "thread", refusal=UNSEEN),
    page("forum:arrivals", MEMBERS, "thread", refusal=UNSEEN),
    act("forum:reading", MEMBERS, "thread", outcome=204, refusal=UNSEEN),
    act("forum:following", MEMBERS, "thread", refusal=UNSEEN),
    act("forum:reply_draft", MEMBERS, "thread", outcome=200, refusal=UNSEEN),
    act("forum:thread_draft", MEMBERS, "forum_board", outcome=200, refusal=UNSEEN),
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
    form("forum:post_muting", MODERATORS, "forum_post", refusal=JUDGED),
    form("forum:mute_list", MODERATORS, outcome=DONE),
    page("forum:anonymity", EMPLOYEES),
    form("forum:post_unsealing", set(), "forum_post", refusal={**JUDGED, "head": 403, "deputy": 403}),
    form("forum:seal_key", OFFICERS, is_personal=True),
    form("forum:ceremony_list", OFFICERS, outcome=DONE),
    form("forum:ceremony", OFFICERS, "forum_ceremony", refusal=UNSEEN, is_personal=True),
    form("forum:board_words", MODERATORS, "forum_board", outcome=DONE, refusal=JUDGED),
    form("forum:held_list", MODERATORS, outcome=DONE),
    form("forum:held_post", MODERATORS, "held_post", refusal={**UNSEEN, "inspector": 403}),
    form("forum:case", MODERATORS, "forum_case", refusal=UNSEEN),
    page("forum:board_list", ADMINISTRATORS),
    form("forum:board_create", ADMINISTRATORS),
    form("forum:board_update", ADMINISTRATORS, "forum_board"),
    act("forum:board_archiving", ADMINISTRATORS, "forum_board"),
]
EXCEPTIONS: dict[Any, Any] = {
    ("forum:case", "post", "deputy"): 403,  # who reported a post does not decide on it
    ("forum:held_post", "get", "inspector"): 200,  # who wrote a post sees that it is held
}
QUERIES = {"/forum/": 12}


def make_things(cast: Cast) -> dict[str, Any]:
    """One of each, for 质检科 alone; 王伟 wrote, 李敏 moderates, 赵静 reported. A second board is for everybody; 陈刚 asked for an author there."""
    board = quality_board(cast, duty=moderators_duty(cast, cast.head))
    asked = _ceremony(cast, make_board(cast))
    thread = make_thread(board, cast.inspector)
    post = post_of(thread, 1)
    case = report_post(actor=fresh(cast.deputy), post=post, reason="不实")
    set_held_words(actor=fresh(cast.head), board=board, words="返款")
    board.refresh_from_db()
    held = hold_post(actor=fresh(cast.inspector), board=board, thread=thread, body="<p>返款</p>")
    return {"held_post": held.pk, "forum_board": board.pk, "thread": thread.pk, "forum_post": post.pk, "forum_case": case.pk, "forum_ceremony": asked.pk}


def _ceremony(cast: Cast, board: Board) -> Ceremony:
    """Of an anonymous post under keys that nobody has."""
    grant_capability("forum.unseal_first", rule=AudienceRule.of([person_token(cast.director.pk)]), actor=cast.admin)
    keys = [RoleKey.objects.create(role=role, public=b"-" * 32) for role in Role.values]
    thread = make_thread(board, cast.head)
    with transaction.atomic():
        post = Post.objects.create(thread=thread, number=2, author=None, mask=1, uuid=uuid4(), body="<p>匿名</p>")
        Seal.objects.create(post=post, box=b"-" * 220, first_key=keys[0], second_key=keys[1])
    return ask_to_unseal(actor=fresh(cast.director), post=post, reason="诽谤", reference="纪〔2026〕3 号")
