"""Two files that may be one customer's, found by night, until somebody has said whether they are."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.customers.models.customers import Customer


class Pair(models.Model):
    """`one` has the smaller key. What was said to be apart is not asked again."""

    class Why(models.TextChoices):
        NAME = "name", _("same name")
        SOUND = "sound", _("sounds the same")
        NEAR = "near", _("nearly the same name")
        PHONE = "phone", _("same telephone")

    one = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    why = models.CharField(pgettext_lazy("of a pair", "by"), max_length=8, choices=Why)
    found_at = models.DateTimeField(default=timezone.now)
    apart_at = models.DateTimeField(null=True, blank=True)
    apart_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("perhaps the same customer")
        verbose_name_plural = _("perhaps the same customers")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="pair_of_customers_once"),
            models.CheckConstraint(name="pair_in_order", condition=Q(one__lt=F("other"))),
        ]

    def __str__(self) -> str:
        return f"{self.one} · {self.other}"
