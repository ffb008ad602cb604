"""Papers: what they say, version by version, who takes part, and the trail of all that happened."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.access.readers import HasReaders, Reader
from portal.approvals.models.kinds import FormVersion, PaperKind, RouteVersion
from portal.approvals.querysets import PaperQuerySet
from portal.organization.models import Department, Employment

GREATEST_AMOUNT = 10**18 - 1  # fen; what numeric(18, 2) holds


class Paper(HasReaders):
    """One paper. `department` and `employment` are those it was begun under; title and amount repeat what its content says, for lists."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        RUNNING = "running", pgettext_lazy("paper", "under way")
        RETURNED = "returned", pgettext_lazy("paper", "returned")
        APPROVED = "approved", pgettext_lazy("paper", "approved")
        REFUSED = "refused", pgettext_lazy("paper", "refused")
        WITHDRAWN = "withdrawn", _("withdrawn")
        VOID = "void", _("void")

    kind = models.ForeignKey(PaperKind, verbose_name=_("kind of paper"), on_delete=models.PROTECT, related_name="papers")
    form = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+")
    route = models.ForeignKey(RouteVersion, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(_("number"), max_length=80, blank=True)
    title = models.CharField(_("title"), max_length=200, blank=True)
    amount = models.BigIntegerField(_("amount"), null=True)
    period = models.CharField(_("period"), max_length=7, blank=True)
    originator = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("begun by"), on_delete=models.PROTECT, related_name="begun_papers")
    employment = models.ForeignKey(Employment, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    round = models.PositiveSmallIntegerField(default=1)
    content = models.ForeignKey("Content", null=True, on_delete=models.PROTECT, related_name="+")
    last_event = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    seating: Any = None  # who holds which seat, asked once in an act: set by `lock_paper`

    objects = PaperQuerySet.as_manager()  # type: ignore[misc]  # the mixin has one of its own
    reader_reasons: ClassVar[dict[str, str | Promise]] = {
        "began": _("Began it."),
        "heads": _("Heads the department in which it was begun."),
        "asked": _("Is or was asked to decide on it."),
        "decided": _("Decided on it."),
        "copied": _("Was sent a copy."),
        "late": _("Heads those with whom it is overdue."),
        "told": _("Is told of it by the way it goes."),
        "voids": _("Keeps papers, and was asked to void it."),
    }

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["originator", "-id"], name="paper_originator")]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="paper_number_once", condition=~Q(number="")),
            models.UniqueConstraint(
                fields=["kind", "department", "period"],
                name="paper_of_a_period_once",
                condition=~Q(period="") & Q(state__in=["running", "returned", "approved"]),
            ),
            models.CheckConstraint(name="paper_amount_fits", condition=Q(amount__isnull=True) | Q(amount__gte=0, amount__lte=GREATEST_AMOUNT)),
            models.CheckConstraint(name="paper_draft_has_no_content", condition=Q(state="draft", content__isnull=True) | ~Q(state="draft")),
            models.CheckConstraint(name="paper_sent_has_content", condition=Q(state="draft") | Q(content__isnull=False, submitted_at__isnull=False)),
            models.CheckConstraint(
                name="paper_finished_has_its_time",
                condition=Q(state__in=["draft", "running", "returned"], finished_at__isnull=True)
                | Q(state__in=["approved", "refused", "withdrawn", "void"], finished_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip() or str(self.kind)

    def get_absolute_url(self) -> str:
        return reverse("approvals:paper_draft" if self.state == self.State.DRAFT else "approvals:paper_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Under way or returned: somebody has to do something about it."""
        return self.state in (self.State.RUNNING, self.State.RETURNED)


class PaperReader(Reader):
    thing = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="readers")


class Draft(models.Model):
    """What the originator has written and not submitted: of a paper that was never submitted, or of one that was returned."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="drafts")
    writer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    values = models.JSONField(default=dict)
    chosen = models.JSONField(default=dict)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["paper", "writer"], name="one_draft_per_writer")]

    def __str__(self) -> str:
        return f"draft of {self.paper_id}"


class Content(models.Model):
    """What a paper said from a moment on; never changed. Amounts are decimals as strings; files stand with their digests."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="contents")
    number = models.PositiveIntegerField()
    values = models.JSONField()
    chosen = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "number"], name="content_number_once"),
            models.UniqueConstraint(fields=["id", "paper"], name="content_of_paper"),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id} version {self.number}"


class Event(models.Model):
    """One thing that happened to a paper. They only grow; folded in their order they give the paper's state."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    verb = models.CharField(max_length=20)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    principal = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    details = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["seq"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "seq"], name="event_seq_once"),
            models.CheckConstraint(name="event_principal_is_another", condition=Q(principal__isnull=True) | ~Q(principal=F("actor"))),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id}#{self.seq} {self.verb}"
