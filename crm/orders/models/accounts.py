"""The credit account of a customer. `CreditEntry` is the ledger and only grows; the sums on the account are written by its trigger alone, which refuses
a promise that would end above the limit. Receivables come of deliveries; what a payment settles is a `PaymentUse`, dated, so that ageing is known of any day.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.customers.models import Customer
from crm.orders.models.orders import MOST_FEN, Handling, Order


class CreditAccount(models.Model):
    """Exposure is what is promised and what is owed, less what was paid ahead. `raised` is how far a release let it rise, until when the database lets it."""

    customer = models.OneToOneField(Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="credit_account")
    limit = models.BigIntegerField(_("credit limit"), default=0)
    term_days = models.PositiveSmallIntegerField(_("days to pay"), default=0)
    grace_days = models.PositiveSmallIntegerField(_("days of grace"), default=0)
    raised = models.BigIntegerField(default=0, editable=False)
    raised_until = models.DateTimeField(null=True, editable=False)
    promised = models.BigIntegerField(default=0)
    owed = models.BigIntegerField(default=0)
    advance = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("account of a customer")
        verbose_name_plural = _("accounts of customers")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="credit_limit_is_a_sum", condition=Q(limit__gte=0, limit__lte=MOST_FEN, raised__gte=0, raised__lte=MOST_FEN)),
            models.CheckConstraint(name="credit_sums_are_not_below_nought", condition=Q(promised__gte=0, owed__gte=0, advance__gte=0)),
            models.CheckConstraint(name="credit_sums_are_sums", condition=Q(promised__lte=MOST_FEN, owed__lte=MOST_FEN, advance__lte=MOST_FEN)),
        ]

    def __str__(self) -> str:
        return str(self.customer)

    @property
    def exposure(self) -> int:
        return self.promised + self.owed - self.advance


class CreditEntry(models.Model):
    """One line of the ledger."""

    class Bucket(models.TextChoices):
        PROMISED = "promised", pgettext_lazy("of credit", "promised")
        OWED = "owed", _("owed")
        ADVANCE = "advance", _("paid ahead")

    account = models.ForeignKey(CreditAccount, on_delete=models.PROTECT, related_name="entries")
    bucket = models.CharField(max_length=8, choices=Bucket)
    fen = models.BigIntegerField()
    document = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("entry of the credit ledger")
        ordering = ["-id"]
        indexes = [models.Index(fields=["account", "-id"], name="credit_entry_of_account")]
        constraints = [models.CheckConstraint(name="credit_entry_changes_something", condition=~Q(fen=0) & Q(fen__gte=-MOST_FEN, fen__lte=MOST_FEN))]

    def __str__(self) -> str:
        return f"{self.bucket} {self.fen:+}"


class Receivable(models.Model):
    """What a delivery made due. `settled` is what payments and credit notes have taken off it."""

    account = models.ForeignKey(CreditAccount, on_delete=models.PROTECT, related_name="receivables")
    order = models.ForeignKey(Order, verbose_name=_("order"), on_delete=models.PROTECT, related_name="receivables")
    handling = models.OneToOneField(Handling, on_delete=models.PROTECT, related_name="receivable")
    fen = models.BigIntegerField(_("sum"))
    settled = models.BigIntegerField(default=0)
    booked_on = models.DateField(_("booked on"))
    due_on = models.DateField(_("due on"))

    class Meta:
        verbose_name = _("receivable")
        verbose_name_plural = _("receivables")
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["account", "due_on", "id"], condition=Q(settled__lt=F("fen")), name="receivable_open")]
        constraints = [
            models.CheckConstraint(name="receivable_is_a_sum", condition=Q(fen__gte=1, fen__lte=MOST_FEN)),
            models.CheckConstraint(name="receivable_is_not_oversettled", condition=Q(settled__gte=0, settled__lte=F("fen"))),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.fen}"

    @property
    def open(self) -> int:
        return self.fen - self.settled


class Payment(models.Model):
    """Money that came, or a credit note of a return. `unused` is what of it settles nothing yet: paid ahead."""

    class Kind(models.TextChoices):
        MONEY = "money", _("payment")
        NOTE = "note", _("credit note")

    account = models.ForeignKey(CreditAccount, on_delete=models.PROTECT, related_name="payments")
    kind = models.CharField(_("kind"), max_length=6, choices=Kind, default=Kind.MONEY)
    fen = models.BigIntegerField(_("sum"))
    unused = models.BigIntegerField(default=0)
    came_on = models.DateField(_("came on"))
    reference = models.CharField(_("reference"), max_length=60)
    bounced_on = models.DateField(_("taken back on"), null=True, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField(unique=True, editable=False)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["-came_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "reference"], condition=Q(kind="money"), name="one_payment_of_a_reference"),
            models.CheckConstraint(name="payment_is_a_sum", condition=Q(fen__gte=1, fen__lte=MOST_FEN)),
            models.CheckConstraint(name="payment_is_not_overused", condition=Q(unused__gte=0, unused__lte=F("fen"))),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.fen}"


class PaymentUse(models.Model):
    """By how much a payment settled a receivable on a day; less than nought where it was taken back."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="uses")
    receivable = models.ForeignKey(Receivable, on_delete=models.PROTECT, related_name="uses")
    fen = models.BigIntegerField()
    on = models.DateField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["receivable", "on"], name="payment_use_on_a_day"), models.Index(fields=["on"], name="payment_use_by_day")]
        constraints = [models.CheckConstraint(name="payment_use_is_a_sum", condition=~Q(fen=0) & Q(fen__gte=-MOST_FEN, fen__lte=MOST_FEN))]

    def __str__(self) -> str:
        return f"{self.payment} → {self.receivable}"
