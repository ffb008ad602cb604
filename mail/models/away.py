"""Who is away, what is answered for them, and to whom it was."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mail.models.mailboxes import Mailbox

LONGEST_ANSWER = 1000


class Away(models.Model):
    """From a day to a day, both included: each who writes gets the answer once, and the deputy what comes, where the owner wants that."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="absences")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    answer = models.TextField(_("answer"), max_length=LONGEST_ANSWER)
    passes_on = models.BooleanField(default=False)
    answers_outside = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("absence")
        ordering = ["-starts_on", "-id"]
        indexes = [models.Index(fields=["mailbox", "ends_on"], name="mail_away_of_mailbox")]
        constraints = [models.CheckConstraint(name="mail_away_ends_after_start", condition=Q(ends_on__gte=F("starts_on")))]

    def __str__(self) -> str:
        return f"#{self.pk}"


class AwayAnswer(models.Model):
    """That somebody was answered once in an absence. `correspondent` is the id of a mailbox, or an address outside."""

    away = models.ForeignKey(Away, on_delete=models.CASCADE, related_name="answers")
    correspondent = models.CharField(max_length=254)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(name="mail_away_answers_each_once", fields=["away", "correspondent"])]

    def __str__(self) -> str:
        return f"{self.away_id} {self.correspondent}"
