"""Kinds of papers, and the versions of their forms and routes. A version is never changed: papers under way keep the ones they began with."""

from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access.visibility import Audienced
from portal.approvals.definitions.forms import FormPlan, read_form
from portal.approvals.definitions.routes import Route, read_route
from portal.foundation.language import is_chinese

Plan = TypeVar("Plan")
MOST_PLANS = 1_000
_plans: dict[tuple[str, str], object] = {}


def _kept(kind: str, sha256: str, read: Callable[[], Plan]) -> Plan:
    """What a version means, read once in a process: its digest says what it says. Only then its JSON is asked of the database."""
    known = _plans.get((kind, sha256))
    if known is None:
        if len(_plans) >= MOST_PLANS:
            _plans.clear()
        known = _plans[kind, sha256] = read()
    return known  # type: ignore[return-value]  # of the kind that was kept


class FormVersion(models.Model):
    """What a paper of the kind asks for: `fields` as `read_form` understands them; `tables` are for lines."""

    kind = models.ForeignKey("PaperKind", on_delete=models.PROTECT, related_name="forms")
    number = models.PositiveIntegerField()
    fields = models.JSONField()
    tables = models.JSONField(default=list)
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="form_version_once"),
            models.UniqueConstraint(fields=["id", "kind"], name="form_version_of_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind_id} form {self.number}"

    @property
    def plan(self) -> FormPlan:
        return _kept("form", self.sha256, lambda: read_form(self.fields, self.tables))


class RouteVersion(models.Model):
    """The way a paper of the kind goes: `steps` as `read_route` understands them."""

    kind = models.ForeignKey("PaperKind", on_delete=models.PROTECT, related_name="routes")
    number = models.PositiveIntegerField()
    steps = models.JSONField()
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="route_version_once"),
            models.UniqueConstraint(fields=["id", "kind"], name="route_version_of_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind_id} route {self.number}"

    @property
    def plan(self) -> Route:
        return _kept("route", self.sha256, lambda: read_route(self.steps))


class PaperKind(Audienced):
    """One kind of paper. Its audience are those who may begin one; `keeper` is the seat to which falls what nobody else can decide.

    `follow_up` says of which kind (`code`) a paper is begun when one of this is approved, and what stands in it (`values`: field to field, or to "paper").
    """

    class NumberedAt(models.TextChoices):
        SUBMISSION = "submission", _("when it is submitted")
        APPROVAL = "approval", _("when it is approved")

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=200, blank=True)
    note_en = models.CharField(max_length=200, blank=True)
    icon = models.CharField(max_length=40, default="file-text")
    number_prefix = models.CharField(max_length=20, unique=True)
    numbered_at = models.CharField(max_length=12, choices=NumberedAt, default=NumberedAt.SUBMISSION)
    keeper = models.CharField(max_length=80, blank=True)
    form = models.ForeignKey(FormVersion, null=True, on_delete=models.PROTECT, related_name="+")
    route = models.ForeignKey(RouteVersion, null=True, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveIntegerField(default=100)
    is_open = models.BooleanField(default=True)
    follow_up = models.JSONField(default=dict, blank=True)
    shipped_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("kind of paper")
        verbose_name_plural = _("kinds of papers")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.name_en if self.name_en and not is_chinese() else self.name

    @property
    def explanation(self) -> str:
        return self.note_en if self.note_en and not is_chinese() else self.note
