"""What comes from the internet and what goes there: bytes as they came and as they went, beside the messages that they are."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mail.models.messages import Envelope, Message


class RawMail(models.Model):
    """What the gateway answered with 250, as it came. It is read afterwards, and then a message; its bytes stay, so that a better reader can run over old mail.

    `key` is of sender, recipients and bytes: what is sent again because an answer was lost is taken in once. `recipients` are mailboxes and how they were
    written; `answers` is of what we sent, where this is said to be about it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waits to be read")
        READ = "read", pgettext_lazy("mail", "read")
        ASIDE = "aside", _("put aside")

    key = models.BinaryField(max_length=32, db_index=True)
    content = models.BinaryField()
    size = models.BigIntegerField()
    at = models.DateTimeField(default=timezone.now)
    peer = models.CharField(max_length=64)
    mail_from = models.CharField(max_length=320, blank=True)
    recipients = models.JSONField(default=list)
    is_device = models.BooleanField(default=False)
    answers = models.ForeignKey("mail.Outbound", null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["id"], name="mail_raw_waiting", condition=Q(state="waiting"))]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Foreign(models.Model):
    """What is known of a message that came from outside, as it says itself. Nothing of it is believed.

    `parts` are its files (`number`, `name`, `media_type`, `size`), which are taken out of the raw mail when somebody asks. `note` is a code of NOTES: why it
    could not be shown as it is.
    """

    message = models.OneToOneField(Message, on_delete=models.PROTECT, primary_key=True, related_name="foreign")
    raw = models.ForeignKey(RawMail, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=254, blank=True)
    reply_to = models.CharField(max_length=254, blank=True)
    to_line = models.CharField(max_length=1000, blank=True)
    cc_line = models.CharField(max_length=1000, blank=True)
    reference = models.CharField(max_length=250, blank=True, db_index=True)  # its Message-ID
    dated_at = models.DateTimeField(null=True)
    claims = models.CharField(max_length=8, blank=True)  # "domain" or "name": says that it is of this plant, and is not
    is_device = models.BooleanField(default=False)
    has_remote = models.BooleanField(default=False)
    note = models.CharField(max_length=12, blank=True)
    parts = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def label(self) -> str:
        return self.name or self.address or str(_("unknown sender"))


class OutwardCopy(models.Model):
    """The bytes of a message as they go to other servers, signed; every repetition sends these."""

    message = models.OneToOneField(Message, on_delete=models.PROTECT, primary_key=True, related_name="+")
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"#{self.pk}"


class Outbound(models.Model):
    """A message on its way to one address outside. `leased_until` is set while a worker speaks to the other server; what a killed worker left is tried again.

    To be killed between the other server's 250 and our note of it means that it goes twice: outside is at least once, by nature of SMTP.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("on its way")
        SENT = "sent", _("taken by the other server")
        FAILED = "failed", _("could not be delivered")
        CANCELLED = "stopped", _("stopped before it left")

    envelope = models.OneToOneField(Envelope, on_delete=models.PROTECT, related_name="outbound")
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="outbound")
    address = models.CharField(max_length=254)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=500, blank=True)
    is_late_told = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="mail_outbound_due", condition=Q(state="waiting"))]

    def __str__(self) -> str:
        return f"#{self.pk}"
