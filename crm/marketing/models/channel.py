"""What the trade carries: what lay on a customer's shelf on a day, counted or asked at a visit."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.activities.models import Visit
from crm.catalogue.models import Product
from crm.customers.models import Customer

MOST_STOCK = 10_000_000


class ChannelStock(models.Model):
    """In base units; one for a customer, product and day, the last that was noted. `wanted` is what they would have of it, whether they get it or not."""

    customer = models.ForeignKey(Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="channel_stocks")
    product = models.ForeignKey(Product, verbose_name=_("product"), on_delete=models.PROTECT, related_name="+")
    day = models.DateField(_("counted on"))
    quantity = models.BigIntegerField(_("stock"))
    wanted = models.BigIntegerField(_("wanted"), default=0)
    visit = models.ForeignKey(Visit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("noted by"), on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("stock in the trade")
        verbose_name_plural = _("stock in the trade")
        ordering = ["-day", "-id"]
        indexes = [
            models.Index(fields=["-day", "-id"], name="channel_stock_newest"),
            models.Index(fields=["product", "day"], include=["customer", "quantity"], name="channel_stock_of_product"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["customer", "product", "day"], name="one_channel_stock_of_a_day"),
            models.CheckConstraint(
                name="channel_stock_is_a_quantity", condition=Q(quantity__gte=0, quantity__lte=MOST_STOCK, wanted__gte=0, wanted__lte=MOST_STOCK)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer} {self.product} {self.quantity}"
