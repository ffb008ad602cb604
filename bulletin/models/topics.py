"""Suggestions that a department takes up."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bulletin.models.notices import Notice
from portal.discussion.models import Comment

LONGEST_ANSWER = 1_000


class Adoption(models.Model):
    """A suggestion on a topic that the department takes up, what it will do, and once that is done, what was done.

    `notice` repeats what the comment is about, for it is counted on every board.
    """

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="adoptions")
    comment = models.OneToOneField(Comment, on_delete=models.PROTECT, related_name="adoption")
    what_will_be_done = models.TextField(_("what will be done"), max_length=LONGEST_ANSWER)
    due_on = models.DateField(_("until"), null=True, blank=True)
    adopted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    adopted_at = models.DateTimeField(default=timezone.now)
    what_was_done = models.TextField(_("what was done"), max_length=LONGEST_ANSWER, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("adopted suggestion")
        verbose_name_plural = _("adopted suggestions")
        ordering = ["adopted_at", "id"]

    def __str__(self) -> str:
        return self.what_will_be_done[:80]

    @property
    def is_late(self) -> bool:
        return self.done_at is None and self.due_on is not None and self.due_on < timezone.localdate()
