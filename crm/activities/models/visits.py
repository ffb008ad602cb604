"""A visit in a shop: written on a phone, perhaps without a net, sent when there is one."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.customers.models import Customer, Dealing

LONGEST = 2_000
MOST_FEN = 10**8


class Visit(models.Model):
    """`key` was made by the device: sent twice it is one visit. `said_at` is the time by the device's clock, `arrived_at` what it was by the portal's."""

    class Purpose(models.TextChoices):
        REGULAR = "regular", pgettext_lazy("of a visit", "regular visit")
        LAUNCH = "launch", _("launch of a product")
        ORDERS = "orders", _("orders and stock")
        OPINION = "opinion", _("question or complaint")
        CARE = "care", pgettext_lazy("of a visit", "care")
        OTHER = "other", pgettext_lazy("of a visit", "other")

    class Outcome(models.TextChoices):
        MET = "met", _("spoke with them")
        ABSENT = "absent", _("nobody there to speak to")
        CLOSED = "closed", _("shop was closed")

    key = models.UUIDField(unique=True)
    customer = models.ForeignKey(Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="visits")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("visited by"), on_delete=models.PROTECT, related_name="visits")
    dealing = models.OneToOneField(Dealing, on_delete=models.PROTECT, related_name="visit")
    purpose = models.CharField(_("purpose"), max_length=8, choices=Purpose, default=Purpose.REGULAR)
    outcome = models.CharField(_("outcome"), max_length=6, choices=Outcome, default=Outcome.MET)
    arrived_at = models.DateTimeField(_("arrived"))
    said_at = models.DateTimeField(_("by the device's clock"))
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    sheet_out = models.BooleanField(_("information sheet left"), default=False)
    sheet_back = models.BooleanField(_("information sheet came back"), default=False)
    tags_out = models.PositiveSmallIntegerField(_("price tags handed out"), default=0)
    material = models.CharField(_("material handed out"), max_length=200, blank=True)
    stock = models.CharField(_("stock seen"), max_length=300, blank=True)
    opinions = models.TextField(_("what they say"), max_length=LONGEST, blank=True)
    results = models.TextField(_("what came of it"), max_length=LONGEST, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "visit")
        verbose_name_plural = _("visits")
        ordering = ["-arrived_at", "-id"]
        indexes = [
            models.Index(fields=["-arrived_at", "-id"], name="visit_newest"),
            models.Index(fields=["person", "-arrived_at"], name="visit_of_person"),
            models.Index(fields=["customer", "-arrived_at"], name="visit_of_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.customer} {self.arrived_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("crm:visit_detail", args=[self.pk])

    @property
    def is_clock_off(self) -> bool:
        return abs((self.arrived_at - self.said_at).total_seconds()) >= 60


class Sighting(models.Model):
    """A rival's product as it was seen in a shop."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="sightings")
    name = models.CharField(pgettext_lazy("of a rival", "name"), max_length=60)
    product = models.CharField(_("product"), max_length=60, blank=True)
    fen = models.BigIntegerField(_("price"), null=True, blank=True)

    class Meta:
        verbose_name = _("rival seen")
        verbose_name_plural = _("rivals seen")
        ordering = ["id"]
        constraints = [models.CheckConstraint(name="sighting_price", condition=Q(fen__isnull=True) | Q(fen__gte=1, fen__lte=MOST_FEN))]

    def __str__(self) -> str:
        return f"{self.name} {self.product}"
