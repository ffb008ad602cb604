"""News of the market, sent in by staff or by customers. It counts once somebody else has approved it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.customers.models import Customer

LONGEST_TEXT = 2_000


class MarketNote(models.Model):
    class Kind(models.TextChoices):
        PRICE = "price", pgettext_lazy("of the market", "price")
        COUNTERFEIT = "counterfeit", pgettext_lazy("of the market", "counterfeit goods")
        RIVAL = "rival", pgettext_lazy("of the market", "rival")
        DEMAND = "demand", pgettext_lazy("of the market", "demand")
        OTHER = "other", pgettext_lazy("of the market", "other")

    class State(models.TextChoices):
        SENT = "sent", pgettext_lazy("of news", "to be judged")
        APPROVED = "approved", pgettext_lazy("of news", "approved")
        REFUSED = "refused", pgettext_lazy("of news", "not taken")

    number = models.CharField(_("number"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=11, choices=Kind)
    text = models.TextField(_("what is new"), max_length=LONGEST_TEXT)
    place = models.CharField(_("where"), max_length=200, blank=True)
    customer = models.ForeignKey(Customer, verbose_name=_("customer"), null=True, blank=True, on_delete=models.PROTECT, related_name="market_notes")
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("sent by"), on_delete=models.PROTECT, related_name="+")
    is_from_outside = models.BooleanField(_("sent by a customer"), default=False)
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.SENT)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("judged by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField(_("judged"), null=True, blank=True)
    reason = models.CharField(_("why"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("news of the market")
        verbose_name_plural = _("news of the market")
        ordering = ["-sent_at", "-id"]
        indexes = [
            models.Index(fields=["-sent_at", "-id"], name="market_note_newest"),
            models.Index(fields=["customer", "-sent_at"], condition=Q(customer__isnull=False), name="market_note_of_customer"),
        ]
        constraints = [
            models.CheckConstraint(
                name="market_note_judged_by_another",
                condition=Q(state="sent", judged_by__isnull=True, judged_at__isnull=True)
                | (~Q(state="sent") & Q(judged_by__isnull=False, judged_at__isnull=False) & ~Q(judged_by=F("sender"))),
            ),
            models.CheckConstraint(name="market_note_refused_with_a_reason", condition=~Q(state="refused") | ~Q(reason="")),
            models.CheckConstraint(name="market_note_of_a_customer_names_them", condition=Q(is_from_outside=False) | Q(customer__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("crm:market_note_detail", args=[self.pk])
