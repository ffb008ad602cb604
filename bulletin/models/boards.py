"""Boards, and who may publish on them."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from bulletin.querysets import DelegationQuerySet
from portal.organization.models import Department
from portal.pages.models import EditedPage


class Boards(EditedPage):
    """The branch of the tree under which the boards stand. There is one."""

    parent_page_types: list[str] = []
    subpage_types = ["bulletin.DepartmentBoard"]
    is_creatable = False
    max_count = 1

    class Meta:
        verbose_name = _("boards")

    def get_admin_display_title(self) -> str:
        return str(capfirst(self._meta.verbose_name))


class DepartmentBoard(EditedPage):
    """A department's board, and how the department publishes."""

    department = models.OneToOneField(Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="board")
    document_prefix = models.CharField(
        _("prefix of document numbers"),
        max_length=20,
        blank=True,
        help_text=_("What stands before the year in the department's document numbers, such as 厂发."),
    )
    prefix_key = models.CharField(max_length=80, blank=True, default="", editable=False, help_text="What its spellings have in common (`bulletin.prefixes`).")
    needs_second_person = models.BooleanField(
        _("a second person approves"), default=False, help_text=_("What one publisher of the department wrote, another one approves before it is published.")
    )

    parent_page_types = ["bulletin.Boards"]
    subpage_types = ["bulletin.Notice"]
    is_creatable = False
    content_panels: list = []
    promote_panels: list = []
    settings_panels: list = []

    class Meta:
        verbose_name = _("board")
        verbose_name_plural = _("boards")
        constraints = [models.UniqueConstraint(fields=["prefix_key"], name="a_prefix_belongs_to_one_board", condition=~Q(prefix_key=""))]

    def __str__(self) -> str:
        return self.department.label


class PublishingDelegation(models.Model):
    """A head lets someone publish for the department from a day to a day, both included."""

    department = models.ForeignKey(Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="publishing_delegations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="publishing_delegations")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("given by"), on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(_("ended early"), null=True, editable=False)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("delegation of publishing")
        verbose_name_plural = _("delegations of publishing")
        ordering = ["-starts_on", "-id"]
        indexes = [models.Index(fields=["person", "ends_on"], name="delegation_person")]
        constraints = [models.CheckConstraint(name="delegation_ends_after_start", condition=Q(ends_on__gte=F("starts_on")))]

    def __str__(self) -> str:
        return f"{self.department} · {self.person} · {self.starts_on}-{self.ends_on}"

    def holds_on(self, day: date) -> bool:
        return self.ended_at is None and self.starts_on <= day <= self.ends_on


class BoardReference(models.Model):
    """A notice that stands on a further board too: the same notice, for those who may see it, not a copy."""

    notice = models.ForeignKey("bulletin.Notice", on_delete=models.CASCADE, related_name="references")
    department = models.ForeignKey(Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="+")
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("reference on a board")
        constraints = [models.UniqueConstraint(fields=["notice", "department"], name="one_reference_per_board")]

    def __str__(self) -> str:
        return f"{self.notice_id} → {self.department}"
