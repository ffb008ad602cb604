"""Policies (制度): versions with their articles, when each takes effect, what repeals them, and who may read them by a grant."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from portal.access.models import Audience
from portal.access.rules import duty_token
from portal.foundation.rich_text import picture_ids
from portal.numbers.series import NumberSeries
from portal.organization.models import Department, Duty, Position
from portal.pages.models import AudiencedPage, EditedPage

NUMBERS = NumberSeries("knowledge.policy", "{prefix}-{year}-{number:03}")
MOST_MONTHS = 60


class PolicyRoot(EditedPage):
    """The branch of the tree under which the shelves stand. There is one."""

    parent_page_types: list[str] = []
    subpage_types = ["knowledge.PolicyShelf"]
    is_creatable = False
    max_count = 1

    class Meta:
        verbose_name = _("policies")

    def get_admin_display_title(self) -> str:
        return str(capfirst(self._meta.verbose_name))


class PolicyShelf(EditedPage):
    """Where a department's policies stand, and who writes them besides its head."""

    department = models.OneToOneField(Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="policy_shelf")
    prefix = models.CharField(_("prefix of numbers"), max_length=20, blank=True, help_text=_("What policies are numbered by, such as JY-CC."))
    writers = models.ForeignKey(
        Duty,
        verbose_name=_("written by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Who holds this duty writes and publishes the department's policies, beside its head."),
    )

    parent_page_types = ["knowledge.PolicyRoot"]
    subpage_types = ["knowledge.Policy"]
    is_creatable = False
    content_panels: list[Any] = []
    promote_panels: list[Any] = []
    settings_panels: list[Any] = []

    class Meta:
        verbose_name = _("shelf of policies")
        constraints = [models.UniqueConstraint(fields=["prefix"], name="a_policy_prefix_belongs_to_one_shelf", condition=~Q(prefix=""))]

    def __str__(self) -> str:
        return self.department.label


class Policy(AudiencedPage):
    """What holds in the plant. The row is what was published last; what is in force on a day follows from the versions."""

    class Kind(models.TextChoices):
        POLICY = "policy", pgettext_lazy("kind of policy", "policy")
        MEASURE = "measure", _("measures")
        DETAIL = "detail", _("detailed rules")
        PROCEDURE = "procedure", _("procedure")

    class Category(models.TextChoices):
        GENERAL = "general", _("administration")
        PRODUCTION = "production", _("production")
        QUALITY = "quality", _("quality")
        EQUIPMENT = "equipment", _("equipment")
        STORAGE = "storage", _("storage")
        SAFETY = "safety", _("safety")
        SALES = "sales", _("marketing")
        FINANCE = "finance", _("finance")
        PERSONNEL = "personnel", _("personnel")

    # Written by those in charge, in revisions.
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.MEASURE)
    category = models.CharField(pgettext_lazy("of knowledge", "category"), max_length=12, choices=Category, default=Category.GENERAL)
    file_ids = ArrayField(models.UUIDField(), verbose_name=_("files"), default=list, blank=True)
    effective_on = models.DateField(_("effective on"), null=True, blank=True)
    backdating_reason = models.CharField(_("why it takes effect before it is published"), max_length=200, blank=True)
    interpreting_department = models.ForeignKey(Department, verbose_name=_("interpreted by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    leader = models.ForeignKey(Duty, verbose_name=_("leader in charge"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    review_months = models.PositiveSmallIntegerField(
        _("reviewed every so many months"), default=36, validators=[MinValueValidator(1), MaxValueValidator(MOST_MONTHS)]
    )
    needs_confirmation = models.BooleanField(_("reading must be confirmed"), default=False)
    confirm_by = models.DateTimeField(_("confirm by"), null=True, blank=True)
    asks_anew = models.BooleanField(_("ask for confirmation anew"), default=False)
    is_listed = models.BooleanField(_("title stands in the register for everyone"), default=True)
    repeals = ArrayField(models.PositiveIntegerField(), verbose_name=_("replaces"), default=list, blank=True)
    pairs = models.JSONField(default=dict, blank=True)

    # Facts about the policy as a whole, which no revision brings back (`kept_fields`).
    department = models.ForeignKey(Department, verbose_name=_("department in charge"), on_delete=models.PROTECT, related_name="+", editable=False)
    number = models.CharField(max_length=60, null=True, unique=True, editable=False)
    year = models.PositiveSmallIntegerField(null=True, editable=False)
    version_number = models.PositiveIntegerField(default=0, editable=False)
    binding_number = models.PositiveIntegerField(null=True, editable=False)
    clauses_given = models.PositiveIntegerField(default=0, editable=False)
    review_due_on = models.DateField(null=True, editable=False)
    in_force_from = models.DateField(null=True, editable=False, help_text="The first day on which a version of it is in force.")
    repealed_on = models.DateField(null=True, editable=False, help_text="The first day on which it no longer is.")
    is_divided = models.BooleanField(default=False, editable=False, help_text="Who reads it is said by the versions in force and to come, not by the row.")

    noun = "policy"
    written_fields = (
        "title", "body", "audience", "change_note", "kind", "category", "file_ids", "effective_on", "backdating_reason", "interpreting_department", "leader",
        "review_months", "needs_confirmation", "confirm_by", "asks_anew", "is_listed", "repeals", "pairs",
    )  # fmt: skip
    kept_fields = (
        *AudiencedPage.kept_fields, "department_id", "number", "year", "version_number", "binding_number", "clauses_given", "review_due_on", "in_force_from",
        "repealed_on", "is_divided",
    )  # fmt: skip

    parent_page_types = ["knowledge.PolicyShelf"]
    subpage_types: list[str] = []
    promote_panels: list[Any] = []

    class Meta:
        verbose_name = pgettext_lazy("of any kind", "policy")
        verbose_name_plural = _("policies")
        indexes = [
            models.Index(fields=["audience", "-published_at"], name="policy_audience", condition=Q(is_shown=True)),
            models.Index(fields=["-published_at"], name="policy_published", condition=Q(is_shown=True)),
            models.Index(fields=["department", "-published_at"], name="policy_department"),
        ]
        constraints = [
            models.CheckConstraint(
                name="shown_policy_is_whole",
                condition=Q(is_shown=False) | Q(audience__isnull=False, number__isnull=False, effective_on__isnull=False, published_at__isnull=False),
            ),
        ]

    def described(self) -> dict[str, Any]:
        return {"version": self.version_number, "number": self.number or "", "effective": str(self.effective_on or "")}

    @property
    def named_files(self) -> list[UUID]:
        return list(self.file_ids)

    def earlier_files(self) -> list[UUID]:
        versions = PolicyVersion.objects.filter(policy=self).values_list("file_ids", "body")
        return [pk for file_ids, body in versions for pk in (*file_ids, *picture_ids(body))]

    @property
    def shelf(self) -> PolicyShelf | None:
        return PolicyShelf.objects.filter(department=self.department_id).first()

    def get_absolute_url(self) -> str:
        return reverse("knowledge:policy_detail", args=[self.pk])

    @property
    def preview_url(self) -> str:
        return reverse("knowledge:policy_preview", args=[self.pk])

    @property
    def writing_url(self) -> str:
        return reverse("knowledge:policy_update", args=[self.pk])

    @property
    def grants_url(self) -> str:
        return reverse("knowledge:policy_grants", args=[self.pk])

    @property
    def review_url(self) -> str:
        return reverse("knowledge:policy_review", args=[self.pk])

    def writer_tokens(self) -> list[str]:
        writers = self.shelf_writers if "shelf_writers" in self.__dict__ else writers_of_shelf(self.department_id).order_by().first()
        return tokens_of_writers(self.department_id, writers)

    def leader_tokens(self) -> list[str]:
        return [duty_token(self.leader_id)] if self.leader_id else []

    @property
    def grant_token(self) -> str:
        return f"policy:{self.pk}"


def writers_of_shelf(department: Any) -> models.QuerySet[PolicyShelf, int | None]:
    """The duty that writes the policies of a department. A page that asks several things of a policy reads it as `shelf_writers` with its row."""
    return PolicyShelf.objects.filter(department=department).values_list("writers", flat=True)


def tokens_of_writers(department_id: int, writers_id: int | None) -> list[str]:
    """Whoever writes a department's policies today has one of these in their standing."""
    return [f"head:{department_id}", *([duty_token(writers_id)] if writers_id else [])]


class PolicyVersion(models.Model):
    """A policy as it was published. Rows are only added: the database refuses to change or remove one."""

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=255)
    kind = models.CharField(max_length=12, choices=Policy.Kind)
    body = models.TextField(blank=True)
    file_ids = ArrayField(models.UUIDField(), default=list)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    effective_on = models.DateField()
    backdating_reason = models.CharField(max_length=200, blank=True)
    change_note = models.CharField(max_length=200, blank=True)
    is_binding = models.BooleanField(default=False)
    confirm_by = models.DateTimeField(null=True)
    reach = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("version")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["policy", "number"], name="policy_versions_are_numbered")]
        indexes = [models.Index(fields=["policy", "-effective_on", "-number"], name="policy_version_effective")]

    def __str__(self) -> str:
        return f"{self.title} · {self.number}"

    @property
    def heading(self) -> str:
        """As it stands above a column: its number and its day."""
        return gettext("Version %(number)s, from %(day)s") % {"number": self.number, "day": self.effective_on}


class PolicyClause(models.Model):
    """An article of a version. `key` is the same as long as it remains the same article, whatever its number and words."""

    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="clauses")
    key = models.PositiveIntegerField()
    order = models.PositiveIntegerField()
    kind = models.CharField(max_length=8)
    label = models.CharField(max_length=40, blank=True)
    chapter = models.CharField(max_length=200, blank=True)
    html = models.TextField(blank=True)
    text = models.TextField(blank=True)

    class Meta:
        verbose_name = _("article of a policy")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["version", "order"], name="clauses_have_their_order"),
            models.UniqueConstraint(fields=["version", "key"], name="clauses_have_their_key"),
        ]

    def __str__(self) -> str:
        return self.label


class PolicyWithdrawal(models.Model):
    """A version that was published and is taken back before it takes effect. Rows are only added."""

    version = models.OneToOneField(PolicyVersion, on_delete=models.PROTECT, related_name="withdrawal")
    withdrawn_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)

    class Meta:
        verbose_name = _("withdrawal of a version")

    def __str__(self) -> str:
        return f"{self.version_id}"


class PolicyRepeal(models.Model):
    """From a day on a policy is in force no longer. Rows are only added."""

    policy = models.OneToOneField(Policy, on_delete=models.PROTECT, related_name="repeal")
    effective_on = models.DateField()
    replaced_by = models.ForeignKey(Policy, null=True, on_delete=models.PROTECT, related_name="replaces")
    reason = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("repeal")
        constraints = [models.CheckConstraint(name="a_policy_does_not_replace_itself", condition=Q(replaced_by__isnull=True) | ~Q(replaced_by=F("policy")))]

    def __str__(self) -> str:
        return f"{self.policy_id} · {self.effective_on}"


class PolicyReview(models.Model):
    """Those in charge have looked at a policy whether it still fits. Rows are only added."""

    class Outcome(models.TextChoices):
        KEEP = "keep", _("keep as it is")
        REVISE = "revise", _("revise it")
        REPEAL = "repeal", _("repeal it")

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="reviews")
    version_number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=8, choices=Outcome)
    note = models.CharField(max_length=300, blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField()
    next_due_on = models.DateField()

    class Meta:
        verbose_name = _("review of a policy")
        ordering = ["-reviewed_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.policy_id} · {self.outcome}"


class PolicyGrant(models.Model):
    """The leader in charge lets somebody read a policy from a day to a day. To whom: a person, a position, or a department with those below."""

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="grants")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("person"), null=True, on_delete=models.PROTECT, related_name="+")
    position = models.ForeignKey(Position, verbose_name=_("position"), null=True, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(Department, verbose_name=_("department"), null=True, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    reason = models.CharField(_("reason"), max_length=300)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("given by"), on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("grant of reading")
        ordering = ["-given_at", "-pk"]
        indexes = [models.Index(fields=["ends_on"], name="policy_grant_open", condition=Q(ended_at__isnull=True))]
        constraints = [
            models.CheckConstraint(name="grant_ends_after_start", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(
                name="grant_is_to_one",
                condition=Q(person__isnull=False, position__isnull=True, department__isnull=True)
                | Q(person__isnull=True, position__isnull=False, department__isnull=True)
                | Q(person__isnull=True, position__isnull=True, department__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy_id} · {self.starts_on}-{self.ends_on}"

    @property
    def holder_label(self) -> str:
        return str(self.person.name if self.person is not None else self.position.label if self.position is not None else getattr(self.department, "label", ""))


class PolicyRequest(models.Model):
    """Somebody who knows the title asks to read."""

    class State(models.TextChoices):
        OPEN = "open", _("waits for an answer")
        GRANTED = "granted", _("granted")
        DECLINED = "declined", _("declined")

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="requests")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    answer = models.CharField(max_length=300, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("request to read")
        ordering = ["-asked_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["policy", "person"], name="one_open_request_of_a_person", condition=Q(state="open"))]

    def __str__(self) -> str:
        return f"{self.policy_id} · {self.person_id}"
