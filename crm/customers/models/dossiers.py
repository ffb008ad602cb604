"""The dossier (档案) of a customer: agreements, certificates, and what is known of the business.

It only grows; what is out of date is replaced by a later entry.
"""

from datetime import date, datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.customers.models.customers import Customer
from portal.attachments.models import Attachment

LONGEST = 4_000
ENDS_SOON = 60  # days
RINGS_BEFORE = 30  # days


class DossierQuerySet(models.QuerySet["DossierEntry"]):
    def of(self, customer: Customer) -> Self:
        """Of the file and of those that were merged into it."""
        return self.filter(customer__root=customer.pk)

    def ending(self, day: date) -> Self:
        """What ends within a month, was not replaced, and nobody was told of yet; of customers that are there."""
        rows = self.filter(ends_on__gte=day, ends_on__lte=day + timedelta(days=RINGS_BEFORE), end_told=False, replaced_by__isnull=True)
        return rows.filter(customer__root__ended_on__isnull=True)

    def latest_at(self, moment: datetime) -> Self:
        """What was there at a moment and not replaced yet."""
        later = self.model._default_manager.filter(replaces=OuterRef("pk"), made_at__lt=moment)
        return self.filter(~Exists(later), made_at__lt=moment)


class DossierEntry(models.Model):
    """One thing that is known, under a heading; an agreement has a number and ends on a day. `source` says from where it is known."""

    class Heading(models.TextChoices):
        AGREEMENT = "agreement", _("agreement")
        CERTIFICATE = "certificate", _("certificate")
        ABILITY = "ability", _("ability of the business")
        OUTLOOK = "outlook", _("potential and outlook")
        PHILOSOPHY = "philosophy", _("philosophy and policy of the business")
        POSITION = "position", _("position in the market and rivals")
        REGION = "region", _("news of trade and region")
        PROBLEM = "problem", _("problems")
        REPUTATION = "reputation", _("reputation")
        FINANCE = "finance", _("finance and credit")
        CHANNEL = "channel", _("how they like to be reached")
        OTHER = "other", pgettext_lazy("of a dossier", "other")

    customer = models.ForeignKey(Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="dossier")
    heading = models.CharField(_("heading"), max_length=12, choices=Heading)
    text = models.TextField(_("what is known"), max_length=LONGEST)
    number = models.CharField(_("number"), max_length=60, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=120, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("written by"), on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")

    end_told = models.BooleanField(default=False, editable=False)

    # Told by what reads a file, for the page.
    files: list[Attachment]
    state = ""

    objects = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of a dossier")
        verbose_name_plural = _("entries of dossiers")
        ordering = ["heading", "-made_at", "-id"]
        indexes = [models.Index(fields=["customer", "heading", "-made_at"], name="dossier_of_customer")]
        constraints = [
            models.CheckConstraint(
                name="dossier_ends_after_start", condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(name="dossier_says_something", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_heading_display()} {self.number}".strip()

    def end_state(self, day: date) -> str:
        """`ended`, `soon` or nothing."""
        if self.ends_on is None:
            return ""
        left = (self.ends_on - day).days
        return "ended" if left < 0 else "soon" if left <= ENDS_SOON else ""
