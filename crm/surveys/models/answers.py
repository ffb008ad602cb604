"""Who is asked, and what was answered. Of an anonymous answer nothing leads to whose it is: rows have random keys, no moment, and no common key."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.customers.models import Customer
from crm.surveys.models.surveys import LONGEST_TEXT, Survey, SurveyVersion, new_key

LONGEST_KEPT = 200_000


class Invitation(models.Model):
    """A customer or a person of the staff who is asked. `is_spent` once they answered; when is not kept."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    key = models.CharField(max_length=24, unique=True, default=new_key, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="invitations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="survey_invitations")
    is_spent = models.BooleanField(_("answered"), default=False)

    class Meta:
        verbose_name = _("invitation to a survey")
        indexes = [models.Index(fields=["customer"], name="survey_invites_customer")]
        constraints = [
            models.UniqueConstraint(fields=["survey", "person"], name="one_survey_invitation_of_a_person"),
            models.UniqueConstraint(fields=["survey", "customer"], name="one_survey_invitation_of_a_firm"),
            models.CheckConstraint(name="survey_invites_one", condition=Q(person__isnull=False) ^ Q(customer__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.survey}: {self.person or self.customer}"


class Draft(models.Model):
    """How far somebody has come whose answer will have their name. One of an anonymous survey is refused by the database."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="drafts")
    version = models.ForeignKey(SurveyVersion, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    page = models.PositiveSmallIntegerField(default=0)
    kept = models.TextField(max_length=LONGEST_KEPT)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("half answered survey")
        constraints = [
            models.UniqueConstraint(fields=["survey", "person"], name="one_survey_draft_of_a_person"),
            models.UniqueConstraint(fields=["survey", "customer"], name="one_survey_draft_of_a_firm"),
            models.CheckConstraint(name="survey_draft_of_one", condition=Q(person__isnull=False) ^ Q(customer__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.survey}: {self.person or self.customer}"


class Sheet(models.Model):
    """A printed sheet. `number` ends in a check digit, so that a slip of the finger finds no other sheet."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="sheets")
    version = models.ForeignKey(SurveyVersion, on_delete=models.PROTECT, related_name="sheets")
    number = models.PositiveIntegerField(_("number of the sheet"))
    is_spent = models.BooleanField(_("entered"), default=False)

    class Meta:
        verbose_name = _("sheet of a survey")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["survey", "number"], name="one_survey_sheet_of_a_number")]

    def __str__(self) -> str:
        return str(self.number)


class Response(models.Model):
    """One who answered, once. The newest of a person or a firm counts; the earlier ones stay. Neither is written where the survey is anonymous."""

    class Channel(models.TextChoices):
        STAFF = "staff", _("on the intranet")
        SITE = "site", _("on the customers' site")
        LINK = "link", _("by the link")
        PAPER = "paper", _("on paper")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="responses")
    version = models.ForeignKey(SurveyVersion, on_delete=models.PROTECT, related_name="responses")
    day = models.DateField(_("answered on"))
    channel = models.CharField(_("how"), max_length=5, choices=Channel)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="survey_responses")
    is_counted = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("response to a survey")
        ordering = ["id"]
        indexes = [models.Index(fields=["survey", "version"], name="survey_response_counted", condition=Q(is_counted=True))]
        constraints = [
            models.UniqueConstraint(fields=["survey", "person"], condition=Q(is_counted=True), name="one_counted_response_of_a_person"),
            models.UniqueConstraint(fields=["survey", "customer"], condition=Q(is_counted=True), name="one_counted_response_of_a_firm"),
        ]

    def __str__(self) -> str:
        return f"{self.survey} {self.day}"


class Answer(models.Model):
    """A row for each question that was asked: `is_blank` where nothing was said; several rows (`place`) where several were chosen.

    `question` and `option` are keys, the same through all versions. Of a ranking `number` is the rank.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="answers", db_index=False)
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="+", db_index=False)
    question = models.CharField(max_length=8)
    place = models.PositiveSmallIntegerField(default=0)
    option = models.CharField(max_length=10, blank=True)
    number = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    text = models.CharField(max_length=LONGEST_TEXT, blank=True)
    is_blank = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("answer in a survey")
        indexes = [models.Index(fields=["survey", "question"], name="survey_answer_of_question")]
        constraints = [models.UniqueConstraint(fields=["response", "question", "place"], name="one_survey_answer_at_a_place")]

    def __str__(self) -> str:
        return f"{self.question} {self.option or self.number or self.text}"
