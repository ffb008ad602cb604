"""What was said of a brand that is launched, where it was shown: by shops, and by those who smoke it as shops report them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.activities.models import Visit
from crm.customers.models import Customer
from crm.marketing.models.campaigns import Campaign, CampaignTask

LONGEST_OPINION = 500


class LaunchOpinion(models.Model):
    """`task` is what was made of it; what comes of the task is told to who noted the opinion."""

    class Party(models.TextChoices):
        RETAILER = "retailer", pgettext_lazy("of an opinion", "the shop")
        CONSUMER = "consumer", pgettext_lazy("of an opinion", "consumers")

    class About(models.TextChoices):
        TASTE = "taste", pgettext_lazy("of an opinion", "taste")
        PACKAGING = "packaging", pgettext_lazy("of an opinion", "packaging")
        PRICE = "price", pgettext_lazy("of an opinion", "price and margin")
        SUPPLY = "supply", pgettext_lazy("of an opinion", "supply")
        SUPPORT = "support", pgettext_lazy("of an opinion", "display and support")
        OTHER = "other", pgettext_lazy("of an opinion", "other")

    class Liking(models.IntegerChoices):
        DELIGHTED = 5, pgettext_lazy("of an opinion", "very satisfied")
        GLAD = 4, pgettext_lazy("of an opinion", "satisfied")
        SO_SO = 3, pgettext_lazy("of an opinion", "so-so")
        CROSS = 2, pgettext_lazy("of an opinion", "not satisfied")
        ANGRY = 1, pgettext_lazy("of an opinion", "not satisfied at all")

    campaign = models.ForeignKey(Campaign, verbose_name=_("launch"), on_delete=models.PROTECT, related_name="opinions")
    customer = models.ForeignKey(Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="launch_opinions")
    visit = models.ForeignKey(Visit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    party = models.CharField(pgettext_lazy("of an opinion", "whose"), max_length=8, choices=Party)
    about = models.CharField(_("about what"), max_length=9, choices=About)
    liking = models.PositiveSmallIntegerField(_("how satisfied"), choices=Liking)
    text = models.CharField(_("what they say"), max_length=LONGEST_OPINION)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("noted by"), on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(default=timezone.now)
    task = models.ForeignKey(CampaignTask, null=True, blank=True, on_delete=models.PROTECT, related_name="opinions")

    class Meta:
        verbose_name = _("opinion on a launch")
        verbose_name_plural = _("opinions on launches")
        ordering = ["-noted_at", "-id"]
        indexes = [models.Index(fields=["campaign", "-noted_at", "-id"], name="launch_opinion_newest")]
        constraints = [
            models.CheckConstraint(name="launch_opinion_says_something", condition=~Q(text="") & Q(liking__gte=1, liking__lte=5)),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return self.campaign.launch_url
