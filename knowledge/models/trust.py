"""What says how far an article can be relied on: reviews, what readers found, what they would change."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from knowledge.models.articles import Article


class Verification(models.Model):
    """Somebody who answers for an article has looked at it. Rows are only added."""

    class Outcome(models.TextChoices):
        KEEP = "keep", _("keep as it is")
        REVISE = "revise", _("revise it")
        WITHDRAW = "withdraw", _("withdraw it")

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="verifications")
    version_number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=8, choices=Outcome)
    note = models.CharField(max_length=300, blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField()
    next_due_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["-verified_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.article_id} · {self.outcome}"

    @property
    def reviewed_at(self) -> datetime:
        """As a review of a policy says it."""
        return self.verified_at


class Usefulness(models.Model):
    """Whether a version was of use to a person, once for each version; changed as often as they change their mind."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="usefulness")
    version_number = models.PositiveIntegerField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    is_useful = models.BooleanField()
    reason = models.CharField(max_length=500, blank=True)
    said_at = models.DateTimeField()

    class Meta:
        verbose_name = _("usefulness")
        constraints = [models.UniqueConstraint(fields=["article", "version_number", "person"], name="usefulness_is_said_once_of_a_version")]
        indexes = [models.Index(fields=["article", "said_at"], name="usefulness_article")]

    def __str__(self) -> str:
        return f"{self.article_id} · {self.is_useful}"


class EditSuggestion(models.Model):
    """What a reader would change in a passage."""

    class State(models.TextChoices):
        OPEN = "open", _("waits for an answer")
        TAKEN = "taken", _("taken up")
        DECLINED = "declined", _("declined")

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="suggestions")
    version_number = models.PositiveIntegerField()
    anchor = models.CharField(max_length=12, blank=True)
    quoted = models.CharField(_("passage"), max_length=600, blank=True)
    text = models.TextField(_("suggestion"), max_length=2000)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    answer = models.CharField(max_length=500, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("suggested change")
        verbose_name_plural = _("suggested changes")
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["article"], name="suggestion_open", condition=models.Q(state="open"))]

    def __str__(self) -> str:
        return self.text[:60]
