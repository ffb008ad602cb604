"""Stored content, and the places that it hangs on."""

import uuid

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.attachments.kinds import Kind

FILES = "files"  # the queue of those that wait to be checked and read, as operators see it


class StoredFile(models.Model):
    """Content, kept once under its sha256 and never changed. `storage_name` is where the storage `attachments` has it.

    Content that is there already and comes once more has a row of its own until it has been checked and read (`is_repeated`), as if it were
    new: nobody learns by uploading that something hidden has the same.
    """

    class Scan(models.TextChoices):
        UNCHECKED = "unchecked", _("not checked")  # there is no scanner
        WAITING = "waiting", _("being checked")
        CLEAN = "clean", _("checked")
        INFECTED = "infected", _("infected")

    class Text(models.TextChoices):
        NONE = "none", _("has no text")
        WAITING = "waiting", _("text is being read")
        DONE = "done", _("text was read")
        FAILED = "failed", _("text cannot be read")

    sha256 = models.CharField(max_length=64, db_index=True)
    is_repeated = models.BooleanField(default=False, db_default=False)
    size = models.BigIntegerField()
    storage_name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=Kind)
    media_type = models.CharField(max_length=120)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    page_count = models.PositiveIntegerField(null=True)
    scan = models.CharField(max_length=10, choices=Scan, default=Scan.UNCHECKED)
    finding = models.CharField(max_length=200, blank=True)
    text_state = models.CharField(max_length=8, choices=Text, default=Text.WAITING)
    text_reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")
        indexes = [models.Index(fields=["created_at"], name="stored_file_waits", condition=Q(scan="waiting") | Q(text_state="waiting"))]
        constraints = [models.UniqueConstraint(fields=["sha256"], condition=Q(is_repeated=False), name="stored_file_once")]

    def __str__(self) -> str:
        return self.sha256[:12]

    @property
    def is_open(self) -> bool:
        """May be shown at all: checked, or there is nobody who checks."""
        return self.scan in (self.Scan.CLEAN, self.Scan.UNCHECKED)


class Attachment(models.Model):
    """A file under a name, hanging on a thing or still loose. Its key is its address, which tells nothing.

    `loose`: only its uploader sees it. `held`: those who may change the thing. `shown`: those who may view it. A picture of an anonymous post has no uploader.
    """

    class Standing(models.TextChoices):
        LOOSE = "loose", _("loose")
        HELD = "held", _("held")
        SHOWN = "shown", _("shown")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(_("name"), max_length=255)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("uploaded by"), null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    about_type = models.ForeignKey(ContentType, null=True, on_delete=models.PROTECT, related_name="+")
    about_id = models.BigIntegerField(null=True)
    about = GenericForeignKey("about_type", "about_id")
    standing = models.CharField(max_length=5, choices=Standing, default=Standing.LOOSE)
    order = models.PositiveIntegerField(default=0)
    is_in_text = models.BooleanField(default=False)
    was_shown = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["order", "created_at", "id"]
        indexes = [
            models.Index(fields=["about_type", "about_id", "standing", "order"], name="attachment_about"),
            models.Index(fields=["created_at"], name="attachment_loose", condition=Q(standing="loose")),
        ]
        constraints = [
            models.CheckConstraint(name="attachment_loose_has_an_uploader", condition=~Q(standing="loose") | Q(uploaded_by__isnull=False)),
            models.CheckConstraint(
                name="attachment_is_loose_or_about_something",
                condition=Q(standing="loose", about_type__isnull=True, about_id__isnull=True)
                | (~Q(standing="loose") & Q(about_type__isnull=False, about_id__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FileText(models.Model):
    """The text of a file by pages, sheets, slides or chapters, counted from 1."""

    file = models.ForeignKey(StoredFile, on_delete=models.CASCADE, related_name="texts")
    number = models.PositiveIntegerField()
    text = models.TextField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="one_text_for_each_page")]

    def __str__(self) -> str:
        return f"{self.file_id}/{self.number}"


class Upload(models.Model):
    """A large file that is being sent in parts; it belongs to its uploader. Its bytes are beside the storage until it is whole."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    uploader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    received = models.BigIntegerField(default=0)
    touched_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.CheckConstraint(name="upload_within_its_size", condition=Q(received__gte=0) & Q(received__lte=models.F("size")))]

    def __str__(self) -> str:
        return self.name
