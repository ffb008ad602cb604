"""What was sold, and who answered for it on that day."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.catalogue.models import Product
from crm.customers.models import Customer, Portfolio
from crm.orders.models import HandlingLine
from portal.organization.models import Department


class Place(models.Model):
    """Where a department stood in the plant: its path as it was. What was sold there stays there, whatever is reorganized later."""

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    path = models.CharField(max_length=255, unique=True)

    class Meta:
        verbose_name = _("place in the plant")
        ordering = ["path"]

    def __str__(self) -> str:
        return self.path

    @property
    def department_ids(self) -> list[int]:
        """From the root down, its own department last."""
        return [int(part) for part in self.path.split("/") if part]


class Sold(models.Model):
    """A line of a delivery, or of a return with less than nought. Written with it and never changed; `person` follows the dated holders of the portfolio."""

    line = models.OneToOneField(HandlingLine, on_delete=models.PROTECT, related_name="+")
    day = models.DateField(_("sold on"))
    customer = models.ForeignKey(Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="+")
    portfolio = models.ForeignKey(Portfolio, verbose_name=_("portfolio"), on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="sold")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("answered for it"), null=True, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, verbose_name=_("product"), on_delete=models.PROTECT, related_name="+")
    quantity = models.BigIntegerField(_("quantity"))
    fen = models.BigIntegerField(_("sum"))

    class Meta:
        verbose_name = _("what was sold")
        verbose_name_plural = _("what was sold")
        ordering = ["-day", "-id"]
        indexes = [
            models.Index(fields=["-day", "-id"], name="sold_newest"),
            models.Index(fields=["day"], include=["place", "person", "product", "portfolio", "fen", "quantity"], name="sold_by_day"),
            models.Index(fields=["portfolio", "day"], name="sold_of_portfolio"),
            models.Index(fields=["person", "day"], name="sold_by_person"),
        ]
        constraints = [models.CheckConstraint(name="sold_is_something", condition=Q(quantity__gt=0, fen__gt=0) | Q(quantity__lt=0, fen__lt=0))]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.fen}"
