"""What readers report, how it was decided, and who may not write for a while."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from forum.models.threads import LONGEST_REASON, Board, Post
from forum.sealing.models import Mask


class Case(models.Model):
    """What readers reported of one post, for its moderators to decide once. After it was closed, new reports make a new one."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("of a report", "open")
        HIDDEN = "hidden", _("hidden")
        DISMISSED = "dismissed", _("dismissed")

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="cases")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    answer = models.CharField(_("reason"), max_length=LONGEST_REASON, blank=True)

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-id"]
        indexes = [models.Index(fields=["-opened_at"], name="forum_case_open", condition=Q(state="open"))]
        constraints = [
            models.UniqueConstraint(name="forum_one_open_case", fields=["post"], condition=Q(state="open")),
            models.CheckConstraint(
                name="forum_closing_is_whole",
                condition=Q(state="open", closed_at__isnull=True, closed_by__isnull=True)
                | (~Q(state="open") & Q(closed_at__isnull=False, closed_by__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} {self.state}"


class Report(models.Model):
    """One reader's report of a post, once in each case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reports", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("report")
        constraints = [models.UniqueConstraint(name="forum_report_once", fields=["case", "person"])]

    def __str__(self) -> str:
        return self.reason


class Mute(models.Model):
    """Somebody writes nothing for a while, on one board or on all (no board): a person by name, or whoever wears a mask, whom nobody knows.

    A mask is muted for anonymous posts everywhere; by name its person still writes, or silence would give them away.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    mask = models.ForeignKey(Mask, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    board = models.ForeignKey(Board, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    until = models.DateTimeField()
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON)
    muted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    muted_at = models.DateTimeField(default=timezone.now)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("mute")
        verbose_name_plural = _("mutes")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["person", "until"], name="forum_mute_person", condition=Q(lifted_at__isnull=True)),
            models.Index(fields=["mask", "until"], name="forum_mute_mask", condition=Q(lifted_at__isnull=True, mask__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                name="forum_mute_of_a_person_or_a_mask",
                condition=Q(person__isnull=False, mask__isnull=True) | Q(person__isnull=True, mask__isnull=False, board__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id or self.mask_id} {self.until}"
