"""A customer's file: who they are, who is to be spoken to, how they are reached. Each row is kept as it was known on any day."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.customers.identifiers import name_core
from crm.customers.models.portfolios import Portfolio
from portal.foundation.history import versions_of
from portal.foundation.names import name_initials, name_sort_key, name_syllables

LONGEST_NAME = 120
LICENCE_SOON = 60  # days


def spoken_name(name: str) -> str:
    """A name as it is typed in pinyin and in initials."""
    return f"{''.join(name_syllables(name))} {name_initials(name)}"


class Stage(models.TextChoices):
    """Where a customer stands in its life with the plant."""

    POTENTIAL = "potential", pgettext_lazy("a stage of life", "potential")
    DEVELOPMENT = "development", pgettext_lazy("a stage of life", "development")
    GROWTH = "growth", pgettext_lazy("a stage of life", "growth")
    MATURITY = "maturity", pgettext_lazy("a stage of life", "maturity")
    TERMINATION = "termination", pgettext_lazy("a stage of life", "termination")


class CustomerQuerySet(models.QuerySet["Customer"]):
    def unmerged(self) -> Self:
        """Those that were not merged into another."""
        return self.filter(root=F("pk"))


class Customer(models.Model):
    """A firm that buys, may buy, or supplies. `code` is the number in the plant's books; `found_by` is all that its file is looked up by.

    `root` is the file into which this one was merged, or itself (a trigger sets it). What hangs on a customer stays on the row it was written for;
    whoever reads it asks by `customer__root`, so that a merge moves nothing and an undone one has nothing to move back.
    """

    class Kind(models.TextChoices):
        RETAILER = "retailer", _("retailer")
        DEALER = "dealer", _("dealer")
        END_USER = "end_user", _("end user")
        PROSPECT = "prospect", _("prospect")
        SUPPLIER = "supplier", _("supplier")

    class Trade(models.TextChoices):
        FOOD = "food", _("grocery")
        CONVENIENCE = "convenience", _("convenience store")
        SUPERMARKET = "supermarket", _("supermarket")
        TOBACCO = "tobacco", _("tobacco and liquor shop")
        MALL = "mall", _("department store")
        LEISURE = "leisure", _("hotel, restaurant, leisure")
        OTHER = "other", pgettext_lazy("of a trade", "other")

    class Market(models.TextChoices):
        TOWN = "town", _("town")
        COUNTRY = "country", pgettext_lazy("of a market", "country")

    root = models.ForeignKey("self", verbose_name=_("merged into"), on_delete=models.PROTECT, related_name="kin", editable=False)
    code = models.CharField(_("customer number"), max_length=20, unique=True)
    name = models.CharField(pgettext_lazy("of a firm", "name"), max_length=LONGEST_NAME)
    earlier_names = models.CharField(_("earlier names"), max_length=300, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.RETAILER)
    trade = models.CharField(_("trade"), max_length=12, choices=Trade, blank=True)
    stage = models.CharField(_("stage of life"), max_length=12, choices=Stage, blank=True)
    market = models.CharField(_("market"), max_length=8, choices=Market, blank=True)
    uscc = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    licence_no = models.CharField(_("licence number"), max_length=12, blank=True)
    licence_ends_on = models.DateField(_("licence ends on"), null=True, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    portfolio = models.ForeignKey(Portfolio, verbose_name=_("portfolio"), on_delete=models.PROTECT, related_name="customers")
    remark = models.TextField(_("remark"), max_length=1_000, blank=True)
    ended_on = models.DateField(_("closed on"), null=True, blank=True)
    name_pinyin = models.CharField(max_length=600, editable=False)
    name_core = models.CharField(max_length=LONGEST_NAME, editable=False)
    found_by = models.TextField(editable=False)
    kin_found_by = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ["name_pinyin", "id"]
        indexes = [
            models.Index(fields=["portfolio", "name_pinyin", "id"], name="customer_of_portfolio"),
            models.Index(fields=["name_pinyin", "id"], name="customer_by_name"),
            models.Index(fields=["name_core"], name="customer_core"),
            models.Index(fields=["licence_ends_on"], name="customer_licence_ends"),
            models.Index(fields=["licence_no"], name="customer_licence", condition=~Q(licence_no="")),
            models.Index(fields=["uscc"], name="customer_credit_code", condition=~Q(uscc="")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["licence_no"], condition=~Q(licence_no="") & Q(root=F("id")), name="one_customer_for_a_licence"),
            models.UniqueConstraint(fields=["uscc"], condition=~Q(uscc="") & Q(root=F("id")), name="one_customer_for_a_credit_code"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.prepare()
        super().save(*args, **kwargs)
        self.root_id = self.root_id or self.pk

    @property
    def is_merged(self) -> bool:
        return self.root_id is not None and self.root_id != self.pk

    def prepare(self) -> None:
        """What follows from the other fields; `bulk_create` is told by hand."""
        self.name_pinyin = name_sort_key(self.name)[:600]
        self.name_core = name_core(self.name)[:LONGEST_NAME]
        words = (self.name, spoken_name(self.name), self.code, self.licence_no, self.uscc, self.earlier_names, self.kin_found_by)
        self.found_by = " ".join(part for part in words if part).lower()

    def get_absolute_url(self) -> str:
        return reverse("crm:customer_detail", args=[self.pk])

    def licence_state(self, day: date) -> str:
        """`ended`, `soon` or nothing."""
        if self.licence_ends_on is None:
            return ""
        left = (self.licence_ends_on - day).days
        return "ended" if left < 0 else "soon" if left <= LICENCE_SOON else ""


class Contact(models.Model):
    """Somebody at a customer. How they are reached is personal: shown while they agreed to it, to who may know it."""

    customer = models.ForeignKey(Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="contacts")
    name = models.CharField(_("name"), max_length=60)
    role = models.CharField(_("role"), max_length=40, blank=True)
    remark = models.CharField(_("remark"), max_length=200, blank=True)
    purpose = models.CharField(_("agreed for"), max_length=100, blank=True)
    agreed_on = models.DateField(_("agreed on"), null=True, blank=True)
    agreed_until = models.DateField(_("agreed until"), null=True, blank=True)
    ended_on = models.DateField(_("left on"), null=True, blank=True)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    def agrees_on(self, day: date) -> bool:
        """Did they agree that their number is kept and used on this day?"""
        return self.agreed_on is not None and self.agreed_on <= day and (self.agreed_until is None or day <= self.agreed_until)


class ReachPoint(models.Model):
    """A telephone number of a customer, or of a contact there. `normal` is what a caller's number is compared with."""

    customer = models.ForeignKey(Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="reach_points")
    contact = models.ForeignKey(Contact, verbose_name=_("contact"), null=True, blank=True, on_delete=models.PROTECT, related_name="reach_points")
    shown = models.CharField(_("number"), max_length=40)
    normal = models.CharField(max_length=20, db_index=True)
    extension = models.CharField(_("extension"), max_length=6, blank=True)
    ended_on = models.DateField(_("no longer since"), null=True, blank=True)

    class Meta:
        verbose_name = _("telephone number")
        verbose_name_plural = _("telephone numbers")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.shown} 转 {self.extension}" if self.extension else self.shown


CustomerVersion = versions_of(Customer, __name__, asked_by=("portfolio_id", "root_id"))
ContactVersion = versions_of(Contact, __name__, asked_by=("customer_id",))
ReachPointVersion = versions_of(ReachPoint, __name__, asked_by=("customer_id",))
