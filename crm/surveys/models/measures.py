"""What is mended after a survey: given to somebody, carried out, and judged by another."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.surveys.models.surveys import Survey


class Measure(models.Model):
    """Not accepted, it is open again, with what the judge wrote."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("of a measure", "open")
        DONE = "done", pgettext_lazy("of a measure", "done, to be judged")
        ACCEPTED = "accepted", pgettext_lazy("of a measure", "accepted")

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="measures")
    text = models.CharField(_("what is mended"), max_length=300)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("owner"), on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(_("until"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    done = models.CharField(_("what was done"), max_length=500, blank=True)
    done_on = models.DateField(null=True, blank=True)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    judgement = models.CharField(_("judgement"), max_length=500, blank=True)
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("measure after a survey")
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["owner"], name="measure_of_owner")]
        constraints = [models.CheckConstraint(name="measure_is_judged_by_another", condition=Q(judged_by__isnull=True) | ~Q(judged_by=F("owner")))]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("crm:survey_detail", args=[self.survey_id])
