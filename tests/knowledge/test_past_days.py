"""Time travel: the register, the text and the rights of any day agree with a naive reading over random histories."""

from datetime import date, timedelta
from random import Random

import pytest
import time_machine
from django.utils import timezone

from knowledge.force import in_force_of, state_on
from knowledge.models import Policy, PolicyGrant
from knowledge.services.grants import end_grant, grant_reading
from knowledge.services.policies import repeal_policy
from portal.access.history import periods_matching
from portal.access.policies import can, visible_to
from portal.access.rules import AudienceRule
from portal.access.standings import refresh_stale
from portal.organization.querysets import today
from tests.cast import Cast, employ
from tests.knowledge.rules import articles, leader_duty, new_version, published
from tests.knowledge.writing import audience, fresh

pytestmark = pytest.mark.django_db


def test_the_register_as_of_a_day_agrees_with_a_naive_reading_over_a_random_history(client_for, cast: Cast) -> None:
    random, start = Random(11), timezone.now()
    first = today()
    effective: dict[int, list[tuple[date, int]]] = {}
    repealed: dict[int, date] = {}
    for step in range(18):
        with time_machine.travel(start + timedelta(days=2 * step), tick=False):
            day = today() + timedelta(days=random.randrange(6))
            open_ones = [pk for pk in effective if pk not in repealed and max(effective[pk])[0] < day]
            if len(effective) < 6 or not open_ones:
                policy = published(cast, title=f"记号{len(effective)}号", effective_on=day)
                effective[policy.pk] = [(day, 1)]
            elif random.random() < 0.3:
                pk = random.choice(open_ones)
                repeal_policy(Policy.objects.get(pk=pk), effective_on=day, reason="不再适用", actor=fresh(cast.head))
                repealed[pk] = day
            else:
                pk = random.choice(open_ones)
                number = len(effective[pk]) + 1
                new_version(cast, Policy.objects.get(pk=pk), body=articles(f"第{number}次修订。"), effective_on=day)
                effective[pk].append((day, number))
    browser = client_for(cast.operator)
    titles = dict(Policy.objects.values_list("pk", "title"))
    for offset in range(-1, 46, 3):
        day = first + timedelta(days=offset)
        standing = {}
        for pk, versions in effective.items():
            begun = [(on, number) for on, number in versions if on <= day]
            if begun and not (pk in repealed and repealed[pk] <= day):
                standing[pk] = max(begun)
        assert {pk: row.number for pk, row in in_force_of(list(effective), day).items()} == {pk: number for pk, (_on, number) in standing.items()}
        assert {pk for pk in effective if state_on(Policy.objects.get(pk=pk), day) == "in_force"} == set(standing)
        page = browser.get(f"/knowledge/policies/?on={day}")
        assert {pk for pk, title in titles.items() if title in page.content.decode()} == set(standing), day
        answer = browser.post(f"/knowledge/policies/?on={day}", {"export": "csv"})
        rows = [line.split(",") for line in b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()[1:]]
        assert {(row[1], row[4], row[5]) for row in rows} == {(titles[pk], str(number), on.isoformat()) for pk, (on, number) in standing.items()}
        gone = browser.get(f"/knowledge/policies/?state=repealed&on={day}").content.decode()
        assert {pk for pk, title in titles.items() if title in gone} == {pk for pk, on in repealed.items() if on <= day}


def test_rights_by_grants_agree_with_a_naive_reading_over_a_random_history(client_for, cast: Cast) -> None:
    random, start = Random(4), timezone.now()
    policy = published(
        cast, audience=audience(f"dept:{cast.quality.pk}+", exclude=(f"user:{cast.workshop_head.pk}",), level=2), leader=leader_duty(cast, cast.director)
    )
    first = today()
    days = 24
    employ(cast.operator, cast.sales, cast.staff_post, starts_on=first + timedelta(days=12), is_primary=False)
    posts = {
        cast.salesperson.pk: [(cast.sales.pk, cast.staff_post.pk, 0)],
        cast.workshop_head.pk: [(cast.workshop.pk, cast.head_post.pk, 0)],
        cast.operator.pk: [(cast.shift.pk, cast.operator_post.pk, 0), (cast.sales.pk, cast.staff_post.pk, 12)],
    }
    below = {cast.workshop.pk: {cast.workshop.pk, cast.shift.pk}, cast.sales.pk: {cast.sales.pk}}
    people = {person.pk: person for person in (cast.salesperson, cast.workshop_head, cast.operator)}
    given: list[list] = []  # kind, id, from, to, ended on

    def may_read(pk: int, day: int) -> bool:
        held = [(department, position) for department, position, since in posts[pk] if since <= day]
        level = 2 if any(position == cast.staff_post.pk for _department, position in held) else 3 if pk == cast.workshop_head.pk else 1
        if pk == cast.workshop_head.pk or level < 2:
            return False
        return any(
            starts <= day <= ends
            and (ended is None or day < ended)
            and (
                (kind == "person" and which == pk)
                or (kind == "position" and any(position == which for _department, position in held))
                or (kind == "department" and any(department in below[which] for department, _position in held))
            )
            for kind, which, starts, ends, ended in given
        )

    expected: dict[tuple[int, int], bool] = {}
    for day in range(days):
        with time_machine.travel(start + timedelta(days=day), tick=False):
            refresh_stale()
            for _turn in range(random.choice([0, 1, 1])):
                to = random.choice([{"person": cast.salesperson}, {"position": cast.staff_post}, {"department": cast.workshop}, {"department": cast.sales}])
                (kind, holder), begins, lasts = next(iter(to.items())), random.randrange(3), random.randrange(5)
                values = {"starts_on": first + timedelta(days=day + begins), "ends_on": first + timedelta(days=day + begins + lasts)}
                grant_reading(policy, actor=fresh(cast.director), reason="试", **values, **to)
                given.append([kind, holder.pk, day + begins, day + begins + lasts, None])
            if given and random.random() < 0.2:
                which = random.randrange(len(given))
                if given[which][4] is None and given[which][3] >= day:
                    end_grant(PolicyGrant.objects.order_by("pk")[which], actor=fresh(cast.director))
                    given[which][4] = day
            for pk, person in people.items():
                expected[pk, day] = may_read(pk, day)
                found = fresh(person)
                assert can(found, "view", policy) is visible_to(Policy, found).filter(pk=policy.pk).exists() is expected[pk, day], (person.name, day)
                if day % 6 == 0:
                    assert (client_for(person).get(policy.get_absolute_url()).status_code == 200) is expected[pk, day]
    assert {True, False} == set(expected.values())
    with time_machine.travel(start + timedelta(days=days), tick=False):
        rule = AudienceRule((policy.grant_token,), (), 2)
        for day in range(days):
            then = set(periods_matching(rule, first + timedelta(days=day)).filter(user__in=people).values_list("user", flat=True))
            assert then == {pk for (pk, on), reads in expected.items() if on == day and reads}, day


def test_who_had_to_know_it_is_reached_from_the_text_of_a_past_day(client_for, cast: Cast) -> None:
    policy = published(cast, needs_confirmation=True, audience=audience(f"dept:{cast.quality.pk}+"))
    before = today()
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        new_version(cast, policy, audience=audience("all"), body=articles("改。"), effective_on=today(), asks_anew=True)
        page = client_for(cast.head).get(f"{policy.get_absolute_url()}?day={before}").content.decode()
        link = f"/knowledge/policies/{policy.pk}/confirmations/?day={before}"
        assert link in page
        report = client_for(cast.head).get(link).content.decode()
        assert "王伟" in report
        assert "张强" not in report
        assert link.split("?", maxsplit=1)[0] not in client_for(cast.inspector).get(f"{policy.get_absolute_url()}?day={before}").content.decode()
