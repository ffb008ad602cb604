from django.db import models
from django.utils import timezone

from portal.access.visibility import Audienced


class Paper(Audienced):
    title = models.CharField(max_length=80)
    issued_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-issued_at", "-id"]
        indexes = [models.Index(fields=["audience", "-issued_at"], name="paper_audience"), models.Index(fields=["-issued_at"], name="paper_issued_at")]

    def __str__(self) -> str:
        return self.title
