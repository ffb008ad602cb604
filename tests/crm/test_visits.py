"""A visit is written on a telephone, sent once, and lost never: whatever happened to the net, the clock or the customer meanwhile."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.utils import timezone, translation

from crm.activities.errors import ActivitiesError
from crm.activities.models import Promise, Visit
from crm.activities.services.visits import Taken, take_visit
from crm.customers.models import Customer, Portfolio
from crm.customers.services.customers import move_customer
from crm.customers.services.merges import merge_customers
from crm.customers.services.portfolios import hand_over
from crm.service.models import Request
from portal.access.policies import can, viewers_of, visible_to
from portal.attachments.queries import shown_on
from portal.attachments.services import receive_file
from portal.organization.querysets import today
from tests.attachments.samples import png
from tests.cast import Cast
from tests.crm.visiting import promised
from tests.crm.writing import fresh, let_keep, make_customer, make_portfolio


def take(cast: Cast, customer: Customer, actor=None, **values) -> Taken:
    defaults = {"key": uuid4(), "said_at": timezone.now() - timedelta(minutes=5), "results": "陈列已调整"}
    return take_visit(actor=fresh(actor or cast.salesperson), customer=customer, **(defaults | values))


def test_a_visit_sent_twice_is_one_with_the_same_answer(client_for, cast: Cast, customer: Customer) -> None:
    client = client_for(cast.salesperson)
    promise = promised(customer)
    key = client.get(f"/crm/visits/new/?customer={customer.pk}").context["form"].initial["key"]
    form = {
        "key": key,
        "device_now": timezone.now().isoformat(),
        "customer": customer.pk,
        "said_at": f"{timezone.localtime():%Y-%m-%dT%H:%M}",
        "purpose": "regular",
        "outcome": "met",
        "results": "陈列已调整",
        "opinions": "希望多供典藏",
        "tags_out": "12",
        "sheet_out": "on",
        "rivals": "湘江烟草 和天下 95\n岳麓卷烟",
    }
    answers = [client.post("/crm/visits/new/", form, headers=headers) for headers in ({"X-Kept": "1"}, {"X-Kept": "1"}, {})]
    visit = Visit.objects.get()
    assert [answer.status_code for answer in answers] == [200, 200, 302]
    assert {answer.json()["url"] for answer in answers[:2]} == {answers[2].url} == {visit.get_absolute_url()}
    assert [(one.name, one.product, one.fen) for one in visit.sightings.all()] == [("湘江烟草", "和天下", 9_500), ("岳麓卷烟", "", None)]
    promise.refresh_from_db()
    assert (promise.state, promise.dealing) == ("kept", visit.dealing)
    page = client.get(visit.get_absolute_url()).content.decode()
    assert all(words in page for words in ("希望多供典藏", "95.00", "12", customer.name))
    assert "希望多供典藏" in client.get(customer.get_absolute_url()).content.decode()
    assert [row.pk for row in client.get("/crm/visits/all/?purpose=regular").context["page"].rows] == [visit.pk]
    for wrong in ({"rivals": "甲 乙 1.999"}, {"customer": "999999999"}, {"customer": "x"}, {"said_at": "gestern"}, {"tags_out": "-1"}, {"key": "x"}):
        answer = client.post("/crm/visits/new/", form | {"key": str(uuid4())} | wrong, headers={"X-Kept": "1"})
        assert (answer.status_code, bool(answer.json()["errors"])) == (422, True), wrong
    assert Visit.objects.count() == 1
    with pytest.raises(ActivitiesError):
        take(cast, customer, cast.admin, key=visit.key)


def test_a_clock_two_days_off_is_said_and_both_times_are_kept(cast: Cast, customer: Customer) -> None:
    now = timezone.now()
    for off in (timedelta(days=2), -timedelta(days=2)):
        with translation.override("en"):
            taken = take(cast, customer, said_at=now + off - timedelta(hours=1), device_now=now + off)
        assert "clock" in taken.notes[0]
        assert abs(taken.visit.arrived_at - (now - timedelta(hours=1))) < timedelta(minutes=1)
        assert taken.visit.said_at == now + off - timedelta(hours=1)
    right = take(cast, customer, said_at=now - timedelta(hours=1), device_now=now + timedelta(minutes=3))
    assert (right.notes, right.visit.arrived_at) == ([], now - timedelta(hours=1))
    assert take(cast, customer, said_at=now + timedelta(days=2)).visit.arrived_at <= timezone.now()
    with pytest.raises(ActivitiesError):
        take(cast, customer, said_at=now - timedelta(days=90))


def test_a_customer_that_was_merged_closed_moved_or_handed_over_meanwhile_loses_no_visit(cast: Cast, customer: Customer, portfolio: Portfolio) -> None:
    keeper = let_keep(cast.director, cast.admin)
    double = make_customer(portfolio, cast.salesperson, "红星路金穗便利店")
    merge_customers(customer, double, actor=keeper, reason="同一家店")
    Customer.objects.filter(pk=customer.pk).update(ended_on=today())
    with translation.override("en"):
        taken = take(cast, double)
    assert taken.visit.customer == customer
    assert ["merged into" in taken.notes[0], "closed since" in taken.notes[1]] == [True, True]
    other = make_portfolio(cast, "城北一线", holder=cast.inspector, code="CB1", department=cast.quality)
    away = make_customer(portfolio, cast.salesperson, "南门口惠民便利店")
    there = timezone.now()
    move_customer(away, actor=keeper, to=other, reason="调整片区")
    assert take(cast, away, said_at=there).visit.customer == away
    hand_over(portfolio, actor=cast.admin, to=cast.inspector, starts_on=today(), reason="轮岗")
    with pytest.raises(ActivitiesError):
        take(cast, customer, cast.operator)


def test_photos_hang_on_the_visit_and_the_file_of_the_customer_says_who_sees_it(cast: Cast, customer: Customer) -> None:
    photo = receive_file(actor=fresh(cast.salesperson), name="柜台.png", content=BytesIO(png()))
    visit = take(cast, customer, file_ids=[photo.pk]).visit
    assert [row.name for row in shown_on(visit)] == ["柜台.png"]
    let_keep(cast.director, cast.admin)
    people = [person for person in cast.everyone if not person.is_superuser]
    sees = {"孙丽", "陈刚"}
    assert {person.name for person in people if can(fresh(person), "view", visit)} == sees
    assert {person.name for person in viewers_of(visit) if not person.is_superuser} == sees
    assert {person.name for person in people if visit in visible_to(Visit, fresh(person))} == sees


def test_one_page_is_enough_for_a_day_and_what_is_planned_stands_first(client_for, cast: Cast, customer: Customer, portfolio: Portfolio) -> None:
    other = make_customer(portfolio, cast.salesperson, "白沙路惠民便利店")
    promised(customer, planned_on=today())
    choices = client_for(cast.salesperson).get("/crm/visits/new/").context["form"].fields["customer"].choices
    assert [[pk for pk, _name in group] for _label, group in choices[1:]] == [[str(customer.pk)], [str(other.pk)]]
    assert client_for(cast.operator).get("/crm/visits/new/").status_code == 403
    assert Promise.objects.get().is_open


def test_what_they_say_becomes_a_request_once_with_an_owner_and_is_linked_both_ways(client_for, cast: Cast, customer: Customer, portfolio: Portfolio) -> None:
    client = client_for(cast.salesperson)
    form = {
        "key": uuid4(), "customer": customer.pk, "said_at": f"{timezone.localtime():%Y-%m-%dT%H:%M}", "purpose": "regular", "outcome": "met",
        "opinions": "典藏断货半个月了", "hands_on": "on",
    }  # fmt: skip
    for _press in range(2):
        assert client.post("/crm/visits/new/", form, headers={"X-Kept": "1"}).status_code == 200
    visit, asked = Visit.objects.get(), Request.objects.get()
    assert (asked.visit, asked.owner, asked.channel, asked.kind, asked.text) == (visit, cast.salesperson, "visit", "opinion", "典藏断货半个月了")
    assert asked.get_absolute_url() in client.get(visit.get_absolute_url()).content.decode()
    assert visit.get_absolute_url() in client.get(asked.get_absolute_url()).content.decode()
    client.post(f"{visit.get_absolute_url()}request/")
    quiet, later = take(cast, customer).visit, take(cast, customer, opinions="送货能否提前").visit
    client.post(f"{quiet.get_absolute_url()}request/")
    assert Request.objects.count() == 1, "once for a visit, and nothing out of nothing"
    client.post(f"{later.get_absolute_url()}request/")
    assert Request.objects.get(visit=later).text == "送货能否提前"
    assert client_for(cast.operator).post(f"{later.get_absolute_url()}request/").status_code == 404
    keeper = let_keep(cast.director, cast.admin)
    other = make_portfolio(cast, "城北一线", holder=cast.inspector, code="CB1", department=cast.quality)
    there = timezone.now()
    move_customer(customer, actor=keeper, to=other, reason="调整片区")
    with translation.override("en"):
        taken = take(cast, customer, said_at=there, opinions="货不好卖", hands_on=True)
    assert ("not handed" in taken.notes[0], Request.objects.filter(visit=taken.visit).exists()) == (True, False)
