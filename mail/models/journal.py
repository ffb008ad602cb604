"""What the computer centre keeps of all mail, and who has looked into it. Rows are only added; triggers of the database refuse the rest."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mail.models.mailboxes import Mailbox
from mail.models.messages import Message


class JournalEntry(models.Model):
    """One envelope that was taken in, refused when it was due, or recalled: one entry for a message, however many get it.

    It says nothing of what is in it. `content_digest` and `envelope_digest` are sha256, so that it shows where either would be altered.
    """

    class Kind(models.TextChoices):
        INSIDE = "inside", _("inside the plant")
        REFUSED = "refused", _("refused")
        RECALLED = "recalled", _("recalled")
        IN = "in", _("from outside")
        OUT = "out", _("to outside")
        BOUNCED = "bounced", _("came back from outside")

    kind = models.CharField(max_length=8, choices=Kind)
    at = models.DateTimeField(default=timezone.now)
    message = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="+")
    sender = models.ForeignKey(Mailbox, null=True, on_delete=models.PROTECT, related_name="+")
    sender_label = models.CharField(max_length=320)
    recipients = models.PositiveIntegerField()
    size = models.BigIntegerField(default=0)
    content_digest = models.BinaryField(max_length=32, null=True)
    envelope_digest = models.BinaryField(max_length=32, null=True)
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("mail", "entry of the journal")
        indexes = [models.Index(fields=["-at"], name="mail_journal_at"), models.Index(fields=["sender", "-at"], name="mail_journal_sender")]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Look(models.Model):
    """That somebody has looked into a message that is kept, and why."""

    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="looks")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(_("reason"), max_length=300)

    class Meta:
        verbose_name = _("look into kept mail")

    def __str__(self) -> str:
        return f"#{self.pk}"
