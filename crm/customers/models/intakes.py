"""What came into the file of customers by one import, so that it can be taken out again."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Intake(models.Model):
    """All that one file brought. `asked_by` wants it taken out again, which a worker does; `kept` are the numbers of customers that stayed then."""

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("imported by"), on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    kept = models.JSONField(default=list)

    class Meta:
        verbose_name = _("intake of customers")
        verbose_name_plural = _("intakes of customers")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.made_at):%Y-%m-%d %H:%M}"


class IntakeRow(models.Model):
    """One customer of it, by number: the key stays when the customer goes. `before` and `after` are versions of the file; without `before` it is new."""

    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="rows")
    customer = models.BigIntegerField()
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    before = models.BigIntegerField(null=True)
    after = models.BigIntegerField()
    points = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        verbose_name = _("customer of an intake")
        verbose_name_plural = _("customers of an intake")

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"
