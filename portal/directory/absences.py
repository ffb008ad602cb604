"""Who is away, as home shows it: by one statement."""

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from portal.directory.finding import HELD, place_of
from portal.directory.photos import photo_url
from portal.organization.models import Absence

AWAY = f"""
    WITH away AS (
        SELECT person_id AS id, max(ends_on) AS ends_on, (array_agg(kind ORDER BY starts_on DESC, id DESC))[1] AS kind
        FROM organization_absence
        WHERE {HELD} AND person_id IN (
            SELECT held.person_id FROM organization_employment held JOIN organization_position post ON post.id = held.position_id
            WHERE (post.is_head OR held.department_id = ANY(%(departments)s::bigint[]))
                AND held.starts_on <= %(day)s AND (held.ends_on IS NULL OR held.ends_on >= %(day)s))
        GROUP BY person_id
    )
    SELECT person.id, person.name, card.photo, away.kind, away.ends_on, count(*) OVER (),
        department.kind, department.name, department.name_en, above.name, above.name_en,
        (SELECT array_agg(DISTINCT deputy.name) FROM organization_deputyship instead
            JOIN organization_employment post ON post.id = instead.employment_id JOIN accounts_user deputy ON deputy.id = instead.deputy_id
            WHERE post.person_id = person.id AND instead.starts_on <= %(day)s AND (instead.ends_on IS NULL OR instead.ends_on >= %(day)s))
    FROM away
    JOIN accounts_user person ON person.id = away.id
    LEFT JOIN organization_profile card ON card.person_id = person.id
    LEFT JOIN LATERAL (
        SELECT department_id FROM organization_employment WHERE person_id = person.id AND {HELD} ORDER BY is_primary DESC, id LIMIT 1
    ) held ON true
    LEFT JOIN organization_department department ON department.id = held.department_id
    LEFT JOIN organization_department above ON above.id = department.parent_id
    ORDER BY person.name_pinyin, person.id LIMIT %(limit)s
"""  # noqa: S608  # a constant is put in; what is asked for is always a parameter


@dataclass(frozen=True, slots=True)
class AwayRow:
    """Someone away today, why, until when, and who stands in for them."""

    pk: int
    name: str
    photo: str
    place: str
    away: str
    until: date
    deputy: str

    @property
    def photo_url(self) -> str | None:
        return photo_url(self.pk, self.photo)


def away_on(day: date, *, departments: list[int], limit: int) -> tuple[list[AwayRow], int]:
    """The first of those who are away by their names, and how many there are: heads of any department, and everyone in these."""
    with connection.cursor() as cursor:
        cursor.execute(AWAY, {"day": day, "departments": departments, "limit": limit})
        found = cursor.fetchall()
    rows = [
        AwayRow(pk, name, photo or "", place_of(*place), str(Absence.Kind(kind).label), until, _(", ").join(deputies or ()))
        for pk, name, photo, kind, until, _count, *place, deputies in found
    ]
    return rows, found[0][5] if found else 0
