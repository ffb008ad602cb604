"""Who has confirmed a thing and who has not, by department, as of the end of a day.

Who counts is who was in the rule on that day, in the department of that day: people who moved or left are counted as they were then.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from django.db import models
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Window
from django.utils import timezone

from portal.access.history import periods_matching
from portal.access.models import StandingPeriod
from portal.access.standings import standing_of
from portal.confirmations.models import Confirmation
from portal.confirmations.registry import confirmable_for
from portal.foundation.language import is_chinese
from portal.organization.models import Department
from portal.organization.places import read_places
from portal.organization.querysets import today

State = Literal["", "confirmed", "missing"]
STATES: tuple[State, ...] = ("", "confirmed", "missing")
LOW = 0.75


@dataclass(frozen=True, slots=True)
class DepartmentLine:
    """How many people of a department were expected to confirm, and how many have. Nobody's department has no id."""

    department_id: int | None
    label: str
    expected: int
    confirmed: int

    @property
    def missing(self) -> int:
        return self.expected - self.confirmed

    @property
    def is_low(self) -> bool:
        return self.confirmed < LOW * self.expected


@dataclass(frozen=True, slots=True)
class PersonLine:
    person_id: int
    name: str
    number: str
    department: str
    confirmed_at: datetime | None
    read_at: datetime | None


class ConfirmationReport:
    """The report of a thing as of the end of a day, or of this moment where the day is today. Empty before a confirmation was first asked for.

    `within` leaves out whoever was in none of these departments.
    """

    def __init__(self, about: models.Model, day: date | None = None, *, within: Collection[int] | None = None) -> None:
        self.about = about
        self.confirmable = confirmable_for(type(about))
        self.within = within
        self.day = min(day or today(), today())
        self.end = timezone.make_aware(datetime.combine(self.day + timedelta(days=1), time()))
        self.expected = self.confirmable.expected(about, self.end)

    @property
    def was_asked(self) -> bool:
        return self.expected is not None

    def departments(self) -> list[DepartmentLine]:
        counts = self._asked().order_by(F("department__path").asc(nulls_last=True)).values_list("department", "department__path")
        rows = list(counts.annotate(expected=Count("pk"), given=Count("pk", filter=Q(user__in=self._who_confirmed()))))
        labels = read_places().labels if rows else {}
        return [DepartmentLine(pk, labels.get(pk, ""), expected, confirmed) for pk, _path, expected, confirmed in rows]

    def people(self, *, state: State = "", department_id: int | None = None, limit: int | None = None, offset: int = 0) -> tuple[list[PersonLine], int]:
        """People by department and name, and how many there are in all."""
        rows = {"": self._asked, "confirmed": self._confirmed, "missing": self._missing}[state]()
        if department_id is not None:
            rows = rows.filter(department=department_id)
        first = Subquery(self._counting().filter(person=OuterRef("user")).order_by("confirmed_at").values("confirmed_at")[:1])
        ordered = rows.annotate(first=first, total=Window(Count("pk"))).order_by(F("department__path").asc(nulls_last=True), "user__name_pinyin", "user")
        names = ("department__name", "department__name_en", "user__name", "user__employee_number")
        found = list(ordered.values_list("user", *names, "first", "total")[offset : None if limit is None else offset + limit])
        opened = self._opened([row[0] for row in found])
        lines = [
            PersonLine(pk, name, number, (place if is_chinese() else place_en or place) or "", confirmed_at, opened.get(pk))
            for pk, place, place_en, name, number, confirmed_at, _total in found
        ]
        return lines, found[0][-1] if found else 0

    def missing(self) -> list[tuple[int, int | None]]:
        """Of everyone who has not confirmed, the person and their department."""
        return list(self._missing().order_by("user").values_list("user", "department"))

    def _asked(self) -> QuerySet[StandingPeriod]:
        """Those who had to confirm, as they were on the day."""
        if self.expected is None:
            return StandingPeriod.objects.none()
        rows = periods_matching(self.expected.rule, self.day)
        return rows if self.within is None else rows.filter(department__in=list(self.within))

    def _confirmed(self) -> QuerySet[StandingPeriod]:
        return self._asked().filter(user__in=self._who_confirmed())

    def _missing(self) -> QuerySet[StandingPeriod]:
        return self._asked().exclude(user__in=self._who_confirmed())

    def _who_confirmed(self) -> QuerySet[Any]:
        """Asked once for everybody, not for each."""
        return self._counting().values("person")

    def _counting(self) -> QuerySet[Confirmation]:
        """The confirmations that count: of the version that asked or of a later one, given by the end of the day."""
        number = self.expected.number if self.expected is not None else 0
        return Confirmation.objects.of(self.about).filter(number__gte=number, confirmed_at__lt=self.end)

    def _opened(self, people: Collection[int]) -> Any:
        """When these people first opened it, where its module knows."""
        opened = self.confirmable.opened
        return opened(self.about, people, self.end) if opened is not None and people else {}


def headed_departments(user: Any) -> list[int]:
    """The departments that this person heads today, with all below them."""
    headed = Department.objects.filter(pk__in=standing_of(user).headed_department_ids)
    return [pk for department in headed for pk in Department.objects.below(department).values_list("pk", flat=True)]
