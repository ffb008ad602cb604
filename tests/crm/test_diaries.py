"""A diary is its writer's and that of the heads above: drafted from the day, answered, never changed unseen."""

import random
from datetime import timedelta
from itertools import product

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from crm.activities.diary_reports import writers_below
from crm.activities.diary_sources import drafted
from crm.activities.errors import ActivitiesError
from crm.activities.models import Diary, DiaryAnswer, DiaryReading, DiaryVersion
from crm.activities.services.diaries import answer_diary, read_diary, write_diary
from crm.customers.models import Customer, Portfolio
from crm.customers.services.dealings import note_dealing
from crm.service.services.requests import answer_request
from portal.access.policies import can, viewers_of, visible_to
from portal.notifications.models import Notification
from portal.organization.models import Absence
from portal.organization.querysets import today
from portal.outbox.services import drain
from tests.cast import Cast
from tests.crm.serving import ask
from tests.crm.test_visits import take
from tests.crm.writing import fresh, let_keep, make_portfolio

DAY = timedelta(days=1)


def write(cast: Cast, actor=None, **values) -> Diary:
    defaults = {"day": today(), "done": "拜访 12 户", "thoughts": "典藏断货，意见较大"}
    return write_diary(actor=fresh(actor or cast.salesperson), **(defaults | values))


def test_it_is_drafted_from_visits_calls_and_requests_of_the_day(client_for, cast: Cast, customer: Customer) -> None:
    take(cast, customer, results="价签已更换", said_at=timezone.now())
    note_dealing(customer, actor=fresh(cast.salesperson), kind="call", text="约好周五送货")
    answer_request(ask(cast.salesperson, customer), actor=fresh(cast.salesperson), text="周四到货")
    text = drafted(cast.salesperson, today())
    assert [word in text for word in ("价签已更换", "约好周五送货", "周四到货", customer.name)] == [True] * 4
    assert drafted(cast.salesperson, today() - DAY) == drafted(cast.inspector, today()) == ""
    client = client_for(cast.salesperson)
    assert client.get("/crm/visits/diaries/new/").context["form"].initial["done"] == text
    form = {"day": today().isoformat(), "done": text, "thoughts": "希望增加货源", "plans": "明天走城北"}
    sent = client.post("/crm/visits/diaries/new/", form)
    diary = Diary.objects.get()
    assert (sent.status_code, sent.url, diary.department, diary.plans) == (302, diary.get_absolute_url(), cast.sales, "明天走城北")
    assert client.get("/crm/visits/diaries/new/").context["form"].initial["thoughts"] == "希望增加货源"
    for wrong in ({"day": "2020-01-01"}, {"day": (today() + DAY).isoformat()}, {"done": " "}, {"done": "长" * 4_001}, {"day": "gestern"}):
        answer = client.post("/crm/visits/diaries/new/", form | wrong)
        assert (answer.status_code, "希望增加货源" in answer.content.decode()) == (422, True), wrong
    assert client_for(cast.operator).get("/crm/visits/diaries/new/").status_code == 403
    with pytest.raises(ActivitiesError):
        write(cast, cast.operator)


def test_heads_above_answer_and_nobody_else_sees_it(client_for, cast: Cast, portfolio: Portfolio) -> None:
    make_portfolio(cast, "城北一线", holder=cast.inspector, code="CB1", department=cast.quality)
    let_keep(cast.workshop_head, cast.admin)
    diaries = [write(cast), write(cast, cast.inspector), write(cast, cast.head)]
    sees = [{"孙丽", "陈刚"}, {"王伟", "李敏", "赵静", "陈刚"}, {"李敏", "陈刚"}]  # 赵静 stands in for 李敏, and does not read what she writes
    for diary, names in zip(diaries, sees, strict=True):
        assert {person.name for person in cast.everyone if can(fresh(person), "view", diary)} == names
        assert {person.name for person in viewers_of(diary)} == names
        assert {person.name for person in cast.everyone if diary in visible_to(Diary, fresh(person))} == names
    at = diaries[0].get_absolute_url()
    assert [client_for(person).get(at).status_code for person in (cast.salesperson, cast.director, cast.head, cast.workshop_head)] == [200, 200, 404, 404]
    for person in (cast.head, cast.workshop_head, cast.salesperson):
        with pytest.raises(ActivitiesError):
            read_diary(diaries[0], actor=fresh(person))
    with pytest.raises(ActivitiesError):
        answer_diary(diaries[0], actor=fresh(cast.workshop_head), text="不关我事")


def test_an_answer_rings_closes_the_wording_and_is_answered_back(client_for, cast: Cast, portfolio: Portfolio) -> None:
    diary = write(cast, asks=True)
    drain()
    assert list(Notification.objects.filter(kind="activities.diary_asks").values_list("recipient", flat=True)) == [cast.director.pk]
    write(cast, done="拜访 13 户", asks=True)
    write(cast, done="拜访 13 户", asks=True)
    assert [one.done for one in diary.versions.all()] == ["拜访 12 户"]
    head = client_for(cast.director)
    page = head.get(diary.get_absolute_url()).content.decode()
    assert "拜访 12 户" in page
    assert "拜访 13 户" in page
    assert not DiaryReading.objects.exists(), "looking writes nothing"
    assert head.post(f"{diary.get_absolute_url()}answers/new/", {"text": " "}).status_code == 422
    assert head.post(f"{diary.get_absolute_url()}answers/new/", {"text": "已请生产安排"}).status_code == 302
    diary.refresh_from_db()
    assert (diary.waits, diary.readings.get().reader) == (False, cast.director)
    with pytest.raises(ActivitiesError):
        write(cast, done="改口")
    answer_diary(diary, actor=fresh(cast.salesperson), text="谢谢")
    drain()
    rung = Notification.objects.filter(kind="activities.diary_answered").values_list("recipient", flat=True)
    assert sorted(rung) == sorted([cast.salesperson.pk, cast.director.pk])
    for rows in (DiaryVersion.objects, DiaryAnswer.objects):
        with pytest.raises(ProgrammingError), transaction.atomic():
            rows.update(**({"text": "改"} if rows is DiaryAnswer.objects else {"done": "改"}))


def test_what_is_unread_and_who_has_not_written(client_for, cast: Cast, portfolio: Portfolio) -> None:
    make_portfolio(cast, "城北一线", holder=cast.inspector, code="CB1", department=cast.quality)
    make_portfolio(cast, "城东一线", holder=cast.deputy, code="CD1", department=cast.quality)
    first, second = write(cast, day=today() - DAY), write(cast)
    Absence.objects.create(person=cast.deputy, starts_on=today(), ends_on=today())
    head = client_for(cast.director)
    page = head.get("/crm/visits/diaries/writers/")
    assert [[one.person.name for one in page.context[name]] for name in ("written", "missing", "away")] == [["孙丽"], ["王伟"], ["赵静"]]
    assert [one.person.name for one in writers_below(fresh(cast.head), today())] == ["王伟", "赵静"]
    assert client_for(cast.salesperson).get("/crm/visits/diaries/writers/").status_code == 403
    unread = "/crm/visits/diaries/?state=unread"
    assert [row.pk for row in head.get(unread).context["page"].rows] == [second.pk, first.pk]
    assert head.post(f"{first.get_absolute_url()}reading/").url == second.get_absolute_url()
    assert head.post(f"{second.get_absolute_url()}reading/").url == "/crm/visits/diaries/"
    assert head.get(unread).context["page"].rows == []
    assert client_for(cast.salesperson).post(f"{first.get_absolute_url()}reading/").status_code == 403


def test_the_line_of_heads_equals_a_naive_reading_over_random_posts(cast: Cast, portfolio: Portfolio) -> None:
    chosen = random.Random(20)
    departments = [cast.plant, cast.office, cast.quality, cast.workshop, cast.shift, cast.sales]
    diary = write(cast)
    for _turn, department in product(range(2), departments):
        Diary.objects.filter(pk=diary.pk).update(department=department)
        held = Diary.objects.select_related("department", "person").get(pk=diary.pk)
        above, heads = department, {cast.salesperson.pk}
        while above is not None:
            heads |= {one.person_id for one in above.employments.all() if one.position.is_head}
            heads |= {cast.deputy.pk} if above == cast.quality else set()
            above = above.parent
        for person in chosen.sample(cast.employees, 5):
            assert can(fresh(person), "view", held) == (person.pk in heads) == (held in visible_to(Diary, fresh(person)))
