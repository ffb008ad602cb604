"""Who has read what, and when."""

from django.conf import settings
from django.db import models

from bulletin.models.notices import Notice


class Reading(models.Model):
    """A person opened a notice, first at this time."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="readings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "notice"], name="one_reading_per_person")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.notice_id}"


class ReadingMark(models.Model):
    """Everything published up to here counts as read by the person: they said so, or were not here yet."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+")
    read_until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person_id} {self.read_until}"
