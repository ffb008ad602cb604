"""The plant: departments, positions, and who held which from when to when. Nothing dated is overwritten."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.fields.ranges import RangeBoundary
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from portal.foundation.language import is_chinese
from portal.foundation.names import name_sort_key
from portal.organization.querysets import DatedQuerySet, DepartmentQuerySet, EmploymentQuerySet


class DateRange(Func):
    function = "DATERANGE"
    output_field = DateRangeField()


class Department(models.Model):
    """A node of the plant's tree. `path` holds the ids from the root down, each closed by a slash: `1/7/31/`."""

    class Kind(models.TextChoices):
        PLANT = "plant", _("plant")
        DEPARTMENT = "department", _("department")
        WORKSHOP = "workshop", _("workshop")
        SECTION = "section", _("section")
        SHIFT = "shift", _("shift")

    parent = models.ForeignKey("self", verbose_name=_("belongs to"), null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    code = models.CharField(_("code"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    name_pinyin = models.CharField(max_length=300, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.DEPARTMENT)
    path = models.CharField(max_length=255, editable=False, db_index=True)
    order = models.PositiveIntegerField(_("order"), default=0)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects = DepartmentQuerySet.as_manager()
    place: str  # set by `portal.organization.places.placed`

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["order", "name_pinyin", "id"]
        indexes = [models.Index(fields=["path"], name="department_path_prefix", opclasses=["varchar_pattern_ops"])]

    def __str__(self) -> str:
        return self.label

    def save(self, *args, **kwargs) -> None:
        self.name_pinyin = name_sort_key(self.name)
        super().save(*args, **kwargs)

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.name_en if self.name_en and not is_chinese() else self.name

    @property
    def ancestor_ids(self) -> list[int]:
        """The departments above, from the root down, without this one."""
        return [int(part) for part in self.path.split("/") if part][:-1]

    @property
    def depth(self) -> int:
        return self.path.count("/")


class Position(models.Model):
    """A post that people hold. It carries a level of clearance; a leading one makes its holder head of the department."""

    code = models.CharField(_("code"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    clearance = models.PositiveSmallIntegerField(_("clearance"), default=1)
    is_head = models.BooleanField(_("heads the department"), default=False)
    requires_second_factor = models.BooleanField(_("needs a second factor"), default=False)
    order = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.name_en if self.name_en and not is_chinese() else self.name


class Employment(models.Model):
    """A person holds a position in a department from a day to a day (both included); no end means until further notice."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="employments")
    department = models.ForeignKey(Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="employments")
    position = models.ForeignKey(Position, verbose_name=_("position"), on_delete=models.PROTECT, related_name="employments")
    is_primary = models.BooleanField(_("primary"), default=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)

    objects = EmploymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("employment")
        verbose_name_plural = _("employments")
        ordering = ["-is_primary", "-starts_on", "id"]
        indexes = [
            models.Index(fields=["department", "ends_on"], name="employment_department"),
            models.Index(fields=["starts_on"], name="employment_starts_on"),
        ]
        constraints = [
            models.CheckConstraint(name="employment_ends_after_start", condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on"))),
            ExclusionConstraint(
                name="one_primary_employment_at_a_time",
                expressions=[
                    (DateRange("starts_on", "ends_on", RangeBoundary(inclusive_lower=True, inclusive_upper=True)), RangeOperators.OVERLAPS),
                    ("person", RangeOperators.EQUAL),
                ],
                condition=Q(is_primary=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.department} · {self.position}"

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class Deputyship(models.Model):
    """While it lasts, `deputy` stands in for the holder of an employment and has the rights that come with it."""

    employment = models.ForeignKey(Employment, verbose_name=_("stands in for"), on_delete=models.CASCADE, related_name="deputyships")
    deputy = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("deputy"), on_delete=models.PROTECT, related_name="deputyships")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("deputyship")
        verbose_name_plural = _("deputyships")
        ordering = ["-starts_on", "id"]
        constraints = [
            models.CheckConstraint(name="deputyship_ends_after_start", condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on"))),
        ]

    def __str__(self) -> str:
        return f"{self.deputy} → {self.employment}"


class Duty(models.Model):
    """A responsibility that is no position: in charge of purchasing, price reviewer. Who holds it has the token `duty:9`."""

    code = models.CharField(_("code"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    departments = models.ManyToManyField(Department, verbose_name=_("covers"), blank=True, related_name="duties")
    order = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.name_en if self.name_en and not is_chinese() else self.name


class DutyHolding(models.Model):
    """A person holds a duty from a day to a day (both included); no end means until further notice."""

    duty = models.ForeignKey(Duty, verbose_name=_("duty"), on_delete=models.PROTECT, related_name="holdings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="duty_holdings")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("holding of a duty")
        verbose_name_plural = _("holdings of duties")
        ordering = ["-starts_on", "id"]
        constraints = [
            models.CheckConstraint(name="duty_holding_ends_after_start", condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on"))),
            ExclusionConstraint(
                name="a_person_holds_a_duty_once_at_a_time",
                expressions=[
                    (DateRange("starts_on", "ends_on", RangeBoundary(inclusive_lower=True, inclusive_upper=True)), RangeOperators.OVERLAPS),
                    ("duty", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.duty}"

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class Profile(models.Model):
    """What a person's card shows besides the name."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="profile")
    mobile = models.CharField(_("mobile"), max_length=40, blank=True)
    phone = models.CharField(_("office phone"), max_length=40, blank=True)
    room = models.CharField(_("room"), max_length=60, blank=True)
    photo = models.FileField(_("photo"), upload_to="photos/", blank=True)
    about = models.CharField(_("about"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("card")

    def __str__(self) -> str:
        return f"{self.person_id}"


class Absence(models.Model):
    """Where a person is when they are not here, from a day to a day."""

    class Kind(models.TextChoices):
        TRAVEL = "travel", _("travelling")
        LEAVE = "leave", _("on leave")
        SICK = "sick", _("ill")
        TRAINING = "training", _("in training")
        OTHER = "other", _("away")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="absences")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.LEAVE)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    note = models.CharField(_("note"), max_length=120, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["starts_on", "id"]
        indexes = [models.Index(fields=["ends_on"], name="absence_ends_on")]
        constraints = [models.CheckConstraint(name="absence_ends_after_start", condition=Q(ends_on__gte=F("starts_on")))]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind} {self.starts_on}"
