"""Messages, who they went to, and where each person has them."""

from typing import Any
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mail.models.mailboxes import Folder, Mailbox
from portal.access.models import Audience

LONGEST_SUBJECT = 200
MOST_RECIPIENTS = 200
ROW = 500  # bytes that a message takes besides its text and files


class Message(models.Model):
    """What was sent, once: the database refuses to change or remove it. `thread` is shared by a message and all that answers it.

    A mass mail has the audience for which it was sent; its envelope has those who were in it then. What came from outside has no sender here, and a
    `Foreign` beside it. What is automatic is never answered by itself.
    """

    sender = models.ForeignKey(Mailbox, null=True, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(_("subject"), max_length=LONGEST_SUBJECT, blank=True)
    body = models.TextField(_("text"), blank=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    thread = models.UUIDField(default=uuid4)
    draft_key = models.UUIDField(unique=True)
    size = models.BigIntegerField()
    has_files = models.BooleanField(default=False)
    is_automatic = models.BooleanField(default=False, db_default=False)
    audience = models.ForeignKey(Audience, null=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("mail", "message")
        verbose_name_plural = pgettext_lazy("mail", "messages")
        indexes = [models.Index(fields=["sender", "-sent_at"], name="mail_message_sent")]

    def __str__(self) -> str:
        """Never its subject: this stands on record."""
        return f"#{self.pk}"

    @property
    def is_mass(self) -> bool:
        return self.audience_id is not None

    @property
    def is_foreign(self) -> bool:
        return self.sender_id is None

    @property
    def writer(self) -> str:
        """The name of who wrote it: of a person here, or as somebody outside calls themselves."""
        return self.sender.owner.name if self.sender is not None else self.foreign.label

    @property
    def writer_id(self) -> int | None:
        """The person here who wrote it; None for what came from outside."""
        return self.sender.owner_id if self.sender is not None else None


class Envelope(models.Model):
    """To whom a message went, as it was sent; rows are only added. Blind recipients, and those of a mass mail, are known to the sender and to themselves.

    A recipient is a mailbox, or an address outside. A deputy got it afterwards, because who it went to is away: known to the sender, the two and nobody else.
    """

    class Role(models.TextChoices):
        TO = "to", pgettext_lazy("mail", "To")
        CC = "cc", _("Cc")
        BCC = "bcc", _("Bcc")
        MASS = "mass", _("mass mail")
        DEPUTY = "deputy", pgettext_lazy("mail", "deputy")

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="envelope")
    mailbox = models.ForeignKey(Mailbox, null=True, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=254, blank=True, default="", db_default="")
    instead_of = models.ForeignKey(Mailbox, null=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=6, choices=Role)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(name="mail_envelope_has_each_once", fields=["message", "mailbox"]),
            models.UniqueConstraint(name="mail_envelope_has_each_address_once", fields=["message", "address"], condition=~Q(address="")),
            models.CheckConstraint(
                name="mail_envelope_is_of_a_mailbox_or_an_address", condition=Q(mailbox__isnull=False, address="") | Q(mailbox=None) & ~Q(address="")
            ),
            models.CheckConstraint(
                name="mail_envelope_deputy_stands_in", condition=Q(role="deputy", instead_of__isnull=False) | ~Q(role="deputy") & Q(instead_of=None)
            ),
        ]
        indexes = [models.Index(fields=["address"], name="mail_envelope_address", condition=~Q(address=""))]

    def __str__(self) -> str:
        return f"{self.message_id} {self.role} {self.mailbox_id or self.address}"

    @property
    def name(self) -> str:
        return self.mailbox.owner.name if self.mailbox is not None else self.address


class Reminder(models.Model):
    """That those who had not opened a mass mail were reminded of it; rows are only added."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="reminders")
    at = models.DateTimeField(default=timezone.now)
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.message_id} {self.at}"


OPEN_ROLES = (Envelope.Role.TO, Envelope.Role.CC)  # all recipients know of those
MOST_SHOWN = 200


class PlacementQuerySet(models.QuerySet["Placement"]):
    def there(self) -> "PlacementQuerySet":
        """What is in a mailbox, also as the note that it was recalled."""
        return self.filter(purged_at__isnull=True)

    def live(self) -> "PlacementQuerySet":
        return self.filter(purged_at__isnull=True, recalled_at__isnull=True)

    def told(self) -> "PlacementQuerySet":
        """Those whose message may be shown: one's own, and what was opened."""
        return self.live().filter(Q(side=Placement.Side.SENT) | Q(read_at__isnull=False))

    def unread(self) -> "PlacementQuerySet":
        return self.live().filter(side=Placement.Side.RECEIVED, read_at__isnull=True)

    def of(self, user: Any) -> "PlacementQuerySet":
        return self.filter(mailbox__owner=user.pk)

    def shown_with(self, placement: "Placement") -> "PlacementQuerySet":
        """What one page shows of the conversation of a placement: what lies in the bin where the placement does, and of a very long one the newest."""
        rows = self.model._default_manager.filter(mailbox=placement.mailbox_id, thread=placement.thread, purged_at__isnull=True)
        rows = rows.filter(place="bin") if placement.place == "bin" else rows.exclude(place="bin")
        return self.filter(pk__in=list(rows.order_by("-message_id", "side").values_list("pk", flat=True)[:MOST_SHOWN]))


class Placement(models.Model):
    """A message in a mailbox. The database holds that it is never both read and recalled, and that rows are never deleted."""

    class Side(models.TextChoices):
        RECEIVED = "received", _("received")
        SENT = "sent", pgettext_lazy("mail", "sent")

    class Place(models.TextChoices):
        INBOX = "inbox", _("Inbox")
        SENT = "sent", _("Sent mail")
        ARCHIVE = "archive", _("Archive")
        BIN = "bin", _("Bin")
        OWN = "own", _("Own folder")

    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="placements", db_index=False)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="placements", db_index=False)
    thread = models.UUIDField()
    side = models.CharField(max_length=8, choices=Side)
    place = models.CharField(max_length=8, choices=Place)
    folder = models.ForeignKey(Folder, null=True, on_delete=models.PROTECT, related_name="placements")
    size = models.BigIntegerField()
    is_starred = models.BooleanField(default=False)
    read_at = models.DateTimeField(null=True)
    recalled_at = models.DateTimeField(null=True)
    binned_at = models.DateTimeField(null=True)
    purged_at = models.DateTimeField(null=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("mail", "message in a mailbox")
        constraints = [
            models.UniqueConstraint(name="mail_placement_once_on_each_side", fields=["message", "mailbox", "side"]),
            models.CheckConstraint(name="mail_placement_is_not_read_and_recalled", condition=Q(read_at__isnull=True) | Q(recalled_at__isnull=True)),
            models.CheckConstraint(name="mail_placement_in_its_own_folder", condition=Q(place="own", folder__isnull=False) | ~Q(place="own") & Q(folder=None)),
            models.CheckConstraint(
                name="mail_placement_in_the_bin_since", condition=Q(place="bin", binned_at__isnull=False) | ~Q(place="bin") & Q(binned_at=None)
            ),
        ]
        indexes = [
            models.Index(fields=["mailbox", "place", "-id"], name="mail_placement_list", condition=Q(purged_at=None)),
            models.Index(fields=["mailbox", "thread", "-id"], name="mail_placement_thread", condition=Q(purged_at=None)),
            models.Index(
                fields=["mailbox", "place"],
                name="mail_placement_unread",
                condition=Q(side="received", read_at=None, recalled_at=None, purged_at=None),
            ),
            models.Index(fields=["binned_at"], name="mail_placement_binned", condition=Q(place="bin", purged_at=None)),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("mail:message", args=[self.pk])

    @property
    def is_received(self) -> bool:
        return self.side == self.Side.RECEIVED

    @property
    def is_unread(self) -> bool:
        return self.is_received and self.read_at is None and self.recalled_at is None

    @property
    def is_told(self) -> bool:
        """Whether its message may be shown."""
        return self.purged_at is None and self.recalled_at is None and (not self.is_received or self.read_at is not None)
