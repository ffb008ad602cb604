"""What is kept back because of its words, until a moderator has looked at it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from forum.models.threads import LONGEST_REASON, LONGEST_TITLE, Board, Post, Thread, name_of
from forum.sealing.models import Waiting


class HeldPost(models.Model):
    """A reply, or without `thread` a thread, that stands nowhere yet. Without `author` it is anonymous, and `waiting` is what becomes of it."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("of a held post", "to be looked at")
        RELEASED = "released", pgettext_lazy("of a held post", "let through")
        REFUSED = "refused", pgettext_lazy("of a held post", "not let through")

    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="+", db_index=False)
    thread = models.ForeignKey(Thread, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    waiting = models.OneToOneField(Waiting, null=True, on_delete=models.SET_NULL, related_name="+")
    title = models.CharField(_("title"), max_length=LONGEST_TITLE, blank=True)
    body = models.TextField(_("text"))
    quoted = models.ForeignKey(Post, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    words = models.CharField(_("held words"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    held_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    answer = models.CharField(_("reason"), max_length=LONGEST_REASON, blank=True)
    post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("held post")
        verbose_name_plural = _("held posts")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["board", "-held_at"], name="forum_held_board"),
            models.Index(fields=["author", "-id"], name="forum_held_author"),
        ]
        constraints = [
            models.CheckConstraint(name="forum_held_has_an_author_or_waits", condition=Q(author__isnull=True) | Q(waiting__isnull=True)),
            models.CheckConstraint(
                name="forum_holding_is_decided_whole",
                condition=Q(state="open", decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(state="open") & Q(decided_at__isnull=False, decided_by__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("forum:held_post", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_masked(self) -> bool:
        return self.author_id is None

    @property
    def label(self) -> str:
        return self.title or (self.thread.title if self.thread is not None else "")

    @property
    def author_name(self) -> str:
        return name_of(self.author, None) if self.author is not None else str(_("anonymous"))
