"""What is being written, and what waits to go."""

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mail.models.mailboxes import Mailbox
from mail.models.messages import LONGEST_SUBJECT, Message
from portal.access.models import Audience


class Draft(models.Model):
    """One message that is being written, or waits until it is due. `version` counts up with every change, so that two windows never write over one another.

    Recipients are the ids of people, in their order; `outside` are addresses of the internet. `problem` says why it was not sent when it was due.
    A mass mail has an audience instead, and `reach`, how many the sender was told that it comes to.
    """

    class State(models.TextChoices):
        WRITING = "writing", _("being written")
        WAITING = "waiting", _("waits to be sent")

    class Manner(models.TextChoices):
        NEW = "new", _("new message")
        REPLY = "reply", _("reply")
        FORWARD = "forward", _("forward")
        MASS = "mass", _("mass mail")

    key = models.UUIDField(unique=True, default=uuid4)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="drafts")
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=8, choices=State, default=State.WRITING)
    manner = models.CharField(max_length=8, choices=Manner, default=Manner.NEW)
    answers = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(_("subject"), max_length=LONGEST_SUBJECT, blank=True)
    body = models.TextField(_("text"), blank=True)
    to = ArrayField(models.BigIntegerField(), default=list, blank=True)
    cc = ArrayField(models.BigIntegerField(), default=list, blank=True)
    bcc = ArrayField(models.BigIntegerField(), default=list, blank=True)
    outside = ArrayField(models.CharField(max_length=254), default=list, blank=True)
    audience = models.ForeignKey(Audience, null=True, on_delete=models.PROTECT, related_name="+")
    reach = models.PositiveIntegerField(null=True)
    due_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=500, blank=True)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("draft")
        ordering = ["-saved_at", "-id"]
        indexes = [models.Index(fields=["mailbox", "state", "-saved_at"], name="mail_draft_list")]
        constraints = [
            models.CheckConstraint(
                name="mail_draft_waits_until_it_is_due", condition=Q(state="waiting", due_at__isnull=False) | Q(state="writing", due_at=None)
            )
        ]

    def __str__(self) -> str:
        """Never its subject: this stands on record."""
        return f"#{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("mail:draft", args=[self.pk])

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def is_mass(self) -> bool:
        return self.manner == self.Manner.MASS

    @property
    def recipient_ids(self) -> list[int]:
        """Each once, in the order in which they are written."""
        return list(dict.fromkeys([*self.to, *self.cc, *self.bcc]))
