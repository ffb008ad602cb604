"""Questions about the plant as it is today, was on a past day, or will be."""

import time
from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import Any, Self

from django.db import connection, models
from django.db.models import Q
from django.utils import timezone


def today() -> date:
    """The day in the plant's time zone. Every page asks some twenty times, so the answer is kept for the minute."""
    return _day_of(int(time.time() // 60), timezone.get_default_timezone())


@lru_cache(maxsize=4)
def _day_of(minute: int, zone: tzinfo) -> date:
    return datetime.fromtimestamp(minute * 60, zone).date()


class DatedQuerySet(models.QuerySet[Any]):
    """For rows with `starts_on` and `ends_on`, both days included, an empty end meaning open."""

    def on(self, day: date) -> Self:
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)

    def current(self) -> Self:
        return self.on(today())

    def upcoming(self) -> Self:
        return self.filter(starts_on__gt=today())


HOLDERS = """
    SELECT position_id, count(DISTINCT person_id) FROM organization_employment
    WHERE starts_on <= %(day)s AND (ends_on IS NULL OR ends_on >= %(day)s) GROUP BY position_id
"""


class EmploymentQuerySet(DatedQuerySet):
    def primary(self) -> Self:
        return self.filter(is_primary=True)

    def count_holders(self, day: date) -> dict[int, int]:
        """How many people hold each position on a day; positions that nobody holds are left out."""
        with connection.cursor() as cursor:
            cursor.execute(HOLDERS, {"day": day})
            return dict(cursor.fetchall())

    def heads_of(self, department: Any, *, day: date | None = None) -> Self:
        """Who headed a department on a day; today where none is given."""
        return self.on(day or today()).filter(department=department, position__is_head=True)


class DepartmentQuerySet(models.QuerySet[Any]):
    def open(self) -> Self:
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=today()))

    def below(self, department: Any) -> Self:
        """The department itself and everything under it."""
        return self.filter(path__startswith=department.path)

    def in_tree_order(self) -> Self:
        return self.order_by("path")
