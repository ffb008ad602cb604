"""What the computer centre allows: to one person, or to all of a level."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Limit(models.Model):
    """Of a person, or of everyone of a level. What is blank is that of the person's level, and after it what is usual; the record has what was before."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    level = models.PositiveSmallIntegerField(null=True, unique=True)
    mailbox_bytes = models.BigIntegerField(_("mailbox"), null=True)
    file_bytes = models.BigIntegerField(_("one file"), null=True)
    recipients = models.PositiveIntegerField(_("recipients of one message"), null=True)
    per_hour = models.PositiveIntegerField(_("messages in an hour"), null=True)

    class Meta:
        verbose_name = _("limit of mail")
        constraints = [
            models.CheckConstraint(
                name="mail_limit_of_a_person_or_a_level", condition=Q(person__isnull=False, level=None) | Q(person=None, level__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return str(self.person) if self.person_id is not None else f"L{self.level}"

    def get_absolute_url(self) -> str:
        if self.person_id is not None:
            return reverse("mail:limit_of_person", args=[self.person_id])
        return reverse("mail:limit_of_level", args=[self.level])
