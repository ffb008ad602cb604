"""Days that differ from their weekday, and the hours of a working day from a day on."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CalendarDay(models.Model):
    """A day as the plant has it. A day without a row is a working day from Monday to Friday, and a rest day else."""

    class Kind(models.TextChoices):
        WORK = "work", _("working day")
        REST = "rest", _("rest day")
        MAKE_UP = "make_up", _("make-up day")

    day = models.DateField(_("day"), unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    name = models.CharField(_("occasion"), max_length=40, blank=True)
    is_kept_by_hand = models.BooleanField(_("set by hand"), default=False)

    class Meta:
        verbose_name = _("day of the calendar")
        verbose_name_plural = _("days of the calendar")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.get_kind_display()} {self.name}".strip()

    @property
    def is_working(self) -> bool:
        return self.kind != self.Kind.REST


class WorkingHours(models.Model):
    """The hours of a working day from a day on, until the next row: `08:00-12:00 13:30-17:30`."""

    starts_on = models.DateField(_("from"), unique=True)
    spans = models.CharField(_("working hours"), max_length=120)

    class Meta:
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        ordering = ["starts_on"]

    def __str__(self) -> str:
        return f"{self.starts_on}: {self.spans}"
