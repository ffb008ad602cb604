"""A quotation to a customer, in versions. A version that was sent is frozen by the database; the newest supersedes the earlier ones."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.catalogue.models import Product
from crm.customers.models import Customer
from crm.orders.models import Order
from crm.sales.models.opportunities import Opportunity
from portal.organization.querysets import today


class Quotation(models.Model):
    """`total`, `valid_through` and `version` are those of its newest version. It is valid through the end of its day."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("of a quotation", "draft")
        SENT = "sent", pgettext_lazy("of a quotation", "sent")
        ORDERED = "ordered", pgettext_lazy("of a quotation", "ordered")
        DECLINED = "declined", pgettext_lazy("of a quotation", "declined")

    number = models.CharField(_("quotation number"), max_length=20, unique=True)
    customer = models.ForeignKey(Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="quotations")
    opportunity = models.ForeignKey(Opportunity, verbose_name=_("opportunity"), null=True, blank=True, on_delete=models.PROTECT, related_name="quotations")
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    total = models.BigIntegerField(_("total"))
    valid_through = models.DateField(_("valid through"))
    order = models.OneToOneField(Order, null=True, blank=True, on_delete=models.PROTECT, related_name="quotation")
    declined_because = models.CharField(_("why declined"), max_length=200, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("written by"), on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(_("begun"), default=timezone.now)

    class Meta:
        verbose_name = _("quotation")
        verbose_name_plural = _("quotations")
        ordering = ["-begun_at", "-id"]
        indexes = [
            models.Index(fields=["-begun_at", "-id"], name="quotation_newest"),
            models.Index(fields=["customer", "-begun_at"], name="quotation_of_customer"),
        ]
        constraints = [
            models.CheckConstraint(
                name="quotation_ordered_is_linked", condition=Q(state="ordered", order__isnull=False) | (~Q(state="ordered") & Q(order__isnull=True))
            )
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("crm:quotation_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.DRAFT, self.State.SENT)

    @property
    def has_expired(self) -> bool:
        return self.is_open and self.valid_through < today()


class QuotationVersion(models.Model):
    quotation = models.ForeignKey(Quotation, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    reason = models.CharField(_("why a new version"), max_length=200, blank=True)
    valid_through = models.DateField(_("valid through"))
    total = models.BigIntegerField(_("total"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("version of a quotation")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["quotation", "number"], name="one_version_of_a_number"),
            models.UniqueConstraint(fields=["quotation"], condition=Q(sent_at__isnull=True), name="one_draft_of_a_quotation"),
        ]

    def __str__(self) -> str:
        return f"{self.quotation} V{self.number}"


class QuotationLine(models.Model):
    version = models.ForeignKey(QuotationVersion, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, verbose_name=_("product"), on_delete=models.PROTECT, related_name="+")
    quantity = models.BigIntegerField(_("quantity"))
    fen = models.BigIntegerField(_("price"))
    price_list = models.CharField(_("price list"), max_length=80)

    class Meta:
        verbose_name = _("line of a quotation")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "product"], name="one_quoted_line_of_a_product"),
            models.CheckConstraint(name="quoted_line_is_something", condition=Q(quantity__gte=1, quantity__lte=10_000_000, fen__gte=1, fen__lte=100_000_000)),
        ]

    def __str__(self) -> str:
        return f"{self.product} {self.quantity}"
