"""The rule of visibility over 1,000,000 rows and 50,000 audiences: a page of 20, a count, and the size of the statement."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, models, transaction
from django.utils import timezone

from benchmarks.context import Context
from benchmarks.rows import Row, at_most, told
from benchmarks.taking_part import measure_taking_part
from benchmarks.timing import fresh, median
from portal.access.models import Audience
from portal.access.rules import AudienceRule, department_token, person_token, position_token
from portal.access.visibility import Audienced, audience_ids_of
from portal.accounts.models import User
from portal.organization.models import Department, Employment, Position
from portal.runtime.addresses import owner_settings
from portal.runtime.roles import as_role

ROWS, AUDIENCES = 1_000_000, 50_000
PAGE_GOAL, COUNT_GOAL = 10.0, 100.0


class Paper(Audienced):
    """A thing with an audience and a date, indexed as a module would."""

    issued_at = models.DateTimeField()

    class Meta:
        app_label = "benchmarks"
        db_table = "benchmark_paper"
        managed = False


@dataclass(frozen=True, slots=True)
class Readers:
    """Two departments and a person in each: the rows of the first make up half of all, those of the second one in two hundred."""

    half: Department
    few: Department

    def person_of(self, department: Department) -> User:
        employments = Employment.objects.current().filter(department__path__startswith=department.path, position__clearance__lte=1)
        return employments.order_by("pk").select_related("person")[0].person


def measure(context: Context) -> list[Row]:
    context.fill_plant()
    readers = _readers()
    _fill(context, readers)
    rows: list[Row] = [told("access", "rows", Paper.objects.count(), "rows"), told("access", "audiences", Audience.objects.count(), "audiences")]
    for label, department in (("may see half", readers.half), ("may see one in 200", readers.few)):
        context.say(label)
        person = readers.person_of(department)
        rows.append(told("access", f"{label}: share of rows", Paper.objects.visible_to(fresh(person)).count() / ROWS * 100, "%"))
        rows.append(told("access", f"{label}: in so many audiences", len(audience_ids_of(fresh(person))), "audiences"))
        bare = median(lambda: list(Paper.objects.order_by("-issued_at")[:20]))
        rows.append(told("access", f"{label}: ids of audiences", median(lambda person=person: audience_ids_of(fresh(person))), "ms"))
        rows.append(at_most("access", f"{label}: newest 20", median(lambda person=person: _newest(fresh(person))), "ms", PAGE_GOAL, reference=bare))
        rows.append(at_most("access", f"{label}: count", median(lambda person=person: Paper.objects.visible_to(fresh(person)).count()), "ms", COUNT_GOAL))
    rows.append(_statement_growth(readers))
    return rows + measure_taking_part(context)


def _newest(person: User) -> list[Paper]:
    return list(Paper.objects.visible_to(person).order_by("-issued_at")[:20])


def _statement_growth(readers: Readers) -> Row:
    """The statement has the same length whether few or many rows are restricted: ids travel in one array parameter."""
    many = Paper.objects.visible_to(fresh(readers.person_of(readers.half))).query.sql_with_params()[0]
    one = Paper.objects.filter(audience__any=[1]).query.sql_with_params()[0]
    return at_most("access", "statement: characters more with 50,000 audiences than with one", len(many) - len(one), "characters", 0)


def _readers() -> Readers:
    """The two largest departments."""
    departments = Department.objects.filter(parent__isnull=False, parent__parent__isnull=True)
    members = {department: Employment.objects.current().filter(department__path__startswith=department.path).count() for department in departments}
    half, few = sorted(members, key=lambda department: (-members[department], department.pk))[:2]
    return Readers(half, few)


def _fill(context: Context, readers: Readers) -> None:
    """Made once and kept: half of the rows are for the first department, one in two hundred for the second, the others for others."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('benchmark_paper')")
        if cursor.fetchone()[0] is not None:
            return
    context.say(f"{AUDIENCES:,} audiences and {ROWS:,} rows")
    draw = random.Random(1)
    half, few = department_token(readers.half.pk), department_token(readers.few.pk)
    Audience.objects.add_rules(_rules(draw, half, few))
    audiences = Audience.objects.all()
    pools = [
        list(rows.values_list("pk", flat=True))
        for rows in (
            audiences.filter(include__contains=[half]),
            audiences.filter(include__contains=[few]),
            audiences.exclude(include__overlap=[half, few, "all"]),
        )
    ]
    now = timezone.now()
    with as_role(owner_settings("", "", context.data_dir)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE benchmark_paper (id bigserial PRIMARY KEY, audience_id bigint NOT NULL, issued_at timestamptz NOT NULL)")
        with cursor.copy("COPY benchmark_paper (audience_id, issued_at) FROM STDIN") as copy:
            for number in range(ROWS):
                pool = draw.choices(pools, weights=(0.5, 0.005, 0.495))[0]
                copy.write_row((draw.choice(pool), now - timedelta(minutes=number)))
        cursor.execute("CREATE INDEX benchmark_paper_audience ON benchmark_paper (audience_id, issued_at DESC)")
        cursor.execute("CREATE INDEX benchmark_paper_issued_at ON benchmark_paper (issued_at DESC)")
    with as_role(owner_settings("", "", context.data_dir)), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE benchmark_paper, access_audience")


def _rules(draw: random.Random, half: str, few: str) -> Iterator[AudienceRule]:
    """200 for each of the two departments, each with some people more; the others for a few people, or for a department from a level on."""
    departments = [department_token(pk, with_below=False) for pk in Department.objects.values_list("pk", flat=True)]
    positions = [position_token(pk) for pk in Position.objects.values_list("pk", flat=True)]
    people = [person_token(pk) for pk in User.objects.active().order_by("pk").values_list("pk", flat=True)]
    for number in range(AUDIENCES):
        some_people = draw.sample(people, draw.randint(2, 5))
        if number < 400:
            yield AudienceRule.of([half if number < 200 else few, *some_people])
        elif number % 3:
            yield AudienceRule.of(some_people)
        else:
            yield AudienceRule.of([draw.choice(departments), *some_people], [draw.choice(positions)], draw.randint(3, 4))
