"""Notices and the versions that were published of them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bulletin.models.boards import DepartmentBoard
from bulletin.prefixes import DOCUMENTS
from bulletin.publishing import tokens_of_publishers
from bulletin.querysets import NoticeManager
from portal.access.models import Audience
from portal.foundation.rich_text import picture_ids
from portal.organization.models import Department
from portal.pages.errors import PageStateError
from portal.pages.models import AudiencedPage


class Notice(AudiencedPage):
    """What a department says."""

    class Kind(models.TextChoices):
        NOTICE = "notice", _("notice")
        ANNOUNCEMENT = "announcement", _("announcement")
        DOCUMENT = "document", pgettext_lazy("kind of notice", "document")
        TOPIC = "topic", _("topic")

    # Written by the author, in revisions.
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.NOTICE)
    file_ids = ArrayField(models.UUIDField(), verbose_name=_("files"), default=list, blank=True)
    is_urgent = models.BooleanField(_("urgent"), default=False)
    pinned_until = models.DateTimeField(_("pinned until"), null=True, blank=True)
    allows_comments = models.BooleanField(_("open for comments"), default=True)
    needs_confirmation = models.BooleanField(_("reading must be confirmed"), default=False)
    confirm_by = models.DateTimeField(_("confirm by"), null=True, blank=True)
    opens_on = models.DateField(_("suggestions from"), null=True, blank=True)
    closes_on = models.DateField(_("suggestions until"), null=True, blank=True)
    asks_anew = models.BooleanField(_("ask for confirmation anew"), default=False)

    # Facts about the notice as a whole, which no revision brings back (`kept_fields`).
    department = models.ForeignKey(Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="+", editable=False)
    version_number = models.PositiveIntegerField(default=0, editable=False)
    binding_number = models.PositiveIntegerField(
        null=True, editable=False, help_text="The version from which on a reading counts as confirmed; none where none is asked for."
    )
    document_prefix = models.CharField(max_length=20, blank=True, editable=False)
    document_year = models.PositiveSmallIntegerField(null=True, editable=False)
    document_number = models.PositiveIntegerField(null=True, editable=False)
    document_key = models.CharField(
        max_length=100,
        null=True,
        unique=True,
        editable=False,
        help_text="Its number in the whole plant; none where it had one that was given twice.",
    )
    topic_closed_at = models.DateTimeField(null=True, editable=False)
    topic_summary = models.TextField(blank=True, editable=False)

    noun = "notice"
    written_fields = (
        *AudiencedPage.written_fields, "kind", "file_ids", "is_urgent", "pinned_until", "allows_comments", "needs_confirmation", "confirm_by",
        "opens_on", "closes_on", "asks_anew",
    )  # fmt: skip
    kept_fields = (
        *AudiencedPage.kept_fields, "department_id", "version_number", "binding_number", "document_prefix", "document_year", "document_number",
        "document_key", "topic_closed_at", "topic_summary",
    )  # fmt: skip

    objects = NoticeManager()

    parent_page_types = ["bulletin.DepartmentBoard"]
    subpage_types: list[str] = []
    is_creatable = True
    promote_panels: list = []

    class Meta:
        verbose_name = pgettext_lazy("of any kind", "notice")
        verbose_name_plural = _("notices")
        indexes = [
            models.Index(fields=["audience", "-published_at"], name="notice_audience", condition=Q(is_shown=True)),
            models.Index(fields=["-published_at"], name="notice_published", condition=Q(is_shown=True)),
            models.Index(fields=["-published_at"], name="notice_binding", condition=Q(is_shown=True, binding_number__isnull=False)),
            models.Index(fields=["pinned_until"], name="notice_pinned", condition=Q(is_shown=True, pinned_until__isnull=False)),
            models.Index(fields=["department", "-published_at"], name="notice_department"),
            models.Index(fields=["shown_until"], name="notice_shown_until", condition=Q(is_shown=True, shown_until__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(name="shown_notice_has_an_audience", condition=Q(is_shown=False) | Q(audience__isnull=False, published_at__isnull=False)),
        ]

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        if getattr(self, "department_id", None) is None and (board := self.board) is not None:
            self.department_id = board.department_id
        super().full_clean(*args, **kwargs)

    def write(self, values: Mapping[str, Any]) -> bool:
        if "kind" in values and self.document_number and values["kind"] != self.Kind.DOCUMENT:
            raise PageStateError(gettext("A document that has its number remains a document."))
        return super().write(values)

    def described(self) -> dict[str, Any]:
        return {"version": self.version_number, "number": self.number}

    @property
    def named_files(self) -> list[UUID]:
        return list(self.file_ids)

    def earlier_files(self) -> list[UUID]:
        versions = NoticeVersion.objects.filter(notice=self).values_list("file_ids", "body")
        return [pk for file_ids, body in versions for pk in (*file_ids, *picture_ids(body))]

    @property
    def board(self) -> DepartmentBoard | None:
        if self._state.adding:
            return DepartmentBoard.objects.filter(department=self.department_id).first()
        parent = self.get_parent()
        return parent.specific if parent is not None and isinstance(parent.specific, DepartmentBoard) else None

    def get_absolute_url(self) -> str:
        return reverse("bulletin:notice_detail", args=[self.pk])

    @property
    def preview_url(self) -> str:
        return reverse("bulletin:notice_preview", args=[self.pk])

    @property
    def writing_url(self) -> str:
        return reverse("bulletin:notice_update", args=[self.pk])

    @property
    def decision_url(self) -> str:
        return reverse("bulletin:notice_approval", args=[self.pk])

    def writer_tokens(self) -> list[str]:
        return tokens_of_publishers(self.department_id)

    @property
    def number(self) -> str:
        """As documents are cited: 厂发〔2026〕12号. Empty where none was issued."""
        if not self.document_number or not self.document_year:
            return ""
        return DOCUMENTS.write(self.document_number, year=self.document_year, prefix=self.document_prefix)

    @property
    def is_pinned(self) -> bool:
        return self.pinned_until is not None and self.pinned_until > timezone.now()

    @property
    def takes_suggestions(self) -> bool:
        """Whether a topic is open today."""
        day = timezone.localdate()
        return (
            self.kind == self.Kind.TOPIC
            and self.topic_closed_at is None
            and (self.opens_on is None or self.opens_on <= day)
            and (self.closes_on is None or day <= self.closes_on)
        )

    @property
    def has_workflow(self) -> bool:
        return self.board is not None and self.board.needs_second_person


class NoticeVersion(models.Model):
    """A notice as it was published. Rows are only added: the database refuses to change or remove one."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=255)
    body = models.TextField(blank=True)
    file_ids = ArrayField(models.UUIDField(), default=list)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    change_note = models.CharField(max_length=200, blank=True)
    is_binding = models.BooleanField(default=False)
    reach = models.PositiveIntegerField(default=0, help_text="How many people were in the audience when it was published.")
    confirm_by = models.DateTimeField(null=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["notice", "number"], name="versions_are_numbered")]

    def __str__(self) -> str:
        return f"{self.title} · {self.number}"
