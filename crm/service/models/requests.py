"""What a customer asks: one thing with one owner, whichever way it came, and a clock that everybody sees."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.activities.models import Visit
from crm.customers.models import Customer, Tier
from portal.calendar.clocks import Measure
from portal.organization.models import Department

LONGEST = 2_000
MOST_FEN = 10**9  # of one request: ten million yuan
MOST_HOURS = 2_000


class RequestKind(models.TextChoices):
    SUPPLY = "supply", _("supply and delivery")
    PRODUCT = "product", _("question about a product")
    DISPLAY = "display", _("display and material")
    BILLING = "billing", _("bills and payments")
    ORDERING = "ordering", _("how to order")
    PROJECT = "project", _("service to a project")
    OPINION = "opinion", _("opinion or suggestion")
    OTHER = "other", pgettext_lazy("of a request", "other")


class Channel(models.TextChoices):
    PHONE = "phone", pgettext_lazy("by which way", "by telephone")
    PAGE = "page", pgettext_lazy("by which way", "by a page")
    MAIL = "mail", pgettext_lazy("by which way", "by mail")
    VISIT = "visit", pgettext_lazy("by which way", "at a visit")


class ResponseRule(models.Model):
    """Within how many hours, of a measure, is answered and solved; nothing in `kind` or `tier` stands for any."""

    kind = models.CharField(_("kind"), max_length=10, choices=RequestKind, blank=True)
    tier = models.CharField(_("tier"), max_length=12, choices=Tier, blank=True)
    answer_hours = models.PositiveSmallIntegerField(_("first answer within, hours"))
    solve_hours = models.PositiveSmallIntegerField(_("solved within, hours"))
    measure = models.CharField(_("which hours count"), max_length=6, choices=Measure, default=Measure.WORKED)

    class Meta:
        verbose_name = _("rule of response")
        verbose_name_plural = _("rules of response")
        ordering = ["kind", "tier"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "tier"], name="one_rule_of_response"),
            models.CheckConstraint(
                name="rule_of_response_is_hours",
                condition=Q(answer_hours__gte=1, answer_hours__lte=MOST_HOURS, solve_hours__gte=F("answer_hours"), solve_hours__lte=MOST_HOURS),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.get_tier_display()}".strip() or str(_("all"))


class Request(models.Model):
    """`round` counts how often its clock was started; the hours are those of the rule at that moment. `due_at` is what is due next: nothing
    while it waits for the customer, or is solved. Who is not in the file stands in `caller`.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("of a request", "being worked on")
        WAITING = "waiting", pgettext_lazy("of a request", "waits for the customer")
        SOLVED = "solved", pgettext_lazy("of a request", "solved")

    number = models.CharField(_("request number"), max_length=20, unique=True)
    customer = models.ForeignKey(Customer, verbose_name=_("customer"), null=True, blank=True, on_delete=models.PROTECT, related_name="requests")
    caller = models.CharField(_("who called"), max_length=100, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=RequestKind)
    channel = models.CharField(_("way"), max_length=6, choices=Channel, default=Channel.PHONE)
    text = models.TextField(_("what is asked"), max_length=LONGEST)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=pgettext_lazy("of a request", "owner"), on_delete=models.PROTECT, related_name="service_requests"
    )
    department = models.ForeignKey(Department, verbose_name=_("department"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("noted by"), on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(_("noted"), default=timezone.now)
    round = models.PositiveSmallIntegerField(default=1, editable=False)
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    answer_hours = models.PositiveSmallIntegerField()
    solve_hours = models.PositiveSmallIntegerField()
    measure = models.CharField(max_length=6, choices=Measure, default=Measure.WORKED)
    answer_due_at = models.DateTimeField(_("first answer until"))
    solve_due_at = models.DateTimeField(_("solved until"), null=True, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    solved_at = models.DateTimeField(_("solved"), null=True, blank=True)
    was_late = models.BooleanField(_("was late before it was taken up again"), default=False)
    is_told_late = models.BooleanField(default=False, editable=False)
    fee = models.BigIntegerField(_("fee"), default=0)
    visit = models.OneToOneField(Visit, verbose_name=_("said at"), null=True, blank=True, on_delete=models.PROTECT, related_name="request", editable=False)
    need = models.BigIntegerField(null=True, blank=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        ordering = ["-noted_at", "-id"]
        indexes = [
            models.Index(fields=["-noted_at", "-id"], name="request_newest"),
            models.Index(fields=["due_at", "id"], name="request_due"),
            models.Index(fields=["owner", "due_at", "id"], name="request_of_owner"),
            models.Index(fields=["customer", "-noted_at", "-id"], name="request_of_customer"),
            models.Index(fields=["department", "due_at", "id"], name="request_of_department"),
        ]
        constraints = [
            models.CheckConstraint(name="request_is_of_somebody", condition=Q(customer__isnull=False) | ~Q(caller="")),
            models.CheckConstraint(name="request_fee_is_a_sum", condition=Q(fee__gte=0, fee__lte=MOST_FEN)),
            models.CheckConstraint(
                name="request_solved_was_answered",
                condition=Q(state="solved", solved_at__isnull=False, answered_at__isnull=False, due_at__isnull=True)
                | (~Q(state="solved") & Q(solved_at__isnull=True)),
            ),
            models.CheckConstraint(name="request_waiting_was_answered", condition=~Q(state="waiting") | Q(answered_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("crm:request_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state != self.State.SOLVED

    @property
    def who(self) -> str:
        return self.customer.root.name if self.customer is not None else self.caller


class RequestPause(models.Model):
    """From when to when the customer was waited for, and for what."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="pauses")
    round = models.PositiveSmallIntegerField()
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("what is waited for"), max_length=200)

    class Meta:
        verbose_name = _("time of waiting for a customer")
        ordering = ["begins_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["request"], condition=Q(ends_at__isnull=True), name="one_pause_of_a_request"),
            models.CheckConstraint(name="pause_ends_after_it_begins", condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("begins_at"))),
            models.CheckConstraint(name="pause_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return self.reason


class RequestEvent(models.Model):
    """The log of a request: what was done, by whom, when. It only grows."""

    class Kind(models.TextChoices):
        NOTED = "noted", pgettext_lazy("in the log", "noted")
        ANSWERED = "answered", pgettext_lazy("in the log", "answered")
        WORKED = "worked", pgettext_lazy("in the log", "worked on")
        WAITED = "waited", pgettext_lazy("in the log", "waits for the customer")
        RESUMED = "resumed", pgettext_lazy("in the log", "goes on")
        SOLVED = "solved", pgettext_lazy("in the log", "solved")
        REOPENED = "reopened", pgettext_lazy("in the log", "taken up again")
        HANDED = "handed", pgettext_lazy("in the log", "handed on")
        NEED = "need", pgettext_lazy("in the log", "handed to sales")

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=8, choices=Kind)
    text = models.TextField(max_length=LONGEST, blank=True)
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("line of a log")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["request", "-at", "-id"], name="request_event_of_request")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d}"
