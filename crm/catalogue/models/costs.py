"""What a base unit of a product costs the plant, from a day on."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.catalogue.models.prices import GREATEST_PRICE
from crm.catalogue.models.products import Product


class Cost(models.Model):
    """In fen; holds until the next one begins. Rows only grow: a day has one."""

    product = models.ForeignKey(Product, verbose_name=_("product"), on_delete=models.PROTECT, related_name="costs")
    fen = models.BigIntegerField(_("cost"))
    starts_on = models.DateField(_("from"))
    source = models.CharField(_("source"), max_length=120, blank=True)
    set_at = models.DateTimeField(default=timezone.now)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("cost of a product")
        verbose_name_plural = _("costs of products")
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["product", "starts_on"], name="one_cost_from_a_day"),
            models.CheckConstraint(name="cost_is_a_price", condition=Q(fen__gte=1, fen__lte=GREATEST_PRICE)),
        ]

    def __str__(self) -> str:
        return f"{self.product} {self.starts_on}"
