"""Boards, threads, posts, how they read before, and who supports them."""

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forum.querysets import PostQuerySet
from forum.sealing.labels import mask_label
from portal.access.visibility import Audienced
from portal.foundation.language import is_chinese
from portal.organization.models import Duty

PER_PAGE = 20
LONGEST_POST = 60_000
LONGEST_TITLE = 120
LONGEST_REASON = 200
LEAST_CROWD = 20


class Board(Audienced):
    """A place to speak, for an audience. Who holds `duty` today moderates it; an archived board is read, and written in no more.
    What has one of the `held_words`, one a line, is kept back until a moderator has looked at it.

    `crowd` is how many people were in the audience when it was counted last, for what the page says; whoever posts anonymously has it counted anew.
    """

    name = models.CharField(_("name"), max_length=60, unique=True)
    name_en = models.CharField(_("name in English"), max_length=90, blank=True)
    purpose = models.CharField(_("what it is for"), max_length=200, blank=True)
    duty = models.ForeignKey(Duty, verbose_name=_("moderators"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveIntegerField(_("order"), default=0)
    archived_at = models.DateTimeField(null=True)
    allows_anonymous = models.BooleanField(_("anonymous posts"), default=False)
    least_crowd = models.PositiveIntegerField(default=LEAST_CROWD)
    crowd = models.PositiveIntegerField(default=0)
    held_words = models.TextField(_("held words"), blank=True)

    class Meta:
        verbose_name = _("board")
        verbose_name_plural = _("boards")
        ordering = ["order", "id"]
        indexes = [models.Index(fields=["audience", "order"], name="forum_board_audience")]
        constraints = [models.CheckConstraint(name="forum_board_crowd_is_enough", condition=Q(least_crowd__gte=LEAST_CROWD))]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("forum:board", args=[self.pk])

    @property
    def label(self) -> str:
        return self.name_en if self.name_en and not is_chinese() else self.name

    @property
    def topic(self) -> str:
        """What open pages listen to."""
        return f"forum_board:{self.pk}"


class Thread(Audienced):
    """What is spoken of. `audience` is that of its board; `last_number` is that of the newest post, and is never taken back.

    Without `author` it was begun by mask 1. `uuid` tells nothing; the tags of its masks are computed with it.

    `cursor` rises with each change of the thread or of a post in it, under the lock of the row: an open page that has seen it has missed nothing below.
    """

    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="threads", db_index=False)
    uuid = models.UUIDField(default=uuid4, db_default=RandomUUID(), editable=False)
    title = models.CharField(_("title"), max_length=LONGEST_TITLE)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(default=timezone.now)
    last_number = models.PositiveIntegerField(default=0)
    last_post_at = models.DateTimeField(default=timezone.now)
    last_author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    last_mask = models.PositiveSmallIntegerField(null=True)
    mask_count = models.PositiveSmallIntegerField(default=0)
    cursor = models.BigIntegerField(default=0)
    is_pinned = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True)
    is_shown = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("thread")
        verbose_name_plural = _("threads")
        ordering = ["-last_post_at", "-id"]
        indexes = [
            models.Index(fields=["audience", "-last_post_at", "-id"], name="forum_thread_audience"),
            models.Index(fields=["board", "-last_post_at", "-id"], name="forum_thread_board", condition=Q(is_shown=True)),
            models.Index(fields=["board"], name="forum_thread_pinned", condition=Q(is_pinned=True)),
            models.Index(fields=["-last_post_at", "-id"], name="forum_thread_newest", condition=Q(is_shown=True)),
            models.Index(fields=["author", "-id"], name="forum_thread_author"),
        ]
        constraints = [
            models.CheckConstraint(
                name="forum_thread_was_last_written_in_by_one",
                condition=Q(last_author__isnull=False, last_mask__isnull=True) | Q(last_author__isnull=True, last_mask__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("forum:thread", args=[self.pk])

    @property
    def topic(self) -> str:
        """What open pages listen to."""
        return f"forum_thread:{self.pk}"

    @property
    def is_masked(self) -> bool:
        return self.author_id is None

    @property
    def author_name(self) -> str:
        return name_of(self.author, 1)

    @property
    def last_author_name(self) -> str:
        return name_of(self.last_author, self.last_mask)

    @property
    def board_cursor(self) -> int:
        """How far its board is with it, in milliseconds."""
        return int(self.last_post_at.timestamp() * 1000)

    @property
    def reply_count(self) -> int:
        return max(0, self.last_number - 1)

    @property
    def page_count(self) -> int:
        return max(1, -(-self.last_number // PER_PAGE))

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


class Post(models.Model):
    """What one person said, with its number in the thread. Number 1 opens the thread. Hidden or withdrawn, it keeps number and place.

    It has an author, or the number of a mask in the thread and a `uuid`, to which its seal is bound; such a post has no time but that of its round.
    """

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="posts", db_index=False)
    number = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    mask = models.PositiveSmallIntegerField(null=True)
    uuid = models.UUIDField(null=True, editable=False)
    body = models.TextField(_("text"))
    quoted = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)
    hidden_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    hidden_reason = models.CharField(_("reason"), max_length=LONGEST_REASON, blank=True)
    support_count = models.PositiveIntegerField(default=0)
    changed_in = models.BigIntegerField(default=0)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["thread", "number"]
        indexes = [
            models.Index(fields=["author", "-id"], name="forum_post_author"),
            models.Index(fields=["thread", "changed_in"], name="forum_post_changed"),
        ]
        constraints = [
            models.UniqueConstraint(name="forum_post_number_once", fields=["thread", "number"]),
            models.CheckConstraint(name="forum_post_has_a_number", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="forum_hiding_is_whole",
                condition=Q(hidden_at__isnull=True, hidden_by__isnull=True) | (Q(hidden_at__isnull=False, hidden_by__isnull=False) & ~Q(hidden_reason="")),
            ),
            models.CheckConstraint(
                name="forum_post_has_an_author_or_a_mask",
                condition=Q(author__isnull=False, mask__isnull=True, uuid__isnull=True) | Q(author__isnull=True, mask__isnull=False, uuid__isnull=False),
            ),
            models.CheckConstraint(name="forum_post_quotes_another", condition=Q(quoted__isnull=True) | ~Q(quoted=F("id"))),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("forum:post", args=[self.pk])

    @property
    def is_masked(self) -> bool:
        return self.author_id is None

    @property
    def author_name(self) -> str:
        return name_of(self.author, self.mask)

    @property
    def is_hidden(self) -> bool:
        return self.hidden_at is not None

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def is_readable(self) -> bool:
        return self.hidden_at is None and self.withdrawn_at is None

    @property
    def page(self) -> int:
        """On which page of its thread it stands."""
        return (self.number - 1) // PER_PAGE + 1


class PostRevision(models.Model):
    """How a post read before an edit. Rows are only added."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="revisions", db_index=False)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=LONGEST_TITLE, blank=True)
    body = models.TextField()
    until = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("earlier text")
        ordering = ["post", "number"]
        constraints = [models.UniqueConstraint(name="forum_revision_once", fields=["post", "number"])]

    def __str__(self) -> str:
        return f"{self.post_id} {self.number}"


class Support(models.Model):
    """One person supports one post."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="supports", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("support")
        constraints = [models.UniqueConstraint(name="forum_support_once", fields=["post", "person"])]

    def __str__(self) -> str:
        return f"{self.person_id} → {self.post_id}"


def name_of(person: Any, mask: int | None) -> str:
    """Of a person, or of the mask under which somebody spoke."""
    return str(person.name) if person is not None else mask_label(mask or 1)
