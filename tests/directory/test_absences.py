"""Home's panel of those who are away."""

from datetime import timedelta

import pytest

from portal.directory.absences import away_on
from portal.organization.models import Absence, Deputyship, Employment
from portal.organization.querysets import today

pytestmark = pytest.mark.django_db


def away(person, *, until: int = 2) -> None:
    Absence.objects.create(person=person, kind=Absence.Kind.TRAVEL, starts_on=today(), ends_on=today() + timedelta(days=until))


def test_heads_are_shown_to_everyone_and_others_to_their_own_department(cast, client_for):
    for person in (cast.head, cast.inspector, cast.salesperson):
        away(person)
    for reader, other in ((cast.inspector, cast.salesperson), (cast.salesperson, cast.inspector)):
        rows = client_for(reader).get("/").context["side"]
        panel = next(panel["context"] for panel in rows if panel["code"] == "absent")
        assert {row.name for row in panel["rows"]} == {cast.head.name, reader.name}, f"and not {other.name}"
        assert panel["count"] == 2


def test_nobody_away_means_no_panel(cast, client_for):
    assert "absent" not in {panel["code"] for panel in client_for(cast.inspector).get("/").context["side"]}
    assert away_on(today(), departments=[cast.quality.pk], limit=8) == ([], 0)


def test_a_row_says_until_when_and_who_stands_in(cast):
    away(cast.head, until=1)
    away(cast.head, until=5)
    employment = Employment.objects.current().get(person=cast.head, position__is_head=True)
    Deputyship.objects.create(employment=employment, deputy=cast.inspector, starts_on=today(), ends_on=today())
    Absence.objects.create(person=cast.inspector, kind=Absence.Kind.SICK, starts_on=today() + timedelta(days=1), ends_on=today() + timedelta(days=1))
    deputies = f"{cast.inspector.name}、{cast.deputy.name}"
    (row,), count = away_on(today(), departments=[cast.quality.pk], limit=8)
    assert (row.pk, row.until, row.deputy, row.place, count) == (cast.head.pk, today() + timedelta(days=5), deputies, cast.quality.name, 1)


def test_the_count_goes_on_beyond_what_is_shown(cast):
    for person in (cast.head, cast.inspector):
        away(person)
    rows, count = away_on(today(), departments=[cast.quality.pk], limit=1)
    assert (len(rows), count) == (1, 2)
