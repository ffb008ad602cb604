"""Complaints and objections to quality (R127): graded by rule, diagnosed, judged by another, compensated, and closed with the customer's word."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.customers.models import Customer
from crm.orders.models import OrderLine, Payment
from crm.service.models.requests import LONGEST, MOST_FEN, Channel, Request
from portal.organization.models import Department


class Fault(models.TextChoices):
    LOOKS = "looks", _("looks of the product")
    TASTE = "taste", _("smell or taste")
    MOULD = "mould", _("mould or damp")
    PACKING = "packing", _("damaged packing")
    COUNT = "count", _("short in number")
    DELIVERY = "delivery", _("delivery too late or wrong")
    MANNER = "manner", _("manner of our people")
    BILL = "bill", _("price or bill")
    OTHER = "other", pgettext_lazy("of a fault", "other")


class Grade(models.TextChoices):
    ORDINARY = "ordinary", pgettext_lazy("of an objection", "ordinary")
    TYPICAL = "typical", pgettext_lazy("of an objection", "typical")
    SERIOUS = "serious", pgettext_lazy("of an objection", "serious")


class Cause(models.TextChoices):
    MATERIAL = "material", pgettext_lazy("where a fault came from", "material")
    MAKING = "making", pgettext_lazy("where a fault came from", "making")
    PACKING = "packing", pgettext_lazy("where a fault came from", "packing")
    STORAGE = "storage", pgettext_lazy("where a fault came from", "storage")
    TRANSPORT = "transport", pgettext_lazy("where a fault came from", "transport")
    SERVICE = "service", pgettext_lazy("where a fault came from", "our service")
    CUSTOMER = "customer", pgettext_lazy("where a fault came from", "how the customer kept it")
    UNKNOWN = "unknown", pgettext_lazy("where a fault came from", "not known")


class Measured(models.TextChoices):
    LOSS = "loss", _("loss from, fen")
    QUANTITY = "quantity", _("quantity from, base units")
    ACCIDENT = "accident", _("an accident")
    ALIKE = "alike", _("as many alike within 30 days")


class Step(models.TextChoices):
    DIAGNOSIS = "diagnosis", pgettext_lazy("of an objection", "first diagnosis")
    JUDGEMENT = "judgement", pgettext_lazy("of an objection", "judgement")
    COMPENSATION = "pay", pgettext_lazy("of an objection", "compensation")
    WORD = "word", pgettext_lazy("of an objection", "the customer's word")


class GradeRule(models.Model):
    """From which bound on something is of a grade; the gravest that holds is the grade."""

    grade = models.CharField(_("grade"), max_length=8, choices=Grade)
    measure = models.CharField(_("measured by"), max_length=8, choices=Measured)
    bound = models.BigIntegerField(_("from"))

    class Meta:
        verbose_name = _("rule of grading")
        verbose_name_plural = _("rules of grading")
        ordering = ["-grade", "measure"]
        constraints = [
            models.UniqueConstraint(fields=["grade", "measure"], name="one_rule_of_a_grade_and_measure"),
            models.CheckConstraint(name="grade_rule_has_a_bound", condition=Q(bound__gte=1, bound__lte=10**12)),
        ]

    def __str__(self) -> str:
        return f"{self.get_grade_display()}: {self.get_measure_display()} {self.bound}"


class StepRule(models.Model):
    """Within how many hours of working days, day and night, a step is done; serious ones apart."""

    step = models.CharField(_("step"), max_length=10, choices=Step, unique=True)
    hours = models.PositiveSmallIntegerField(_("within, hours"))
    serious_hours = models.PositiveSmallIntegerField(_("serious ones within, hours"))

    class Meta:
        verbose_name = _("rule of a step")
        verbose_name_plural = _("rules of steps")
        ordering = ["step"]
        constraints = [
            models.CheckConstraint(name="step_rule_is_hours", condition=Q(hours__gte=1, serious_hours__gte=1, hours__lte=2_000, serious_hours__lte=2_000))
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()} {self.hours}"


class Objection(models.Model):
    """`state` is the step that is open, or closed. Nobody judges what they noted or diagnosed, and nothing closes unjudged: the database holds both."""

    class Kind(models.TextChoices):
        QUALITY = "quality", _("objection to quality")
        COMPLAINT = "complaint", pgettext_lazy("of an objection", "complaint")

    class State(models.TextChoices):
        DIAGNOSIS = "diagnosis", pgettext_lazy("of an objection", "to be diagnosed")
        JUDGEMENT = "judgement", pgettext_lazy("of an objection", "to be judged")
        COMPENSATION = "pay", pgettext_lazy("of an objection", "to be compensated")
        WORD = "word", pgettext_lazy("of an objection", "waits for the customer's word")
        CLOSED = "closed", pgettext_lazy("of an objection", "closed")

    class Result(models.TextChoices):
        VALID = "valid", pgettext_lazy("of an objection", "justified")
        PARTLY = "partly", pgettext_lazy("of an objection", "partly justified")
        INVALID = "invalid", pgettext_lazy("of an objection", "not justified")

    number = models.CharField(_("number"), max_length=20, unique=True)
    customer = models.ForeignKey(Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="objections")
    request = models.ForeignKey(Request, null=True, blank=True, on_delete=models.PROTECT, related_name="objections")
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    fault = models.CharField(_("about what"), max_length=8, choices=Fault)
    channel = models.CharField(_("way"), max_length=6, choices=Channel, default=Channel.PHONE)
    line = models.ForeignKey(OrderLine, verbose_name=_("delivered by"), null=True, blank=True, on_delete=models.PROTECT, related_name="objections")
    lot = models.CharField(_("lot"), max_length=40, blank=True)
    quantity = models.BigIntegerField(_("quantity"), null=True, blank=True)
    loss = models.BigIntegerField(_("further loss"), default=0)
    has_accident = models.BooleanField(_("somebody was hurt, or might have been"), default=False)
    text = models.TextField(_("what happened"), max_length=LONGEST)
    grade = models.CharField(_("grade"), max_length=8, choices=Grade)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DIAGNOSIS)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("handled by"), on_delete=models.PROTECT, related_name="objections_handled")
    department = models.ForeignKey(Department, verbose_name=_("department"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("noted by"), on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(_("noted"), default=timezone.now)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    diagnosed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField(null=True, blank=True)
    result = models.CharField(_("result"), max_length=8, choices=Result, blank=True)
    cause = models.CharField(_("cause"), max_length=10, choices=Cause, blank=True)
    awarded = models.BigIntegerField(_("compensation"), default=0)
    paid_before = models.BigIntegerField(_("compensated before it was taken up again"), default=0, editable=False)
    payment = models.OneToOneField(Payment, null=True, blank=True, on_delete=models.PROTECT, related_name="objection")
    is_content = models.BooleanField(_("the customer is content"), null=True, blank=True)
    gift = models.CharField(_("gift"), max_length=100, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("complaint or objection")
        verbose_name_plural = _("complaints and objections")
        ordering = ["-noted_at", "-id"]
        indexes = [
            models.Index(fields=["-noted_at", "-id"], name="objection_newest"),
            models.Index(fields=["due_at", "id"], name="objection_due"),
            models.Index(fields=["customer", "-noted_at", "-id"], name="objection_of_customer"),
            models.Index(fields=["line"], name="objection_of_line", condition=Q(line__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(name="objection_to_quality_is_of_goods", condition=~Q(kind="quality") | Q(line__isnull=False, quantity__gte=1)),
            models.CheckConstraint(
                name="objection_sums_are_sums", condition=Q(loss__gte=0, loss__lte=MOST_FEN, awarded__gte=0, awarded__lte=2 * MOST_FEN, paid_before__gte=0)
            ),
            models.CheckConstraint(
                name="objection_goes_on_judged",
                condition=Q(state__in=("diagnosis", "judgement"), judged_at__isnull=True, result="")
                | (Q(state__in=("pay", "word", "closed"), judged_at__isnull=False, judged_by__isnull=False) & ~Q(result="")),
            ),
            models.CheckConstraint(
                name="objection_is_judged_by_another", condition=Q(judged_by__isnull=True) | (~Q(judged_by=F("noted_by")) & ~Q(judged_by=F("diagnosed_by")))
            ),
            models.CheckConstraint(
                name="objection_is_paid_before_it_goes_on", condition=~Q(state__in=("word", "closed")) | Q(awarded=0) | Q(payment__isnull=False)
            ),
            models.CheckConstraint(
                name="objection_closes_with_a_word",
                condition=Q(state="closed", closed_at__isnull=False, is_content__isnull=False, due_at__isnull=True)
                | (~Q(state="closed") & Q(closed_at__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("crm:objection_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state != self.State.CLOSED


class ObjectionStep(models.Model):
    """A step with its clock, and what was said when it was done. One is open at a time."""

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(_("step"), max_length=10, choices=Step)
    started_at = models.DateTimeField(default=timezone.now)
    hours = models.PositiveSmallIntegerField()
    why = models.CharField(_("why it was taken up again"), max_length=300, blank=True)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=LONGEST, blank=True)

    class Meta:
        verbose_name = _("step of an objection")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["objection"], condition=Q(done_at__isnull=True), name="one_open_step_of_an_objection"),
            models.CheckConstraint(
                name="step_is_done_by_somebody", condition=Q(done_at__isnull=True, done_by__isnull=True) | Q(done_at__isnull=False, done_by__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.objection} {self.get_step_display()}"

    @property
    def is_late(self) -> bool:
        return (self.done_at or timezone.now()) > self.due_at


class CostLine(models.Model):
    """What an objection cost the plant, by kind; the cause is the objection's. It only grows."""

    class Kind(models.TextChoices):
        GOODS = "goods", pgettext_lazy("of costs", "goods")
        FREIGHT = "freight", pgettext_lazy("of costs", "freight")
        TRAVEL = "travel", pgettext_lazy("of costs", "travel")
        LABOUR = "labour", pgettext_lazy("of costs", "labour")
        TEST = "test", pgettext_lazy("of costs", "tests")
        OTHER = "other", pgettext_lazy("of costs", "other")

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="costs")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    fen = models.BigIntegerField(_("sum"))
    text = models.CharField(_("for what"), max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("cost of an objection")
        ordering = ["id"]
        constraints = [models.CheckConstraint(name="cost_is_a_sum", condition=Q(fen__gte=1, fen__lte=MOST_FEN))]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.fen}"
