"""What is shown of a discussion: a page of it, what is new in it, one comment. A fixed number of statements, however much was said."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Page
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from portal.discussion.models import Comment, Discussion
from portal.discussion.policies import Rights, rights_in
from portal.discussion.registry import NEWEST, ORDERS, SUPPORTED, Discussable, discussable_for
from portal.discussion.shown import ByAuthor
from portal.foundation.asking import number_of
from portal.foundation.pages import SlidingPaginator

PER_PAGE = 20
REPLIES_SHOWN = 3
MOST_NEW = 50
HIGHEST_PAGE = 1_000_000


@dataclass(frozen=True, slots=True)
class Words:
    """How one kind of discussion speaks."""

    heading: str | Promise
    invitation: str | Promise
    submit: str | Promise
    empty: str | Promise
    arrived: Callable[[int], str | Promise]


WORDS = {
    "comments": Words(
        _("Comments"),
        _("Write a comment"),
        _("Comment"),
        _("No comment yet."),
        lambda count: ngettext_lazy("%(count)s new comment", "%(count)s new comments", count) % {"count": count},
    ),
    "suggestions": Words(
        _("Suggestions"),
        _("Write a suggestion"),
        _("Suggest"),
        _("No suggestion yet."),
        lambda count: ngettext_lazy("%(count)s new suggestion", "%(count)s new suggestions", count) % {"count": count},
    ),
    "answers": Words(
        _("Answers"),
        _("Write an answer"),
        _("Answer"),
        _("No answer yet."),
        lambda count: ngettext_lazy("%(count)s new answer", "%(count)s new answers", count) % {"count": count},
    ),
}


@dataclass(slots=True)
class Shown(ByAuthor):
    """A comment as one reader sees it."""

    comment: Any
    rights: Rights
    extra: str = ""
    actions: str = ""
    replies: list["Shown"] = field(default_factory=list)

    @property
    def written(self) -> Any:
        return self.comment

    @property
    def is_own(self) -> bool:
        return bool(self.comment.author_id == self.rights.user_id)

    @property
    def hidden_reply_count(self) -> int:
        return int(self.comment.reply_count) - len(self.replies)

    @property
    def may_reply(self) -> bool:
        return bool(self.rights.decide("reply", self.comment))

    @property
    def may_support(self) -> bool:
        return bool(self.rights.decide("support", self.comment))

    @property
    def may_change(self) -> bool:
        return bool(self.rights.decide("change", self.comment))

    @property
    def may_remove(self) -> bool:
        return bool(self.rights.decide("remove", self.comment))


@dataclass(slots=True)
class Thread:
    """A page of a discussion. `upto` keeps later pages from shifting when something new arrives."""

    about: Any
    discussable: Discussable
    discussion: Discussion
    rights: Rights
    sort: str
    page: int
    upto: int
    shown: list[Shown]
    is_followed: bool = False

    @property
    def words(self) -> Words:
        return WORDS[self.discussable.noun(self.about)]

    @property
    def page_count(self) -> int:
        return max(1, -(-self.discussion.place_count // PER_PAGE))

    @property
    def is_at_front(self) -> bool:
        """Whether what is new is put at the top of what is shown, in whichever order the rest stands."""
        return self.page == 1

    @property
    def has_next(self) -> bool:
        return self.page < self.page_count

    @property
    def previous_page(self) -> int:
        return self.page - 1

    @property
    def next_page(self) -> int:
        return self.page + 1

    @property
    def previous_query(self) -> str:
        return self._query(self.previous_page)

    @property
    def next_query(self) -> str:
        return self._query(self.next_page)

    def _query(self, page: int) -> str:
        """The query of another page, in the discussion's own address."""
        return urlencode({"comments_sort": self.sort, "comments_page": page, "comments_upto": self.upto})


def read_thread(user: Any, about: models.Model, asked: Mapping[str, Any]) -> Thread:
    """A page of a thing's discussion: `comments_sort`, `comments_page` and `comments_upto`, or the page on which `comment` stands.

    Whether the thing may be seen at all is for the caller to ask.
    """
    discussable = discussable_for(type(about))
    about_type = ContentType.objects.get_for_model(about)
    rights = rights_in(user, about)
    asked_sort = asked.get("comments_sort")
    sort = asked_sort if asked_sort in ORDERS else discussable.order(about)
    discussion: Any = Discussion.objects.of(about).with_follower(user).first()
    if discussion is None:
        return Thread(about, discussable, Discussion(about_type=about_type, about_id=about.pk), rights, sort, 1, 0, [])
    page, upto = min(max(number_of(asked.get("comments_page")), 1), HIGHEST_PAGE), number_of(asked.get("comments_upto"))
    rows = Comment.objects.filter(discussion=discussion).first_level()
    wanted = number_of(asked.get("comment"))
    if wanted:
        sort, upto, page = NEWEST, 0, _page_of(rows, wanted)
    if upto:
        rows = rows.filter(pk__lte=upto)
    ordered = rows.most_supported_first() if sort == SUPPORTED else rows.newest_first()
    # By their ids, so that nothing is looked up for the pages before.
    here = Comment.objects.filter(pk__in=ordered.values("pk")[(page - 1) * PER_PAGE : page * PER_PAGE])
    found = list((here.most_supported_first() if sort == SUPPORTED else here.newest_first()).with_authors(user))
    shown = _with_replies(user, about, discussable, rights, found)
    upto = upto or max((one.comment.pk for one in shown), default=0)
    return Thread(about, discussable, discussion, rights, sort, page, upto, shown, discussion.is_followed)


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What came or changed since a cursor; `is_too_much` where a page had better be drawn anew."""

    thread: Thread
    places: list[Shown]
    replies: list[Shown]
    changed: list[Shown]
    count: int
    is_too_much: bool = False

    @property
    def label(self) -> str:
        return str(self.thread.words.arrived(self.count))


def read_arrivals(user: Any, about: models.Model, since: int) -> Arrivals:
    """What an open page that has seen the cursor `since` does not show yet."""
    discussable = discussable_for(type(about))
    discussion = Discussion.objects.of(about).first() or Discussion(about_type=ContentType.objects.get_for_model(about), about_id=about.pk)
    thread = Thread(about, discussable, discussion, rights_in(user, about), NEWEST, 1, 0, [])
    if discussion.pk is None or discussion.cursor <= since:
        return Arrivals(thread, [], [], [], 0)
    rows = Comment.objects.filter(discussion=discussion).changed_since(since)
    found = list(rows.with_authors(user).newest_first()[: MOST_NEW + 1])
    if len(found) > MOST_NEW:
        return Arrivals(thread, [], [], [], rows.filter(born_in__gt=since).readable().count(), is_too_much=True)
    shown = _as_shown(about, discussable, thread.rights, found)
    new = [one for one in shown if one.comment.born_in > since and not one.comment.is_removed]
    return Arrivals(
        thread,
        [one for one in new if one.comment.parent_id is None],
        [one for one in reversed(new) if one.comment.parent_id is not None],
        [one for one in shown if one.comment.born_in <= since],
        len(new),
    )


def read_comment(user: Any, comment: Comment) -> Shown:
    """One comment, without its replies."""
    about = comment.about
    row = Comment.objects.with_authors(user).get(pk=comment.pk)
    return _as_shown(about, discussable_for(type(about)), rights_in(user, about), [row])[0]


def read_replies(user: Any, comment: Comment, number: Any) -> Page[Any]:
    """A page of the replies to one comment, as shown, oldest first."""
    about = comment.about
    replies: Any = Comment.objects.filter(parent=comment).with_authors(user).order_by("id")
    page = SlidingPaginator(replies, MOST_NEW).get_page(number)
    page.object_list = _as_shown(about, discussable_for(type(about)), rights_in(user, about), list(page))
    return page


def _with_replies(user: Any, about: Any, discussable: Discussable, rights: Rights, roots: Sequence[Any]) -> list[Shown]:
    answered = [root.pk for root in roots if root.reply_count]
    replies: list[Any] = list(Comment.objects.with_authors(user).first_replies(answered, REPLIES_SHOWN)) if answered else []
    shown = {one.comment.pk: one for one in _as_shown(about, discussable, rights, [*roots, *replies])}
    by_root: dict[int, list[Shown]] = defaultdict(list)
    for reply in replies:
        by_root[reply.parent_id].append(shown[reply.pk])
    for root in roots:
        shown[root.pk].replies = by_root[root.pk]
    return [shown[root.pk] for root in roots]


def _as_shown(about: Any, discussable: Discussable, rights: Rights, rows: Sequence[Any]) -> list[Shown]:
    extras = discussable.comment_extras(about, rows) if discussable.comment_extras is not None and rows else {}
    return [Shown(row, rights, extras.get(row.pk, ""), discussable.comment_actions) for row in rows]


def _page_of(rows: Any, comment_id: int) -> int:
    """The page, newest first, on which a comment or what it replies to stands."""
    root = Comment.objects.filter(pk=comment_id).values_list("parent_id", flat=True).first()
    return int(rows.filter(pk__gt=root or comment_id).count()) // PER_PAGE + 1
