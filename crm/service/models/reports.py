"""What is reported in confidence: a customer's integrity (R12), counterfeits and smuggling (R13). For who reported it and those who may read it alone."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.customers.models import Customer
from crm.service.models.requests import LONGEST


class Report(models.Model):
    class Kind(models.TextChoices):
        COUNTERFEIT = "counterfeit", _("counterfeit or smuggled goods")
        INTEGRITY = "integrity", _("integrity of a customer")

    class State(models.TextChoices):
        NEW = "new", pgettext_lazy("of a report", "new")
        TAKEN = "taken", pgettext_lazy("of a report", "taken up")
        CLOSED = "closed", pgettext_lazy("of a report", "closed")

    number = models.CharField(_("number"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=11, choices=Kind)
    customer = models.ForeignKey(Customer, verbose_name=_("customer"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(_("where"), max_length=200, blank=True)
    text = models.TextField(_("what was seen"), max_length=LONGEST)
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("reported by"), on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(_("reported"), default=timezone.now)
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.NEW)
    handler = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("handled by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(_("outcome"), max_length=1_000, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("confidential report")
        verbose_name_plural = _("confidential reports")
        ordering = ["-reported_at", "-id"]
        indexes = [models.Index(fields=["-reported_at", "-id"], name="report_newest")]
        constraints = [
            models.CheckConstraint(
                name="report_closes_with_an_outcome",
                condition=(Q(state="closed", closed_at__isnull=False, handler__isnull=False) & ~Q(outcome=""))
                | (~Q(state="closed") & Q(closed_at__isnull=True)),
            )
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("crm:report_detail", args=[self.pk])
