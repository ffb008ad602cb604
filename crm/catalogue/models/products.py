"""A product (规格) of a brand. It is counted in whole numbers of its base unit; larger units are whole multiples of it."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.catalogue.units import Packing
from portal.foundation.names import name_initials, name_sort_key, name_syllables

GREATEST_FACTOR = 1_000_000


class Brand(models.Model):
    """A brand (品牌)."""

    name = models.CharField(pgettext_lazy("of a brand", "name"), max_length=60, unique=True)

    class Meta:
        verbose_name = _("brand")
        verbose_name_plural = _("brands")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """What is sold. `per_case` and `per_box` say how many base units a 件 and a 箱 hold; nought where it is not packed so."""

    class Base(models.TextChoices):
        STICK = "stick", _("stick")
        PACK = "pack", _("pack")
        CARTON = "carton", _("carton")

    class Form(models.TextChoices):
        HARD = "hard", _("hard pack")
        SOFT = "soft", _("soft pack")
        SLIM = "slim", _("slim")
        MEDIUM = "medium", _("medium slim")
        SHORT = "short", _("short")
        CIGAR = "cigar", _("cigar")

    code = models.CharField(_("product number"), max_length=20, unique=True)
    name = models.CharField(pgettext_lazy("of a product", "name"), max_length=80)
    brand = models.ForeignKey(Brand, verbose_name=_("brand"), on_delete=models.PROTECT, related_name="products")
    form = models.CharField(_("model"), max_length=8, choices=Form, default=Form.HARD)
    base = models.CharField(_("base unit"), max_length=8, choices=Base, default=Base.CARTON)
    sticks = models.PositiveIntegerField(_("sticks in a base unit"), default=200)
    per_case = models.PositiveIntegerField(_("base units in a case"), default=50)
    per_box = models.PositiveIntegerField(_("base units in a box"), default=250)
    barcode = models.CharField(_("bar code"), max_length=20, blank=True)
    tar = models.PositiveSmallIntegerField(_("tar, mg"), null=True, blank=True)
    remark = models.TextField(_("remark"), max_length=1_000, blank=True)
    ended_on = models.DateField(_("no longer sold from"), null=True, blank=True)
    name_pinyin = models.CharField(max_length=400, editable=False)
    found_by = models.TextField(editable=False)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["name_pinyin", "id"]
        indexes = [models.Index(fields=["name_pinyin", "id"], name="product_by_name")]
        constraints = [
            models.CheckConstraint(name="product_sticks", condition=Q(sticks__gte=1, sticks__lte=GREATEST_FACTOR)),
            models.CheckConstraint(name="product_case_is_more_than_one", condition=Q(per_case=0) | Q(per_case__gte=2, per_case__lte=GREATEST_FACTOR)),
            models.CheckConstraint(name="product_box_is_more_than_one", condition=Q(per_box=0) | Q(per_box__gte=2, per_box__lte=GREATEST_FACTOR)),
            models.CheckConstraint(name="product_box_is_whole_cases", condition=Q(per_case=0) | Q(per_box=0) | Q(per_box__gt=F("per_case"))),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.prepare()
        super().save(*args, **kwargs)

    def prepare(self) -> None:
        """What follows from the other fields; `bulk_create` is told by hand."""
        self.name_pinyin = name_sort_key(self.name)[:400]
        spoken = f"{''.join(name_syllables(self.name))} {name_initials(self.name)}"
        self.found_by = " ".join(part for part in (self.name, spoken, self.code, self.barcode) if part).lower()

    def get_absolute_url(self) -> str:
        return reverse("crm:product_detail", args=[self.pk])

    @property
    def packing(self) -> Packing:
        return Packing(self.base, self.sticks, self.per_case, self.per_box)
