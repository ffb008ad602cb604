"""Care for customers as a campaign of promises: after a flood with a survey by telephone and a decision on aid, at a feast with visits alone (R11, R39)."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.activities.models.promises import Promise
from crm.activities.models.rules import Contacting
from crm.activities.models.visits import Visit
from crm.customers.models import Customer
from portal.approvals.models import Paper
from portal.organization.models import Department

LONGEST = 1_000
MOST_FEN = 10**11


class Care(models.Model):
    """Opened by a head for customers of theirs, and evaluated at the end. Only what is done about a disaster asks the customers first."""

    class Kind(models.TextChoices):
        DISASTER = "disaster", pgettext_lazy("of care", "after a disaster")
        FEAST = "feast", pgettext_lazy("of care", "for a feast")
        OPENING = "opening", pgettext_lazy("of care", "after an opening")
        OTHER = "other", pgettext_lazy("of care", "other")

    class Verdict(models.TextChoices):
        REACHED = "reached", pgettext_lazy("of care", "did what it was for")
        PARTLY = "partly", pgettext_lazy("of care", "did part of it")
        FAILED = "failed", pgettext_lazy("of care", "did not do it")

    name = models.CharField(pgettext_lazy("of care", "name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    contacting = models.CharField(_("how"), max_length=5, choices=Contacting, default=Contacting.VISIT)
    why = models.CharField(_("why"), max_length=LONGEST)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    department = models.ForeignKey(Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="+")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("opened by"), on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    verdict = models.CharField(_("verdict"), max_length=7, choices=Verdict, blank=True)
    result = models.CharField(_("result"), max_length=LONGEST, blank=True)
    evaluated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("campaign of care")
        verbose_name_plural = _("campaigns of care")
        ordering = ["-starts_on", "-id"]
        indexes = [models.Index(fields=["-starts_on", "-id"], name="care_newest")]
        constraints = [
            models.CheckConstraint(name="care_days", condition=Q(starts_on__lte=F("ends_on"))),
            models.CheckConstraint(
                name="care_closes_with_a_result",
                condition=Q(closed_at__isnull=True, evaluated_by__isnull=True, verdict="", result="")
                | (Q(closed_at__isnull=False, evaluated_by__isnull=False) & ~Q(verdict="") & ~Q(result="")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("crm:care_detail", args=[self.pk])

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def asks_first(self) -> bool:
        """By telephone, and aid only by a decision."""
        return self.kind == self.Kind.DISASTER


class CareDecision(models.Model):
    """A paper by which aid is decided jointly. `said` is the digest of what it said when it was sent."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("of a decision on aid", "being decided")
        APPROVED = "approved", pgettext_lazy("of a decision on aid", "decided")
        REFUSED = "refused", pgettext_lazy("of a decision on aid", "not approved")

    care = models.ForeignKey(Care, on_delete=models.PROTECT, related_name="decisions")
    paper = models.OneToOneField(Paper, on_delete=models.PROTECT, related_name="+")
    said = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("decision on aid")
        verbose_name_plural = _("decisions on aid")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.care} {self.get_state_display()}"


class CareCaseQuerySet(models.QuerySet["CareCase"]):
    def once(self) -> "CareCaseQuerySet":
        """Each customer once: of files merged since, the one that was asked, else the first."""
        others = CareCase.objects.filter(care=OuterRef("care"), customer__root=OuterRef("customer__root")).exclude(pk=OuterRef("pk"))
        earlier = Q(asked_at__isnull=True) & Exists(others.filter(Q(asked_at__isnull=False) | Q(pk__lt=OuterRef("pk"))))
        asked_earlier = Q(asked_at__isnull=False) & Exists(others.filter(asked_at__isnull=False, pk__lt=OuterRef("pk")))
        return self.exclude(earlier | asked_earlier)

    def to_ask(self) -> "CareCaseQuerySet":
        """Whom nobody has called yet, where that is still to be done."""
        return self.once().filter(care__kind=Care.Kind.DISASTER, care__closed_at__isnull=True, asked_at__isnull=True)


class CareCase(models.Model):
    """A customer in a campaign: what they said on the telephone, what they are given, and the visit by which it comes."""

    care = models.ForeignKey(Care, on_delete=models.PROTECT, related_name="cases")
    customer = models.ForeignKey(Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="cares")
    reached = models.BooleanField(_("reached"), null=True, blank=True)
    asked_at = models.DateTimeField(_("called"), null=True, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("called by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    harmed_shop = models.BooleanField(_("the shop was harmed"), default=False)
    harmed_stock = models.BooleanField(_("stock was harmed"), default=False)
    harmed_people = models.BooleanField(_("people were harmed"), default=False)
    damage = models.BigIntegerField(_("damage"), default=0)
    needs = models.CharField(_("what is needed"), max_length=300, blank=True)
    aid = models.CharField(_("aid"), max_length=200, blank=True)
    aid_fen = models.BigIntegerField(_("worth of the aid"), default=0)
    decision = models.ForeignKey(CareDecision, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    promise = models.OneToOneField(Promise, null=True, blank=True, on_delete=models.PROTECT, related_name="care_case")
    handed_over = models.CharField(_("what was handed over"), max_length=300, blank=True)
    handed_over_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = CareCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer cared for")
        verbose_name_plural = _("customers cared for")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["care", "customer"], name="cared_for_once"),
            models.CheckConstraint(
                name="care_asked_or_not",
                condition=Q(reached__isnull=True, asked_at__isnull=True, asked_by__isnull=True)
                | Q(reached__isnull=False, asked_at__isnull=False, asked_by__isnull=False),
            ),
            models.CheckConstraint(
                name="care_harm_by_who_was_reached",
                condition=Q(reached__isnull=False, reached=True) | Q(harmed_shop=False, harmed_stock=False, harmed_people=False, damage=0, needs=""),
            ),
            models.CheckConstraint(name="care_sums", condition=Q(damage__gte=0, damage__lte=MOST_FEN, aid_fen__gte=0, aid_fen__lte=MOST_FEN)),
            models.CheckConstraint(name="care_decides_on_aid", condition=Q(decision__isnull=True) | ~Q(aid="")),
        ]

    def __str__(self) -> str:
        return f"{self.care_id} {self.customer}"

    @property
    def given(self) -> str:
        """What was handed over, as was said, or as it stands on the sheet of the visit."""
        dealing = self.promise.dealing if self.promise is not None else None
        visit = Visit.objects.filter(dealing=dealing).first() if dealing is not None and not self.handed_over else None
        return self.handed_over or (visit.material if visit is not None else "")

    @property
    def is_harmed(self) -> bool:
        return self.harmed_shop or self.harmed_stock or self.harmed_people

    @property
    def harm(self) -> str:
        """In words: the shop, stock, people."""
        kinds = (
            (self.harmed_shop, pgettext_lazy("harmed", "shop")),
            (self.harmed_stock, pgettext_lazy("harmed", "stock")),
            (self.harmed_people, pgettext_lazy("harmed", "people")),
        )
        return "、".join(str(label) for is_harmed, label in kinds if is_harmed)
