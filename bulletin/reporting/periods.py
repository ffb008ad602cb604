"""How a department has published in a period: notices, reach, read and confirmed by day, and which departments are slow (R46)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone
from django.utils.translation import ngettext

from bulletin.models import Notice
from bulletin.prefixes import DOCUMENTS
from portal.organization.places import read_places

LONGEST = 366

IN_PERIOD = "n.department_id = %(department)s AND n.published_at >= %(start)s AND n.published_at < %(end)s AND n.version_number > 0"
NOTICES = f"""
    SELECT n.page_ptr_id, p.title, n.kind, n.document_prefix, n.document_year, n.document_number, n.published_at, n.retracted_at IS NOT NULL,
        v.reach, n.binding_number IS NOT NULL,
        (SELECT count(*) FROM bulletin_reading r WHERE r.notice_id = n.page_ptr_id),
        (SELECT count(DISTINCT c.person_id) FROM confirmations_confirmation c
            WHERE c.about_type_id = %(notices)s AND c.about_id = n.page_ptr_id AND c.number >= n.binding_number)
    FROM bulletin_notice n JOIN wagtailcore_page p ON p.id = n.page_ptr_id
    JOIN bulletin_noticeversion v ON v.notice_id = n.page_ptr_id AND v.number = n.version_number
    WHERE {IN_PERIOD} ORDER BY n.published_at DESC
"""  # noqa: S608  # constants, here and below
DAYS = f"""
    WITH asked AS (SELECT n.page_ptr_id FROM bulletin_notice n WHERE {IN_PERIOD})
    SELECT day, sum(published)::int, sum(read)::int, sum(confirmed)::int FROM (
        SELECT (n.published_at AT TIME ZONE %(zone)s)::date AS day, 1 AS published, 0 AS read, 0 AS confirmed FROM bulletin_notice n WHERE {IN_PERIOD}
        UNION ALL SELECT (r.read_at AT TIME ZONE %(zone)s)::date, 0, 1, 0 FROM bulletin_reading r JOIN asked ON asked.page_ptr_id = r.notice_id
        UNION ALL SELECT (c.confirmed_at AT TIME ZONE %(zone)s)::date, 0, 0, 1
            FROM confirmations_confirmation c JOIN asked ON c.about_type_id = %(notices)s AND c.about_id = asked.page_ptr_id
    ) acts GROUP BY day ORDER BY day
"""  # noqa: S608
# Of every binding version of the period: who was asked on its day, by department, and when they first confirmed it or a later one.
SLOWEST = f"""
    SELECT d.id, d.name, d.name_en, count(*), count(c.confirmed_at), count(*) FILTER (WHERE c.confirmed_at <= coalesce(v.confirm_by, 'infinity')),
        percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM c.confirmed_at - v.published_at))
    FROM bulletin_notice n
    JOIN bulletin_noticeversion v ON v.notice_id = n.page_ptr_id AND v.is_binding
    JOIN access_audience a ON a.id = v.audience_id
    JOIN access_standingperiod p ON p.starts_on <= (v.published_at AT TIME ZONE %(zone)s)::date
        AND (p.ends_on IS NULL OR p.ends_on >= (v.published_at AT TIME ZONE %(zone)s)::date)
        AND p.tokens && a.include AND p.level >= a.level AND NOT p.tokens && a.exclude
    JOIN organization_department d ON d.id = p.department_id
    LEFT JOIN LATERAL (
        SELECT min(confirmed_at) AS confirmed_at FROM confirmations_confirmation
        WHERE person_id = p.user_id AND about_type_id = %(notices)s AND about_id = n.page_ptr_id AND number >= v.number
    ) c ON true
    WHERE {IN_PERIOD} GROUP BY d.id ORDER BY count(c.confirmed_at)::float / count(*), 7 DESC NULLS FIRST, d.path
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class NoticeLine:
    pk: int
    title: str
    kind: str
    number: str
    published_at: datetime
    is_retracted: bool
    reach: int
    asks_confirmation: bool
    read: int
    confirmed: int


@dataclass(frozen=True, slots=True)
class DayLine:
    """Acts on one day: notices published, first readings, confirmations."""

    day: date
    published: int
    read: int
    confirmed: int


@dataclass(frozen=True, slots=True)
class SlownessLine:
    """A department: confirmations asked of its people, given, given in time, and the median time from publication to confirmation."""

    department_id: int
    label: str
    asked: int
    confirmed: int
    in_time: int
    median: timedelta | None

    @property
    def said(self) -> str:
        """The median, as people say it."""
        if self.median is None:
            return ""
        hours = self.median.total_seconds() / 3600
        if hours < 48:
            return ngettext("%(number)s hour", "%(number)s hours", round(hours) or 1) % {"number": round(hours) or 1}
        return ngettext("%(number)s day", "%(number)s days", round(hours / 24)) % {"number": round(hours / 24)}


class PeriodReport:
    """A department's notices from a day to a day, both included; a year at most."""

    def __init__(self, department_id: int, starts_on: date, ends_on: date) -> None:
        self.starts_on = starts_on
        self.ends_on = min(ends_on, starts_on + timedelta(days=LONGEST - 1))
        self._parameters: dict[str, Any] = {
            "department": department_id,
            "start": _midnight(starts_on),
            "end": _midnight(self.ends_on + timedelta(days=1)),
            "zone": timezone.get_current_timezone_name(),
            "notices": ContentType.objects.get_for_model(Notice).pk,
        }

    def notices(self) -> list[NoticeLine]:
        return [
            NoticeLine(pk, title, kind, DOCUMENTS.write(number, year=year, prefix=prefix) if number else "", *rest)
            for pk, title, kind, prefix, year, number, *rest in self._ask(NOTICES)
        ]

    def days(self) -> list[DayLine]:
        """Every day of the period, also those on which nothing happened; acts after its end are left out."""
        known = {day: DayLine(day, *counts) for day, *counts in self._ask(DAYS)}
        length = (min(self.ends_on, timezone.localdate()) - self.starts_on).days + 1
        days = (self.starts_on + timedelta(days=number) for number in range(length))
        return [known.get(day, DayLine(day, 0, 0, 0)) for day in days]

    def slowest(self) -> list[SlownessLine]:
        """Departments that were asked to confirm, the slowest first."""
        rows = self._ask(SLOWEST)
        labels = read_places().labels if rows else {}
        return [
            SlownessLine(pk, labels.get(pk, name), asked, confirmed, in_time, timedelta(seconds=median) if median is not None else None)
            for pk, name, _name_en, asked, confirmed, in_time, median in rows
        ]

    def _ask(self, statement: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement, self._parameters)
            return cursor.fetchall()


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
