"""1,000,000 things with three readers each: lists and counts of somebody who takes part in 200 of them, and of somebody who does in 200,000."""

import random

from django.db import connection, models, transaction
from django.utils import timezone

from benchmarks.context import Context
from benchmarks.rows import Row, at_most, told
from benchmarks.timing import fresh, median
from portal.access.readers import HasReaders, Reader
from portal.access.rules import person_token
from portal.accounts.models import User
from portal.runtime.addresses import owner_settings
from portal.runtime.roles import as_role

THINGS, FEW, MANY = 1_000_000, 200, 200_000
NEWEST_GOAL, COUNT_GOAL = 10.0, 50.0


class Slip(HasReaders):
    """A thing that is seen by those who take part in it alone."""

    class Meta:
        app_label = "benchmarks"
        db_table = "benchmark_slip"
        managed = False


class SlipReader(Reader):
    thing = models.ForeignKey(Slip, on_delete=models.CASCADE, related_name="readers")

    class Meta:
        app_label = "benchmarks"
        db_table = "benchmark_slip_reader"
        managed = False


def measure_taking_part(context: Context) -> list[Row]:
    few, many = User.objects.active().employees().order_by("pk")[:2]
    _fill(context, few, many)
    rows = [told("access", "things with three readers each", Slip.objects.count(), "things")]
    for label, person in ((f"takes part in {FEW}", few), (f"takes part in {MANY:,}", many)):
        context.say(label)
        newest = median(lambda person=person: Slip.objects.newest_taken_by(fresh(person), 20))
        counted = median(lambda person=person: Slip.objects.count_taken_by(fresh(person)))
        # As a list that filters and sorts by itself asks.
        listed = median(lambda person=person: list(Slip.objects.taken_by(fresh(person)).order_by("-pk")[:20]))
        rows += [
            at_most("access", f"{label}: newest 20", newest, "ms", NEWEST_GOAL),
            at_most("access", f"{label}: count, exact to 1,000", counted, "ms", COUNT_GOAL),
            told("access", f"{label}: newest 20 by the general filter", listed, "ms"),
        ]
    return rows


def _fill(context: Context, few: User, many: User) -> None:
    """Made once and kept."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('benchmark_slip')")
        if cursor.fetchone()[0] is not None:
            return
    context.say(f"{THINGS:,} things with three readers each")
    draw = random.Random(2)
    people = [person_token(pk) for pk in User.objects.active().order_by("pk").values_list("pk", flat=True) if pk not in (few.pk, many.pk)]
    of_few, of_many = set(draw.sample(range(1, THINGS + 1), FEW)), set(draw.sample(range(1, THINGS + 1), MANY))
    now = timezone.now()
    owner = owner_settings("", "", context.data_dir)
    with as_role(owner), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE benchmark_slip (id bigint PRIMARY KEY, least_level smallint NOT NULL)")
        cursor.execute("INSERT INTO benchmark_slip SELECT number, 0 FROM generate_series(1, %s) number", [THINGS])
        cursor.execute(
            """CREATE TABLE benchmark_slip_reader (id bigserial PRIMARY KEY, token varchar(80) NOT NULL, level smallint NOT NULL, reason varchar(40) NOT NULL,
            since timestamptz NOT NULL, thing_id bigint NOT NULL REFERENCES benchmark_slip)"""
        )
        with cursor.copy("COPY benchmark_slip_reader (token, level, reason, since, thing_id) FROM STDIN") as copy:
            for number in range(1, THINGS + 1):
                own = [person_token(person.pk) for person, things in ((few, of_few), (many, of_many)) if number in things]
                for token in [*own, *draw.sample(people, 3 - len(own))]:
                    copy.write_row((token, 0, "", now, number))
        cursor.execute("CREATE UNIQUE INDEX benchmark_slip_reader_once ON benchmark_slip_reader (token, thing_id) INCLUDE (level)")
        cursor.execute("CREATE INDEX benchmark_slip_reader_thing ON benchmark_slip_reader (thing_id)")
    with as_role(owner), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE benchmark_slip, benchmark_slip_reader")
