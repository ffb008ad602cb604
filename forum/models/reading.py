"""How far people have read, what they follow and have marked."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from forum.models.threads import LONGEST_TITLE, Board, Post, Thread


class ThreadRead(models.Model):
    """How far one person has read one thread: up to this number. It only rises."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("reading")
        constraints = [models.UniqueConstraint(name="forum_read_once", fields=["person", "thread"])]

    def __str__(self) -> str:
        return f"{self.person_id} {self.thread_id} {self.number}"


class BoardMark(models.Model):
    """Everything up to a moment is read: in one board, or in all of them (no board)."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    board = models.ForeignKey(Board, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    read_until = models.DateTimeField()

    class Meta:
        verbose_name = _("mark of what is read")
        constraints = [models.UniqueConstraint(name="forum_mark_once", fields=["person", "board"], nulls_distinct=False)]

    def __str__(self) -> str:
        return f"{self.person_id} {self.board_id} {self.read_until}"


class Follow(models.Model):
    """How much one person wants to hear of a thread. Without a row: of answers to oneself alone.

    `told_number` is the post of the bell that told of news last: there is no other until that post was read.
    """

    class Level(models.TextChoices):
        MUTED = "muted", pgettext_lazy("what one is told of", "nothing")
        NEWS = "news", _("that there is something new")
        ALL = "all", _("every reply")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="follows", db_index=False)
    level = models.CharField(max_length=8, choices=Level.choices)
    since = models.DateTimeField(default=timezone.now)
    told_number = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("following")
        indexes = [models.Index(fields=["thread", "level"], name="forum_follow_thread")]
        constraints = [models.UniqueConstraint(name="forum_follow_once", fields=["person", "thread"])]

    def __str__(self) -> str:
        return f"{self.person_id} {self.thread_id} {self.level}"


class Draft(models.Model):
    """What one person is writing under their name: a reply in a thread, or (no thread) a new one on a board. For nobody else; anonymous ones are not kept."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="+", db_index=False)
    thread = models.ForeignKey(Thread, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    title = models.CharField(max_length=LONGEST_TITLE, blank=True)
    body = models.TextField(blank=True)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("draft")
        constraints = [models.UniqueConstraint(name="forum_draft_once", fields=["person", "thread", "board"], nulls_distinct=False)]

    def __str__(self) -> str:
        return f"{self.person_id} {self.thread_id or self.board_id}"


class Bookmark(models.Model):
    """A post that one person wants to find again."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+", db_index=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("bookmark")
        constraints = [models.UniqueConstraint(name="forum_bookmark_once", fields=["person", "post"])]

    def __str__(self) -> str:
        return f"{self.person_id} {self.post_id}"
