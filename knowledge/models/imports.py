"""Files on their way into the knowledge base: a run, and what became of each file."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from knowledge.models.articles import Article
from knowledge.models.categories import ArticleCategory
from portal.access.models import Audience
from portal.attachments.models import Attachment


class ImportRun(models.Model):
    """What somebody brings in at one time. The files hang on its items, archives on the run, until they are cleared away."""

    class State(models.TextChoices):
        OPEN = "open", _("files are being added")
        RUNNING = "running", _("under way")
        DONE = "done", pgettext_lazy("of an import", "done")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey(
        ArticleCategory, verbose_name=pgettext_lazy("of knowledge", "category"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    has_files = models.BooleanField(default=True, help_text="Whether what was sent is still there, so that it can be tried again.")

    class Meta:
        verbose_name = _("import of files")
        verbose_name_plural = _("imports of files")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["owner", "-created_at"], name="import_run_owner")]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d} · {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("knowledge:import_detail", args=[self.pk])

    def describe(self) -> dict[str, Any]:
        return {"category": self.category_id}


class ImportItem(models.Model):
    """A file of a run, by the path that it had in its folder or archive. `entry` is its place in the archive `source`."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DRAFTED = "drafted", _("new draft")
        RENEWED = "renewed", _("draft of a new version")
        UNCHANGED = "unchanged", _("nothing new")
        WITHIN = "within", _("picture in an article")
        REFUSED = "refused", _("not taken")

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="items")
    source = models.ForeignKey(Attachment, null=True, on_delete=models.SET_NULL, related_name="+")
    entry = models.PositiveIntegerField(null=True)
    path = models.CharField(max_length=500)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    reason = models.TextField(blank=True, help_text="Why it was not taken, in the language of whoever brought it.")
    lost = models.JSONField(default=dict)
    article = models.ForeignKey(Article, null=True, on_delete=models.SET_NULL, related_name="+")
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("imported file")
        verbose_name_plural = _("imported files")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["run", "path"], name="import_item_path", condition=~Q(state="refused"))]
        indexes = [
            models.Index(fields=["run", "state"], name="import_item_state"),
            models.Index(fields=["path", "-id"], name="import_item_known", condition=Q(article__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.path
