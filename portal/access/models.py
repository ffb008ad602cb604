"""Audiences, saved groups, capabilities, and what each person stands for today."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.access.querysets import AudienceManager
from portal.access.rules import AudienceRule
from portal.organization.models import Department


class Audience(models.Model):
    """A rule of visibility. The same rule is one row, shared by all that it applies to, and is never changed."""

    key = models.TextField(editable=False)
    key_digest = models.BinaryField(max_length=32, unique=True, editable=False)
    include = ArrayField(models.CharField(max_length=24))
    exclude = ArrayField(models.CharField(max_length=24), default=list)
    level = models.PositiveSmallIntegerField(default=0)

    objects = AudienceManager()

    class Meta:
        verbose_name = _("audience")
        indexes = [GinIndex(fields=["include"], name="audience_include", fastupdate=False)]

    def __str__(self) -> str:
        return self.key

    @cached_property
    def rule(self) -> AudienceRule:
        return AudienceRule(include=tuple(self.include), exclude=tuple(self.exclude), level=self.level)


class AudienceGroup(models.Model):
    """A saved group: an audience with a name, used in other audiences as one token. Groups do not hold groups."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    audience = models.ForeignKey(Audience, verbose_name=_("who belongs to it"), on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("kept by"), on_delete=models.PROTECT, related_name="kept_groups")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class CapabilityGrant(models.Model):
    """Who holds a capability (a right that belongs to no single thing, e.g. to keep the roster)."""

    capability = models.CharField(_("capability"), max_length=60, unique=True)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("capability")
        verbose_name_plural = _("capabilities")

    def __str__(self) -> str:
        return self.capability


class Standing(models.Model):
    """What a person stands for today: tokens and level, derived from employments and deputyships, never edited.

    It holds until `stale_on`, the day of the next dated change, so that moves take effect on their day by themselves.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="stored_standing")
    tokens = ArrayField(models.CharField(max_length=80), default=list)
    level = models.SmallIntegerField(default=-1)
    needs_second_factor = models.BooleanField(default=False)
    computed_on = models.DateField()
    stale_on = models.DateField(null=True)

    class Meta:
        indexes = [GinIndex(fields=["tokens"], name="standing_tokens", fastupdate=False), models.Index(fields=["stale_on"], name="standing_stale_on")]

    def __str__(self) -> str:
        return f"{self.user_id}: {' '.join(self.tokens)}"

    @cached_property
    def token_set(self) -> frozenset[str]:
        return frozenset(self.tokens)

    @cached_property
    def headed_department_ids(self) -> list[int]:
        """Departments that this person heads today, also as a deputy."""
        return [int(token[5:]) for token in self.tokens if token.startswith("head:")]

    def has_capability(self, capability: str) -> bool:
        return f"cap:{capability}" in self.token_set


class StandingPeriod(models.Model):
    """What a person stood for from a day to a day (both included; open while it lasts), so that a past day can be asked about.

    Written by the refreshing of standings, with groups, deputyships and departures as they were known then; a day's last state counts.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    tokens = ArrayField(models.CharField(max_length=80), default=list)
    level = models.SmallIntegerField(default=-1)
    department = models.ForeignKey(Department, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "starts_on"], name="one_standing_per_person_and_day")]
        indexes = [
            GinIndex(fields=["tokens"], name="standing_period_tokens", fastupdate=False),
            models.Index(fields=["user"], name="standing_period_open", condition=models.Q(ends_on__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.starts_on}-{self.ends_on}: {' '.join(self.tokens)}"
