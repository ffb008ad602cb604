"""What people stood for on past days: the standings as they were, kept in periods."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from portal.access.models import StandingPeriod
from portal.access.rules import AudienceRule

# What a person stands for now, with the department of the main post on that day. People are looked up one by one (OFFSET 0, LIMIT 1): where many are
# written in one transaction the planner knows nothing of the tables yet, and would walk through all days for the first of a person, for each person.
_NOW = """
    SELECT s.user_id, s.tokens, s.level, (
        SELECT e.department_id FROM organization_employment e
        WHERE e.person_id = s.user_id AND e.is_primary AND e.starts_on <= %(day)s AND (e.ends_on IS NULL OR e.ends_on >= %(day)s) LIMIT 1
    ) AS department_id, (
        SELECT min(posts.starts_on) FROM (SELECT e.starts_on FROM organization_employment e WHERE e.person_id = s.user_id OFFSET 0) posts
    ) AS first_day
    FROM access_standing s WHERE s.user_id = ANY(%(people)s)
"""
# A period ends the day before the next begins; one that began on the same day is overwritten, for a day's last state counts.
_CLOSE = f"""
    UPDATE access_standingperiod p SET ends_on = %(day)s - 1 FROM ({_NOW}) AS n
    WHERE p.user_id = n.user_id AND p.user_id = ANY(%(people)s) AND p.ends_on IS NULL AND p.starts_on < %(day)s
    AND (p.tokens, p.level, p.department_id) IS DISTINCT FROM (n.tokens, n.level, n.department_id)
"""  # noqa: S608  # constants, here and below
_OPEN = f"""
    INSERT INTO access_standingperiod (user_id, tokens, level, department_id, starts_on)
    SELECT n.user_id, n.tokens, n.level, n.department_id,
        CASE WHEN (SELECT true FROM access_standingperiod p WHERE p.user_id = n.user_id LIMIT 1) THEN %(day)s ELSE least(n.first_day, %(day)s) END
    FROM ({_NOW}) AS n WHERE (
        SELECT true FROM access_standingperiod p WHERE p.user_id = n.user_id AND p.ends_on IS NULL AND p.starts_on <> %(day)s LIMIT 1
    ) IS NOT TRUE
    ON CONFLICT (user_id, starts_on) DO UPDATE
    SET tokens = excluded.tokens, level = excluded.level, department_id = excluded.department_id, ends_on = NULL
"""  # noqa: S608


def note_periods(user_ids: Collection[int], day: date) -> None:
    """Keep what these people stand for from this day on. The first that is known of a person is taken to hold since their first employment."""
    parameters: dict[str, Any] = {"people": list(user_ids), "day": day}
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE, parameters)
        cursor.execute(_OPEN, parameters)


def periods_matching(rule: AudienceRule, day: date) -> QuerySet[StandingPeriod]:
    """Of everyone who was in an audience on a day, what they stood for then."""
    return (
        StandingPeriod.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)
        .filter(tokens__overlap=list(rule.include), level__gte=rule.level)
        .exclude(tokens__overlap=list(rule.exclude))
    )
