"""An order of a customer out of one warehouse. What was confirmed keeps the price that it was given; what is open of it is promised in stock and credit."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.fields.ranges import RangeBoundary
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.catalogue.models import Product, Warehouse
from crm.customers.models import Customer
from portal.organization.models import DateRange

MOST_FEN = 10**13
MOST_QUANTITY = 10_000_000
LONGEST_REASON = 200


class Order(models.Model):
    """`key` is what a page carries: the same key twice is one order. `verdict` is what the gate said, with its numbers."""

    class State(models.TextChoices):
        CONFIRMED = "confirmed", pgettext_lazy("of an order", "confirmed")
        PARTLY = "partly", _("partly delivered")
        DELIVERED = "delivered", _("delivered")
        CANCELLED = "cancelled", _("cancelled")

    number = models.CharField(_("order number"), max_length=20, unique=True)
    customer = models.ForeignKey(Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="orders")
    warehouse = models.ForeignKey(Warehouse, verbose_name=_("warehouse"), on_delete=models.PROTECT, related_name="orders")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.CONFIRMED)
    wanted_on = models.DateField(_("wanted on"))
    total = models.BigIntegerField(_("total"), default=0)
    remark = models.CharField(_("remark"), max_length=200, blank=True)
    cancelled_because = models.CharField(_("why it was cancelled"), max_length=LONGEST_REASON, blank=True, db_default="", editable=False)
    placed_at = models.DateTimeField(_("taken at"), default=timezone.now)
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("taken by"), on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField(unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    verdict = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ["-placed_at", "-id"]
        indexes = [
            models.Index(fields=["-placed_at", "-id"], name="order_newest"),
            models.Index(fields=["customer", "-placed_at", "-id"], name="order_of_customer"),
            models.Index(fields=["wanted_on"], condition=Q(state__in=("confirmed", "partly")), name="order_open"),
        ]
        constraints = [models.CheckConstraint(name="order_total_is_a_sum", condition=Q(total__gte=0, total__lte=MOST_FEN))]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("crm:order_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.CONFIRMED, self.State.PARTLY)


class OrderLine(models.Model):
    """Whole base units at a whole number of fen. Delivered and cancelled are never more than ordered, returned never more than delivered."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    product = models.ForeignKey(Product, verbose_name=_("product"), on_delete=models.PROTECT, related_name="order_lines")
    quantity = models.BigIntegerField(_("quantity"))
    fen = models.BigIntegerField(_("price"))
    price_list = models.CharField(_("price list"), max_length=80)
    promised_on = models.DateField(_("promised on"))
    delivered = models.BigIntegerField(default=0)
    cancelled = models.BigIntegerField(default=0)
    returned = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("line of an order")
        verbose_name_plural = _("lines of orders")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["product", "promised_on"], condition=Q(quantity__gt=F("delivered") + F("cancelled")), name="order_line_open"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["order", "product"], name="one_line_of_a_product"),
            models.CheckConstraint(name="order_line_quantity", condition=Q(quantity__gte=1, quantity__lte=MOST_QUANTITY)),
            models.CheckConstraint(name="order_line_price", condition=Q(fen__gte=1, fen__lte=100_000_000)),
            models.CheckConstraint(
                name="order_line_is_not_overdone", condition=Q(delivered__gte=0, cancelled__gte=0, quantity__gte=F("delivered") + F("cancelled"))
            ),
            models.CheckConstraint(name="order_line_returns_what_was_sold", condition=Q(returned__gte=0, returned__lte=F("delivered"))),
        ]

    def __str__(self) -> str:
        return f"{self.product} {self.quantity}"

    @property
    def open(self) -> int:
        return self.quantity - self.delivered - self.cancelled


class Handling(models.Model):
    """A delivery or a return, once for its key."""

    class Kind(models.TextChoices):
        DELIVERY = "delivery", _("delivery")
        RETURN = "return", _("return")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="handlings")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    fen = models.BigIntegerField(_("sum"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField(unique=True, editable=False)

    class Meta:
        verbose_name = _("delivery or return")
        verbose_name_plural = _("deliveries and returns")
        ordering = ["at", "id"]
        constraints = [models.CheckConstraint(name="handling_has_a_sum", condition=Q(fen__gte=1, fen__lte=MOST_FEN))]

    def __str__(self) -> str:
        return f"{self.order} {self.kind}"


class HandlingLine(models.Model):
    handling = models.ForeignKey(Handling, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="handlings")
    quantity = models.BigIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(name="handling_line_quantity", condition=Q(quantity__gte=1, quantity__lte=MOST_QUANTITY))]

    def __str__(self) -> str:
        return f"{self.line} {self.quantity}"


class Cap(models.Model):
    """The most that a customer may order of a product in a period; one for each day."""

    customer = models.ForeignKey(Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="caps")
    product = models.ForeignKey(Product, verbose_name=_("product"), on_delete=models.PROTECT, related_name="caps")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    quantity = models.BigIntegerField(_("quantity"))

    class Meta:
        verbose_name = _("cap")
        verbose_name_plural = _("caps")
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(name="cap_is_a_quantity", condition=Q(quantity__gte=0, quantity__lte=MOST_QUANTITY)),
            models.CheckConstraint(name="cap_ends_after_start", condition=Q(ends_on__gte=F("starts_on"))),
            ExclusionConstraint(
                name="one_cap_a_day",
                expressions=[
                    (DateRange("starts_on", "ends_on", RangeBoundary(inclusive_lower=True, inclusive_upper=True)), RangeOperators.OVERLAPS),
                    ("customer", RangeOperators.EQUAL),
                    ("product", RangeOperators.EQUAL),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer} {self.product} {self.quantity}"
