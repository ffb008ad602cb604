"""Days of the plant as moments; a period is from the first moment of a day to the first moment after its last one."""

from datetime import date, datetime, time

from django.utils import timezone


def moment_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
