"""Articles and the versions that were admitted of them."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from knowledge.models.categories import ArticleCategory, duty_tokens_of, keeper_tokens_of, keepers_at
from portal.access.models import Audience
from portal.access.rules import person_token
from portal.foundation.rich_text import picture_ids
from portal.organization.models import Department, Position
from portal.pages.models import AudiencedPage

SOON = timedelta(days=14)
MOST_MONTHS = 60


class Article(AudiencedPage):
    """What the plant knows of one thing. Its writer is Wagtail's `owner`; who answers for it is a position in a department."""

    class Freshness(models.TextChoices):
        FRESH = "fresh", _("verified")
        DUE = "due", _("to be reviewed soon")
        OVERDUE = "overdue", _("review overdue")

    # Written by the author, in revisions.
    summary = models.CharField(_("in brief"), max_length=300, blank=True)
    file_ids = ArrayField(models.UUIDField(), verbose_name=_("files"), default=list, blank=True)
    department = models.ForeignKey(Department, verbose_name=_("department"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    owner_position = models.ForeignKey(Position, verbose_name=_("answers for it"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    review_months = models.PositiveSmallIntegerField(
        _("reviewed every so many months"), default=12, validators=[MinValueValidator(1), MaxValueValidator(MOST_MONTHS)]
    )

    # Facts about the article as a whole, which no revision brings back (`kept_fields`).
    category = models.ForeignKey(
        ArticleCategory, verbose_name=pgettext_lazy("of knowledge", "category"), on_delete=models.PROTECT, related_name="articles", editable=False
    )
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False)
    version_number = models.PositiveIntegerField(default=0, editable=False)
    anchors = ArrayField(models.CharField(max_length=12), default=list, editable=False, help_text="The addresses of its headings, in their order.")
    anchors_given = models.PositiveIntegerField(default=0, editable=False)
    verified_on = models.DateField(null=True, editable=False)
    review_due_on = models.DateField(null=True, editable=False)

    noun = "article"
    written_fields = (
        "title", "body", "audience", "change_note", "summary", "file_ids", "department", "owner_position", "review_months",
    )  # fmt: skip
    kept_fields = (
        *AudiencedPage.kept_fields, "category_id", "assignee_id", "version_number", "anchors", "anchors_given", "verified_on", "review_due_on",
    )  # fmt: skip

    parent_page_types = ["knowledge.ArticleCategory"]
    subpage_types: list[str] = []
    promote_panels: list[Any] = []

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        indexes = [
            models.Index(fields=["audience", "-published_at"], name="article_audience", condition=Q(is_shown=True)),
            models.Index(fields=["-published_at"], name="article_published", condition=Q(is_shown=True)),
            models.Index(fields=["category", "-published_at"], name="article_category", condition=Q(is_shown=True)),
            models.Index(fields=["department", "-published_at"], name="article_department"),
            models.Index(fields=["review_due_on"], name="article_review", condition=Q(is_shown=True)),
        ]
        constraints = [
            models.CheckConstraint(
                name="shown_article_is_whole",
                condition=Q(is_shown=False) | Q(audience__isnull=False, department__isnull=False, published_at__isnull=False, review_due_on__isnull=False),
            ),
            models.CheckConstraint(name="article_review_in_bounds", condition=Q(review_months__gte=1, review_months__lte=MOST_MONTHS)),
        ]

    @property
    def has_workflow(self) -> bool:
        """Every article is admitted by somebody who did not write it."""
        return True

    def described(self) -> dict[str, Any]:
        return {"version": self.version_number, "category": self.category_id}

    @property
    def named_files(self) -> list[UUID]:
        return list(self.file_ids)

    def earlier_files(self) -> list[UUID]:
        versions = ArticleVersion.objects.filter(article=self).values_list("file_ids", "body")
        return [pk for file_ids, body in versions for pk in (*file_ids, *picture_ids(body))]

    def get_absolute_url(self) -> str:
        return reverse("knowledge:article_detail", args=[self.pk])

    @property
    def preview_url(self) -> str:
        return reverse("knowledge:article_preview", args=[self.pk])

    @property
    def writing_url(self) -> str:
        return reverse("knowledge:article_update", args=[self.pk])

    @property
    def decision_url(self) -> str:
        return reverse("knowledge:article_approval", args=[self.pk])

    @property
    def review_url(self) -> str:
        return reverse("knowledge:article_review", args=[self.pk])

    def keeper_tokens(self) -> list[str]:
        """Whoever may admit it has one of these: the keepers of its category, and whom they handed it to."""
        assigned = [person_token(self.assignee_id)] if self.assignee_id else []
        return [*assigned, *keeper_tokens_of(self._keepers())]

    def writer_tokens(self) -> list[str]:
        """Whoever writes it whatever its audience: who began it, the head of its department, its keepers."""
        return [*self.author_tokens(), *self.keeper_tokens()]

    def author_tokens(self) -> list[str]:
        own = [person_token(self.owner_id)] if self.owner_id else []
        return [*own, *([f"head:{self.department_id}"] if self.department_id else [])]

    def duty_tokens(self) -> list[str]:
        """The duties by which its category is kept, the nearest first."""
        return duty_tokens_of(self._keepers())

    def _keepers(self) -> list[int]:
        return self.place_keepers if "place_keepers" in self.__dict__ else keepers_at(self.path[: -ArticleCategory.steplen])

    @property
    def freshness(self) -> str:
        return freshness_of(self.review_due_on, timezone.localdate())


def freshness_of(due_on: date | None, day: date) -> str:
    """How far a day is from the next review. What was never admitted has none and is fresh."""
    if due_on is None or due_on - day > SOON:
        return str(Article.Freshness.FRESH)
    return str(Article.Freshness.DUE if due_on >= day else Article.Freshness.OVERDUE)


class ArticleVersion(models.Model):
    """An article as it was admitted. Rows are only added: the database refuses to change or remove one."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=255)
    summary = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True)
    file_ids = ArrayField(models.UUIDField(), default=list)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    change_note = models.CharField(max_length=200, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    admitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    admitted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="article_versions_are_numbered")]

    def __str__(self) -> str:
        return f"{self.title} · {self.number}"
