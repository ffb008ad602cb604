"""What a person costs does not grow with the plant, also where all of it is written in one transaction, of which the planner knows nothing yet."""

import json

from django.db import connection

from portal.access import history
from portal.access.models import StandingPeriod
from portal.accounts.models import User
from portal.demo.plant import build_plant
from portal.organization.querysets import today


def test_the_first_period_of_a_person_is_found_without_walking_through_all_others(db: None) -> None:
    build_plant(1_600, with_content=False)
    people = list(User.objects.order_by("-pk").values_list("pk", flat=True)[:300])
    StandingPeriod.objects.filter(user__in=people).delete()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {history._OPEN}", {"people": people, "day": today()})
        [[[told]]] = cursor.fetchall()
    plan = told["Plan"] if isinstance(told, dict) else json.loads(told)["Plan"]
    assert StandingPeriod.objects.filter(user__in=people).count() == len(people)
    assert plan["Shared Hit Blocks"] / len(people) < 100
