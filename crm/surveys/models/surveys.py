"""A survey, its versions and their questions. The database freezes a version once it is published."""

import secrets
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.access.models import Audience

END = "end"  # where a jump leads past the last question
OTHER = "other"
LONGEST_TEXT = 1_000


def new_key() -> str:
    return secrets.token_hex(12)


def short_key() -> str:
    """Of a question or an option: the same through all versions in which it stays what it is."""
    return secrets.token_hex(4)


class Survey(models.Model):
    """Open from `starts_on` until the day before `closes_on`. `key` stands in the public address; `picks` says which customers are asked."""

    class Whom(models.TextChoices):
        CUSTOMERS = "customers", _("customers")
        STAFF = "staff", _("staff")
        EVERYONE = "everyone", _("everyone who has the link")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("of a survey", "draft")
        RUNNING = "running", pgettext_lazy("of a survey", "running")
        ENDED = "ended", pgettext_lazy("of a survey", "ended")
        PUBLISHED = "published", pgettext_lazy("of a survey", "result published")
        EVALUATED = "evaluated", pgettext_lazy("of a survey", "evaluated")

    key = models.CharField(max_length=24, unique=True, default=new_key, editable=False)
    title = models.CharField(_("title"), max_length=100)
    whom = models.CharField(_("who is asked"), max_length=9, choices=Whom)
    audience = models.ForeignKey(Audience, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    picks = models.JSONField(default=dict, blank=True)
    is_anonymous = models.BooleanField(_("anonymous"), default=False)
    starts_on = models.DateField(_("from"))
    closes_on = models.DateField(_("closed from"))
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT)
    head = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("head of the survey"), on_delete=models.PROTECT, related_name="+")
    is_told = models.BooleanField(default=False, editable=False)
    result = models.TextField(_("result"), blank=True, max_length=4_000)
    evaluation = models.TextField(_("evaluation"), blank=True, max_length=2_000)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        ordering = ["-made_at", "-id"]
        indexes = [models.Index(fields=["-starts_on", "-id"], name="survey_newest"), models.Index(fields=["state"], name="survey_by_state")]
        constraints = [
            models.CheckConstraint(name="survey_lasts_a_day", condition=Q(closes_on__gt=F("starts_on"))),
            models.CheckConstraint(name="survey_of_staff_has_an_audience", condition=~Q(whom="staff") | Q(audience__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("crm:survey_detail", args=[self.pk])

    @property
    def last_on(self) -> date:
        return self.closes_on - timedelta(days=1)

    def is_open(self, day: date) -> bool:
        return self.state == self.State.RUNNING and self.starts_on <= day < self.closes_on


class SurveyVersion(models.Model):
    """Drawn while it is not published. Answers belong to the version that was shown."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    introduction = models.TextField(_("introduction"), blank=True, max_length=2_000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    class Meta:
        verbose_name = _("version of a survey")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "number"], name="one_survey_version_of_a_number"),
            models.UniqueConstraint(fields=["survey"], condition=Q(published_at__isnull=True), name="one_survey_version_drawn"),
        ]

    def __str__(self) -> str:
        return f"{self.survey} V{self.number}"


class Question(models.Model):
    """`options` are `{"key", "text"}` in order. `jumps` lead from an option to a later question, or past the last: `{"on", "to"}`.

    `least` and `most` are how many may be chosen, the ends of a scale, or the bounds of a number.
    """

    class Kind(models.TextChoices):
        ONE = "one", _("one of several")
        MANY = "many", _("several of many")
        YES_NO = "yes_no", _("yes or no")
        SCALE = "scale", _("scale")
        RANKING = "ranking", _("ranking")
        NUMBER = "number", pgettext_lazy("a kind of question", "number")
        TEXT = "text", pgettext_lazy("a kind of question", "text")
        DAY = "day", pgettext_lazy("a kind of question", "day")
        SECTION = "section", _("new page")

    version = models.ForeignKey(SurveyVersion, on_delete=models.PROTECT, related_name="questions")
    key = models.CharField(max_length=8, default=short_key)
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    text = models.CharField(_("question"), max_length=300)
    help = models.CharField(_("help"), max_length=500, blank=True)
    is_required = models.BooleanField(_("must be answered"), default=False)
    options = models.JSONField(default=list, blank=True)
    has_other = models.BooleanField(_("other: ___"), default=False)
    least = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    most = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    low_words = models.CharField(max_length=40, blank=True)
    high_words = models.CharField(max_length=40, blank=True)
    is_long = models.BooleanField(default=False)
    jumps = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = _("question of a survey")
        ordering = ["place", "id"]
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="one_survey_question_of_a_key")]

    def __str__(self) -> str:
        return self.text

    @property
    def is_section(self) -> bool:
        return self.kind == self.Kind.SECTION

    @property
    def is_closed(self) -> bool:
        """Answered with one of few: jumps and cuts go by it."""
        return self.kind in (self.Kind.ONE, self.Kind.YES_NO, self.Kind.SCALE)

    @property
    def choices(self) -> list[tuple[str, Any]]:
        """What may be chosen, in order, as (key, words)."""
        if self.kind == self.Kind.YES_NO:
            return [("yes", _("yes")), ("no", _("no"))]
        if self.kind == self.Kind.SCALE:
            return [(str(point), str(point)) for point in range(int(self.least or 0), int(self.most or 0) + 1)]
        found: list[tuple[str, Any]] = [(one["key"], one["text"]) for one in self.options]
        return [*found, (OTHER, pgettext_lazy("an answer", "other"))] if self.has_other else found

    @property
    def leads(self) -> dict[str, str]:
        return {jump["on"]: jump["to"] for jump in self.jumps}
