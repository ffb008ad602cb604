"""A work diary: what somebody did on a day, what leaders should know, what comes tomorrow; read and answered by the heads above (R153)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.organization.models import Department

LONGEST = 4_000


class Diary(models.Model):
    """One for a person and a day. `department` is whose heads read it first: the writer's own, or the one above where the writer heads their own."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("written by"), on_delete=models.PROTECT, related_name="diaries")
    department = models.ForeignKey(Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="+")
    day = models.DateField(_("day"))
    done = models.TextField(_("work of the day"), max_length=LONGEST)
    thoughts = models.TextField(_("what leaders should know"), max_length=LONGEST, blank=True)
    plans = models.TextField(_("plans for the next day"), max_length=LONGEST, blank=True)
    asks = models.BooleanField(_("asks for an answer"), default=False)
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    changed_at = models.DateTimeField(_("changed"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("diary")
        verbose_name_plural = _("diaries")
        ordering = ["-day", "-id"]
        indexes = [
            models.Index(fields=["-day", "-id"], name="diary_newest"),
            models.Index(fields=["department", "-day"], name="diary_of_department"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["person", "day"], name="one_diary_of_a_day"),
            models.CheckConstraint(name="diary_says_something", condition=~Q(done="")),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.day:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("crm:diary_detail", args=[self.pk])

    @property
    def waits(self) -> bool:
        return self.asks and self.answered_at is None


class DiaryVersion(models.Model):
    """What stood there before it was changed. It only grows."""

    diary = models.ForeignKey(Diary, on_delete=models.PROTECT, related_name="versions")
    done = models.TextField(max_length=LONGEST)
    thoughts = models.TextField(max_length=LONGEST, blank=True)
    plans = models.TextField(max_length=LONGEST, blank=True)
    until = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("earlier wording of a diary")
        ordering = ["-until", "-id"]

    def __str__(self) -> str:
        return f"{self.diary_id} {self.until:%Y-%m-%d %H:%M}"


class DiaryReading(models.Model):
    """A head has read it."""

    diary = models.ForeignKey(Diary, on_delete=models.PROTECT, related_name="readings")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("of a diary", "reading")
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["diary", "reader"], name="diary_read_once")]

    def __str__(self) -> str:
        return f"{self.diary_id} {self.reader_id}"


class DiaryAnswer(models.Model):
    """What a head answers, and what the writer says to it. It only grows."""

    diary = models.ForeignKey(Diary, on_delete=models.PROTECT, related_name="answers")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=LONGEST)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("answer to a diary")
        ordering = ["at", "id"]
        constraints = [models.CheckConstraint(name="diary_answer_says_something", condition=~Q(text=""))]

    def __str__(self) -> str:
        return self.text[:40]
