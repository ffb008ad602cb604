"""Price lists. A version holds from a day to a day; once it is in force nobody changes its lines (a trigger), and no two versions of a list cover a day."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.fields.ranges import RangeBoundary
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.catalogue.models.products import Product
from portal.approvals.models import Paper
from portal.organization.models import DateRange
from portal.organization.querysets import DatedQuerySet

GREATEST_PRICE = 1_000_000_00  # fen, of a base unit


class PriceList(models.Model):
    """For whom its prices are: everybody, customers of a tier or of a kind, or one customer by number."""

    class Scope(models.TextChoices):
        ALL = "all", _("everybody")
        TIER = "tier", _("customers of a tier")
        KIND = "kind", _("customers of a kind")
        CUSTOMER = "customer", _("one customer")

    name = models.CharField(pgettext_lazy("of a price list", "name"), max_length=80, unique=True)
    scope = models.CharField(_("for whom"), max_length=10, choices=Scope, default=Scope.ALL)
    scope_value = models.CharField(_("which"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("price list")
        verbose_name_plural = _("price lists")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(name="price_list_says_for_whom", condition=Q(scope="all", scope_value="") | (~Q(scope="all") & ~Q(scope_value="")))
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("crm:price_list_detail", args=[self.pk])


class PriceVersion(models.Model):
    """The prices of a list from a day to a day (both included). `paper` is the document by which they came into force.

    Where that is a paper of the portal (`decided_by`), it was approved; once it is void, the version holds no more.
    """

    price_list = models.ForeignKey(PriceList, verbose_name=_("price list"), on_delete=models.PROTECT, related_name="versions")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    paper = models.CharField(_("by which paper"), max_length=60)
    decided_by = models.ForeignKey(Paper, verbose_name=_("paper"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    is_sealed = models.BooleanField(default=False, editable=False)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a price list")
        verbose_name_plural = _("versions of price lists")
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(name="price_version_ends_after_start", condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(name="price_version_has_a_paper", condition=~Q(paper="")),
            ExclusionConstraint(
                name="one_version_of_a_price_list_a_day",
                expressions=[
                    (DateRange("starts_on", "ends_on", RangeBoundary(inclusive_lower=True, inclusive_upper=True)), RangeOperators.OVERLAPS),
                    ("price_list", RangeOperators.EQUAL),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.price_list} · {self.starts_on:%Y-%m-%d}"


class PriceLine(models.Model):
    """The price in fen of a base unit, from a quantity on; `floor` is what nobody goes below without a release."""

    version = models.ForeignKey(PriceVersion, on_delete=models.PROTECT, related_name="lines")
    product = models.ForeignKey(Product, verbose_name=_("product"), on_delete=models.PROTECT, related_name="price_lines")
    min_qty = models.BigIntegerField(_("from quantity"), default=1)
    fen = models.BigIntegerField(_("price"))
    floor = models.BigIntegerField(_("lowest price"))

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        ordering = ["product", "min_qty"]
        constraints = [
            models.UniqueConstraint(fields=["version", "product", "min_qty"], name="one_price_from_a_quantity"),
            models.CheckConstraint(name="price_is_above_nought", condition=Q(fen__gte=1, fen__lte=GREATEST_PRICE)),
            models.CheckConstraint(name="price_floor_is_not_above", condition=Q(floor__gte=1, floor__lte=F("fen"))),
            models.CheckConstraint(name="price_from_one_on", condition=Q(min_qty__gte=1, min_qty__lte=10_000_000)),
        ]

    def __str__(self) -> str:
        return f"{self.product} {self.fen}"
