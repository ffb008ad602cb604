"""Rivals: makers and their products, and what is known of them as dated facts that only grow. Where they were seen is noted at visits."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LONGEST_NAME = 60


class RivalMaker(models.Model):
    """`names` are all words by which it is noted at visits, its name among them: whatever is seen under one of these is its own."""

    name = models.CharField(pgettext_lazy("of a rival", "name"), max_length=LONGEST_NAME, unique=True)
    other_names = models.CharField(_("other names"), max_length=300, blank=True)
    region = models.CharField(_("where from"), max_length=60, blank=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("rival")
        verbose_name_plural = _("rivals")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("crm:rival_detail", args=[self.pk])

    @property
    def names(self) -> list[str]:
        return [self.name, *(part for part in self.other_names.split("、") if part)]


class RivalProduct(models.Model):
    class PriceClass(models.TextChoices):
        """By the trade's classes of the price at which a 条 is allotted, without tax."""

        FIRST = "1", pgettext_lazy("of cigarettes", "class 1")
        SECOND = "2", pgettext_lazy("of cigarettes", "class 2")
        THIRD = "3", pgettext_lazy("of cigarettes", "class 3")
        FOURTH = "4", pgettext_lazy("of cigarettes", "class 4")
        FIFTH = "5", pgettext_lazy("of cigarettes", "class 5")

    maker = models.ForeignKey(RivalMaker, verbose_name=_("rival"), on_delete=models.PROTECT, related_name="products")
    name = models.CharField(_("product"), max_length=LONGEST_NAME)
    price_class = models.CharField(_("price class"), max_length=1, choices=PriceClass, blank=True)

    class Meta:
        verbose_name = _("product of a rival")
        verbose_name_plural = _("products of rivals")
        ordering = ["price_class", "name", "id"]
        constraints = [models.UniqueConstraint(fields=["maker", "name"], name="one_product_of_a_rival")]

    def __str__(self) -> str:
        return self.name


class RivalFact(models.Model):
    """What was learnt on a day, and from where. Written once; what is new is another one."""

    class Kind(models.TextChoices):
        STRENGTH = "strength", _("strength")
        WEAKNESS = "weakness", _("weakness")
        STRATEGY = "strategy", pgettext_lazy("of a rival", "strategy")
        PRICE = "price", pgettext_lazy("of a rival", "prices and rebates")
        LAUNCH = "launch", pgettext_lazy("of a rival", "new product")
        OTHER = "other", pgettext_lazy("of a rival", "other")

    maker = models.ForeignKey(RivalMaker, verbose_name=_("rival"), on_delete=models.PROTECT, related_name="facts")
    product = models.ForeignKey(RivalProduct, verbose_name=_("product"), null=True, blank=True, on_delete=models.PROTECT, related_name="facts")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    text = models.CharField(_("what is known"), max_length=1_000)
    source = models.CharField(_("known from"), max_length=100, blank=True)
    learnt_on = models.DateField(_("learnt on"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("fact about a rival")
        verbose_name_plural = _("facts about rivals")
        ordering = ["-learnt_on", "-id"]
        indexes = [models.Index(fields=["maker", "-learnt_on", "-id"], name="fact_about_a_rival")]
        constraints = [models.CheckConstraint(name="rival_fact_says_something", condition=~Q(text=""))]

    def __str__(self) -> str:
        return self.text[:40]
