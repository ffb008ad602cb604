"""What was spent to sell: every expense with its receipt, tied to a customer. Its history only grows, and a receipt is of one expense."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.activities.models import Visit
from crm.customers.models import Customer
from crm.sales.models.opportunities import Opportunity
from portal.approvals.models import Paper
from portal.organization.models import Department

MOST_SPENT = 10**9 - 1  # below ten million yuan
USUAL_BOUND = 200_000


class Expense(models.Model):
    """`department` is where the person worked on its day, `places` that and all above it as they were: whoever is moved later, it stays there."""

    class Kind(models.TextChoices):
        TRAVEL = "travel", pgettext_lazy("of an expense", "travel")
        HOSTING = "hosting", pgettext_lazy("of an expense", "hosting")
        DISPLAY = "display", _("display in a shop")
        SAMPLES = "samples", _("samples and tasting")
        EVENT = "event", pgettext_lazy("of an expense", "event")
        MATERIAL = "material", pgettext_lazy("of an expense", "material")
        OTHER = "other", pgettext_lazy("of an expense", "other")

    class State(models.TextChoices):
        WAITING = "waiting", _("to be confirmed")
        ASKED = "asked", pgettext_lazy("of an expense", "under approval")
        STANDS = "stands", pgettext_lazy("of an expense", "confirmed")
        RETURNED = "returned", pgettext_lazy("of an expense", "returned")
        WITHDRAWN = "withdrawn", pgettext_lazy("of an expense", "withdrawn")

    number = models.CharField(_("number"), max_length=20, unique=True)
    customer = models.ForeignKey(Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="+")
    opportunity = models.ForeignKey(Opportunity, verbose_name=_("opportunity"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, verbose_name=pgettext_lazy("one", "visit"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("spent by"), on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="+")
    places = ArrayField(models.BigIntegerField())
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    fen = models.BigIntegerField(_("sum"))
    day = models.DateField(_("spent on"))
    text = models.CharField(_("what for"), max_length=200)
    invoice_code = models.CharField(_("invoice code"), max_length=12, blank=True)
    invoice_number = models.CharField(_("invoice number"), max_length=20, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.WAITING)
    paper = models.OneToOneField(Paper, verbose_name=_("paper"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    said = models.CharField(max_length=64, blank=True, editable=False)
    because = models.CharField(_("why"), max_length=200, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("decided by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(_("noted"), default=timezone.now)

    class Meta:
        verbose_name = _("expense")
        verbose_name_plural = _("expenses")
        ordering = ["-day", "-id"]
        indexes = [
            models.Index(fields=["-day", "-id"], name="expense_newest"),
            models.Index(fields=["person", "-day"], name="expense_of_person"),
            models.Index(fields=["department", "-day"], name="expense_of_department"),
            models.Index(fields=["customer", "-day"], name="expense_of_customer"),
            models.Index(fields=["opportunity", "-day"], condition=Q(opportunity__isnull=False), name="expense_of_opportunity"),
            models.Index(fields=["department"], condition=Q(state="waiting"), name="expense_waiting"),
            GinIndex(fields=["places"], name="expense_places"),
        ]
        constraints = [
            models.CheckConstraint(name="expense_has_a_sum", condition=Q(fen__gte=1, fen__lte=MOST_SPENT)),
            models.CheckConstraint(name="expense_is_asked_by_a_paper", condition=~Q(state="asked") | Q(paper__isnull=False)),
            models.CheckConstraint(name="expense_goes_back_with_a_reason", condition=~Q(state__in=("returned", "withdrawn")) | ~Q(because="")),
            models.CheckConstraint(name="expense_code_goes_with_a_number", condition=Q(invoice_code="") | ~Q(invoice_number="")),
            models.UniqueConstraint(
                fields=["invoice_code", "invoice_number"],
                condition=~Q(invoice_number="") & ~Q(state="withdrawn"),
                name="one_expense_of_an_invoice",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("crm:expense_detail", args=[self.pk])


COUNTED = (Expense.State.WAITING, Expense.State.ASKED, Expense.State.STANDS)


class ExpenseReceipt(models.Model):
    """The content of a receipt. Of an expense that was withdrawn, or that names it no more, it is free again."""

    expense = models.ForeignKey(Expense, on_delete=models.PROTECT, related_name="receipts")
    sha256 = models.CharField(max_length=64)
    is_live = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("receipt of an expense")
        constraints = [models.UniqueConstraint(fields=["sha256"], condition=Q(is_live=True), name="one_expense_of_a_receipt")]

    def __str__(self) -> str:
        return self.sha256[:12]


class ExpenseAct(models.Model):
    """What was done with an expense, and what it said before. Written once."""

    class Act(models.TextChoices):
        NOTED = "noted", pgettext_lazy("with an expense", "noted")
        CORRECTED = "corrected", pgettext_lazy("with an expense", "corrected")
        ASKED = "asked", pgettext_lazy("with an expense", "submitted as a paper")
        CONFIRMED = "confirmed", pgettext_lazy("with an expense", "confirmed")
        RETURNED = "returned", pgettext_lazy("with an expense", "returned")
        WITHDRAWN = "withdrawn", pgettext_lazy("with an expense", "withdrawn")

    expense = models.ForeignKey(Expense, on_delete=models.PROTECT, related_name="acts")
    act = models.CharField(max_length=9, choices=Act)
    reason = models.CharField(_("why"), max_length=200, blank=True)
    before = models.JSONField(default=dict)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("act on an expense")
        ordering = ["-id"]
        indexes = [models.Index(fields=["expense", "-id"], name="act_of_expense")]

    def __str__(self) -> str:
        return f"{self.get_act_display()} {self.at:%Y-%m-%d}"


class ExpenseBound(models.Model):
    """Above this sum an expense goes through a paper. One row; the usual bound where there is none."""

    fen = models.BigIntegerField(_("sum"))

    class Meta:
        verbose_name = _("bound of expenses")
        constraints = [models.CheckConstraint(name="expense_bound_is_one_sum", condition=Q(pk=1, fen__gte=0, fen__lte=MOST_SPENT))]

    def __str__(self) -> str:
        return str(self.fen)
