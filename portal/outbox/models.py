"""Effects that are still to happen. A row is deleted when its effect has happened."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Effect(models.Model):
    """Something to do once the transaction that wrote this row has committed."""

    kind = models.CharField(_("kind"), max_length=60)
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(_("asked for"), default=timezone.now)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.TextField(_("last error"), blank=True)
    failed_at = models.DateTimeField(_("given up"), null=True, blank=True)

    class Meta:
        verbose_name = _("effect")
        verbose_name_plural = _("effects")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["due_at", "id"], name="effect_due", condition=models.Q(failed_at__isnull=True)),
            models.Index(fields=["failed_at"], name="effect_failed", condition=models.Q(failed_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Trouble(models.Model):
    """One thing of a queue that could not be dealt with. The row goes when it could; without `due_at` the thing is put aside."""

    queue = models.CharField(max_length=30)
    thing = models.BigIntegerField()
    attempts = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=300, blank=True)
    since = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("trouble")
        verbose_name_plural = _("troubles")
        ordering = ["since", "id"]
        constraints = [models.UniqueConstraint(fields=["queue", "thing"], name="one_trouble_for_each_thing")]

    def __str__(self) -> str:
        return f"{self.queue}:{self.thing}"
