"""A campaign with one measured aim. Its targets, and who of them is held out for comparison, are frozen when it starts; the database refuses a later change."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.catalogue.models import Product
from crm.customers.models import Customer
from crm.sales.models import Expense
from portal.organization.querysets import today

MOST_FEN = 10**11
MOST_QUANTITY = 10**9
MOST_HELD_OUT = 50
LONGEST = 2_000


class Campaign(models.Model):
    """`question` is what the list of customers is asked, as the query of its address. `owner` alone answers for it; somebody else judges it."""

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("of a campaign", "planned")
        RUNNING = "running", pgettext_lazy("of a campaign", "running")
        ENDED = "ended", pgettext_lazy("of a campaign", "ended")
        EVALUATED = "evaluated", pgettext_lazy("of a campaign", "evaluated")

    number = models.CharField(_("number"), max_length=20, unique=True)
    name = models.CharField(pgettext_lazy("of a campaign", "name"), max_length=80)
    aim = models.TextField(_("aim"), max_length=LONGEST)
    is_launch = models.BooleanField(_("launches a brand"), default=False)
    products = models.ManyToManyField(Product, verbose_name=_("products"), related_name="+")
    quantity = models.BigIntegerField(_("to be sold"))
    budget = models.BigIntegerField(_("budget"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=pgettext_lazy("of a campaign", "answers for it"), on_delete=models.PROTECT, related_name="+"
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.PLANNED)
    question = models.CharField(max_length=1_000, blank=True)
    held_out = models.PositiveSmallIntegerField(_("held out, %"), default=20)
    seed = models.BigIntegerField(editable=False)
    frozen_at = models.DateTimeField(null=True, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    judgement = models.TextField(_("judgement"), max_length=LONGEST, blank=True)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-starts_on", "-id"]
        indexes = [models.Index(fields=["-starts_on", "-id"], name="campaign_newest")]
        constraints = [
            models.CheckConstraint(name="campaign_ends_after_start", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(name="campaign_has_an_aim", condition=Q(quantity__gte=1, quantity__lte=MOST_QUANTITY, budget__gte=0, budget__lte=MOST_FEN)),
            models.CheckConstraint(name="campaign_holds_out_a_part", condition=Q(held_out__lte=MOST_HELD_OUT)),
            models.CheckConstraint(name="campaign_runs_when_frozen", condition=Q(state="planned", frozen_at__isnull=True) | ~Q(state="planned")),
            models.CheckConstraint(
                name="campaign_is_judged_by_another",
                condition=(Q(state="evaluated", judged_by__isnull=False, judged_at__isnull=False) & ~Q(judgement="") & ~Q(judged_by=F("owner")))
                | ~Q(state="evaluated"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("crm:campaign_detail", args=[self.pk])

    @property
    def launch_url(self) -> str:
        """Where those who sell see what is launched."""
        return reverse("crm:launch_detail", args=[self.pk])

    @property
    def is_planned(self) -> bool:
        return self.state == self.State.PLANNED

    def during(self) -> tuple[date, date]:
        """From its first day to the day after its last one, or after today; empty before it begins."""
        return self.starts_on, max(self.starts_on, min(self.ends_on, today()) + timedelta(days=1))

    def before(self) -> tuple[date, date]:
        """As many days, just before."""
        first, after = self.during()
        return first - (after - first), first


class CampaignTarget(models.Model):
    """A customer as the file stood at the start. Counted by the file into which it was merged since; written once."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="targets")
    customer = models.ForeignKey(Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="campaigns_targeted")
    is_held_out = models.BooleanField(_("held out"), default=False)

    class Meta:
        verbose_name = _("target of a campaign")
        verbose_name_plural = _("targets of campaigns")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["campaign", "customer"], name="targeted_once_by_a_campaign")]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.customer_id}"


class CampaignTask(models.Model):
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="tasks")
    text = models.CharField(_("what is to be done"), max_length=200)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("by whom"), on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(_("until"))
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(_("what came of it"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("task of a campaign")
        verbose_name_plural = _("tasks of campaigns")
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["owner", "due_on"], condition=Q(done_at__isnull=True), name="campaign_task_open")]

    def __str__(self) -> str:
        return self.text


class CampaignExpense(models.Model):
    """An expense of sales that was spent for a campaign; of one campaign alone."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="expenses")
    expense = models.OneToOneField(Expense, on_delete=models.PROTECT, related_name="campaign")
    tied_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    tied_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("expense of a campaign")
        verbose_name_plural = _("expenses of campaigns")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.expense_id}"
