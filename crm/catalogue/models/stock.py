"""Warehouses, and the stock of a product in one of them. `StockEntry` is the ledger and only grows; `Stock` are its sums, kept by a trigger and by nobody else.

`promised` is what orders have been told and not got yet. The database holds that nothing is below nought, and promised never above what there is and
is planned.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.catalogue.models.products import Product

MOST = 1_000_000_000  # base units


class Warehouse(models.Model):
    code = models.CharField(_("code"), max_length=10, unique=True)
    name = models.CharField(pgettext_lazy("of a warehouse", "name"), max_length=60)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("warehouse")
        verbose_name_plural = _("warehouses")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Stock(models.Model):
    """What there is, what is promised of it, and what is planned to come in."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="stocks")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="stocks")
    on_hand = models.BigIntegerField(default=0)
    promised = models.BigIntegerField(default=0)
    planned = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("stock")
        verbose_name_plural = _("stocks")
        ordering = ["product", "warehouse"]
        constraints = [
            models.UniqueConstraint(fields=["product", "warehouse"], name="one_stock_of_a_product_in_a_warehouse"),
            models.CheckConstraint(name="stock_is_not_below_nought", condition=Q(on_hand__gte=0, on_hand__lte=MOST)),
            models.CheckConstraint(name="promised_is_not_below_nought", condition=Q(promised__gte=0)),
            models.CheckConstraint(name="planned_is_not_below_nought", condition=Q(planned__gte=0, planned__lte=MOST)),
            models.CheckConstraint(name="promised_is_not_above_what_there_will_be", condition=Q(promised__lte=F("on_hand") + F("planned"))),
        ]

    def __str__(self) -> str:
        return f"{self.product} · {self.warehouse}"

    @property
    def free(self) -> int:
        """What could leave today without breaking a promise."""
        return max(0, self.on_hand - self.promised)


class StockEntry(models.Model):
    """One line of the ledger: by how much a sum changed, why, by which document and whom."""

    class Bucket(models.TextChoices):
        ON_HAND = "on_hand", _("in stock")
        PROMISED = "promised", pgettext_lazy("of stock", "promised")
        PLANNED = "planned", pgettext_lazy("of stock", "planned")

    class Kind(models.TextChoices):
        RECEIPT = "receipt", pgettext_lazy("of stock", "receipt")
        ISSUE = "issue", pgettext_lazy("of stock", "issue")
        COUNT = "count", pgettext_lazy("of stock", "count")
        TRANSFER = "transfer", pgettext_lazy("of stock", "transfer")
        SUPPLY = "supply", pgettext_lazy("of stock", "planned supply")
        ORDER = "order", pgettext_lazy("of stock", "order")
        DELIVERY = "delivery", pgettext_lazy("of stock", "delivery")
        RETURN = "return", pgettext_lazy("of stock", "return")

    product = models.ForeignKey(Product, verbose_name=_("product"), on_delete=models.PROTECT, related_name="entries")
    warehouse = models.ForeignKey(Warehouse, verbose_name=_("warehouse"), on_delete=models.PROTECT, related_name="entries")
    bucket = models.CharField(_("what changed"), max_length=8, choices=Bucket)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    quantity = models.BigIntegerField(_("quantity"))
    document = models.CharField(_("document"), max_length=60, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("booked by"), null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("entry of the stock ledger")
        verbose_name_plural = _("stock ledger")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="stock_entry_newest"),
            models.Index(fields=["product", "-at", "-id"], name="stock_entry_of_product"),
        ]
        constraints = [
            models.CheckConstraint(name="stock_entry_changes_something", condition=~Q(quantity=0) & Q(quantity__gte=-MOST, quantity__lte=MOST)),
            models.CheckConstraint(name="stock_count_has_a_reason", condition=~Q(kind="count") | ~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.product} {self.quantity:+}"


class Supply(models.Model):
    """What is planned to come into a warehouse on a day. `came` is what has."""

    product = models.ForeignKey(Product, verbose_name=_("product"), on_delete=models.PROTECT, related_name="supplies")
    warehouse = models.ForeignKey(Warehouse, verbose_name=_("warehouse"), on_delete=models.PROTECT, related_name="supplies")
    day = models.DateField(_("comes on"))
    quantity = models.BigIntegerField(_("quantity"))
    came = models.BigIntegerField(default=0, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    source = models.CharField(_("from where"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("planned supply")
        verbose_name_plural = _("planned supplies")
        ordering = ["day", "id"]
        indexes = [models.Index(fields=["product", "warehouse", "day"], condition=Q(ended_at__isnull=True), name="supply_open")]
        constraints = [models.CheckConstraint(name="supply_comes_once", condition=Q(quantity__gte=1, quantity__lte=MOST, came__gte=0, came__lte=F("quantity")))]

    def __str__(self) -> str:
        return f"{self.product} {self.day:%Y-%m-%d} {self.quantity}"

    @property
    def open(self) -> int:
        return 0 if self.ended_at else self.quantity - self.came
