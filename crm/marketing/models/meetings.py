"""Meetings with those who use a product, with partners of the channel, and of alliances: who came, and what was asked and promised there."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.catalogue.models import Product
from crm.customers.models import Customer

LONGEST_POINT = 500


class Meeting(models.Model):
    class Kind(models.TextChoices):
        USERS = "users", pgettext_lazy("a kind of meeting", "yearly meeting of end users")
        PARTNERS = "partners", pgettext_lazy("a kind of meeting", "exchange with partners of the channel")
        ALLIANCE = "alliance", pgettext_lazy("a kind of meeting", "alliance: shared plan, joint development")

    number = models.CharField(_("number"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    name = models.CharField(pgettext_lazy("of a meeting", "name"), max_length=80)
    products = models.ManyToManyField(Product, verbose_name=_("products"), related_name="+", blank=True)
    held_on = models.DateField(_("held on"))
    place = models.CharField(_("where"), max_length=120, blank=True)
    summary = models.TextField(_("what it was about"), max_length=2_000, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=pgettext_lazy("of a meeting", "answers for it"), on_delete=models.PROTECT, related_name="+"
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-held_on", "-id"]
        indexes = [models.Index(fields=["-held_on", "-id"], name="meeting_newest")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("crm:meeting_detail", args=[self.pk])


class MeetingGuest(models.Model):
    """Somebody from outside who came."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="guests")
    name = models.CharField(pgettext_lazy("of a guest", "name"), max_length=60)
    firm = models.CharField(_("from where"), max_length=80, blank=True)
    customer = models.ForeignKey(Customer, verbose_name=_("customer"), null=True, blank=True, on_delete=models.PROTECT, related_name="meetings_attended")

    class Meta:
        verbose_name = _("guest of a meeting")
        verbose_name_plural = _("guests of meetings")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class MeetingPoint(models.Model):
    """A question to be answered or a promise to be kept: by whom, until when, what came of it; judged by another than whose it is, or open again."""

    class Kind(models.TextChoices):
        QUESTION = "question", pgettext_lazy("of a meeting", "question")
        OURS = "ours", pgettext_lazy("of a meeting", "our commitment")
        THEIRS = "theirs", pgettext_lazy("of a meeting", "their commitment")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("of a point", "open")
        DONE = "done", pgettext_lazy("of a point", "done, to be judged")
        KEPT = "kept", pgettext_lazy("of a point", "judged done")

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="points")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    text = models.CharField(_("what was asked or promised"), max_length=LONGEST_POINT)
    raised_by = models.CharField(_("by whom it was raised"), max_length=60, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("followed by"), on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(_("until"))
    state = models.CharField(_("state"), max_length=4, choices=State, default=State.OPEN)
    outcome = models.CharField(_("answer, or what came of it"), max_length=LONGEST_POINT, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField(null=True, blank=True)
    judgement = models.CharField(_("judgement"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("point of a meeting")
        verbose_name_plural = _("points of meetings")
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["owner", "due_on"], condition=Q(state="open"), name="meeting_point_open")]
        constraints = [
            models.CheckConstraint(name="meeting_point_done_has_an_outcome", condition=Q(state="open") | (Q(done_at__isnull=False) & ~Q(outcome=""))),
            models.CheckConstraint(
                name="meeting_point_is_judged_by_another",
                condition=~Q(state="kept") | (Q(judged_by__isnull=False, judged_at__isnull=False) & ~Q(judged_by=F("owner"))),
            ),
        ]

    def __str__(self) -> str:
        return self.text
