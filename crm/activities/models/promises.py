"""What is promised to a customer in a window of days, and what became of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.activities.models.rules import Contacting
from crm.customers.models import Customer, Dealing, Portfolio


class Promise(models.Model):
    """A visit or a call within a window (both days included). `due_on` is its last working day; `planned_on` the day on which the visit is laid.

    While it is open it goes with the customer's portfolio. Settled, it keeps the portfolio and the holder of that day.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("of a promise", "open")
        KEPT = "kept", pgettext_lazy("of a promise", "kept")
        MISSED = "missed", pgettext_lazy("of a promise", "missed")
        EXCUSED = "excused", pgettext_lazy("of a promise", "excused")

    class Origin(models.TextChoices):
        RULE = "rule", pgettext_lazy("of a promise", "by rule")
        APPOINTMENT = "agreed", pgettext_lazy("of a promise", "agreed with the customer")
        CARE = "care", pgettext_lazy("of a promise", "campaign of care")

    customer = models.ForeignKey(Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="visit_promises")
    kind = models.CharField(_("kind"), max_length=5, choices=Contacting)
    origin = models.CharField(_("came by"), max_length=6, choices=Origin, default=Origin.RULE)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    due_on = models.DateField(_("due on"))
    planned_on = models.DateField(_("planned on"), null=True, blank=True)
    is_planned_by_hand = models.BooleanField(default=False)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.OPEN)
    subject = models.CharField(_("what about"), max_length=200, blank=True)
    reason = models.CharField(_("why"), max_length=300, blank=True)
    reason_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    settled_on = models.DateField(null=True, blank=True)
    dealing = models.ForeignKey(Dealing, null=True, blank=True, on_delete=models.PROTECT, related_name="promises_kept")
    portfolio = models.ForeignKey(Portfolio, verbose_name=_("portfolio"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("answers for it"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("promised visit or call")
        verbose_name_plural = _("promised visits and calls")
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["-due_on", "-id"], name="promise_by_due"),
            models.Index(fields=["ends_on", "id"], condition=Q(state="open"), name="promise_open_ends"),
            models.Index(fields=["planned_on"], condition=Q(planned_on__isnull=False), name="promise_planned"),
            models.Index(fields=["customer"], condition=Q(state="open"), name="promise_open_of"),
            models.Index(fields=["portfolio", "planned_on"], condition=Q(portfolio__isnull=False), name="promise_settled_in"),
            models.Index(fields=["portfolio"], condition=Q(state="missed", reason=""), name="promise_unexplained"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "kind", "origin", "starts_on"], condition=~Q(origin="care"), name="promised_once_in_a_window"
            ),  # each campaign of care promises for itself
            models.CheckConstraint(
                name="promise_planned_within_its_window", condition=Q(planned_on__isnull=True) | Q(planned_on__gte=F("starts_on"), planned_on__lte=F("ends_on"))
            ),
            models.CheckConstraint(
                name="promise_within_its_window",
                condition=Q(starts_on__lte=F("due_on"), due_on__lte=F("ends_on")),
            ),
            models.CheckConstraint(
                name="promise_settled_or_open",
                condition=Q(state="open", settled_on__isnull=True, portfolio__isnull=True)
                | (~Q(state="open") & Q(settled_on__isnull=False, portfolio__isnull=False)),
            ),
            models.CheckConstraint(name="promise_kept_by_something", condition=~Q(state="kept") | Q(dealing__isnull=False)),
            models.CheckConstraint(name="promise_excused_with_a_reason", condition=~Q(state="excused") | ~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.starts_on:%Y-%m-%d} – {self.ends_on:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN
