from django.db import models
from django.utils import timezone

from portal.access.readers import HasReaders, Reader, ReadQuerySet
from portal.access.visibility import Audienced


class Paper(Audienced, HasReaders):
    title = models.CharField(max_length=80)
    issued_at = models.DateTimeField(default=timezone.now)

    objects = ReadQuerySet.as_manager()
    reader_reasons = {"signed": "signed it", "asked": "was asked"}

    class Meta:
        ordering = ["-issued_at", "-id"]
        indexes = [models.Index(fields=["audience", "-issued_at"], name="paper_audience"), models.Index(fields=["-issued_at"], name="paper_issued_at")]

    def __str__(self) -> str:
        return self.title


class PaperReader(Reader):
    thing = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="readers")


class Slip(HasReaders):
    """A thing without an audience: only those who take part see it."""

    title = models.CharField(max_length=80)


class SlipReader(Reader):
    thing = models.ForeignKey(Slip, on_delete=models.CASCADE, related_name="readers")
