"""Who has confirmed a notice and who has not, by department, as of the end of a day.

Who counts is who was in the audience on that day, in the department of that day: people who moved or left are counted as they were then.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from django.db import connection
from django.utils import timezone

from bulletin.models import Notice, NoticeVersion
from portal.foundation.language import is_chinese
from portal.organization.places import read_places
from portal.organization.querysets import today

State = Literal["", "confirmed", "missing"]
LOW = 0.75

# The audience on a day, with the department and the first confirmation that counts of each.
EXPECTED = """
    SELECT p.user_id, p.department_id, (
        SELECT min(c.confirmed_at) FROM bulletin_confirmation c
        WHERE c.person_id = p.user_id AND c.notice_id = %(notice)s AND c.number >= %(binding)s AND c.confirmed_at < %(end)s
    ) AS confirmed_at
    FROM access_standingperiod p
    WHERE p.starts_on <= %(day)s AND (p.ends_on IS NULL OR p.ends_on >= %(day)s)
    AND p.tokens && %(include)s::varchar[] AND p.level >= %(level)s AND NOT p.tokens && %(exclude)s::varchar[]
    AND (%(within)s::bigint[] IS NULL OR p.department_id = ANY(%(within)s::bigint[]))
"""
BY_DEPARTMENT = f"""
    SELECT e.department_id, d.name, d.name_en, d.path, count(*), count(e.confirmed_at)
    FROM ({EXPECTED}) e LEFT JOIN organization_department d ON d.id = e.department_id
    GROUP BY 1, 2, 3, 4 ORDER BY d.path NULLS LAST
"""  # noqa: S608  # constants, here and below
PEOPLE = f"""
    SELECT e.user_id, u.name, u.employee_number, d.name, d.name_en, e.confirmed_at,
        (SELECT r.read_at FROM bulletin_reading r WHERE r.person_id = e.user_id AND r.notice_id = %(notice)s AND r.read_at < %(end)s), count(*) OVER ()
    FROM ({EXPECTED}) e JOIN accounts_user u ON u.id = e.user_id LEFT JOIN organization_department d ON d.id = e.department_id
    WHERE (%(state)s = '' OR (%(state)s = 'confirmed') = (e.confirmed_at IS NOT NULL)) AND (%(department)s::bigint IS NULL OR e.department_id = %(department)s)
    ORDER BY d.path NULLS LAST, u.name_pinyin, u.id LIMIT {{limit:d}} OFFSET {{offset:d}}
"""  # noqa: S608
MISSING = f"SELECT user_id, department_id FROM ({EXPECTED}) e WHERE confirmed_at IS NULL ORDER BY user_id"  # noqa: S608
EVERYBODY = 10_000_000


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
    """The report of a notice as of the end of a day, or of this moment where the day is today. Empty before a confirmation was first asked for.

    `within` leaves out whoever was in none of these departments.
    """

    def __init__(self, notice: Notice, day: date | None = None, *, within: Collection[int] | None = None) -> None:
        self.notice = notice
        self.within = list(within) if within is not None else None
        self.day = min(day or today(), today())
        self.end = timezone.make_aware(datetime.combine(self.day + timedelta(days=1), time()))
        self.version = NoticeVersion.objects.filter(notice=notice, published_at__lt=self.end).select_related("audience").order_by("-number").first()
        self.binding = (
            NoticeVersion.objects.filter(notice=notice, published_at__lt=self.end, is_binding=True).order_by("-number").values_list("number", flat=True).first()
        )

    @property
    def was_asked(self) -> bool:
        return self.binding is not None

    def departments(self) -> list[DepartmentLine]:
        rows = self._ask(BY_DEPARTMENT)
        places = read_places() if rows else None
        return [
            DepartmentLine(pk, places.labels.get(pk, "") if places is not None and pk is not None else "", expected, confirmed)
            for pk, _name, _name_en, _path, expected, confirmed in rows
        ]

    def people(self, *, state: State = "", department_id: int | None = None, limit: int = EVERYBODY, offset: int = 0) -> tuple[list[PersonLine], int]:
        """People by department and name, and how many there are in all."""
        rows = self._ask(PEOPLE.format(limit=limit, offset=offset), state=state, department=department_id)
        lines = [
            PersonLine(pk, name, number, (place if is_chinese() else place_en or place) or "", confirmed_at, read_at)
            for pk, name, number, place, place_en, confirmed_at, read_at, _total in rows
        ]
        return lines, rows[0][-1] if rows else 0

    def missing(self) -> list[tuple[int, int | None]]:
        """Of everyone who has not confirmed, the person and their department."""
        return [(person_id, department_id) for person_id, department_id in self._ask(MISSING)]

    def _ask(self, statement: str, **more: Any) -> Sequence[tuple[Any, ...]]:
        if self.version is None or self.binding is None:
            return []
        rule = self.version.audience.rule
        parameters = {
            "notice": self.notice.pk,
            "binding": self.binding,
            "day": self.day,
            "end": self.end,
            "include": list(rule.include),
            "exclude": list(rule.exclude),
            "level": rule.level,
            "within": self.within,
        }
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters | more)
            return cursor.fetchall()
