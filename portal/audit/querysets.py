"""Questions to the record."""

from datetime import date, datetime, time, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone


class AuditRecordQuerySet(models.QuerySet[Any]):
    def matching(self, *, words: str = "", verb: str = "", since: date | None = None, until: date | None = None) -> Self:
        """By whom or on what (every word), which act, from a day to a day (both included, in the plant's time)."""
        found = self
        for word in words.split():
            found = found.filter(Q(actor_label__icontains=word) | Q(object_label__icontains=word) | Q(on_behalf_of__icontains=word) | Q(reason__icontains=word))
        if verb:
            found = found.filter(verb=verb)
        if since:
            found = found.filter(at__gte=_midnight(since))
        if until:
            found = found.filter(at__lt=_midnight(until + timedelta(days=1)))
        return found


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
