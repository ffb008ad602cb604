"""A file on its way into the portal."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Import(models.Model):
    """The table that was read, which column is which, the plan that was shown, and how it went. `importer` is the code of the declaration."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("columns to be checked")
        PLANNED = "planned", _("waits for confirmation")
        RUNNING = "running", _("under way")
        DONE = "done", _("carried out")
        FAILED = "failed", _("failed, nothing changed")

    importer = models.CharField(max_length=40)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("imported by"), on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=10, blank=True)
    file_name = models.CharField(_("file"), max_length=255)
    source = models.CharField(max_length=80, blank=True)
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.DRAFT)
    rows = models.JSONField(default=list)
    header_row = models.PositiveIntegerField(null=True)
    mapping = models.JSONField(default=dict)
    meant = models.JSONField(default=dict, help_text="What names mean that the portal does not know: by kind and name, an id, or that it is new.")
    options = models.JSONField(default=dict)
    day = models.DateField(null=True)
    plan = models.JSONField(null=True)
    counts = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64, blank=True)
    failure = models.TextField(blank=True)
    created_at = models.DateTimeField(_("when"), default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]
        indexes = [models.Index(fields=["importer", "-id"], name="imports_of_importer")]

    def __str__(self) -> str:
        return self.file_name
