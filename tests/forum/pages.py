"""The pages of the forum, with one of each to see; and what is photographed of them."""

from forum.services.moderation import hide_post, report_post, set_closed, set_pinned
from forum.services.posts import edit_post, post_reply, set_bookmark
from portal.accounts.models import User
from tests.cast import Cast
from tests.forum.writing import fresh, let_moderate_all, make_board, make_thread, moderators_duty, post_of, quality_board

SHOTS = (
    ("forum", "/forum/"),
    ("thread", "main .threads a.title"),
)


def furnish(cast: Cast) -> tuple[User, list[str]]:
    """李敏 moderates and keeps the boards."""
    board = make_board(cast, duty=moderators_duty(cast, cast.head), allows_anonymous=True)
    quality_board(cast)
    let_moderate_all(cast, cast.admin)
    thread = make_thread(board, cast.inspector, cast.operator, cast.workshop_head)
    answer = post_reply(
        actor=fresh(cast.head), thread=thread, body="<p>查了图纸，半径 300，标准是 450。</p><ol><li>风压降到 0.28</li></ol>", quoted=post_of(thread, 2)
    )
    edit_post(actor=fresh(cast.head), post=answer, body="<p>查了图纸，半径 300，标准是 450 毫米。</p>")
    case = report_post(actor=fresh(cast.salesperson), post=post_of(thread, 2), reason="点名指责同事")
    hide_post(actor=fresh(cast.head), post=post_of(thread, 3), reason="与主题无关")
    set_bookmark(actor=fresh(cast.head), post=post_of(thread, 1), wanted=True)
    rules = make_thread(board, cast.head, title="版规：对事不对人")
    set_pinned(actor=fresh(cast.head), thread=rules, wanted=True)
    set_closed(actor=fresh(cast.head), thread=rules, wanted=True)
    at, post = thread.get_absolute_url(), f"/forum/posts/{post_of(thread, 2).pk}"
    return cast.head, [
        "/forum/", "/forum/?show=unanswered&q=没有的", board.get_absolute_url(), f"{board.get_absolute_url()}threads/new/",
        at, f"{at}print/", f"{at}?quote=2", f"{at}move/", f"{at}hiding/", rules.get_absolute_url(), "/forum/bookmarks/",
        f"{answer.get_absolute_url()}history/", f"{answer.get_absolute_url()}change/", f"{post}/report/", f"{post}/hiding/",
        "/forum/cases/", f"/forum/cases/{case.pk}/", "/forum/anonymity/", "/forum/mutes/", f"{post}/muting/",
    ]  # fmt: skip
