"""A page of a thread as one reader sees it: a fixed number of statements, wherever in the thread it is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Subquery

from forum.masks import own_masks
from forum.models import PER_PAGE, Draft, Follow, Post, Thread, ThreadRead
from forum.policies import moderates, officer_role
from portal.access.policies import Decision, decide
from portal.attachments.models import Attachment
from portal.attachments.queries import shown_on_each
from portal.discussion.shown import ByAuthor
from portal.foundation.rich_text import to_text

LONGEST_QUOTE = 160


@dataclass(slots=True)
class ShownPost(ByAuthor):
    """A post with what this reader may do with it; the rights of the thread were asked once for all of its posts."""

    post: Any
    reader_id: int
    writing: Decision
    is_moderated: bool
    files: Sequence[Attachment] = field(default_factory=list)
    is_own_mask: bool = False
    may_unseal: bool = False

    @property
    def is_own(self) -> bool:
        return bool(self.post.author_id == self.reader_id)

    @property
    def is_told(self) -> bool:
        """Whether what it says is shown to this reader, perhaps behind a note that it is hidden from others."""
        return bool(self.post.is_readable or self.is_own or self.is_moderated)

    @property
    def written(self) -> Any:
        return self.post

    @property
    def quotation(self) -> str:
        """What it answers, shortened; nothing where that may not be read any more."""
        quoted = self.post.quoted
        if quoted is None or not quoted.is_readable:
            return ""
        text = " ".join(to_text(quoted.body).split())
        return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"

    @property
    def may_reply(self) -> bool:
        return bool(self.writing) and self.post.is_readable

    @property
    def may_support(self) -> bool:
        return self.may_reply and not self.is_own

    @property
    def may_change(self) -> bool:
        return self.may_reply and self.is_own

    @property
    def may_withdraw(self) -> bool:
        return self.may_reply and (self.is_own or self.is_own_mask)

    @property
    def may_report(self) -> bool:
        return bool(self.post.is_readable) and not self.is_own

    @property
    def may_hide(self) -> bool:
        return self.is_moderated and not self.is_own and bool(self.post.is_readable)

    @property
    def may_restore(self) -> bool:
        return self.is_moderated and not self.is_own and bool(self.post.is_hidden)


@dataclass(slots=True)
class ThreadView:
    """`page` of `thread.page_count`; `first_unread` is the number of the first post that is new to this reader, 0 where nothing is."""

    thread: Thread
    page: int
    posts: list[ShownPost]
    read_number: int
    follow_level: str
    writing: Decision
    is_moderated: bool
    draft: str = ""

    @property
    def first_unread(self) -> int:
        return self.read_number + 1 if self.read_number < self.thread.last_number else 0

    @property
    def first_number(self) -> int:
        return (self.page - 1) * PER_PAGE + 1

    @property
    def last_number(self) -> int:
        """Of what is shown here."""
        return min(self.page * PER_PAGE, self.thread.last_number)

    @property
    def pages(self) -> list[int]:
        """Those that are offered by number; 0 stands for a gap."""
        last, here = self.thread.page_count, self.page
        wanted = sorted({1, last, *(number for number in range(here - 2, here + 3) if 1 <= number <= last)})
        offered: list[int] = []
        for number in wanted:
            if offered and number > offered[-1] + 1:
                offered.append(0)
            offered.append(number)
        return offered

    @property
    def levels(self) -> list[tuple[str, Any]]:
        return list(Follow.Level.choices)


def read_page(user: Any, thread: Thread, page: int, *, is_own_page: bool = True) -> ThreadView:
    """Whether the thread may be seen is for the caller to ask. Whose masks are the reader's own is looked at on their own page alone."""
    page = min(max(page, 1), thread.page_count)
    read, level, draft = place_in(user, thread)
    first = (page - 1) * PER_PAGE + 1
    writing, is_moderated = rights_in(user, thread)
    posts = shown_posts(user, thread, Post.objects.between(first, first + PER_PAGE - 1), writing, is_moderated)
    worn = own_masks(user, thread) if is_own_page else frozenset()
    is_officer = thread.mask_count > 0 and officer_role(user) is not None
    for shown in posts:
        shown.is_own_mask, shown.may_unseal = shown.post.mask in worn, is_officer and shown.post.is_masked
    return ThreadView(thread, page, posts, read, level, writing, is_moderated, draft)


def place_in(user: Any, thread: Thread) -> tuple[int, str, str]:
    """How far this person has read, how much they want to hear of it, and what they are writing there."""
    draft = Draft.objects.filter(person=user.pk, thread=thread).values("body")[:1]
    level = Follow.objects.filter(person=user.pk, thread=thread).values("level")[:1]
    read = ThreadRead.objects.filter(person=user.pk, thread=thread).values("number")[:1]
    found = Thread.objects.filter(pk=thread.pk).annotate(level=Subquery(level), read=Subquery(read), draft=Subquery(draft))
    number, wanted, body = found.values_list("read", "level", "draft").get()
    return number or 0, wanted or "", body or ""


def rights_in(user: Any, thread: Thread) -> tuple[Decision, bool]:
    return decide(user, "reply", thread), moderates(user, thread.board)


def shown_posts(user: Any, thread: Thread, rows: Any, writing: Decision, is_moderated: bool) -> list[ShownPost]:
    found = list(rows.filter(thread=thread).with_authors(user).order_by("number"))
    for post in found:
        post.thread = thread
    files = shown_on_each(found)
    return [ShownPost(post, user.pk, writing, is_moderated, files.get(post.pk, [])) for post in found]
