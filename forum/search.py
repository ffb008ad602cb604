"""Posts under the title of their thread, for those who may see them. What was hidden or taken back is found by nobody."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from forum.models import Post
from portal.foundation.rich_text import to_text
from portal.search.sources import Draft, Kind, Source, register_kind, register_source, taking_part_in


def place_of(board_id: int) -> str:
    """How the search knows a board."""
    return f"forum_board:{board_id}"


def _posts() -> QuerySet[Post]:
    return Post.objects.readable().filter(thread__is_shown=True).select_related("thread__audience", "thread__board__duty")


def _drafts(posts: QuerySet[Post]) -> Iterator[tuple[int, Draft]]:
    """A post each, so that a reply to a thread of thousands costs what any other does."""
    for post in posts:
        thread = post.thread
        yield (
            post.pk,
            Draft(
                kind="thread",
                title=thread.title if post.number == 1 else f"{thread.title} #{post.number}",
                url=post.get_absolute_url(),
                rule=thread.audience.rule,
                taking_part=taking_part_in(post),
                text=[(None, to_text(post.body).strip())],
                author_id=post.author_id,
                place=place_of(thread.board_id),
                dated_at=post.created_at,
            ),
        )


register_kind(Kind("thread", _("thread"), _("Threads"), "messages-square", order=50))
register_source(Source("posts", Post, _posts, _drafts))
