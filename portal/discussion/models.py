"""One discussion for each thing, its comments, who supports them, and who follows."""

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.discussion.querysets import CommentQuerySet, DiscussionQuerySet

LONGEST_COMMENT = 4_000


class Discussion(models.Model):
    """What is said about one thing; there is a row from the first comment or follower on.

    Who writes locks it, so that `cursor` is counted up in the order in which changes become visible: a page that has seen a cursor
    has missed nothing below it. `comment_count` is of comments that can be read, `place_count` of first-level places, removed ones included.
    """

    about_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+", db_index=False)
    about_id = models.BigIntegerField()
    about = GenericForeignKey("about_type", "about_id", for_concrete_model=True)
    comment_count = models.PositiveIntegerField(default=0)
    place_count = models.PositiveIntegerField(default=0)
    cursor = models.BigIntegerField(default=0)

    objects = DiscussionQuerySet.as_manager()

    class Meta:
        verbose_name = _("discussion")
        constraints = [models.UniqueConstraint(name="one_discussion_of_a_thing", fields=["about_type", "about_id"])]

    def __str__(self) -> str:
        return f"{self.about_type_id}-{self.about_id}"

    @property
    def topic(self) -> str:
        """What open pages listen to."""
        return f"discussion:{self.about_type_id}-{self.about_id}"


class Comment(models.Model):
    """What one person said. A reply hangs on a comment of the first level (`parent`); `answered` is the reply that it answers, if it answers one.

    `born_in` and `changed_in` are cursors of the discussion: when it appeared there, and when it last changed. `reply_count` counts removed replies too.
    """

    discussion = models.ForeignKey(Discussion, on_delete=models.CASCADE, related_name="comments", db_index=False)
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="replies", db_index=False)
    answered = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    body = models.TextField(_("comment"), max_length=LONGEST_COMMENT)
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    removal_reason = models.CharField(_("reason"), max_length=200, blank=True)
    support_count = models.PositiveIntegerField(default=0)
    reply_count = models.PositiveIntegerField(default=0)
    born_in = models.BigIntegerField()
    changed_in = models.BigIntegerField()

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["discussion", "-id"], name="comment_newest", condition=Q(parent__isnull=True)),
            models.Index(fields=["discussion", "-support_count", "-id"], name="comment_supported", condition=Q(parent__isnull=True)),
            models.Index(fields=["parent", "id"], name="comment_replies", condition=Q(parent__isnull=False)),
            models.Index(fields=["discussion", "changed_in"], name="comment_changed"),
            models.Index(fields=["author", "-created_at"], name="comment_author"),
        ]
        constraints = [
            models.CheckConstraint(
                name="comment_removal_is_whole",
                condition=Q(removed_at__isnull=True, removed_by__isnull=True) | Q(removed_at__isnull=False, removed_by__isnull=False),
            ),
            models.CheckConstraint(name="comment_is_not_its_own_parent", condition=Q(parent__isnull=True) | ~Q(parent=F("id"))),
        ]

    def __str__(self) -> str:
        return self.body[:80]

    @property
    def about(self) -> Any:
        """The thing; None where it is gone."""
        return self.discussion.about

    @property
    def is_removed(self) -> bool:
        return self.removed_at is not None

    @property
    def was_removed_by_author(self) -> bool:
        return self.removed_by_id == self.author_id

    @property
    def root_id(self) -> int:
        """The comment of the first level under which it stands."""
        return self.parent_id or self.pk


class Reaction(models.Model):
    """One person supports one comment."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="reactions", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("support")
        constraints = [models.UniqueConstraint(name="support_once", fields=["comment", "person"])]

    def __str__(self) -> str:
        return f"{self.person_id} → {self.comment_id}"


class Follow(models.Model):
    """One person is told of new comments in one discussion."""

    discussion = models.ForeignKey(Discussion, on_delete=models.CASCADE, related_name="follows", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("follower")
        constraints = [models.UniqueConstraint(name="follow_once", fields=["discussion", "person"])]

    def __str__(self) -> str:
        return f"{self.person_id} → {self.discussion_id}"
